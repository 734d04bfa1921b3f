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

// Lacks find what expressions lack. Each recording rule is looked at once. They
// are not safe for concurrent use.
type Lacks struct {
	review    *Review
	recorders func(name string) []*rules.Rule
	known     map[*rules.Rule]*Lack // nil: it lacks nothing, or is being looked at
}

// Lacks of a review. Recorders gives the rules that make a record; probes must
// have been made of the recording rules as well.
func (r *Review) Lacks(recorders func(name string) []*rules.Rule) *Lacks {
	return &Lacks{review: r, recorders: recorders, known: map[*rules.Rule]*Lack{}}
}

// Of looks for a record for want of which an expression could not have returned
// anything. What Silence tells is not looked for.
func (l *Lacks) Of(e parser.Expr) (Lack, bool) {
	var found Lack
	at := missing(e, func(vs *parser.VectorSelector) bool {
		name := promexpr.Name(vs)
		makers := l.recorders(name)
		if name == "" || len(makers) == 0 || l.review.exists(name) {
			return true
		}
		for _, maker := range makers {
			if l.of(maker) == nil {
				return true
			}
		}
		found = *l.of(makers[0])
		found.Reads = vs
		return false
	})
	return found, at != nil
}

// of says for want of what a recording rule could have made nothing; nil where
// it could have.
func (l *Lacks) of(maker *rules.Rule) *Lack {
	lack, ok := l.known[maker]
	if ok || maker.Expr() == nil {
		return lack
	}
	l.known[maker] = nil // what records itself lacks nothing by that
	e := maker.Expr()
	if needs := l.review.absent(e); needs != nil {
		lack = &Lack{Recorder: maker, Needs: needs}
	} else if deeper, ok := l.Of(e); ok {
		lack = &deeper
	}
	l.known[maker] = lack
	return lack
}

// absent is a selector of a metric that should exist at all times and does not,
// for want of which an expression could not have returned anything.
func (r *Review) absent(e parser.Expr) *parser.VectorSelector {
	return missing(e, func(vs *parser.VectorSelector) bool {
		name, lasting := lastingName(vs)
		return !lasting || r.exists(name)
	})
}

// Unborn returns a counter of which an expression takes the rate or the
// increase, and no series of which existed in the window; nil where there is
// none. It may be one that comes to be with its first event.
func (r *Review) Unborn(e parser.Expr) (counter *parser.VectorSelector) {
	parser.Inspect(e, func(n parser.Node, path []parser.Node) error {
		vs, ok := n.(*parser.VectorSelector)
		if !ok || counter != nil || len(path) < 2 {
			return nil
		}
		call, called := path[len(path)-2].(*parser.Call)
		if called && (call.Func.Name == "rate" || call.Func.Name == "increase") && !r.exists(promexpr.Name(vs)) {
			counter = vs
		}
		return nil
	})
	return counter
}

// exists reports that a series of a name existed in the window, or that nobody
// asked.
func (r *Review) exists(name string) bool {
	i, asked := r.probes.index[name]
	return !asked || i >= len(r.Probed) || r.Probed[i]
}
