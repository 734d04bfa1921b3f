package sli

import (
	"github.com/prometheus/prometheus/promql/parser"

	"github.com/crywolf-dev/crywolf/rules/promexpr"
)

// metricOf is the name of the first selector under e that has one.
func metricOf(e parser.Expr) string {
	name := ""
	search(e, func(n parser.Node) bool {
		if vs, ok := n.(*parser.VectorSelector); ok {
			name = promexpr.Name(vs)
		}
		return name != ""
	})
	return name
}

// maxSearched bounds a search, in nodes: what it is asked for stands near the
// top or nowhere.
const maxSearched = 200

// search reports that something under e is wanted.
func search(e parser.Expr, wanted func(parser.Node) bool) bool {
	left := maxSearched
	return within(e, &left, wanted)
}

func within(n parser.Node, left *int, wanted func(parser.Node) bool) bool {
	if *left--; *left < 0 {
		return false
	}
	if wanted(n) {
		return true
	}
	for c := range parser.ChildrenIter(n) {
		if within(c, left, wanted) {
			return true
		}
	}
	return false
}

// selects reports a selector in e.
func selects(e parser.Expr) bool {
	return search(e, func(n parser.Node) bool { _, ok := n.(*parser.VectorSelector); return ok })
}

// compares reports a comparison in e.
func compares(e parser.Expr) bool {
	return search(e, func(n parser.Node) bool {
		b, ok := n.(*parser.BinaryExpr)
		return ok && b.Op.IsComparisonOperator()
	})
}

// calls reports a call of a function in e.
func calls(e parser.Expr, name string) bool {
	return search(e, func(n parser.Node) bool {
		c, ok := n.(*parser.Call)
		return ok && c.Func.Name == name
	})
}

// callsTime reports that e computes with the present time and with no series.
func callsTime(e parser.Expr) bool { return !selects(e) && calls(e, "time") }

// predicts reports an extrapolation in e.
func predicts(e parser.Expr) bool { return calls(e, "predict_linear") }
