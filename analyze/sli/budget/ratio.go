package budget

import (
	"slices"
	"strings"
	"time"

	"github.com/prometheus/prometheus/promql/parser"

	"github.com/crywolf-dev/crywolf/rules/promexpr"
)

// A ratio is what an expression computes from a share of events over a window:
// scale × share + offset.
type ratio struct {
	scale, offset float64
	window        time.Duration
	signal        string // the share, windows left out
	total         string // the events that it is a share of, "" where that is not seen
	grouped       string // the same with their groups

	bad     bool // it is known to be the share of bad events
	mean    bool // it is a mean over time of what is 0 or 1
	assumed bool // see Policy
	gated   bool
}

// above reads "ratio op limit" as a clause on the share of bad events, and
// tells whether the ratio's own share is of good ones.
func (v ratio) above(op parser.ItemType, limit float64) (c Clause, good, ok bool) {
	line := (limit - v.offset) / v.scale
	if v.scale < 0 {
		op = promexpr.Flip(op)
	}
	c = Clause{Window: v.window, Threshold: line, Inclusive: op == parser.GTE || op == parser.LTE}
	switch op {
	case parser.GTR, parser.GTE:
	case parser.LSS, parser.LTE:
		// A share below a half that must not get smaller is no objective: rather
		// it is of bad events, and the alert is about their lack.
		if v.bad || line <= 0.5 {
			return c, true, false
		}
		c.Threshold, good = 1-line, true
	default:
		return c, false, false
	}
	return c, good, c.Threshold > 0 && c.Window > 0
}

// ratio reads an expression of vectors as a ratio.
func (r *reader) ratio(e parser.Expr) (ratio, bool) {
	if !r.visit() {
		return ratio{}, false
	}
	switch e := promexpr.Unparen(e).(type) {
	case *parser.VectorSelector:
		return r.recordedRatio(e)
	case *parser.AggregateExpr:
		// Of ratios that are alike the largest and the smallest are like them;
		// their mean is another thing where they have unequal totals.
		v, ok := r.ratio(e.Expr)
		v.signal, v.grouped = v.signal+" "+grouping(e), ""
		return v, ok && (e.Op == parser.MAX || e.Op == parser.MIN || e.Op == parser.AVG && v.mean)
	case *parser.Call:
		switch e.Func.Name {
		case "avg_over_time":
			return r.meanOverTime(e.Args[0])
		case "label_replace", "label_join", "sort", "sort_desc":
			return r.ratio(e.Args[0])
		}
	case *parser.BinaryExpr:
		if !filled(e) {
			return r.arithmetic(e)
		}
	}
	return ratio{}, false
}

// arithmetic reads a quotient of sums, or what a ratio is scaled and shifted
// by.
func (r *reader) arithmetic(e *parser.BinaryExpr) (ratio, bool) {
	if k, ok := r.number(e.RHS); ok {
		v, ok := r.ratio(e.LHS)
		switch e.Op {
		case parser.ADD:
			v.offset += k
		case parser.SUB:
			v.offset -= k
		case parser.MUL:
			v.scale, v.offset = v.scale*k, v.offset*k
		case parser.DIV:
			v.scale, v.offset = v.scale/k, v.offset/k
		default:
			return v, false
		}
		return v, ok && k != 0
	}
	if k, ok := r.number(e.LHS); ok {
		v, ok := r.ratio(e.RHS)
		switch e.Op {
		case parser.ADD:
			v.offset += k
		case parser.SUB:
			v.scale, v.offset = -v.scale, k-v.offset
		case parser.MUL:
			v.scale, v.offset = v.scale*k, v.offset*k
		default:
			return v, false
		}
		return v, ok && k != 0
	}
	if e.Op != parser.DIV || !oneToOne(e) {
		return ratio{}, false
	}
	if v, ok := r.countedMean(e); ok {
		return v, true
	}
	over, ok := r.sum(e.LHS)
	if !ok {
		return ratio{}, false
	}
	under, ok := r.sum(e.RHS)
	if !ok {
		return ratio{}, false
	}
	return quotient(over, under)
}

