package history

import (
	"github.com/prometheus/prometheus/promql/parser"

	"github.com/crywolf-dev/crywolf/rules"
	"github.com/crywolf-dev/crywolf/rules/promexpr"
)

// A Lack is why an expression could not have returned anything: a record that it
// reads does not exist, and no rule that makes it could have, for want of a
// metric that does not exist either.
type Lack struct {
	Reads    *parser.VectorSelector // in the expression, of the record
	Recorder *rules.Rule            // of the record that is the first without its metric
	Needs    *parser.VectorSelector // in the recorder's expression
}

// maxRecords bounds how many records deep one is followed.
const maxRecords = 10

// Lacks looks for a record for want of which an expression could not have
// returned anything. Recorders gives the rules that make a record. Probes must
// have been made of the recording rules as well. What Silence tells is not
// looked for.
func (r *Review) Lacks(e parser.Expr, recorders func(name string) []*rules.Rule) (Lack, bool) {
	return r.lacks(e, recorders, maxRecords)
}

func (r *Review) lacks(e parser.Expr, recorders func(name string) []*rules.Rule, depth int) (Lack, bool) {
	var found Lack
	at := missing(e, func(vs *parser.VectorSelector) bool {
		name := promexpr.Name(vs)
		makers := recorders(name)
		if name == "" || len(makers) == 0 || depth == 0 || r.exists(name) {
			return true
		}
		var lack Lack
		for i, maker := range makers {
			one, ok := r.barren(maker, recorders, depth-1)
			if !ok {
				return true
			}
			if i == 0 {
				lack = one
			}
		}
		lack.Reads = vs
		found = lack
		return false
	})
	return found, at != nil
}

// barren says for want of what a recording rule could have made nothing.
func (r *Review) barren(maker *rules.Rule, recorders func(name string) []*rules.Rule, depth int) (Lack, bool) {
	if maker.Expr() == nil {
		return Lack{}, false
	}
	if needs := r.absent(maker.Expr()); needs != nil {
		return Lack{Recorder: maker, Needs: needs}, true
	}
	return r.lacks(maker.Expr(), recorders, depth)
}

// absent is a selector of a metric that should exist at all times and does not,
// for want of which an expression could not have returned anything.
func (r *Review) absent(e parser.Expr) *parser.VectorSelector {
	return missing(e, func(vs *parser.VectorSelector) bool {
		name, lasting := lastingName(vs)
		return !lasting || r.exists(name)
	})
}

// exists reports that a series of a name existed in the window, or that nobody
// asked.
func (r *Review) exists(name string) bool {
	i, asked := r.probes.index[name]
	return !asked || i >= len(r.Probed) || r.Probed[i]
}
