package noise

import "github.com/crywolf-dev/crywolf/rules"

// A Pair are two rules that fire together. Instances are held against those of
// the other rule with the same values of the labels in Join; the firings of the
// instances with one set of values, where they overlap or meet, are a stretch.
type Pair struct {
	A, B *rules.Rule // in the order of the rules
	Join []string    // labels by which instances are joined; none: each with each

	StretchesA, StretchesB int // with a known beginning
	TogetherA, TogetherB   int // stretches that overlap one of the other rule
	Days                   int // different days, by the clock on the wall, on which any of TogetherB began

	Jaccard float64 // time in which both fire by time in which one does
	Lift    float64 // time in which both fire by what it would be were they independent
	AInB    float64 // share of A's firing time in which B fires
	BInA    float64 // share of B's firing time in which A fires

	// Chance bounds the probability of as many stretches of the rule with fewer
	// of them overlapping the other's, were the two independent (Hoeffding).
	Chance float64
}

// Redundant is the rule that fires only while the other does, in all its
// stretches and but for a share of its time of 1 in 20; nil where neither is,
// and B where both are.
func (p *Pair) Redundant() *rules.Rule {
	const inside = 0.95
	switch {
	case p.TogetherB == p.StretchesB && p.BInA >= inside:
		return p.B
	case p.TogetherA == p.StretchesA && p.AInB >= inside:
		return p.A
	}
	return nil
}

// A Cascade is a rule that fires soon after another. Instances are joined as
// those of a Pair.
type Cascade struct {
	First, Then *rules.Rule
	Join        []string

	Begins     int // of Then's stretches
	Follows    int // of those, within Options.PairLag after First began
	Precedes   int // of those, within Options.PairLag before First began
	While      int // of Follows, while First still fired
	Days       int // different days, by the clock on the wall, on which any of Follows began
	FirstBegan int // of First's stretches
	Led        int // of those, within Options.PairLag before Then began

	MedianLagSeconds float64 // of Follows
	SpreadSeconds    float64 // between the quartiles of the same

	Expected float64 // Follows, were the two independent
	Chance   float64 // bounds the probability of as many, were the two independent (Hoeffding)
}

// FollowsRatio is the share of Then's begins that follow First.
func (c *Cascade) FollowsRatio() float64 { r, _ := ratio(c.Follows, c.Begins); return r }
