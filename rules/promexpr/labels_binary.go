package promexpr

import (
	"slices"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/promql/parser/posrange"
)

func (lb labeler) binary(n *parser.BinaryExpr) Labels {
	m := n.VectorMatching
	if m == nil {
		if n.Type() == parser.ValueTypeScalar {
			return noLabels(nil)
		}
		in := lb.labels(n.LHS)
		if n.LHS.Type() == parser.ValueTypeScalar {
			in = lb.labels(n.RHS)
		}
		if losesName(n) {
			in = in.without(model.MetricNameLabel, operatorDrop(n))
		}
		return in
	}
	left, right := lb.labels(n.LHS), lb.labels(n.RHS)
	switch n.Op {
	case parser.LUNLESS:
		return left
	case parser.LAND:
		return left.agreeing(right, m)
	case parser.LOR:
		out := merge(left, right, either)
		out.by, _ = left.KeptBy()
		keptRight, _ := right.KeptBy()
		out.by = slices.DeleteFunc(out.by, func(l string) bool { return !slices.Contains(keptRight, l) })
		out.explicit = left.explicit && right.explicit
		return out
	}
	return matched(n, left, right)
}

// losesName reports whether the operation removes the metric name.
func losesName(n *parser.BinaryExpr) bool {
	if n.Op.IsComparisonOperator() {
		return n.ReturnBool
	}
	switch n.Op {
	case parser.ADD, parser.SUB, parser.MUL, parser.DIV, parser.MOD, parser.POW, parser.ATAN2:
		return true
	}
	return false
}

func operatorDrop(n *parser.BinaryExpr) cause {
	return func() Drop {
		what := n.Op.String()
		if n.ReturnBool {
			what += " bool"
		}
		return Drop{Pos: between(n), What: what}
	}
}

// matchingDrop points at what stands between the operands.
func matchingDrop(n *parser.BinaryExpr) cause {
	return func() Drop { return Drop{Pos: between(n), What: strings.TrimSpace(n.ShortString())} }
}

func between(n *parser.BinaryExpr) posrange.PositionRange {
	return posrange.PositionRange{Start: n.LHS.PositionRange().End, End: n.RHS.PositionRange().Start}
}

// compares reports whether the matching looks at the label.
func compares(m *parser.VectorMatching, name string) bool {
	if m.On {
		return slices.Contains(m.MatchingLabels, name)
	}
	return name != model.MetricNameLabel && !slices.Contains(m.MatchingLabels, name)
}

// agreeing returns l with all that is known of the labels in which the other
// side agrees with it: the labels that the matching compares, where a label
// that is not there counts as empty.
func (l Labels) agreeing(other Labels, m *parser.VectorMatching) Labels {
	out := merge(l, other, both)
	if m.On {
		out.rest = l.rest
	}
	if !compares(m, model.MetricNameLabel) {
		out.set(model.MetricNameLabel, l.fact(model.MetricNameLabel))
	}
	for _, name := range m.MatchingLabels {
		if !compares(m, name) {
			out.set(name, l.fact(name))
		}
	}
	if m.On {
		for i, f := range out.known {
			if !compares(m, f.name) {
				out.known[i].labelFact = l.fact(f.name)
			}
		}
		for _, name := range m.MatchingLabels {
			out.set(name, both(l.fact(name), other.fact(name)))
		}
	}
	return out
}

// matched is of arithmetic and comparisons between two vectors.
func matched(n *parser.BinaryExpr, left, right Labels) Labels {
	m := n.VectorMatching
	many, one := left, right
	if m.Card == parser.CardOneToMany {
		many, one = right, left
	}
	filled := m.FillValues.LHS != nil || m.FillValues.RHS != nil
	var out Labels
	switch {
	case filled && m.Card != parser.CardOneToOne:
		return anyLabels()
	case filled:
		// A series without a partner keeps the labels that are compared.
		out = merge(left, right, either)
		out = out.with(model.MetricNameLabel, either(out.fact(model.MetricNameLabel), labelFact{never: true}))
	default:
		out = many.agreeing(one, m)
	}
	out.by, out.explicit = many.by, many.explicit
	if losesName(n) {
		out = out.without(model.MetricNameLabel, operatorDrop(n))
	}
	if m.Card == parser.CardOneToOne {
		drop := matchingDrop(n)
		if m.On {
			on := noLabels(drop)
			on.by, on.explicit = out.by, out.explicit
			on.own(len(out.known) + len(m.MatchingLabels))
			for _, f := range out.known {
				if f.never {
					on.known = append(on.known, f)
				}
			}
			for _, name := range m.MatchingLabels {
				on.set(name, out.fact(name))
			}
			out = on
		} else {
			for _, name := range m.MatchingLabels {
				out = out.without(name, drop)
			}
		}
	}
	for _, name := range m.Include {
		f := one.fact(name)
		if f.never {
			f = labelFact{never: true, drop: matchingDrop(n)}
		}
		out = out.with(name, f)
	}
	return out
}
