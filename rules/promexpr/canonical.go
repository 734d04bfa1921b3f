package promexpr

import (
	"bytes"
	"math"
	"strconv"

	"github.com/prometheus/prometheus/promql/parser"
)

// Canonical returns a normal form of e, itself a PromQL expression. Two
// expressions with equal normal forms are equivalent: whatever the data and
// the time, either both fail to evaluate or both return the same series with
// the same values, but for the last digits of floating point sums, whose order
// is the engine's. The converse doesn't hold: equivalent expressions may have
// different normal forms.
//
// What is normalised: parentheses, case of keywords, order and repetition of
// matchers and of label lists, the metric name inside or outside of braces,
// spellings of numbers, strings and durations, arithmetic of literals, unary
// plus, which side of a comparison a scalar stands on, group_right written as
// group_left, and the order of the operands of + and * (and of comparisons of
// scalars) where nothing but the order differs. Nothing is rescaled,
// reassociated or rewritten by the laws of arithmetic.
func Canonical(e parser.Expr) string {
	return string(AppendCanonical(make([]byte, 0, 512), e))
}

// AppendCanonical appends Canonical(e) to dst.
func AppendCanonical(dst []byte, e parser.Expr) []byte {
	c := canon{buf: dst}
	c.expr(e)
	return c.buf
}

// canon writes the normal form.
type canon struct {
	buf []byte
	// ordered counts the enclosing operators whose result depends on the order
	// in which the engine meets series: topk, bottomk (ties) and limitk.
	ordered int
	// cut are comparisons of which only the subject is written.
	cut []*parser.BinaryExpr
	// blur writes every range, and every duration in a metric's name, as _; the
	// result is for comparing texts, not for parsing.
	blur bool
}

// form says what was written for an expression.
type form struct {
	atom   bool // can be an operand without parentheses
	number bool // a literal number, its value in val
	val    float64
}

var atom = form{atom: true}

func (c *canon) str(s string) { c.buf = append(c.buf, s...) }

func (c *canon) number(v float64) form {
	c.buf = appendNumber(c.buf, v)
	return form{atom: !math.Signbit(v) || math.IsNaN(v), number: true, val: v}
}

func appendNumber(b []byte, v float64) []byte {
	a := math.Abs(v)
	switch {
	case math.IsInf(v, 1):
		return append(b, "Inf"...) // a sign would make it an operator in some places
	case a == 0 || a >= 1e-6 && a < 1e15:
		return strconv.AppendFloat(b, v, 'f', -1, 64)
	}
	return strconv.AppendFloat(b, v, 'g', -1, 64)
}

func (c *canon) expr(e parser.Expr) form {
	switch n := Unparen(e).(type) {
	case *parser.NumberLiteral:
		return c.number(n.Val)
	case *parser.StringLiteral:
		c.buf = strconv.AppendQuote(c.buf, n.Val)
		return atom
	case *parser.VectorSelector:
		return c.selector(n, selectNormal)
	case *parser.MatrixSelector:
		return c.matrix(n, selectNormal)
	case *parser.SubqueryExpr:
		return c.subquery(n)
	case *parser.Call:
		return c.call(n)
	case *parser.AggregateExpr:
		return c.aggregate(n)
	case *parser.UnaryExpr:
		return c.unary(n)
	case *parser.BinaryExpr:
		return c.binary(n)
	case nil:
		return form{}
	default:
		// A node this package doesn't know: its own text stands for itself alone.
		c.str(n.String())
		return form{}
	}
}

// operand writes e so that no operator next to it can tear it apart.
func (c *canon) operand(e parser.Expr) form {
	start := len(c.buf)
	f := c.expr(e)
	if !f.atom {
		c.wrap(start)
	}
	return f
}

func (c *canon) wrap(start int) {
	c.buf = append(c.buf, 0, ')')
	copy(c.buf[start+1:], c.buf[start:len(c.buf)-2])
	c.buf[start] = '('
}

func (c *canon) unary(n *parser.UnaryExpr) form {
	if n.Op == parser.ADD {
		return c.expr(n.Expr)
	}
	start := len(c.buf)
	c.str(n.Op.String())
	f := c.operand(n.Expr)
	if f.number && n.Op == parser.SUB {
		c.buf = c.buf[:start]
		return c.number(-f.val)
	}
	return form{}
}

