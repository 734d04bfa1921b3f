package history

// A Covering answers what of a window was covered, for measures of other
// packages, by the same rules as Measures.
type Covering struct{ m *meter }

// Covering of a coverage.
func (c Coverage) Covering() Covering { return Covering{newMeter(c)} }

// Began reports whether an episode's firing is known to have begun in the
// covered time of the window, so that FiringsBegun counts it.
func (c Covering) Began(e *Episode) bool {
	return e.Fired() && e.FiredAt >= c.m.window.Start && c.m.touches(e.FiredAt, e) && c.m.begins(e)
}

// Firing is the part of the window in which an episode fired as far as it was
// seen; empty where it did not.
func (c Covering) Firing(e *Episode) Interval {
	if !e.Fired() || !c.m.touches(e.FiredAt, e) {
		return Interval{}
	}
	return c.m.lasts(e)
}

// Seconds of an interval that were covered.
func (c Covering) Seconds(i Interval) float64 { return float64(c.m.covered.within(i)) / 1000 }

// Unbroken reports whether all of an interval was covered.
func (c Covering) Unbroken(i Interval) bool { return i.Start >= i.End || c.m.covered.holds(i) }

// Within is the covered part of a set.
func (c Covering) Within(s Intervals) Intervals { return s.Intersect(c.m.set) }
