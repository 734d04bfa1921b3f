package baseline

import (
	"bytes"
	"slices"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/rules"
)

// Before says of each finding of a result whether the rules had it before a
// change, so that the others are what the change brings: also at rules that it
// left as they were, such as the other half of a new duplicate.
//
// A majority that tips brings no findings to rules that the change did not
// touch: what rests on an inference about all rules, and speaks of none that is
// new or has changed, is taken to have been there.
func Before(before, now *analyze.Result) []bool {
	partner, _ := Match(Of(before), Of(now))
	known := make([]bool, len(partner))
	touched := touchedSince(before)
	for i, p := range partner {
		f := &now.Findings[i]
		known[i] = p >= 0 || f.Inferred && !speaksOf(f, touched)
	}
	return known
}

// speaksOf reports whether a finding stands at a rule of the kind, or speaks
// for such rules alone.
func speaksOf(f *analyze.Finding, touched func(*rules.Rule) bool) bool {
	if f.Rule != nil {
		return touched(f.Rule)
	}
	return !slices.ContainsFunc(f.Covers, func(r *rules.Rule) bool { return !touched(r) })
}

// touchedSince returns what tells rules that are new or written otherwise from
// those that were there before.
func touchedSince(before *analyze.Result) func(*rules.Rule) bool {
	type written struct {
		kind              rules.Kind
		group, name, text string
	}
	were := map[*rules.Rule]bool{}
	texts := map[written]bool{}
	as := func(r *rules.Rule) written {
		text := bytes.TrimSpace(r.File().Source[r.Node().Start.Offset:r.Node().End.Offset])
		return written{r.Kind, r.Group.Name(), r.Name(), string(text)}
	}
	for _, r := range before.Set.Rules() {
		were[r] = true
		texts[as(r)] = true
	}
	return func(r *rules.Rule) bool { return !were[r] && !texts[as(r)] }
}
