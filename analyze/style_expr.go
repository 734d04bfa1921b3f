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
	var keys []string
	if r.Expr() == nil {
		return nil
	}
	parser.Inspect(r.Expr(), func(n parser.Node, _ []parser.Node) error {
		switch n := n.(type) {
		case *parser.AggregateExpr:
			if !n.Without {
				keys = append(keys, n.Grouping...)
			}
		case *parser.BinaryExpr:
			if n.VectorMatching != nil {
				keys = append(keys, n.VectorMatching.Include...)
			}
		case *parser.Call:
			if (n.Func.Name == "label_replace" || n.Func.Name == "label_join") && len(n.Args) > 1 {
				if s, ok := n.Args[1].(*parser.StringLiteral); ok {
					keys = append(keys, s.Val)
				}
			}
		}
		return nil
	})
	return keys
}
