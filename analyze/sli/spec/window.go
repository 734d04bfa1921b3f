package spec

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"go.yaml.in/yaml/v3"
)

const day = 24 * time.Hour

// Calendar units differ in length; these are the lengths they are reckoned with
// here.
const (
	month   = 30 * day
	quarter = 90 * day
	year    = 365 * day
)

// maxWindow is more than anybody promises, and less than overflows.
const maxWindow = 10 * year

// openSLODuration is a number and a unit: minutes, hours, days, weeks, months,
// quarters or years.
var openSLODuration = regexp.MustCompile(`^([1-9]\d{0,6})([mhdwMQY])$`)

var openSLOUnits = map[string]time.Duration{
	"m": time.Minute, "h": time.Hour, "d": day, "w": 7 * day, "M": month, "Q": quarter, "Y": year,
	"minute": time.Minute, "hour": time.Hour, "day": day, "week": 7 * day, "month": month, "quarter": quarter, "year": year,
}

// duration of a key in OpenSLO's shorthand; 0 where there is none.
func (o object) duration(key string) time.Duration {
	text := o.text(key)
	if text == "" {
		return 0
	}
	if m := openSLODuration.FindStringSubmatch(text); m != nil {
		n, _ := strconv.Atoi(m[1])
		if d := time.Duration(n) * openSLOUnits[m[2]]; d <= maxWindow {
			return d
		}
	}
	o.r.fault(o.r.file.NodeSpan(o.get(key)), "", "%s must be a number and one of m, h, d, w, M, Q, Y, such as 28d, of ten years at most; it is %q", o.path(key), shorten(text))
	return 0
}

// prometheusDuration of a key as Prometheus writes it, such as 4w; 0 where
// there is none.
func (o object) prometheusDuration(key, example string) time.Duration {
	text := o.text(key)
	if text == "" {
		return 0
	}
	d, err := model.ParseDuration(text)
	if err != nil || d <= 0 || time.Duration(d) > maxWindow {
		o.r.fault(o.r.file.NodeSpan(o.get(key)), "", "%s must be a duration such as %s, not %q", o.path(key), example, shorten(text))
		return 0
	}
	return time.Duration(d)
}

// counted is a window as a count of units, which OpenSLO v1alpha has.
func (o object) counted() time.Duration {
	count, ok := o.number("count")
	unit := o.text("unit")
	if !ok || unit == "" {
		return 0
	}
	length := openSLOUnits[strings.ToLower(unit)]
	if len(unit) == 1 || length == 0 {
		o.r.fault(o.r.file.NodeSpan(o.get("unit")), "", "%s is %q; units are Minute, Hour, Day, Week, Month, Quarter and Year", o.path("unit"), shorten(unit))
		return 0
	}
	if count < 1 || count != math.Trunc(count) || count > float64(maxWindow/length) {
		o.r.fault(o.r.file.NodeSpan(o.get("count")), "", "%s must be a whole number from 1 on, of ten years at most; it is %s", o.path("count"), shorten(o.text("count")))
		return 0
	}
	return time.Duration(count) * length
}

// share is an objective between 0 and 1; 0 where there is none that can be.
func (o object) share(key string) float64 {
	x, ok := o.number(key)
	switch {
	case !ok:
		return 0
	case x > 0 && x < 1:
		return x
	case x == 1:
		o.outOfRange(key, "", "an objective of 1 leaves no budget for errors")
	case x > 1 && x < 100:
		o.outOfRange(key, "Did you mean "+shift(o.text(key), -2)+"?", "it must be a share between 0 and 1")
	default:
		o.outOfRange(key, "", "it must be a share between 0 and 1")
	}
	return 0
}

// percent is an objective in percent, as a share; 0 where there is none that
// can be. Nobody promises that a hundredth is good: up to 1 it is a share.
func (o object) percent(key string) float64 {
	x, ok := o.number(key)
	switch {
	case !ok:
		return 0
	case x > 1 && x < 100:
		share, _ := strconv.ParseFloat(shift(o.text(key), -2), 64)
		return share
	case x == 100:
		o.outOfRange(key, "", "an objective of 100 % leaves no budget for errors")
	case x > 0 && x < 1:
		o.outOfRange(key, "Did you mean "+shift(o.text(key), 2)+"?", "it must be in percent, between 1 and 100")
	default:
		o.outOfRange(key, "", "it must be in percent, between 1 and 100")
	}
	return 0
}

func (o object) outOfRange(key, hint, why string) {
	o.said[key] = true
	o.r.fault(o.r.file.NodeSpan(o.get(key)), hint, "%s is %s; %s", o.path(key), shorten(o.text(key)), why)
}

// shift moves the decimal point of a number, without the errors that
// multiplying makes: 99.9 becomes 0.999.
func shift(number string, by int) string {
	x, err := strconv.ParseFloat(number+"e"+strconv.Itoa(by), 64)
	if err != nil { // it has an exponent already
		x, _ = strconv.ParseFloat(number, 64)
		x *= math.Pow10(by)
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}

// isText reports whether a scalar is text to programs that tell it from
// numbers.
func isText(n *yaml.Node) bool { return n != nil && n.ShortTag() == "!!str" }
