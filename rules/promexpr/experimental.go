package promexpr

import (
	"cmp"
	"slices"

	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/promql/parser/posrange"
)

// The values of --enable-feature that admit experimental syntax. Current
// servers accept duration expressions without a flag, and still accept the
// flag; older ones need it.
const (
	FlagFunctions     = "promql-experimental-functions"
	FlagDurationExpr  = "promql-duration-expr"
	FlagExtendedRange = "promql-extended-range-selectors"
	FlagBinopFill     = "promql-binop-fill-modifiers"
)

// A Use is one place of an expression that needs a feature flag.
type Use struct {
	Flag string // value of --enable-feature
	What string // the construct: a function or keyword, "duration expression"
	Pos  posrange.PositionRange
}

// Experimental returns the uses of experimental syntax in e, in order of
// position. It is empty exactly when a parser with default options accepts the
// text that e was parsed from.
func Experimental(e parser.Expr) []Use {
	var uses []Use
	add := func(flag, what string, pos posrange.PositionRange) {
		uses = append(uses, Use{Flag: flag, What: what, Pos: pos})
	}
	duration := func(d *parser.DurationExpr) {
		if d != nil && gatedDuration(d) {
			add(FlagDurationExpr, "duration expression", d.PositionRange())
		}
	}
	walk(e, func(n parser.Expr) {
		switch n := n.(type) {
		case *parser.Call:
			if n.Func.Experimental {
				add(FlagFunctions, n.Func.Name, n.PosRange)
			}
		case *parser.AggregateExpr:
			if n.Op.IsExperimentalAggregator() {
				add(FlagFunctions, n.Op.String(), n.PosRange)
			}
		case *parser.BinaryExpr:
			if m := n.VectorMatching; m != nil && (m.FillValues.LHS != nil || m.FillValues.RHS != nil) {
				add(FlagBinopFill, "fill", n.PositionRange())
			}
		case *parser.VectorSelector:
			if n.Anchored {
				add(FlagExtendedRange, "anchored", n.PosRange)
			}
			if n.Smoothed {
				add(FlagExtendedRange, "smoothed", n.PosRange)
			}
			duration(n.OriginalOffsetExpr)
		case *parser.MatrixSelector:
			duration(n.RangeExpr)
		case *parser.SubqueryExpr:
			duration(n.RangeExpr)
			duration(n.StepExpr)
			duration(n.OriginalOffsetExpr)
		}
	})
	slices.SortStableFunc(uses, func(a, b Use) int { return cmp.Compare(a.Pos.Start, b.Pos.Start) })
	return uses
}

// gatedDuration reports whether the parser asks for the flag. It doesn't for
// literals with signs, and there for parentheses after a sign either:
// `offset -(5m)`. Such parentheses leave a unary plus that starts where its
// number does.
func gatedDuration(e parser.Expr) bool {
	d, ok := e.(*parser.DurationExpr)
	if !ok {
		return false
	}
	if d.LHS != nil || d.Op != parser.ADD && d.Op != parser.SUB {
		return true
	}
	if n, ok := d.RHS.(*parser.NumberLiteral); ok && d.Op == parser.ADD {
		return d.StartPos != n.PosRange.Start
	}
	return gatedDuration(d.RHS)
}