func oneToOne(e *parser.BinaryExpr) bool {
	return e.VectorMatching == nil || e.VectorMatching.Card == parser.CardOneToOne
}

// quotient makes a ratio of sums over the same window and the same groups.
func quotient(over, under sum) (ratio, bool) {
	if over.window != under.window || over.fn != under.fn || over.by != under.by || under.scale == 0 {
		return ratio{}, false
	}
	v := ratio{scale: over.scale / under.scale, window: over.window, total: under.traffic(), grouped: under.signal(), gated: over.gated || under.gated}
	if len(under.terms) == 2 && len(over.terms) == 1 {
		// err / (err + ok)
		if i := slices.IndexFunc(under.terms, func(t term) bool { return t.same(over.terms[0]) }); i >= 0 && under.positive() {
			v.signal = over.traffic() + " / " + v.total
			return v, true
		}
	}
	if len(under.terms) != 1 || under.terms[0].negative {
		v.assumed = true
		v.signal = over.signal() + " / " + v.total
		return v, under.positive() && len(over.terms) > 0
	}
	d := under.terms[0]
	if len(over.terms) == 2 && d.same(over.terms[0]) && !over.terms[0].negative && over.terms[1].negative {
		// (total - good) / total, which is 1 - good / total
		v.scale, v.offset = -v.scale, v.scale
		over.terms = []term{{name: over.terms[1].name, matchers: over.terms[1].matchers}}
	}
	v.signal = over.signal() + " / " + v.total
	if len(over.terms) == 1 {
		n := over.terms[0]
		switch {
		case n.negative:
			return v, false
		case n.partOf(d):
			return v, true
		case n.name == d.name || n.measures() && !d.measures():
			return v, false // errors over successes, or seconds over requests
		}
	}
	v.assumed = true
	return v, true
}

// binary are metrics that are 1 or 0 whenever they are sampled.
var binary = []string{"probe_success", "up"}

// meanOverTime reads avg_over_time of a metric that is 1 or 0: the share of
// probes, or of scrapes, that succeeded.
func (r *reader) meanOverTime(e parser.Expr) (ratio, bool) {
	m, vs, ok := window(e)
	if !ok || !slices.Contains(binary, promexpr.Name(vs)) {
		return ratio{}, false
	}
	if recorded, _ := r.follow(vs, func(parser.Expr) bool { return false }); recorded {
		return ratio{}, false
	}
	return ratio{scale: 1, window: m.Range, signal: promexpr.Canonical(vs), mean: true}, true
}

// countedMean is the same spelled as a sum over a count.
func (r *reader) countedMean(e *parser.BinaryExpr) (ratio, bool) {
	l, lok := promexpr.Unparen(e.LHS).(*parser.Call)
	c, cok := promexpr.Unparen(e.RHS).(*parser.Call)
	if !lok || !cok || l.Func.Name != "sum_over_time" || c.Func.Name != "count_over_time" ||
		promexpr.Canonical(l.Args[0]) != promexpr.Canonical(c.Args[0]) {
		return ratio{}, false
	}
	return r.meanOverTime(l.Args[0])
}

// window returns a range of fixed length that ends now.
func window(e parser.Expr) (*parser.MatrixSelector, *parser.VectorSelector, bool) {
	m, ok := promexpr.Unparen(e).(*parser.MatrixSelector)
	if !ok || m.RangeExpr != nil || m.Range <= 0 {
		return nil, nil, false
	}
	vs, ok := m.VectorSelector.(*parser.VectorSelector)
	return m, vs, ok && !moved(vs)
}

// canonicalMatchers is the text of a selector without the metric's name.
func canonicalMatchers(vs *parser.VectorSelector) string {
	return strings.TrimPrefix(promexpr.Canonical(vs), promexpr.Name(vs))
}
