package promexpr

import (
	"math"

	"github.com/prometheus/prometheus/promql/parser"
)

// number returns the value of a number literal under parentheses, signs and
// arithmetic of literals, computed in float64 as the engine computes it.
func number(e parser.Expr) (float64, bool) {
	switch n := Unparen(e).(type) {
	case *parser.NumberLiteral:
		return n.Val, true
	case *parser.UnaryExpr:
		v, ok := number(n.Expr)
		if n.Op == parser.SUB {
			v = -v
		}
		return v, ok
	case *parser.BinaryExpr:
		l, ok := number(n.LHS)
		if !ok {
			return 0, false
		}
		r, ok := number(n.RHS)
		if !ok {
			return 0, false
		}
		return fold(n.Op, l, r)
	}
	return 0, false
}

// fold computes an operator on two numbers as the engine does; ok is false for
// operators that scalars don't have.
func fold(op parser.ItemType, l, r float64) (v float64, ok bool) {
	truth := func(b bool) (float64, bool) {
		if b {
			return 1, true
		}
		return 0, true
	}
	switch op {
	case parser.ADD:
		return l + r, true
	case parser.SUB:
		return l - r, true
	case parser.MUL:
		return l * r, true
	case parser.DIV:
		return l / r, true
	case parser.MOD:
		return math.Mod(l, r), true
	case parser.POW:
		return math.Pow(l, r), true
	case parser.ATAN2:
		return math.Atan2(l, r), true
	}
	if op.IsComparisonOperator() {
		return truth(compare(op, l, r))
	}
	return 0, false
}

// compare applies a comparison operator to two floats.
func compare(op parser.ItemType, l, r float64) bool {
	switch op {
	case parser.EQLC:
		return l == r
	case parser.NEQ:
		return l != r
	case parser.GTR:
		return l > r
	case parser.GTE:
		return l >= r
	case parser.LSS:
		return l < r
	case parser.LTE:
		return l <= r
	}
	return false
}

// Flip returns the operator that says the same with its operands exchanged;
// any but a comparison is its own.
func Flip(op parser.ItemType) parser.ItemType {
	switch op {
	case parser.GTR:
		return parser.LSS
	case parser.GTE:
		return parser.LTE
	case parser.LSS:
		return parser.GTR
	case parser.LTE:
		return parser.GTE
	}
	return op
}
