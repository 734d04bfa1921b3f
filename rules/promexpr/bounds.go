package promexpr

import (
	"math"

	"github.com/prometheus/prometheus/promql/parser"
)

// Bounds returns an interval in which every float that e returns lies.
//
// It relies on this and nothing else about the data: what rate, irate and
// increase are taken of is a counter, never negative nor NaN nor infinite;
// arithmetic of finite numbers doesn't overflow; and the time is after 1970.
// A stored metric can have any value.
func Bounds(e parser.Expr) Interval {
	switch n := Unparen(e).(type) {
	case *parser.NumberLiteral:
		return exactly(n.Val)
	case *parser.UnaryExpr:
		if n.Op == parser.SUB {
			return Bounds(n.Expr).negate()
		}
		return Bounds(n.Expr)
	case *parser.SubqueryExpr:
		return Bounds(n.Expr)
	case *parser.AggregateExpr:
		return aggregateBounds(n)
	case *parser.Call:
		return callBounds(n)
	case *parser.BinaryExpr:
		return binaryBounds(n)
	}
	return anything
}

func aggregateBounds(n *parser.AggregateExpr) Interval {
	in := Bounds(n.Expr)
	switch n.Op {
	case parser.COUNT, parser.COUNT_VALUES:
		return Interval{Lo: 1, Hi: math.Inf(1)}
	case parser.GROUP:
		return exactly(1)
	case parser.SUM:
		return in.sum()
	case parser.AVG:
		return in.mean()
	case parser.MIN, parser.MAX, parser.TOPK, parser.BOTTOMK, parser.LIMITK, parser.LIMIT_RATIO:
		return in
	case parser.STDDEV, parser.STDVAR:
		return Interval{Lo: 0, Hi: math.Inf(1), NaN: in.NaN || in.Inf}
	case parser.QUANTILE:
		return quantileBounds(n.Param, in)
	}
	return anything
}

// quantileBounds is of a quantile of values in the interval; outside of 0 to 1
// a quantile is infinite.
func quantileBounds(q parser.Expr, in Interval) Interval {
	if v, ok := number(q); ok && v >= 0 && v <= 1 {
		return in.mean()
	}
	return anything
}

func callBounds(n *parser.Call) Interval {
	var in Interval
	if arg, ok := vectorArg(n); ok {
		in = Bounds(arg)
	}
	if r, ok := calendar[n.Func.Name]; ok {
		return r
	}
	switch n.Func.Name {
	case "absent", "absent_over_time", "present_over_time":
		return exactly(1)
	case "count_over_time":
		return Interval{Lo: 1, Hi: math.Inf(1)}
	case "rate", "irate", "increase":
		// A subquery is no counter by itself.
		if _, ok := Unparen(n.Args[0]).(*parser.MatrixSelector); !ok && (in.Lo < 0 || in.NaN || in.Inf) {
			return anything
		}
		return nonNegative
	case "changes", "resets", "time", "timestamp", "histogram_count", "step", "range",
		"ts_of_first_over_time", "ts_of_last_over_time", "ts_of_max_over_time", "ts_of_min_over_time":
		return nonNegative
	case "vector":
		return Bounds(n.Args[0])
	case "scalar":
		in.NaN = true
		return in
	case "sum_over_time":
		return in.sum()
	case "avg_over_time":
		return in.mean()
	case "quantile_over_time":
		return quantileBounds(n.Args[0], in)
	case "min_over_time", "max_over_time", "first_over_time", "last_over_time",
		"label_replace", "label_join", "sort", "sort_desc", "sort_by_label", "sort_by_label_desc":
		return in
	case "stddev_over_time", "stdvar_over_time", "mad_over_time":
		return Interval{Lo: 0, Hi: math.Inf(1), NaN: in.NaN || in.Inf}
	}
	return elementwise(n, in)
}

// calendar has the functions of the date.
var calendar = map[string]Interval{
	"minute":        {Lo: 0, Hi: 59},
	"hour":          {Lo: 0, Hi: 23},
	"day_of_week":   {Lo: 0, Hi: 6},
	"day_of_month":  {Lo: 1, Hi: 31},
	"day_of_year":   {Lo: 1, Hi: 366},
	"days_in_month": {Lo: 28, Hi: 31},
	"month":         {Lo: 1, Hi: 12},
}

