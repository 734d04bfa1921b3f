package sli

import (
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"github.com/crywolf-dev/crywolf/rules"
)

// Recordings finds the expressions of the rules that record a name. It remembers
// what it found, and is safe for concurrent use as far as its rules are.
type Recordings struct{ recorders recorders }

// NewRecordings returns the Recordings of a run. records gives the rules that
// record a name, as rules.Set.Recorders does.
func NewRecordings(records func(name string) []*rules.Rule) *Recordings {
	return &Recordings{recorders{rules: records, exact: true}}
}

// Of returns the expressions that record a name, less those of rules which
// certainly make no series that the matchers select; nil where no rule does.
func (r *Recordings) Of(name string, ms []*labels.Matcher) []parser.Expr {
	found := r.recorders.matching(name, ms)
	if len(found) == 0 {
		return nil
	}
	out := make([]parser.Expr, len(found))
	for i, f := range found {
		out[i] = f.expr
	}
	return out
}
