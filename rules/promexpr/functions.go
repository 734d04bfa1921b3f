package promexpr

import "github.com/prometheus/prometheus/promql/parser"

// labelEffect is what a function does to the labels of its vector argument.
type labelEffect int

const (
	labelsUnknown  labelEffect = iota
	labelsKept                 // as they are
	labelsLessName             // without the metric name
	labelsNone                 // a scalar, or one series without labels
	labelsAbsent               // made of the argument's matchers
	labelsReplace              // label_replace
	labelsJoin                 // label_join
	labelsBuckets              // without the metric name and le
	labelsQuantile             // the same, and with a label for the quantile
)

// labelEffects covers every function of the parser. For one that is not here
// the zero value claims nothing.
var labelEffects = map[string]labelEffect{
	"absent":           labelsAbsent,
	"absent_over_time": labelsAbsent,

	"label_join":    labelsJoin,
	"label_replace": labelsReplace,

	"first_over_time":    labelsKept,
	"last_over_time":     labelsKept,
	"sort":               labelsKept,
	"sort_by_label":      labelsKept,
	"sort_by_label_desc": labelsKept,
	"sort_desc":          labelsKept,

	"histogram_fraction":  labelsBuckets,
	"histogram_quantile":  labelsBuckets,
	"histogram_quantiles": labelsQuantile,

	"info": labelsUnknown,

	"end": labelsNone, "max_of": labelsNone, "min_of": labelsNone,
	"pi": labelsNone, "range": labelsNone, "scalar": labelsNone,
	"start": labelsNone, "step": labelsNone, "time": labelsNone,
	"vector": labelsNone,

	"max_over_time": labelsLessName,
	"min_over_time": labelsLessName,

	"abs": labelsLessName, "acos": labelsLessName, "acosh": labelsLessName,
	"asin": labelsLessName, "asinh": labelsLessName, "atan": labelsLessName,
	"atanh": labelsLessName, "avg_over_time": labelsLessName, "ceil": labelsLessName,
	"changes": labelsLessName, "clamp": labelsLessName, "clamp_max": labelsLessName,
	"clamp_min": labelsLessName, "cos": labelsLessName, "cosh": labelsLessName,
	"count_over_time": labelsLessName, "day_of_month": labelsLessName,
	"day_of_week": labelsLessName, "day_of_year": labelsLessName,
	"days_in_month": labelsLessName, "deg": labelsLessName, "delta": labelsLessName,
	"deriv": labelsLessName, "double_exponential_smoothing": labelsLessName,
	"exp": labelsLessName, "floor": labelsLessName, "histogram_avg": labelsLessName,
	"histogram_count": labelsLessName, "histogram_stddev": labelsLessName,
	"histogram_stdvar": labelsLessName, "histogram_sum": labelsLessName,
	"hour": labelsLessName, "idelta": labelsLessName, "increase": labelsLessName,
	"irate": labelsLessName, "ln": labelsLessName, "log10": labelsLessName,
	"log2": labelsLessName, "mad_over_time": labelsLessName, "minute": labelsLessName,
	"month": labelsLessName, "predict_linear": labelsLessName,
	"present_over_time": labelsLessName, "quantile_over_time": labelsLessName,
	"rad": labelsLessName, "rate": labelsLessName, "resets": labelsLessName,
	"round": labelsLessName, "sgn": labelsLessName, "sin": labelsLessName,
	"sinh": labelsLessName, "sqrt": labelsLessName, "start_timestamp": labelsLessName,
	"stddev_over_time": labelsLessName, "stdvar_over_time": labelsLessName,
	"sum_over_time": labelsLessName, "tan": labelsLessName, "tanh": labelsLessName,
	"timestamp": labelsLessName, "ts_of_first_over_time": labelsLessName,
	"ts_of_last_over_time": labelsLessName, "ts_of_max_over_time": labelsLessName,
	"ts_of_min_over_time": labelsLessName, "year": labelsLessName,
}

// vectorArg returns the argument that the function's series come from; ok is
// false where there is none: vector(1), hour().
func vectorArg(n *parser.Call) (arg parser.Expr, ok bool) {
	for _, a := range n.Args {
		if t := a.Type(); t == parser.ValueTypeVector || t == parser.ValueTypeMatrix {
			return a, true
		}
	}
	return nil, false
}

// stringArg returns the i-th argument where it is a string.
func stringArg(n *parser.Call, i int) (string, bool) {
	if i >= len(n.Args) {
		return "", false
	}
	s, ok := Unparen(n.Args[i]).(*parser.StringLiteral)
	if !ok {
		return "", false
	}
	return s.Val, true
}
