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

// A function is what this package knows of a PromQL function. Times, signs and
// limits of values stand in the interval analysis.
type function struct {
	labels labelEffect
	// perWindow: its result says something of a window as a whole (it takes a
	// range), but each sample in it is still a sample of the argument.
	sample bool
}

// functions covers every function of the parser; the zero value, for one that
// is not here, claims nothing.
var functions = map[string]function{
	"absent":           {labels: labelsAbsent},
	"absent_over_time": {labels: labelsAbsent},

	"label_join":    {labels: labelsJoin},
	"label_replace": {labels: labelsReplace, sample: true},

	"first_over_time":    {labels: labelsKept, sample: true},
	"last_over_time":     {labels: labelsKept, sample: true},
	"sort":               {labels: labelsKept, sample: true},
	"sort_by_label":      {labels: labelsKept, sample: true},
	"sort_by_label_desc": {labels: labelsKept, sample: true},
	"sort_desc":          {labels: labelsKept, sample: true},

	"histogram_fraction":  {labels: labelsBuckets},
	"histogram_quantile":  {labels: labelsBuckets},
	"histogram_quantiles": {labels: labelsQuantile},

	"info": {labels: labelsUnknown},

	"end": {labels: labelsNone}, "max_of": {labels: labelsNone}, "min_of": {labels: labelsNone},
	"pi": {labels: labelsNone}, "range": {labels: labelsNone}, "scalar": {labels: labelsNone},
	"start": {labels: labelsNone}, "step": {labels: labelsNone}, "time": {labels: labelsNone},
	"vector": {labels: labelsNone},

	"max_over_time": {labels: labelsLessName, sample: true},
	"min_over_time": {labels: labelsLessName, sample: true},

	"abs": {labels: labelsLessName}, "acos": {labels: labelsLessName}, "acosh": {labels: labelsLessName},
	"asin": {labels: labelsLessName}, "asinh": {labels: labelsLessName}, "atan": {labels: labelsLessName},
	"atanh": {labels: labelsLessName}, "avg_over_time": {labels: labelsLessName}, "ceil": {labels: labelsLessName},
	"changes": {labels: labelsLessName}, "clamp": {labels: labelsLessName}, "clamp_max": {labels: labelsLessName},
	"clamp_min": {labels: labelsLessName}, "cos": {labels: labelsLessName}, "cosh": {labels: labelsLessName},
	"count_over_time": {labels: labelsLessName}, "day_of_month": {labels: labelsLessName},
	"day_of_week": {labels: labelsLessName}, "day_of_year": {labels: labelsLessName},
	"days_in_month": {labels: labelsLessName}, "deg": {labels: labelsLessName}, "delta": {labels: labelsLessName},
	"deriv": {labels: labelsLessName}, "double_exponential_smoothing": {labels: labelsLessName},
	"exp": {labels: labelsLessName}, "floor": {labels: labelsLessName}, "histogram_avg": {labels: labelsLessName},
	"histogram_count": {labels: labelsLessName}, "histogram_stddev": {labels: labelsLessName},
	"histogram_stdvar": {labels: labelsLessName}, "histogram_sum": {labels: labelsLessName},
	"hour": {labels: labelsLessName}, "idelta": {labels: labelsLessName}, "increase": {labels: labelsLessName},
	"irate": {labels: labelsLessName}, "ln": {labels: labelsLessName}, "log10": {labels: labelsLessName},
	"log2": {labels: labelsLessName}, "mad_over_time": {labels: labelsLessName}, "minute": {labels: labelsLessName},
	"month": {labels: labelsLessName}, "predict_linear": {labels: labelsLessName},
	"present_over_time": {labels: labelsLessName}, "quantile_over_time": {labels: labelsLessName},
	"rad": {labels: labelsLessName}, "rate": {labels: labelsLessName}, "resets": {labels: labelsLessName},
	"round": {labels: labelsLessName}, "sgn": {labels: labelsLessName}, "sin": {labels: labelsLessName},
	"sinh": {labels: labelsLessName}, "sqrt": {labels: labelsLessName}, "start_timestamp": {labels: labelsLessName},
	"stddev_over_time": {labels: labelsLessName}, "stdvar_over_time": {labels: labelsLessName},
	"sum_over_time": {labels: labelsLessName}, "tan": {labels: labelsLessName}, "tanh": {labels: labelsLessName},
	"timestamp": {labels: labelsLessName}, "ts_of_first_over_time": {labels: labelsLessName},
	"ts_of_last_over_time": {labels: labelsLessName}, "ts_of_max_over_time": {labels: labelsLessName},
	"ts_of_min_over_time": {labels: labelsLessName}, "year": {labels: labelsLessName},
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
