package history

// Outbreaks counts how often an alert broke out in the window: how often some
// instance began to fire while none did. One incident that fires on many
// instances is one outbreak. What was firing when the window or the data after
// a gap begin did not break out there, as far as anyone can tell.
func Outbreaks(episodes []Episode, c Coverage) int {
	var firing []Interval
	for _, e := range episodes {
		if !e.Fired() {
			continue
		}
		end := e.EndedAt
		if e.End == EndOpen {
			end = c.Window.End
		}
		if e.FiredAt < end {
			firing = append(firing, Interval{e.FiredAt, end})
		}
	}
	covered := c.Covered()
	n := 0
	for _, i := range Union(firing...) {
		// Seen to begin: the instant before it was covered, and so is it.
		if i.Start > c.Window.Start && i.Start < c.Window.End && covered.contains(i.Start-1) && covered.contains(i.Start) {
			n++
		}
	}
	return n
}

func (s Intervals) contains(t int64) bool {
	for _, i := range s {
		if i.Start <= t && t < i.End {
			return true
		}
	}
	return false
}
