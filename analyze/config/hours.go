package config

import (
	"fmt"
	"regexp"
	"strings"
	"time"
	_ "time/tzdata" // time zones by name, wherever the command runs

	"go.yaml.in/yaml/v3"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/noise"
)

// declaredHours are when people work and sleep.
type declaredHours struct {
	TimeZone     zone      `yaml:"time_zone" doc:"by whose clock, such as Europe/Berlin; UTC where there is no such key"`
	Business     clockSpan `yaml:"business" doc:"when people work, such as 09:00-18:00"`
	BusinessDays []weekday `yaml:"business_days" doc:"on which days they do; Monday to Friday where there is no such key"`
	Sleep        clockSpan `yaml:"sleep" doc:"when they sleep, such as 22:00-07:00"`
	ShiftStart   clock     `yaml:"shift_start" doc:"when the first of a day's two shifts on call begins, such as 08:00; the other begins twelve hours later"`

	at position
}

func (h *declaredHours) place(at position) { h.at = at }

type (
	zone      struct{ *time.Location }
	clockSpan struct {
		noise.Span
		set bool
	}
	clock struct {
		since time.Duration // midnight
		set   bool
	}
	weekday string
)

// weekdays in the order of time.Weekday.
var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

const (
	clockPattern = `([01][0-9]|2[0-3]):[0-5][0-9]`
	spanPattern  = `^` + clockPattern + `-(` + clockPattern + `|24:00)$`
	shiftPattern = `^(0[0-9]|1[01]):[0-5][0-9]$`
)

var (
	spanExpr  = regexp.MustCompile(spanPattern)
	shiftExpr = regexp.MustCompile(shiftPattern)
)

// hours that the document declares, nil where it says nothing of them.
func (h *declaredHours) hours() *noise.Hours {
	if h.at == (position{}) {
		return nil
	}
	out := noise.DefaultHours()
	out.Location = h.TimeZone.Location
	if h.Business.set || h.BusinessDays != nil {
		span := out.Business[time.Monday]
		if h.Business.set {
			span = h.Business.Span
		}
		on := map[weekday]bool{"mon": true, "tue": true, "wed": true, "thu": true, "fri": true}
		if h.BusinessDays != nil {
			on = map[weekday]bool{}
			for _, d := range h.BusinessDays {
				on[d] = true
			}
		}
		for d, name := range weekdays {
			out.Business[d] = noise.Span{}
			if on[weekday(name)] {
				out.Business[d] = span
			}
		}
	}
	if h.Sleep.set {
		for d := range out.Sleep {
			out.Sleep[d] = h.Sleep.Span
		}
	}
	if h.ShiftStart.set {
		out.ShiftStart = h.ShiftStart.since
	}
	return &out
}

func (z *zone) decode(d *decoder, n *yaml.Node, where string) {
	if !d.isText(n, where) {
		return
	}
	loc, err := time.LoadLocation(n.Value)
	if err != nil || n.Value == "" || n.Value == "Local" {
		d.report(n, "%s is %q, which is no time zone; write one such as Europe/Berlin, or UTC", where, shorten(n.Value))
		return
	}
	z.Location = loc
}

func (s *clockSpan) decode(d *decoder, n *yaml.Node, where string) {
	from, to, _ := strings.Cut(n.Value, "-")
	switch {
	case !spanExpr.MatchString(n.Value):
		d.report(n, "%s must be two times of the day such as 09:00-18:00, not %s", where, describe(n))
	case from == to:
		d.report(n, "%s is %s, which ends as it begins; leave the key out, or write 00:00-24:00 for the whole day", where, n.Value)
	default:
		s.From, s.To, s.set = sinceMidnight(from), sinceMidnight(to), true
	}
}

func (c *clock) decode(d *decoder, n *yaml.Node, where string) {
	if !shiftExpr.MatchString(n.Value) {
		d.report(n, "%s must be a time before noon such as 08:00, not %s", where, describe(n))
		return
	}
	c.since, c.set = sinceMidnight(n.Value), true
}

// sinceMidnight is a time of the day, written as the patterns have it.
func sinceMidnight(clock string) time.Duration {
	var hours, minutes int
	_, _ = fmt.Sscanf(clock, "%d:%d", &hours, &minutes)
	return time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute
}

func (w *weekday) decode(d *decoder, n *yaml.Node, where string) {
	*w = weekday(d.word(n, weekdays, where))
}

func (*zone) schema([]*analyze.Check) object {
	return object{{"type", "string"}, {"minLength", 1}}
}

func (*clockSpan) schema([]*analyze.Check) object {
	return object{{"type", "string"}, {"pattern", spanPattern}}
}

func (*clock) schema([]*analyze.Check) object {
	return object{{"type", "string"}, {"pattern", shiftPattern}}
}

func (*weekday) schema([]*analyze.Check) object { return oneOf(weekdays) }
