package promexpr

import (
	"slices"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql/parser"
)

// swapping says what may be done with the operands of a binary operation.
type swapping int

const (
	neverSwap swapping = iota
	maySwap            // both orders are equivalent
	mustSwap           // both orders are equivalent, and the other is the normal one
)

// sides decides whether n means the same with its operands exchanged and its
// operator flipped.
//
// Between two vectors a comparison keeps the value and the labels of the left
// side, so only `bool` and arithmetic can be symmetric. They are under
// group_left and group_right, which name the many side in either order. One to
// one they are only where no side can have two series in one match group: the
// engine refuses that always on the right but on the left only for groups that
// match.
func sides(n *parser.BinaryExpr, ordered bool) swapping {
	commutes := n.Op == parser.ADD || n.Op == parser.MUL
	compares := n.Op.IsComparisonOperator()
	if !commutes && !compares {
		return neverSwap
	}
	m := n.VectorMatching
	if m == nil {
		left, right := n.LHS.Type(), n.RHS.Type()
		switch {
		case left == right: // two scalars
			return maySwap
		case left == parser.ValueTypeScalar: // the vector's labels and, compared, its value are kept
			return mustSwap
		}
		return neverSwap
	}
	if m.FillValues.LHS != nil || m.FillValues.RHS != nil || compares && !n.ReturnBool {
		return neverSwap
	}
	switch m.Card {
	case parser.CardOneToMany:
		return mustSwap
	case parser.CardOneToOne:
		if !ordered && distinct(n.LHS, m) && distinct(n.RHS, m) {
			return maySwap
		}
	}
	return neverSwap
}

// distinct reports whether no two series of e's result can ever fall into one
// match group of m. Labels matter as the matching sees them: the metric name
// doesn't count unless m says on(__name__).
func distinct(e parser.Expr, m *parser.VectorMatching) bool {
	switch n := Unparen(e).(type) {
	case *parser.VectorSelector:
		return !m.On && len(m.MatchingLabels) == 0 && Name(n) != ""
	case *parser.MatrixSelector:
		return distinct(n.VectorSelector, m)
	case *parser.SubqueryExpr:
		return distinct(n.Expr, m)
	case *parser.UnaryExpr:
		return distinct(n.Expr, m)
	case *parser.AggregateExpr:
		switch {
		case keepsSeries(n.Op):
			return distinct(n.Expr, m)
		case n.Op == parser.COUNT_VALUES: // makes a label of its own
			return false
		}
		return distinctBy(n.Grouping, n.Without, m)
	case *parser.Call:
		switch labelEffects[n.Func.Name] {
		case labelsNone:
			return true
		case labelsKept, labelsLessName:
			arg, ok := vectorArg(n)
			return !ok || distinct(arg, m)
		}
		return false
	case *parser.BinaryExpr:
		return distinctBinary(n, m)
	}
	return false
}

func distinctBinary(n *parser.BinaryExpr, m *parser.VectorMatching) bool {
	in := n.VectorMatching
	switch {
	case in == nil:
		if n.LHS.Type() == parser.ValueTypeScalar {
			return distinct(n.RHS, m)
		}
		return distinct(n.LHS, m)
	case n.Op == parser.LAND || n.Op == parser.LUNLESS:
		return distinct(n.LHS, m)
	case in.Card == parser.CardOneToOne:
		// At most one result for each match group of the inner matching.
		return distinctBy(in.MatchingLabels, !in.On, m)
	}
	return false
}

// distinctBy is distinct for a result of which no two series share all the
// labels that are listed, or, with without, that are not.
func distinctBy(list []string, without bool, m *parser.VectorMatching) bool {
	switch {
	case without && m.On:
		return false
	case without: // what m ignores besides must be gone
		return subset(m.MatchingLabels, list)
	case m.On:
		return subset(list, m.MatchingLabels)
	}
	for _, l := range list {
		if l == model.MetricNameLabel || slices.Contains(m.MatchingLabels, l) {
			return false
		}
	}
	return true
}

func subset(a, b []string) bool {
	for _, s := range a {
		if !slices.Contains(b, s) {
			return false
		}
	}
	return true
}

// keepsSeries reports whether the aggregation returns some of its input series
// as they are.
func keepsSeries(op parser.ItemType) bool {
	switch op {
	case parser.TOPK, parser.BOTTOMK, parser.LIMITK, parser.LIMIT_RATIO:
		return true
	}
	return false
}
