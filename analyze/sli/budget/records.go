package budget

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/grafana/regexp"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql/parser"

	"github.com/crywolf-dev/crywolf/rules/promexpr"
)

// recordedRatio reads a metric as the ratio that rules record under its name;
// where none is loaded, as its name says.
func (r *reader) recordedRatio(vs *parser.VectorSelector) (ratio, bool) {
	var all []ratio
	var exprs []parser.Expr
	recorded, ok := r.follow(vs, func(e parser.Expr) bool {
		exprs = append(exprs, e)
		v, ok := r.ratio(e)
		all = append(all, v)
		return ok
	})
	if !recorded {
		return named(vs)
	}
	if !ok {
		v, ok := named(vs)
		return v, ok && generated.MatchString(promexpr.Name(vs)) && r.over(vs, v.window)
	}
	out := all[0]
	signals := []string{}
	for _, v := range all {
		if v.scale != out.scale || v.offset != out.offset || v.window != out.window {
			return ratio{}, false
		}
		out.bad, out.mean = out.bad && v.bad, out.mean && v.mean
		out.assumed, out.gated = out.assumed || v.assumed, out.gated || v.gated
		signals = append(signals, v.signal)
	}
	if len(all) > 1 {
		out.total, out.grouped = "", "" // several: which is meant, the selector tells, if anything does
	}
	if canonicalMatchers(vs) != "" {
		out.grouped = "" // of it, a part
	}
	slices.Sort(signals)
	out.signal = strings.Join(slices.Compact(signals), " | ") + " as " + canonicalMatchers(vs)
	return out, true
}

// over reports that all of what is recorded under the name looks back over just
// that window, however it computes the ratio.
func (r *reader) over(vs *parser.VectorSelector, w time.Duration) bool {
	_, ok := r.follow(vs, func(e parser.Expr) bool {
		selectors := promexpr.Selectors(e)
		return len(selectors) > 0 && !slices.ContainsFunc(selectors, func(s promexpr.Selector) bool {
			return s.Range != w || s.Subquery != 0 || moved(s.Node)
		})
	})
	return ok
}

// Names that tell a ratio and its window. In level:metric:operations, as
// https://prometheus.io/docs/practices/rules/ has it, ratio_rate1h is a ratio of
// rates over an hour; Sloth records slo:sli_error:ratio_rate1h, and the
// Workbook's examples are of that form. Pyrra, slo-libsonnet and
// kubernetes-mixin record the error ratio of an hour as :burnrate1h.
var (
	windowed  = regexp.MustCompile(`^(.+:(?:ratio_rate|burnrate))([0-9]+(?:ms|[smhdwy]))$`)
	sloth     = regexp.MustCompile(`^slo:sli_error:`)
	generated = regexp.MustCompile(`^(slo:sli_error:ratio_rate|.+:burnrate)[0-9]+(ms|[smhdwy])$`)
)

// named reads a metric by its name.
func named(vs *parser.VectorSelector) (ratio, bool) {
	m := windowed.FindStringSubmatch(promexpr.Name(vs))
	if m == nil || moved(vs) {
		return ratio{}, false
	}
	w, err := model.ParseDuration(m[2])
	if err != nil || w <= 0 {
		return ratio{}, false
	}
	return ratio{
		scale: 1, window: time.Duration(w), signal: m[1] + canonicalMatchers(vs),
		assumed: !sloth.MatchString(m[1]), bad: generated.MatchString(promexpr.Name(vs)),
	}, true
}

// recordedSum reads a metric as the one sum that is recorded under its name.
func (r *reader) recordedSum(vs *parser.VectorSelector) (sum, bool) {
	var all []sum
	_, ok := r.follow(vs, func(e parser.Expr) bool {
		s, ok := r.sum(e)
		all = append(all, s)
		return ok && len(all) == 1
	})
	if !ok {
		return sum{}, false
	}
	out := all[0]
	outer := unnamed(vs.LabelMatchers)
	out.terms = slices.Clone(out.terms)
	for i, t := range out.terms {
		out.terms[i].matchers = append(t.matchers[:len(t.matchers):len(t.matchers)], outer...)
	}
	return out, true
}

// number reads what is constant: numbers, arithmetic of them, vectors of them,
// and metrics that are recorded as the same number by each rule that records
// them.
func (r *reader) number(e parser.Expr) (float64, bool) {
	if !r.visit() {
		return 0, false
	}
	switch e := promexpr.Unparen(e).(type) {
	case *parser.NumberLiteral:
		return e.Val, true
	case *parser.UnaryExpr:
		v, ok := r.number(e.Expr)
		if e.Op == parser.SUB {
			v = -v
		}
		return v, ok
	case *parser.Call:
		if e.Func.Name == "vector" || e.Func.Name == "scalar" {
			return r.number(e.Args[0])
		}
	case *parser.AggregateExpr:
		if e.Op == parser.MAX || e.Op == parser.MIN || e.Op == parser.AVG {
			return r.number(e.Expr)
		}
	case *parser.VectorSelector:
		out, first := 0.0, true
		_, ok := r.follow(e, func(e parser.Expr) bool {
			v, ok := r.number(e)
			if !first && v != out {
				return false
			}
			out, first = v, false
			return ok
		})
		return out, ok
	case *parser.BinaryExpr:
		return r.computed(e)
	}
	return 0, false
}

func (r *reader) computed(e *parser.BinaryExpr) (float64, bool) {
	if filled(e) {
		return 0, false
	}
	a, ok := r.number(e.LHS)
	if !ok {
		return 0, false
	}
	b, ok := r.number(e.RHS)
	if !ok {
		return 0, false
	}
	v := math.NaN()
	switch e.Op {
	case parser.ADD:
		v = a + b
	case parser.SUB:
		v = a - b
	case parser.MUL:
		v = a * b
	case parser.DIV:
		v = a / b
	case parser.POW:
		v = math.Pow(a, b)
	}
	return v, !math.IsNaN(v) && !math.IsInf(v, 0)
}
