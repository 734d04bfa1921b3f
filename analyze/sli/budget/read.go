package budget

import (
	"strings"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"github.com/crywolf-dev/crywolf/rules/promexpr"
)

// Records returns the expressions of the rules that record a name, of which
// those may be left out that make no series which the matchers select. No
// expression is no such rule.
type Records func(name string, matchers []*labels.Matcher) []parser.Expr

// PolicyOf reads an alert's expression as a policy. Recording rules are
// followed; a nil records is none. What is not of the shape that the package
// is about, or cannot be shown to be, gives ok false:
//
//   - "and", "or" and parentheses, and aggregations of what they join, over
//     comparisons of one ratio, over windows of any length, with numbers. A
//     number is a literal, arithmetic of numbers, vector(number), or a metric
//     that is recorded as one.
//   - A ratio is a quotient of sums of rates, or of increases, over one window;
//     a mean over time of up or probe_success; or a metric recorded as one. A
//     ratio that nothing loaded records is known by its name where that tells
//     its window: x:ratio_rate1h, as the naming practice of Prometheus has it
//     and Sloth and the Workbook write, or x:burnrate1h, as Pyrra and the
//     mixins do. Scaled and complemented ratios are ratios (1 - good/total).
//   - A ratio that must be large is of bad events, one that must be small is of
//     good ones.
//   - One that is joined by "and" with a lower bound on the total of the ratio
//     is gated by traffic. No other condition is understood.
func PolicyOf(e parser.Expr, t Timing, records Records) (p Policy, ok bool) {
	if e == nil {
		return Policy{}, false
	}
	r := reader{records: records}
	any, ok := r.condition(e)
	if !ok || r.visited > maxVisited {
		return Policy{}, false
	}
	for _, g := range r.gates {
		if _, of := r.totals[g]; !of {
			return Policy{}, false
		}
	}
	p = Policy{Any: any, Timing: t, Gated: r.gated || len(r.gates) > 0, Assumed: r.assumed, Signal: r.signal, Total: r.total}
	for _, a := range any {
		for _, c := range a {
			if p.Assumed && c.Threshold >= 1 {
				return Policy{}, false // it is no share, then
			}
		}
	}
	return p, true
}

// TotalOf reads the query of a total, a sum of rates, as Policy has it in Total;
// "" where it is nothing of the kind.
func TotalOf(e parser.Expr, records Records) string {
	r := reader{records: records}
	s, ok := r.sum(e)
	if !ok || !s.positive() {
		return ""
	}
	return s.signal()
}

// Bounds on hostile input: nodes visited through all recording rules, chains of
// these, and the alternatives and clauses that "and" over "or" multiplies.
const (
	maxVisited      = 10_000
	maxFollowed     = 10
	maxAlternatives = 32
	maxClauses      = 64 // of all alternatives together
)

type reader struct {
	records Records
	visited int
	open    []string // recording rules on the way to here, against cycles

	signal  string              // of the first ratio
	total   string              // of it, with its groups
	totals  map[string]struct{} // what ratios are divided by
	gates   []string            // what must be there besides: totals, if this is a policy
	gated   bool
	assumed bool
}

func (r *reader) visit() bool {
	r.visited++
	return r.visited <= maxVisited
}

// condition reads what is true or false: it returns a series or none.
func (r *reader) condition(e parser.Expr) ([]Alternative, bool) {
	if !r.visit() {
		return nil, false
	}
	switch e := promexpr.Unparen(e).(type) {
	case *parser.AggregateExpr:
		// Whatever is computed of the values, it is of those that there are.
		switch e.Op {
		case parser.MAX, parser.MIN, parser.SUM, parser.AVG, parser.COUNT, parser.GROUP:
			return r.condition(e.Expr)
		}
	case *parser.BinaryExpr:
		switch {
		case filled(e):
			return nil, false
		case e.Op == parser.LAND:
			return r.and(e)
		case e.Op == parser.LOR:
			return r.or(e)
		case e.Op.IsComparisonOperator():
			return r.comparison(e)
		}
	}
	return nil, false
}

// filled reports series that are made up where one side has none.
func filled(e *parser.BinaryExpr) bool {
	m := e.VectorMatching
	return m != nil && (m.FillValues.LHS != nil || m.FillValues.RHS != nil)
}

