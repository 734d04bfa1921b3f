package promexpr

import (
	"math/rand/v2"
	"slices"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql/parser"
)

// mutate changes one node of e in a way that may or may not change its
// meaning, with no regard to which, and returns the text. It owns e.
func mutate(r *rand.Rand, e parser.Expr) string {
	root := &parser.ParenExpr{Expr: e}
	var nodes []parser.Expr
	walk(root, func(n parser.Expr) { nodes = append(nodes, n) })
	for range 20 {
		if mutateNode(r, nodes[r.IntN(len(nodes))]) {
			break
		}
	}
	return root.Expr.String()
}

func parens(e parser.Expr) parser.Expr {
	switch e.(type) {
	case *parser.BinaryExpr, *parser.UnaryExpr, *parser.NumberLiteral:
		return &parser.ParenExpr{Expr: e}
	}
	return e
}

func mutateNode(r *rand.Rand, n parser.Expr) bool {
	switch n := n.(type) {
	case *parser.BinaryExpr:
		switch r.IntN(6) {
		case 0, 1, 2: // exchange the sides, with the comparison, with the grouping, or without
			n.LHS, n.RHS = parens(n.RHS), parens(n.LHS)
			if r.IntN(4) > 0 {
				n.Op = Flip(n.Op)
			}
			if m := n.VectorMatching; m != nil && r.IntN(4) > 0 {
				switch m.Card {
				case parser.CardManyToOne:
					m.Card = parser.CardOneToMany
				case parser.CardOneToMany:
					m.Card = parser.CardManyToOne
				}
				m.FillValues.LHS, m.FillValues.RHS = m.FillValues.RHS, m.FillValues.LHS
			}
		case 3:
			if n.Op.IsSetOperator() {
				n.Op = pick(r, parser.ItemType(parser.LAND), parser.LOR, parser.LUNLESS)
			} else if n.Op.IsComparisonOperator() {
				n.Op = pick(r, parser.ItemType(parser.GTR), parser.GTE, parser.LSS, parser.EQLC)
			} else {
				n.Op = pick(r, parser.ItemType(parser.ADD), parser.MUL, parser.SUB)
			}
		case 4:
			if n.VectorMatching == nil {
				return false
			}
			mutateLabels(r, &n.VectorMatching.MatchingLabels)
		case 5:
			if n.VectorMatching == nil {
				return false
			}
			if n.VectorMatching.Card == parser.CardOneToOne || n.Op.IsSetOperator() {
				n.VectorMatching.On = !n.VectorMatching.On
				return true
			}
			mutateLabels(r, &n.VectorMatching.Include)
		}
	case *parser.AggregateExpr:
		if r.IntN(4) == 0 {
			n.Without = !n.Without
			return true
		}
		mutateLabels(r, &n.Grouping)
	case *parser.VectorSelector:
		switch r.IntN(5) {
		case 0:
			r.Shuffle(len(n.LabelMatchers), func(i, j int) {
				n.LabelMatchers[i], n.LabelMatchers[j] = n.LabelMatchers[j], n.LabelMatchers[i]
			})
		case 1:
			for _, m := range n.LabelMatchers {
				if m.Name != model.MetricNameLabel {
					n.LabelMatchers = append(n.LabelMatchers, m)
					return true
				}
			}
			return false
		case 2:
			for i, m := range n.LabelMatchers {
				if m.Name != model.MetricNameLabel {
					n.LabelMatchers = slices.Delete(n.LabelMatchers, i, i+1)
					return true
				}
			}
			return false
		case 3:
			if n.Name == "" || len(n.LabelMatchers) == 0 {
				return false
			}
			n.Name = "" // the matcher stays, inside the braces
		case 4:
			n.OriginalOffset += step
		}
	case *parser.UnaryExpr:
		n.Op = pick(r, parser.ItemType(parser.ADD), parser.SUB)
	case *parser.Call:
		for i, a := range n.Args {
			if a.Type() == parser.ValueTypeVector {
				if r.IntN(2) == 0 {
					n.Args[i] = &parser.UnaryExpr{Op: parser.ADD, Expr: parens(a)}
				} else {
					n.Args[i] = &parser.ParenExpr{Expr: a}
				}
				return true
			}
		}
		return false
	case *parser.NumberLiteral:
		n.Val = pick(r, n.Val, n.Val+1, -n.Val)
		n.Duration = false
	case *parser.ParenExpr:
		n.Expr = &parser.ParenExpr{Expr: n.Expr}
	default:
		return false
	}
	return true
}

func mutateLabels(r *rand.Rand, l *[]string) {
	switch r.IntN(4) {
	case 0:
		slices.Reverse(*l)
	case 1:
		if len(*l) > 0 {
			*l = append(*l, (*l)[0])
		}
	case 2:
		*l = append(*l, pick(r, "env", "le"))
	case 3:
		if len(*l) > 0 {
			*l = (*l)[1:]
		}
	}
}
