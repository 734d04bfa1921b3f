package noise

import "time"

// A Curve says what other values of a duration in the rule would have made of
// the firings that there were. It holds the rule as it is today to all of the
// window.
type Curve struct {
	Now    time.Duration // what the rule has
	Of     int           // firings that it is counted from: those whose beginning and end are known
	Points []Point       // of ForLadder, ascending
	Knee   int           // index of the point beyond which more is hardly better (Kneedle); -1: none
}

// A Point of a Curve.
type Point struct {
	Value time.Duration
	// Firings would have been, Spared were and would not have been: of `for`
	// for want of length, of keep_firing_for since they go on from one that
	// came before. Below Now, Spared is below 0.
	Firings, Spared int
	Ratio           float64 // Spared by Of
	// CostSeconds is, of `for`, by how much later each of those left begins;
	// of keep_firing_for, how much longer all instances fire together.
	CostSeconds float64
}