func (r *reader) or(e *parser.BinaryExpr) ([]Alternative, bool) {
	left, ok := r.condition(e.LHS)
	if !ok {
		return nil, false
	}
	right, ok := r.condition(e.RHS)
	return append(left, right...), ok && bounded(append(left, right...))
}

// and joins each alternative of one side with each of the other, unless one
// side is a gate.
func (r *reader) and(e *parser.BinaryExpr) ([]Alternative, bool) {
	if r.gate(e.RHS) {
		return r.condition(e.LHS)
	}
	if r.gate(e.LHS) {
		return r.condition(e.RHS)
	}
	left, ok := r.condition(e.LHS)
	if !ok {
		return nil, false
	}
	right, ok := r.condition(e.RHS)
	if !ok || len(left)*len(right) > maxAlternatives {
		return nil, false
	}
	var out []Alternative
	for _, a := range left {
		for _, b := range right {
			out = append(out, append(a[:len(a):len(a)], b...))
		}
	}
	return out, bounded(out)
}

func bounded(all []Alternative) bool {
	n := 0
	for _, a := range all {
		n += len(a)
	}
	return len(all) <= maxAlternatives && n <= maxClauses
}

// gate reads a lower bound on traffic: sum(rate(requests_total[5m])) > 1. Of
// what it is, is remembered.
func (r *reader) gate(e parser.Expr) bool {
	c, ok := promexpr.ComparisonOf(e)
	if !ok || c.Bool || filled(c.Expr) || c.Op != parser.GTR && c.Op != parser.GTE {
		return false
	}
	if _, ok := r.number(c.Limit); !ok {
		return false
	}
	s, ok := r.sum(c.Subject)
	if !ok {
		return false
	}
	r.gates = append(r.gates, s.traffic())
	return true
}

// comparison reads a ratio above, or below, a number.
func (r *reader) comparison(e *parser.BinaryExpr) ([]Alternative, bool) {
	c, ok := promexpr.ComparisonOf(e)
	if !ok || c.Bool {
		return nil, false
	}
	limit, ok := r.number(c.Limit)
	if !ok { // the number may stand on the left, as vector(0.1) < x
		if limit, ok = r.number(c.Subject); !ok {
			return nil, false
		}
		c.Subject, c.Op = c.Limit, promexpr.Flip(c.Op)
	}
	v, ok := r.ratio(c.Subject)
	if !ok || v.scale == 0 {
		return nil, false
	}
	clause, good, ok := v.above(c.Op, limit)
	if !ok {
		return nil, false
	}
	clause.Pos = e.PositionRange()
	return []Alternative{{clause}}, r.same(v, good)
}

// same reports whether a ratio is that of the clauses before, and remembers it.
func (r *reader) same(v ratio, good bool) bool {
	signal := v.signal
	if good {
		signal = "1 - " + signal
	}
	if r.signal == "" {
		r.signal, r.total = signal, v.grouped
	}
	r.assumed = r.assumed || v.assumed
	r.gated = r.gated || v.gated
	if r.totals == nil {
		r.totals = map[string]struct{}{}
	}
	if v.total != "" {
		r.totals[v.total] = struct{}{}
	}
	return r.signal == signal
}

// follow calls f with each expression that records what vs selects, and
// reports whether there is one and f succeeds for all. Matchers are those of
// vs, and of what led to it.
func (r *reader) follow(vs *parser.VectorSelector, f func(parser.Expr) bool) (recorded, ok bool) {
	name := promexpr.Name(vs)
	if name == "" || r.records == nil {
		return false, false
	}
	exprs := r.records(name, vs.LabelMatchers)
	if len(exprs) == 0 {
		return false, false
	}
	if moved(vs) || len(r.open) >= maxFollowed || strings.Contains("\x00"+strings.Join(r.open, "\x00")+"\x00", "\x00"+name+"\x00") {
		return true, false
	}
	r.open = append(r.open, name)
	defer func() { r.open = r.open[:len(r.open)-1] }()
	for _, e := range exprs {
		if e == nil || !f(e) {
			return true, false
		}
	}
	return true, true
}

// moved reports a selector that looks elsewhere than at the present.
func moved(vs *parser.VectorSelector) bool {
	return vs.Offset != 0 || vs.OriginalOffset != 0 || vs.OriginalOffsetExpr != nil || vs.Timestamp != nil || vs.StartOrEnd != 0 || vs.Anchored || vs.Smoothed
}
