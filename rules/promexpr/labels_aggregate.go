package promexpr

import (
	"slices"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql/parser"
)

func (lb labeler) aggregate(n *parser.AggregateExpr) Labels {
	in := lb.labels(n.Expr)
	if keepsSeries(n.Op) {
		return in
	}
	drop := func() Drop { return Drop{Pos: n.PosRange, What: strings.TrimSpace(n.ShortString())} }
	group := n.Grouping
	if n.Op == parser.COUNT_VALUES {
		param, ok := Unparen(n.Param).(*parser.StringLiteral)
		if !ok {
			return anyLabels()
		}
		// The value becomes a label before the series are grouped.
		in = in.with(param.Val, labelFact{must: true})
		if !n.Without {
			group = append(slices.Clone(group), param.Val)
		}
	}

	var out Labels
	if n.Without {
		out = in
		out.by, out.explicit = nil, false
		for _, g := range group {
			out = out.without(g, drop)
		}
		return out.without(model.MetricNameLabel, drop)
	}
	out = noLabels(drop)
	out.own(len(group) + len(in.known))
	for _, f := range in.known {
		if f.never {
			out.known = append(out.known, f) // gone further in, where its absence is explained best
		}
	}
	for _, g := range group {
		out.set(g, in.fact(g))
	}
	out.by, out.explicit = n.Grouping, n.Grouping != nil
	return out
}
