package promexpr

import (
	"math"
	"time"

	"github.com/prometheus/prometheus/promql/parser"
)

// foldDuration computes a duration expression that doesn't depend on the
// query, with the engine's rounding to milliseconds. ok is false where it does
// depend, or where the engine would refuse the value: not finite, out of
// range, or, unless signed, not positive.
func foldDuration(e *parser.DurationExpr, signed bool) (d time.Duration, ok bool) {
	v, ok := durationValue(e)
	if !ok || math.IsNaN(v) || math.IsInf(v, 0) || !signed && v <= 0 || math.Abs(v) >= math.MaxInt64/1e9 {
		return 0, false
	}
	d = time.Duration(v*1000) * time.Millisecond
	if d <= 0 && !signed { // below a millisecond: leave it to the engine
		return 0, false
	}
	return d, true
}

// durationValue is the value in seconds of a duration expression made of
// literals.
func durationValue(e parser.Expr) (v float64, ok bool) {
	switch n := e.(type) {
	case *parser.NumberLiteral:
		return n.Val, true
	case *parser.DurationExpr:
		var l, r float64
		if n.LHS != nil {
			if l, ok = durationValue(n.LHS); !ok {
				return 0, false
			}
		}
		if n.RHS != nil {
			if r, ok = durationValue(n.RHS); !ok {
				return 0, false
			}
		}
		switch {
		case n.Op == parser.STEP || n.Op == parser.RANGE:
			return 0, false
		case n.Op == parser.MIN_OF:
			return math.Min(l, r), true
		case n.Op == parser.MAX_OF:
			return math.Max(l, r), true
		case n.LHS == nil && n.Op == parser.ADD:
			return r, true
		case n.LHS == nil && n.Op == parser.SUB:
			return -r, true
		case (n.Op == parser.DIV || n.Op == parser.MOD) && r == 0:
			return 0, false
		}
		return fold(n.Op, l, r)
	}
	return 0, false
}

// durationExpr writes a duration expression that can't be computed, its
// constant parts as numbers of seconds.
func (c *canon) durationExpr(e parser.Expr) {
	if v, ok := durationValue(e); ok && !math.IsNaN(v) && math.Abs(v) < math.MaxInt64/1e9 {
		if math.Signbit(v) || v == 0 { // as a literal it would be refused or torn apart
			c.str("(")
			c.buf = appendNumber(c.buf, v)
			c.str(")")
			return
		}
		c.buf = appendNumber(c.buf, v)
		return
	}
	n, ok := e.(*parser.DurationExpr)
	switch {
	case !ok:
		c.str(e.String())
	case n.Op == parser.STEP || n.Op == parser.RANGE:
		c.str(n.Op.String())
		c.str("()")
	case n.Op == parser.MIN_OF || n.Op == parser.MAX_OF:
		c.str(n.Op.String())
		c.str("(")
		c.durationExpr(n.LHS)
		c.str(", ")
		c.durationExpr(n.RHS)
		c.str(")")
	case n.LHS == nil && n.Op == parser.ADD:
		c.durationExpr(n.RHS)
	case n.LHS == nil:
		c.str("(")
		c.str(n.Op.String())
		c.durationExpr(n.RHS)
		c.str(")")
	default:
		c.str("(")
		c.durationExpr(n.LHS)
		c.str(" ")
		c.str(n.Op.String())
		c.str(" ")
		c.durationExpr(n.RHS)
		c.str(")")
	}
}
