package sli

import (
	"time"

	"github.com/prometheus/prometheus/promql/parser"

	"github.com/crywolf-dev/crywolf/rules"
)

// An SLI is what users of a service feel, as a number, with the objective that
// it is held to. It is measured in one of three ways: as events, of which some
// are good or bad (two of Good, Bad and Total, of which the third follows), as a
// ratio that somebody computed (Ratio), or as a value that must stay on one side
// of a threshold (Value).
//
// Two formats say less. A plugin of Sloth's makes queries that nobody sees: such
// an SLI has none. For Pyrra's native histograms Total is the histogram, and its
// observations are good where "Op Threshold" is true of them, in seconds.
type SLI struct {
	ID      string // "service/name", or the name alone where no service is said; unique in a catalogue
	Name    string
	Service string
	Title   string // "" where nothing but the name is said
	Journey string // what users do that it measures, "" where nobody said
	Owner   string

	Objective float64       // the share of good in Window that is promised, in (0, 1); 0 where none is
	Window    time.Duration // over which the objective holds; 0 where nobody said

	Good, Bad, Total *Query // events
	Ratio            *Query // share of good events, or of bad ones
	RatioIsBad       bool
	Value            *Query          // a value that is good on one side of Threshold
	Op               parser.ItemType // "Value Op Threshold" is good: LSS, LTE, GTR or GTE
	Threshold        float64

	// Unalerted marks an SLI whose specification says that nobody is to be paged
	// for it.
	Unalerted bool

	// Format of the specification it was read from: "openslo", "sloth", "pyrra"
	// or "crywolf".
	Format string

	// Labels that a generator's alerts and records carry, and that together
	// tell which SLO they are about: sloth_id, or slo. Nil for formats that
	// generate nothing.
	Labels map[string]string

	File *rules.File // the specification: its path and source
	Span rules.Span  // the name in it
}

// A Query is a query of a specification. Where the format leaves a place for
// the window ({{.window}}, [window], $__rate_interval), Expr has some window
// there; it says nothing.
type Query struct {
	Text string // as it is written
	Expr parser.Expr
	File *rules.File // where it stands: the SLI's file, or that of the indicator which the SLI names
	Span rules.Span  // of the value in it
}

// Queries are all queries of the SLI that there are.
func (s *SLI) Queries() []*Query {
	var out []*Query
	for _, q := range []*Query{s.Good, s.Bad, s.Total, s.Ratio, s.Value} {
		if q != nil {
			out = append(out, q)
		}
	}
	return out
}

// Budget is the share of bad that the objective allows, 0 where there is no
// objective.
func (s *SLI) Budget() float64 {
	if s.Objective == 0 {
		return 0
	}
	return 1 - s.Objective
}

// A Catalog is all SLIs of a run, in the order of their files and of their
// place in them.
type Catalog struct {
	SLIs     []*SLI
	Problems []Problem // what is wrong with specifications
	Passed   []Problem // what is not read because it is not for crywolf, such as an SLI that no PromQL measures, and why: no fault of its file
}

// A Problem is something about a specification, at its place.
type Problem struct {
	File    *rules.File
	Span    rules.Span
	Message string // what was found and what was expected
	Hint    string // what to do, "" where the message says it

	// ID of the SLI that the catalogue lacks for it, so that who names that SLI
	// is not told that there is none; "" where none is lost or none is known.
	ID string
	// Labels are those of that SLI, see SLI.Labels.
	Labels map[string]string
}

// Empty reports that there is no SLI. A nil Catalog is empty.
func (c *Catalog) Empty() bool { return c == nil || len(c.SLIs) == 0 }
