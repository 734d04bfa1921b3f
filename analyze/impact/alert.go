package impact

import (
	"time"

	"github.com/prometheus/prometheus/promql/parser"

	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/rules"
)

// AlertOf is what a reviewed history tells of an alerting rule. Recording rules
// of the set are looked through for how far back its expression reaches.
func AlertOf(r *history.Review, set *rules.Set, rule *rules.Rule) Alert {
	own, doubtful := r.EpisodesOf(rule)
	if at, ok := r.Changed(rule); ok {
		// What it told before it changed is no merit of what it is now, nor did
		// it miss what it told.
		all := own
		own, _ = r.Judged(rule)
		for _, e := range all {
			if e.ActiveAt < at {
				doubtful = append(doubtful, e)
			}
		}
	}
	return Alert{Episodes: own, Doubtful: doubtful, Reach: (&looker{set, map[string]time.Duration{}}).reach(rule.Expr())}
}

// A looker tells how far back expressions look.
type looker struct {
	set   *rules.Set
	known map[string]time.Duration // of recorded metrics; 0 while they are being looked at
}

func (l *looker) reach(e parser.Expr) time.Duration {
	if e == nil {
		return 0
	}
	most := time.Duration(0)
	parser.Inspect(e, func(n parser.Node, path []parser.Node) error {
		vs, ok := n.(*parser.VectorSelector)
		if !ok {
			return nil
		}
		back := max(0, vs.OriginalOffset) + l.recorded(nameOf(vs))
		for _, p := range path {
			switch p := p.(type) {
			case *parser.MatrixSelector:
				back += p.Range
			case *parser.SubqueryExpr:
				back += p.Range + max(0, p.OriginalOffset)
			}
		}
		most = max(most, back)
		return nil
	})
	return most
}

func (l *looker) recorded(name string) time.Duration {
	if d, ok := l.known[name]; ok {
		return d
	}
	l.known[name] = 0
	most := time.Duration(0)
	for _, r := range l.set.Recorders(name) {
		most = max(most, l.reach(r.Expr()))
	}
	l.known[name] = most
	return most
}
