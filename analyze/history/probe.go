package history

import (
	"regexp"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"github.com/crywolf-dev/crywolf/rules"
	"github.com/crywolf-dev/crywolf/rules/promexpr"
)

// Probes are the metrics that rules select by name, each once, to be asked of a
// source: does any series of that name exist in the window? They tell an alert
// that could not fire from one that had no reason to. The other matchers are
// not asked: series of a status or a reason come to be when it happens.
type Probes struct {
	index    map[string]int
	matchers [][]*labels.Matcher
}

// ProbesOf collects the selectors of rules, and the records that they make.
func ProbesOf(rs []*rules.Rule) *Probes {
	p := &Probes{index: map[string]int{}}
	for _, r := range rs {
		if r.Kind == rules.Recording {
			p.ask(r.Name())
		}
		if r.Expr() == nil {
			continue
		}
		parser.Inspect(r.Expr(), func(n parser.Node, _ []parser.Node) error {
			if vs, ok := n.(*parser.VectorSelector); ok {
				p.ask(promexpr.Name(vs))
			}
			return nil
		})
	}
	return p
}

func (p *Probes) ask(name string) {
	if _, known := p.index[name]; known || name == "" {
		return
	}
	p.index[name] = len(p.matchers)
	p.matchers = append(p.matchers, []*labels.Matcher{labels.MustNewMatcher(labels.MatchEqual, model.MetricNameLabel, name)})
}

// Matchers to ask for, in ReadOptions.
func (p *Probes) Matchers() [][]*labels.Matcher { return p.matchers }

// passing are names of metrics that may not exist before something happens:
// counters, which many clients make at the first event, and what tells of
// trouble by existing.
var passing = regexp.MustCompile(`(?i)(_total|_count|_sum|_bucket|_created|_reason|_info)$|error|fail|panic|crash|oom|kill|violat|reject|drop|corrupt|lost|missing|evict|dead|stuck|conflict|:|^ALERTS`)

// lastingName is the name of the metric that a selector fixes, if such a metric
// should exist at all times.
func lastingName(vs *parser.VectorSelector) (name string, ok bool) {
	name = promexpr.Name(vs)
	if name == "" || passing.MatchString(name) {
		return "", false
	}
	return name, true
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
