package analyze

import (
	"strings"

	"github.com/prometheus/prometheus/promql/parser"

	"github.com/crywolf-dev/crywolf/rules/promexpr"
)

// maxFollowed bounds how many selectors are read to find out what a record is
// of.
const maxFollowed = 2000

// Obscure reports an alert that reads a record of which no rule of the run says
// what it is of: by convention, a metric with a colon in its name is one.
func (f *Facts) Obscure(a *Alert) bool {
	e := a.Rule.Expr()
	found := false
	if e != nil {
		promexpr.EachSelector(e, func(vs *parser.VectorSelector) { found = found || f.obscureName(promexpr.Name(vs)) })
	}
	return found
}

func (f *Facts) obscureName(name string) bool {
	if known, ok := f.obscure.Load(name); ok {
		return known.(bool)
	}
	seen, open, left := map[string]bool{name: true}, []string{name}, maxFollowed
	found := false
	for len(open) > 0 && !found {
		next := open[0]
		open = open[1:]
		recorders := f.Set.Recorders(next)
		found = len(recorders) == 0 && strings.Contains(next, ":")
		for _, r := range recorders {
			e := r.Expr()
			if e == nil || found {
				continue
			}
			promexpr.EachSelector(e, func(vs *parser.VectorSelector) {
				if left--; left >= 0 && !seen[promexpr.Name(vs)] {
					seen[promexpr.Name(vs)] = true
					open = append(open, promexpr.Name(vs))
				}
			})
			found = left < 0
		}
	}
	f.obscure.Store(name, found)
	return found
}
