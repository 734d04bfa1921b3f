// Package analyze judges alerting rules: it holds what a check is, what it may
// see, and the run that turns checks into ordered findings.
package analyze

import "fmt"

// Quality is what a finding says an alert lacks.
type Quality string

const (
	Sound      Quality = "sound"      // can it fire at all, and can it stop?
	Mapped     Quality = "mapped"     // does it stand for something a user feels?
	Quiet      Quality = "quiet"      // does it fire seldom, long enough, once per incident?
	Unique     Quality = "unique"     // does no other alert say the same?
	Actionable Quality = "actionable" // will whoever is woken know what to do?
)

// Qualities lists the qualities in the documented order.
func Qualities() []Quality { return []Quality{Sound, Mapped, Quiet, Unique, Actionable} }

// Severity says what a finding does to a build; the zero Severity is invalid.
type Severity int

const (
	Info Severity = iota + 1
	Warning
	Error
)

func (s Severity) String() string {
	switch s {
	case Info:
		return "info"
	case Warning:
		return "warning"
	case Error:
		return "error"
	}
	return fmt.Sprintf("Severity(%d)", int(s))
}

// Needs names what a check must be given besides rule files. A check whose
// needs a run cannot meet does not run, and the run says so.
type Needs uint8

const (
	NeedsHistory Needs = 1 << iota // episodes of a window
	NeedsSamples                   // what the declared SLIs measured in it
)

// Doc is what a check says of itself, in its page and beside its findings.
type Doc struct {
	Title      string   // the pattern it forbids, in a few words: "page on a cause"
	Why        string   // why it costs someone sleep, one sentence
	Text       string   // what exactly is found, and what is not, in a paragraph or two
	Bad, Good  string   // rule files in YAML, executed by the tests
	References []string // where the rule comes from

	// SLOs is a specification (OpenSLO, Sloth or Pyrra) that the examples are
	// read beside, for checks that need one. The good example is read beside
	// GoodSLOs, where that is another.
	SLOs, GoodSLOs string

	// Fixes says which of its findings have a fix, in a sentence without a
	// stop; "" for a check that has none.
	Fixes string
}

// A Check is one judgement, as a value. The registry builds a fresh one for
// every run, so that Options may be changed without touching another run.
type Check struct {
	ID       string // "quality/name"; part of the interface
	Doc      Doc
	Needs    Needs
	Severity Severity // default

	// Points an alert loses for a finding that sets none of its own, out of
	// 100; see package score.
	Points int
	// PointsMost is what it can cost where the points grow with what was
	// measured; 0 where they do not.
	PointsMost int

	// Fails reports that a finding means grade F whatever the score.
	Fails bool

	// Options points at the check's settings struct, filled with the
	// defaults; nil where there is nothing to set. Each field carries a doc
	// tag and a yaml name.
	Options any

	// Whole says that the check compares rules with each other: it runs once,
	// over everything. Other checks may be run on slices of the rules.
	Whole bool

	// Last says that the check judges the suppressions themselves, and so runs
	// when all others are through.
	Last bool

	// Settles names checks whose guess this check's measurement answers, for
	// the alerts it reports with Pass.Settle.
	Settles []string

	Run func(*Pass)
}

// Quality is the part of the ID before the slash.
func (c *Check) Quality() Quality {
	for i := range c.ID {
		if c.ID[i] == '/' {
			return Quality(c.ID[:i])
		}
	}
	return ""
}
