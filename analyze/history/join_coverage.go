package history

import (
	"cmp"
	"math"
	"slices"
	"sort"
	"sync"
)

// gapsAfter returns the gaps that end after t.
func (c Coverage) gapsAfter(t int64) []Interval {
	i := sort.Search(len(c.Gaps), func(i int) bool { return c.Gaps[i].End > t })
	return c.Gaps[i:]
}

// A sighting is a stretch over which a series shows the server at work, its
// samples never further apart than reach.
type sighting struct{ from, to, reach int64 }

// sightings appends those that a series amounts to. Stale markers count:
// something running wrote them.
func sightings(rs runs, interval int64, dst []sighting) []sighting {
	reach := maxGap(interval)
	base := len(dst)
	see := func(from, to int64) {
		if k := len(dst); k > base && from-dst[k-1].to <= reach {
			dst[k-1].to = to
			return
		}
		dst = append(dst, sighting{from, to, reach})
	}
	for _, r := range rs {
		if r.n > 1 && r.step > reach {
			for i := range r.n {
				t := r.t0 + i*r.step
				see(t, t)
			}
			continue
		}
		see(r.t0, r.last())
	}
	return dst
}

// cover returns the coverage of a window and the last instant in it at which
// the server was seen (the window's start if never). What no sighting reaches is a gap.
func cover(window Interval, seen []sighting) (Coverage, int64) {
	slices.SortFunc(seen, func(a, b sighting) int { return cmp.Compare(a.from, b.from) })
	c := Coverage{Window: window}
	last, reach := window.Start, int64(0)
	if len(seen) > 0 {
		reach = window.Start + seen[0].reach
	}
	for _, s := range seen {
		if s.to < window.Start || s.from >= window.End {
			continue
		}
		if s.from > reach {
			c.Gaps = append(c.Gaps, Interval{last, s.from})
		}
		last = max(last, min(s.to, window.End-1))
		reach = max(reach, s.to+s.reach)
	}
	if reach < window.End && last < window.End {
		c.Gaps = append(c.Gaps, Interval{last, window.End})
	}
	return c, last
}

// activity answers whether any alert at all was seen in a stretch of time. It
// is built when first asked.
type activity struct {
	alerts []alertSpells
	once   sync.Once
	origin int64
	slot   int64
	bits   []uint64
}

const (
	activitySlot  = 5000    // milliseconds: well under any evaluation interval that matters
	activitySlots = 1 << 24 // at most: 2 MB of bits
)

func (a *activity) build() {
	lo, hi := int64(math.MaxInt64), int64(math.MinInt64)
	for _, al := range a.alerts {
		for _, s := range al.spells {
			lo, hi = min(lo, s.t0), max(hi, s.end())
		}
	}
	if lo > hi {
		return
	}
	a.origin = lo
	a.slot = max(activitySlot, (hi-lo)/activitySlots+1)
	a.bits = make([]uint64, (hi-lo)/a.slot/64+1)
	for _, al := range a.alerts {
		for _, s := range al.spells {
			i, k := (s.t0-lo)/a.slot, (s.end()-lo)/a.slot
			for i <= k {
				n := min(64-i%64, k-i+1)
				a.bits[i/64] |= (^uint64(0) >> (64 - n)) << (i % 64)
				i += n
			}
		}
	}
}

// between reports whether an alert was seen in [from, to], give or take a slot
// that reaches over the edge, which is left out.
func (a *activity) between(from, to int64) bool {
	a.once.Do(a.build)
	if len(a.bits) == 0 || to < from {
		return false
	}
	i, k := max((from-a.origin)/a.slot+1, 0), min((to-a.origin)/a.slot-1, int64(len(a.bits)*64-1))
	for ; i <= k; i++ {
		if a.bits[i/64]>>(i%64)&1 == 1 {
			return true
		}
	}
	return false
}