func (c *canon) call(n *parser.Call) form {
	c.str(n.Func.Name)
	c.str("(")
	for i, a := range n.Args {
		if i > 0 {
			c.str(", ")
		}
		c.argument(n.Func.Name, i, Unparen(a))
	}
	c.str(")")
	return atom
}

// argument writes an argument of a function. Some functions look at the
// selector that is their argument: absent takes labels from its matchers,
// timestamp the time of its samples. There a unary plus hides the selector.
func (c *canon) argument(fn string, i int, a parser.Expr) {
	mode := selectNormal
	switch {
	case fn == "absent" || fn == "absent_over_time":
		mode = selectAbsent
	case fn == "info" && i == 1:
		mode = selectBraces
	}
	switch n := a.(type) {
	case *parser.VectorSelector:
		c.selector(n, mode)
	case *parser.MatrixSelector:
		c.matrix(n, mode)
	case *parser.UnaryExpr:
		if n.Op == parser.ADD && n.Type() == parser.ValueTypeVector {
			c.str("+")
			c.operand(n.Expr)
			return
		}
		c.unary(n)
	default:
		c.expr(n)
	}
}

func (c *canon) aggregate(n *parser.AggregateExpr) form {
	c.str(n.Op.String())
	switch {
	case n.Without:
		c.str(" without ")
		c.labels(n.Grouping)
		c.str(" ")
	case len(n.Grouping) > 0:
		c.str(" by ")
		c.labels(n.Grouping)
		c.str(" ")
	}
	c.str("(")
	if n.Param != nil {
		c.expr(n.Param)
		c.str(", ")
	}
	picks := n.Op == parser.TOPK || n.Op == parser.BOTTOMK || n.Op == parser.LIMITK
	if picks {
		c.ordered++
	}
	c.expr(n.Expr)
	if picks {
		c.ordered--
	}
	c.str(")")
	return atom
}

func (c *canon) binary(n *parser.BinaryExpr) form {
	if c.isCut(n) {
		cmp, _ := ComparisonOf(n)
		return c.expr(cmp.Subject)
	}
	start := len(c.buf)
	l := c.operand(n.LHS)
	mid := len(c.buf)
	r := c.operand(n.RHS)
	if l.number && r.number {
		if v, ok := fold(n.Op, l.val, r.val); ok {
			c.buf = c.buf[:start]
			return c.number(v)
		}
	}
	end := len(c.buf)
	left, right := c.buf[start:mid], c.buf[mid:end]

	swap := false
	switch sides(n, c.ordered > 0) {
	case mustSwap:
		swap = true
	case maySwap:
		swap = bytes.Compare(right, left) < 0
	}
	// Behind the two operands goes the whole in its order, to be moved back.
	if swap {
		c.buf = append(c.buf, c.buf[mid:end]...)
		c.operator(n, true)
		c.buf = append(c.buf, c.buf[start:mid]...)
	} else {
		c.buf = append(c.buf, c.buf[start:mid]...)
		c.operator(n, false)
		c.buf = append(c.buf, c.buf[mid:end]...)
	}
	c.buf = c.buf[:start+copy(c.buf[start:], c.buf[end:])]
	return form{}
}

// operator writes the operator with its modifiers, seen from the other side
// where the operands were exchanged.
func (c *canon) operator(n *parser.BinaryExpr, swapped bool) {
	op := n.Op
	if swapped {
		op = Flip(op)
	}
	c.str(" ")
	c.str(op.String())
	if n.ReturnBool {
		c.str(" bool")
	}
	if m := n.VectorMatching; m != nil {
		grouped := m.Card == parser.CardManyToOne || m.Card == parser.CardOneToMany
		if m.On {
			c.str(" on ")
			c.labels(m.MatchingLabels)
		} else if len(m.MatchingLabels) > 0 || grouped {
			c.str(" ignoring ")
			c.labels(m.MatchingLabels)
		}
		if grouped {
			if (m.Card == parser.CardManyToOne) != swapped {
				c.str(" group_left ")
			} else {
				c.str(" group_right ")
			}
			c.labels(m.Include)
		}
		c.fill(" fill_left (", m.FillValues.LHS)
		c.fill(" fill_right (", m.FillValues.RHS)
	}
	c.str(" ")
}

func (c *canon) fill(key string, v *float64) {
	if v != nil {
		c.str(key)
		c.buf = appendNumber(c.buf, *v)
		c.str(")")
	}
}
