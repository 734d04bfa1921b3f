// Package baseline keeps a list of the findings that a repository had when it
// began to refuse new ones, and tells the new ones from those.
package baseline

import (
	"cmp"
	"slices"
	"strings"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/rules"
)

// Name is what a baseline is called by default.
const Name = ".crywolf-baseline.yaml"

// A Baseline is a list of known findings.
type Baseline struct {
	// Paths are those that were judged, as findings are identified by: only a
	// run over all of them can tell that a finding about several rules is gone.
	Paths   []string
	Entries []Entry // see Sort
}

// An Entry is one known finding.
type Entry struct {
	File   string // of the rule; "" for what speaks of the whole run
	Alert  string // or Record; neither for what speaks of a file
	Record string
	Check  string
	ID     string // what it says of which rule: see analyze.Facts.Kin
	// Variant tells the rule from its namesakes: see analyze.Facts.Trait.
	Variant string
}

// Of lists the findings of a result, one by one.
func Of(res *analyze.Result) []Entry {
	out := make([]Entry, len(res.Findings))
	for i := range res.Findings {
		out[i] = entryOf(res, &res.Findings[i])
	}
	return out
}

func entryOf(res *analyze.Result, f *analyze.Finding) Entry {
	e := Entry{Check: f.Check, ID: res.Kin(f)}
	rule := f.Subject()
	switch {
	case rule != nil:
		e.File, e.Variant = res.PathOf(rule.File()), res.Trait(rule)
		if rule.Kind == rules.Recording {
			e.Record = rule.Name()
		} else {
			e.Alert = rule.Name()
		}
	case len(f.Covers) > 0: // it stands somewhere, and speaks for all
	case f.File != nil:
		e.File = res.PathOf(f.File)
	}
	return e
}

// Sort brings entries in the order in which they are written, where those that
// are likely to be mended together stand together.
func Sort(entries []Entry) {
	slices.SortFunc(entries, func(a, b Entry) int {
		return cmp.Or(
			strings.Compare(a.File, b.File),
			strings.Compare(a.Alert, b.Alert),
			strings.Compare(a.Record, b.Record),
			strings.Compare(a.Check, b.Check),
			strings.Compare(a.ID, b.ID),
			strings.Compare(a.Variant, b.Variant),
		)
	})
}

// String names what an entry stands for: "quiet/no-for of Busy in shop.yml".
func (e Entry) String() string {
	s := e.Check
	if name := e.Alert + e.Record; name != "" {
		s += " of " + name
	}
	if e.File != "" {
		s += " in " + e.File
	}
	return s
}