// elementwise is of functions that map each value by itself.
func elementwise(n *parser.Call, in Interval) Interval {
	arg := func(i int) Interval {
		if i < len(n.Args) {
			return Bounds(n.Args[i])
		}
		return anything
	}
	switch n.Func.Name {
	case "abs":
		if in.Lo < 0 {
			in.Lo, in.Hi = 0, math.Max(-in.Lo, in.Hi)
		}
		return in
	case "sgn":
		return Interval{Lo: math.Max(-1, math.Min(in.Lo, 0)), Hi: 1, NaN: in.NaN}
	case "floor":
		in.Lo, in.Hi = math.Floor(in.Lo), math.Floor(in.Hi)
		return in
	case "ceil":
		below := in.Lo < 0
		in.Lo, in.Hi = math.Ceil(in.Lo), math.Ceil(in.Hi)
		if below && in.Lo == 0 {
			in.Lo = -tiny
		}
		return in
	case "clamp_min":
		return in.raised(arg(1))
	case "clamp_max":
		return in.lowered(arg(1))
	case "clamp":
		return in.lowered(arg(2)).raised(arg(1))
	case "sqrt":
		return Interval{Lo: math.Min(0, in.Lo), Hi: math.Inf(1), NaN: in.NaN || in.Lo < 0, Inf: in.Inf}
	case "exp":
		return Interval{Lo: 0, Hi: math.Inf(1), NaN: in.NaN, Inf: true}
	case "max_of":
		return arg(0).raised(arg(1))
	case "min_of":
		return arg(0).lowered(arg(1))
	}
	return anything
}

// raised is the interval of the larger of two values.
func (i Interval) raised(o Interval) Interval {
	return Interval{Lo: math.Max(i.Lo, o.Lo), Hi: math.Max(i.Hi, o.Hi), NaN: i.NaN || o.NaN, Inf: i.Inf || o.Inf}
}

// lowered is the interval of the smaller of two values.
func (i Interval) lowered(o Interval) Interval {
	return Interval{Lo: math.Min(i.Lo, o.Lo), Hi: math.Min(i.Hi, o.Hi), NaN: i.NaN || o.NaN, Inf: i.Inf || o.Inf}
}

func binaryBounds(n *parser.BinaryExpr) Interval {
	l := Bounds(n.LHS)
	if n.Op == parser.LAND || n.Op == parser.LUNLESS {
		return l
	}
	r := Bounds(n.RHS)
	if m := n.VectorMatching; m != nil {
		// Under group_right the engine fills the other side than the one named.
		for _, v := range [...]*float64{m.FillValues.LHS, m.FillValues.RHS} {
			if v != nil {
				l, r = l.union(exactly(*v)), r.union(exactly(*v))
			}
		}
	}
	switch n.Op {
	case parser.LOR:
		return l.union(r)
	case parser.ADD:
		return l.add(r)
	case parser.SUB:
		return l.add(r.negate())
	case parser.MUL:
		return l.multiply(r)
	case parser.DIV:
		return l.divide(r)
	case parser.MOD:
		if l.Lo >= 0 {
			return Interval{Lo: 0, Hi: l.Hi, NaN: l.NaN || r.NaN || l.Inf || r.canBeZero(), Inf: false}
		}
		return anything
	case parser.POW:
		if l.Lo >= 0 {
			return Interval{Lo: 0, Hi: math.Inf(1), NaN: l.NaN || r.NaN, Inf: true}
		}
		return anything
	}
	switch {
	case n.Op.IsComparisonOperator() && n.ReturnBool:
		return Interval{Lo: 0, Hi: 1}
	case n.Op.IsComparisonOperator() && n.LHS.Type() == parser.ValueTypeScalar:
		return r.narrow(Flip(n.Op), l) // the vector's value is kept
	case n.Op.IsComparisonOperator():
		return l.narrow(n.Op, r)
	}
	return anything
}
