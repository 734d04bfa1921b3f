package noise

import "github.com/crywolf-dev/crywolf/analyze/history"

// Flaps are the spells of flapping of a rule's instances. A firing that begins
// within Options.FlapWithin after the same instance's previous one ended is a
// quick re-fire. A spell begins with the first of as many firings as it takes
// for Options.FlapEnter quick re-fires in a row, and ends with the last one
// that came before Options.FlapLeave without any: high to enter, low to leave.
type Flaps struct {
	Spells    int // of single instances
	Outbreaks int // spells of all instances that overlap count once
	Days      int // different days, by the clock on the wall, on which a spell began
	Firings   int // within spells
	Refires   int // firings within spells but the first of each
	Of        int // all firings whose beginning is known
}

// Ratio is the share of firings within spells; ok is false where there were
// none at all.
func (f Flaps) Ratio() (share float64, ok bool) { return ratio(f.Firings, f.Of) }

// Storms are the times at which many instances of a rule began at once: the
// firings that lie in some stretch of Options.StormWithin in which at least
// Options.StormLeast different instances began. Stretches that overlap are one
// storm.
type Storms struct {
	Count   int
	Firings int // within storms
	Most    int // firings in one storm
	Days    int // different days, by the clock on the wall, on which a storm began
	Of      int // all firings whose beginning is known
	Times   []history.Interval
}

// Ratio is the share of firings within storms; ok is false where there were
// none at all.
func (s Storms) Ratio() (share float64, ok bool) { return ratio(s.Firings, s.Of) }

// A Concentration says which values of a label firings come from.
type Concentration struct {
	Label    string
	Distinct int          // values, among the instances that fired
	Firings  int          // with the label
	Top      []ValueShare // the most frequent Options.TopValues, the greatest first
}

// A ValueShare is what part of firings has one value of a label.
type ValueShare struct {
	Value   string
	Firings int
	Ratio   float64 // of the firings with the label
}
