package analyze

import (
	"github.com/prometheus/prometheus/promql/parser"

	"github.com/crywolf-dev/crywolf/rules"
)

// expressionKeys lists the labels that an expression names as ones it brings to
// its result: kept by a by clause, copied by group_left or group_right, or
// written by label_replace and label_join. That some of them may be dropped
// again further out only makes the tool more lenient.
func expressionKeys(r *rules.Rule) []string {
	if !r.HasExpr() {
		return nil
	}
	return broughtBy(r.Expr(), nil)
}

func broughtBy(e parser.Expr, keys []string) []string {
	switch n := e.(type) {
	case *parser.ParenExpr:
		return broughtBy(n.Expr, keys)
	case *parser.UnaryExpr:
		return broughtBy(n.Expr, keys)
	case *parser.SubqueryExpr:
		return broughtBy(n.Expr, keys)
	case *parser.AggregateExpr:
		if !n.Without {
			keys = append(keys, n.Grouping...)
		}
		return broughtBy(n.Expr, keys)
	case *parser.BinaryExpr:
		if n.VectorMatching != nil {
			keys = append(keys, n.VectorMatching.Include...)
		}
		return broughtBy(n.RHS, broughtBy(n.LHS, keys))
	case *parser.Call:
		if (n.Func.Name == "label_replace" || n.Func.Name == "label_join") && len(n.Args) > 1 {
			if s, ok := n.Args[1].(*parser.StringLiteral); ok {
				keys = append(keys, s.Val)
			}
		}
		for _, a := range n.Args {
			keys = broughtBy(a, keys)
		}
	}
	return keys
}
