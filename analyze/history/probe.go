package history

import (
	"slices"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"github.com/crywolf-dev/crywolf/rules"
)

// Probes are the selectors of rules, each once, to be asked of a source: does
// any series match in the window? They tell an alert that could not fire from
// one that had no reason to.
type Probes struct {
	index    map[string]int
	matchers [][]*labels.Matcher
}

// ProbesOf collects the selectors of alerting rules.
func ProbesOf(rs []*rules.Rule) *Probes {
	p := &Probes{index: map[string]int{}}
	for _, r := range rs {
		if r.Expr() == nil {
			continue
		}
		parser.Inspect(r.Expr(), func(n parser.Node, _ []parser.Node) error {
			if vs, ok := n.(*parser.VectorSelector); ok {
				key := probeKey(vs)
				if _, known := p.index[key]; !known {
					p.index[key] = len(p.matchers)
					p.matchers = append(p.matchers, vs.LabelMatchers)
				}
			}
			return nil
		})
	}
	return p
}

// Matchers to ask for, in ReadOptions.
func (p *Probes) Matchers() [][]*labels.Matcher { return p.matchers }

func probeKey(vs *parser.VectorSelector) string {
	parts := make([]string, len(vs.LabelMatchers))
	for i, m := range vs.LabelMatchers {
		parts[i] = m.String()
	}
	slices.Sort(parts)
	key := ""
	for _, p := range parts {
		key += p + "\x00"
	}
	return key
}

// missing returns a selector for want of which the expression could not have
// returned anything, nil where it could have. It errs to the side of "could".
func missing(e parser.Expr, exists func(*parser.VectorSelector) bool) *parser.VectorSelector {
	switch n := e.(type) {
	case *parser.VectorSelector:
		if !exists(n) {
			return n
		}
	case *parser.MatrixSelector:
		return missing(n.VectorSelector, exists)
	case *parser.SubqueryExpr:
		return missing(n.Expr, exists)
	case *parser.ParenExpr:
		return missing(n.Expr, exists)
	case *parser.StepInvariantExpr:
		return missing(n.Expr, exists)
	case *parser.UnaryExpr:
		return missing(n.Expr, exists)
	case *parser.AggregateExpr:
		return missing(n.Expr, exists)
	case *parser.Call:
		switch n.Func.Name {
		case "absent", "absent_over_time", "scalar", "vector":
			return nil // they answer when nothing is there
		}
		for _, a := range n.Args {
			if t := a.Type(); t == parser.ValueTypeVector || t == parser.ValueTypeMatrix {
				return missing(a, exists)
			}
		}
	case *parser.BinaryExpr:
		return missingBinary(n, exists)
	}
	return nil
}

func missingBinary(n *parser.BinaryExpr, exists func(*parser.VectorSelector) bool) *parser.VectorSelector {
	left := missing(n.LHS, exists)
	switch n.Op {
	case parser.LUNLESS:
		return left
	case parser.LOR:
		if left == nil {
			return nil
		}
		if missing(n.RHS, exists) == nil {
			return nil
		}
		return left
	}
	if m := n.VectorMatching; m != nil && (m.FillValues.LHS != nil || m.FillValues.RHS != nil) {
		return nil // a missing side is filled in
	}
	if left != nil {
		return left
	}
	return missing(n.RHS, exists)
}
