package promexpr

import (
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// Unparen returns e without the parentheses around it, and without the
// wrappers that only the engine adds.
func Unparen(e parser.Expr) parser.Expr {
	for {
		switch n := e.(type) {
		case *parser.ParenExpr:
			e = n.Expr
		case *parser.StepInvariantExpr:
			e = n.Expr
		default:
			return e
		}
	}
}

// children calls f for each direct operand of e, in source order.
func children(e parser.Expr, f func(parser.Expr)) {
	switch n := e.(type) {
	case *parser.AggregateExpr:
		if n.Param != nil {
			f(n.Param)
		}
		if n.Expr != nil {
			f(n.Expr)
		}
	case *parser.BinaryExpr:
		f(n.LHS)
		f(n.RHS)
	case *parser.Call:
		for _, a := range n.Args {
			f(a)
		}
	case *parser.MatrixSelector:
		f(n.VectorSelector)
	case *parser.ParenExpr:
		f(n.Expr)
	case *parser.StepInvariantExpr:
		f(n.Expr)
	case *parser.SubqueryExpr:
		f(n.Expr)
	case *parser.UnaryExpr:
		f(n.Expr)
	}
}

// walk calls f for e and everything below it, parents first.
func walk(e parser.Expr, f func(parser.Expr)) {
	f(e)
	children(e, func(c parser.Expr) { walk(c, f) })
}

// EachSelector calls f for every vector selector of e, in source order.
func EachSelector(e parser.Expr, f func(*parser.VectorSelector)) {
	if vs, ok := e.(*parser.VectorSelector); ok {
		f(vs)
		return
	}
	children(e, func(c parser.Expr) { EachSelector(c, f) })
}

// Name returns the metric name that the selector fixes by equality, "" where
// it fixes none or several.
func Name(vs *parser.VectorSelector) string {
	name := ""
	for _, m := range vs.LabelMatchers {
		if m.Name != model.MetricNameLabel || m.Type != labels.MatchEqual || m.Value == name {
			continue
		}
		if name != "" {
			return ""
		}
		name = m.Value
	}
	return name
}

// selectorOf returns the vector selector that e is, under parentheses, a range
// or none.
func selectorOf(e parser.Expr) (*parser.VectorSelector, bool) {
	e = Unparen(e)
	if m, ok := e.(*parser.MatrixSelector); ok {
		e = m.VectorSelector
	}
	vs, ok := e.(*parser.VectorSelector)
	return vs, ok
}
