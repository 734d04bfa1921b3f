package history

import (
	"cmp"
	"slices"
)

// Outbreaks counts how often an alert broke out in the window: how often some
// instance was seen to begin firing while none did. One incident that fires on
// many instances is one outbreak. What was firing already when the window, or
// the data after a gap, begin did not break out there as far as anyone can
// tell.
func Outbreaks(episodes []Episode, c Coverage) int { return newMeter(c).outbreaks(episodes) }

func (m *meter) outbreaks(episodes []Episode) int {
	fired := slices.DeleteFunc(slices.Clone(episodes), func(e Episode) bool { return !e.Fired() })
	slices.SortFunc(fired, func(a, b Episode) int { return cmp.Compare(a.FiredAt, b.FiredAt) })
	n := 0
	until := NoTime // some instance fires until then
	for i := 0; i < len(fired); {
		start, seen := fired[i].FiredAt, true
		end := until
		for ; i < len(fired) && fired[i].FiredAt == start; i++ {
			seen = seen && m.begins(&fired[i])
			end = max(end, m.endOf(&fired[i]))
		}
		if start > until && seen && m.window.Start < start && start < m.window.End {
			n++
		}
		until = end
	}
	return n
}

// endOf is when an episode ended as far as it was seen.
func (m *meter) endOf(e *Episode) int64 {
	if e.End == EndOpen {
		return m.window.End
	}
	return e.EndedAt
}
