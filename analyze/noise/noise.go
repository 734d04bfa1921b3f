// Package noise measures what a month of alerts was like for those on call:
// how much came at once, at which hours, from what, with what else, and what
// became of it. Each measure is described in docs/measures.md.
//
// Firings that are counted are those known to have begun in the covered time
// of the window (history.Measures.FiringsBegun), unless a field says else.
// What is ambiguous between rules counts in figures of the whole alone.
package noise

import (
	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/rules"
)

// Noise is what a review amounts to for those on call.
type Noise struct {
	Options        Options
	Knows          history.Knows
	Window         history.Interval
	CoveredSeconds float64

	Load  Load
	Hours Hourly // firings of urgent rules
	Trend *Trend // of all firings of rules, nil where too few weeks are covered

	// Rules are those that fired, with their share of all firings of rules,
	// the greatest first.
	Rules []RuleShare
	// Labels are the label values that all firings of rules come from; see
	// Profile.Labels.
	Labels []Concentration

	Notices  *Notices  // of all groups; nil where notifications are not known
	Answers  *Answers  // of all incidents; nil where responses are not known
	Silences []Silence // those that stand at the window's end, the oldest first

	Pairs    []Pair    // that fire together, by Jaccard, the greatest first
	Cascades []Cascade // that follow one another, by how many times, the most first

	profiles map[*rules.Rule]*Profile
}

// A RuleShare is what part of all firings is a rule's.
type RuleShare struct {
	Rule    *rules.Rule
	Firings int
	Ratio   float64 // of all firings of rules
}

// Profile of a rule; one in which everything is nothing where it did nothing.
func (n *Noise) Profile(r *rules.Rule) *Profile {
	if p := n.profiles[r]; p != nil {
		return p
	}
	return newProfile(r, n.Knows)
}

// newProfile is that of a rule which did nothing.
func newProfile(r *rules.Rule, knows history.Knows) *Profile {
	p := &Profile{Rule: r}
	if knows&history.KnowsNotifications != 0 {
		p.Notices = &Notices{}
	}
	if knows&history.KnowsResponses != 0 {
		p.Answers = &Answers{}
	}
	if knows&history.KnowsMutes != 0 {
		p.Muted = &Muted{}
	}
	return p
}

// A Profile is what one rule did to those on call.
type Profile struct {
	Rule    *rules.Rule
	Urgent  bool
	Firings int // that began

	Hours  Hourly // of firings
	For    *Curve // by the length of `for`; nil where too little is known
	Keep   *Curve // by the length of keep_firing_for; nil where too little is known
	Flaps  Flaps
	Storms Storms
	// Labels are the labels whose values differ among the instances that
	// fired, the most concentrated first.
	Labels []Concentration

	Notices *Notices // nil where notifications are not known
	Answers *Answers // nil where responses are not known
	Muted   *Muted   // nil where mutes are not known
	Trend   *Trend   // nil where too few weeks are covered

	Silences []int // that match an instance of it which fired, as indices of Noise.Silences
}

// Study measures a review. Rules are those that it was made with, in that
// order; urgent says which of them wake people.
func Study(r *history.Review, rs []*rules.Rule, urgent func(*rules.Rule) bool, o Options) *Noise {
	s := newStudy(r, rs, urgent, o)
	s.firings()
	s.notices()
	s.answers()
	s.muted()
	s.silences()
	s.pairs()
	return s.out
}
