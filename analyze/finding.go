package analyze

import (
	"github.com/crywolf-dev/crywolf/rules"
)

// A Finding is one thing a check has to say, at its place.
type Finding struct {
	Check    string
	Severity Severity
	File     *rules.File
	Rule     *rules.Rule // nil where it concerns a file or the whole run
	Span     rules.Span  // the key or the part of the expression, never the whole rule

	// Message states the fact in one line; it holds no measured value that
	// varies from run to run of the same input.
	Message string
	// Advice says in one line what to write instead.
	Advice string

	// Fix does what is advised, nil where that takes someone to decide. It has
	// been tried: the file is then read as before but for the fix.
	Fix *rules.Fix

	// Evidence holds the numbers behind the message; names end in their unit
	// (_seconds, _ratio, _count, _per_week).
	Evidence []Number
	Related  []Related

	// Key tells findings of one check at one rule apart, for the fingerprint:
	// never a line number, a measured value or a threshold.
	Key string

	// About is the rule by which the finding is identified, where that is not
	// Rule: of rules that are at fault together, one that is the same wherever
	// each of them stands.
	About *rules.Rule

	// Inferred marks a finding that rests on an inferred house style or
	// urgency: its severity never exceeds info.
	Inferred bool

	// Points that each alert concerned loses, out of 100; 0 stands for the
	// check's own and NoPoints for none.
	Points int
	// Covers lists further alerts that lose the points, where one finding
	// speaks for many.
	Covers []*rules.Rule

	Fingerprint string

	// Suppressed is the comment that silences the finding, if any.
	Suppressed *Suppression

	// Known says since when the finding has been there, for one that is no
	// news.
	Known Origin
}

// Quality is the quality of the finding's check.
func (f *Finding) Quality() Quality { return (&Check{ID: f.Check}).Quality() }

// Subject is the rule by which the finding is identified, nil where it concerns
// a file or the whole run.
func (f *Finding) Subject() *rules.Rule {
	if f.About != nil {
		return f.About
	}
	return f.Rule
}

// Position is where the finding starts; line and column 1 where it has no
// place of its own.
func (f *Finding) Position() rules.Position {
	if f.Span.IsZero() {
		return rules.Position{Line: 1, Column: 1}
	}
	return f.Span.Start
}

// A Number is one figure of evidence.
type Number struct {
	Name  string
	Value float64
}

// Related is another place that the finding speaks of.
type Related struct {
	File    *rules.File
	Rule    *rules.Rule
	Span    rules.Span
	Message string
}
