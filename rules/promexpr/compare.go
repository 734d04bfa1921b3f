package promexpr

import (
	"slices"

	"github.com/prometheus/prometheus/promql/parser"
)

// A Comparison draws a line through what an expression measures, written with
// the subject on the left.
type Comparison struct {
	Expr    *parser.BinaryExpr
	Subject parser.Expr // what is compared: the left side, or the vector where the left is a scalar
	Limit   parser.Expr // what it is compared with
	Op      parser.ItemType
	// Constant says that the limit is a number, Threshold: a literal or
	// arithmetic of literals.
	Constant  bool
	Threshold float64
	Bool      bool // gives 0 or 1 rather than filter
}

// ComparisonOf reads e itself, under parentheses, as a comparison.
func ComparisonOf(e parser.Expr) (Comparison, bool) {
	n, ok := Unparen(e).(*parser.BinaryExpr)
	if !ok || !n.Op.IsComparisonOperator() {
		return Comparison{}, false
	}
	c := Comparison{Expr: n, Subject: n.LHS, Limit: n.RHS, Op: n.Op, Bool: n.ReturnBool}
	if n.LHS.Type() == parser.ValueTypeScalar {
		_, leftNumber := number(n.LHS)
		if n.RHS.Type() == parser.ValueTypeVector || leftNumber {
			c.Subject, c.Limit, c.Op = n.RHS, n.LHS, Flip(n.Op)
		}
	}
	c.Threshold, c.Constant = number(c.Limit)
	return c, true
}

// Comparisons returns the comparisons on the subject spine of e: e itself and
// then, as long as they are comparisons too, their subjects; through
// parentheses, into the left side of `and` and `unless` and both sides of
// `or`. In `5 < x < 10 and y > 1` these are < 10 and > 5, in this order; what
// stands to the right of `and` and `unless` only guards, and what stands under
// functions, arithmetic and aggregations is part of what is measured.
func Comparisons(e parser.Expr) []Comparison {
	var out []Comparison
	spine(e, func(n parser.Expr) {
		if c, ok := ComparisonOf(n); ok {
			out = append(out, c)
		}
	})
	return out
}

// Spine returns the subjects that e measures: what is left of it without
// parentheses, guards and comparisons, one for each side of `or`.
func Spine(e parser.Expr) []parser.Expr {
	var out []parser.Expr
	spine(e, func(n parser.Expr) {
		if b, ok := n.(*parser.BinaryExpr); ok && (b.Op.IsComparisonOperator() || b.Op.IsSetOperator()) {
			return
		}
		out = append(out, n)
	})
	return out
}

// spine calls f for every node on the subject spine, from the root on.
func spine(e parser.Expr, f func(parser.Expr)) {
	for {
		e = Unparen(e)
		f(e)
		n, ok := e.(*parser.BinaryExpr)
		switch {
		case !ok:
			return
		case n.Op == parser.LOR:
			spine(n.LHS, f)
			e = n.RHS
		case n.Op == parser.LAND || n.Op == parser.LUNLESS:
			e = n.LHS
		case n.Op.IsComparisonOperator():
			c, _ := ComparisonOf(n)
			e = c.Subject
		default:
			return
		}
	}
}

// A Signal is what an expression measures, apart from where the line is drawn.
type Signal struct {
	// Expr is the canonical text of the expression without its cuts. Guards,
	// and both sides of `or`, are part of it.
	Expr string
	// Cuts are the comparisons on the spine that were left out: those that
	// filter by a number. They stand in the order of Comparisons.
	Cuts []Cut
}

// A Cut is a comparison with a number, which stands on the right.
type Cut struct {
	Op        parser.ItemType
	Threshold float64
}

// Op is the operator of the first cut, with the threshold on the right; ok is
// false where nothing is cut.
func (s Signal) Op() (op parser.ItemType, ok bool) {
	if len(s.Cuts) == 0 {
		return 0, false
	}
	return s.Cuts[0].Op, true
}

// Threshold is that of the first cut; ok is false where nothing is cut.
func (s Signal) Threshold() (v float64, ok bool) {
	if len(s.Cuts) == 0 {
		return 0, false
	}
	return s.Cuts[0].Threshold, true
}

// SignalOf splits e into what it measures and its thresholds. Where two
// expressions have signals with equal Expr, and one cut each at most, they
// measure the same, and only their thresholds and operators can differ.
//
// The signal of `A > 5 and B` is `A and B`, cut by > 5; that of
// `A > 5 or B > 7` is `A or B`, cut by > 5 and > 7. Comparisons with bool, and
// between measured values, belong to the signal.
func SignalOf(e parser.Expr) Signal {
	var s Signal
	c := canon{buf: make([]byte, 0, 512)}
	for _, cmp := range Comparisons(e) {
		if cmp.Constant && !cmp.Bool {
			s.Cuts = append(s.Cuts, Cut{Op: cmp.Op, Threshold: cmp.Threshold})
			c.cut = append(c.cut, cmp.Expr)
		}
	}
	c.expr(e)
	s.Expr = string(c.buf)
	return s
}

// isCut reports whether n is to be left out for its subject.
func (c *canon) isCut(n *parser.BinaryExpr) bool {
	return len(c.cut) > 0 && slices.Contains(c.cut, n)
}
