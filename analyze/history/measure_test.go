package history

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
)

const tick = int64(30 * 1000) // milliseconds

// slowMeasure measures by looking at every instance at every tick, and at
// every firing beside every other. All times must be multiples of a tick.
func slowMeasure(episodes []Episode, c Coverage) Measures {
	out := Measures{FirstFiredAt: NoTime, LastFiredAt: NoTime}
	first, last := c.Window.Start/tick, c.Window.End/tick
	inGap := func(t int64) bool {
		return slices.ContainsFunc(c.Gaps, func(g Interval) bool { return g.Start <= t*tick && t*tick < g.End })
	}
	anyGap := func(from, to int64) bool { // in multiples of a tick, clipped to the window
		for t := max(from/tick, first); t < min(to/tick, last); t++ {
			if inGap(t) {
				return true
			}
		}
		return false
	}
	// alive reports whether e, once begun, is going on throughout tick t.
	alive := func(e Episode, from, t int64) bool {
		return t*tick >= from && (e.End == EndOpen || t*tick < e.EndedAt)
	}
	// lastSeen reports whether e's last sample, still active, lies at tick t.
	lastSeen := func(e Episode, from, t int64) bool {
		return t*tick >= from && (e.End != EndResolved && t*tick == e.EndedAt)
	}
	instances := map[int32]bool{}
	for _, e := range episodes {
		instances[e.Instance] = true
	}
	ticks := func(n int64) float64 { return float64(n*tick) / 1000 }
	for t := first; t < last; t++ {
		firing, atOnce := 0, 0
		for i := range instances {
			on := func(in func(e Episode, from, t int64) bool) bool {
				return slices.ContainsFunc(episodes, func(e Episode) bool {
					return e.Instance == i && e.Fired() && in(e, e.FiredAt, t)
				})
			}
			if on(alive) {
				firing++
			}
			if on(alive) || on(lastSeen) {
				atOnce++
			}
			if t == last-1 && on(alive) {
				out.Open++
			}
		}
		out.MaxConcurrent = max(out.MaxConcurrent, atOnce)
		if !inGap(t) {
			out.CoveredSeconds += ticks(1)
			out.InstanceSeconds += ticks(int64(firing))
			out.FiringSeconds += ticks(int64(min(firing, 1)))
		}
	}
	goesOn := func(e Episode, from int64) bool {
		for t := first; t < last; t++ {
			if alive(e, from, t) || lastSeen(e, from, t) {
				return true
			}
		}
		return false
	}
	var durations []float64
	for k, e := range episodes {
		if goesOn(e, e.ActiveAt) {
			out.Episodes++
			if !e.Fired() && e.End == EndResolved {
				out.PendingOnly++
			}
		}
		if !e.Fired() || !goesOn(e, e.FiredAt) {
			continue
		}
		out.Firings++
		if out.FirstFiredAt == NoTime {
			out.FirstFiredAt = e.FiredAt
		}
		out.FirstFiredAt = min(out.FirstFiredAt, e.FiredAt)
		out.LastFiredAt = max(out.LastFiredAt, e.FiredAt)
		begins := e.Start == StartExact && !anyGap(e.ActiveAt, e.FiredAt)
		length := e.EndedAt - e.FiredAt
		switch {
		case begins && e.End == EndResolved:
			durations = append(durations, float64(length)/1000)
			out.TransientOf++
			if length < 5*60*1000 {
				out.Transient++
			}
		case length >= 5*60*1000:
			out.TransientOf++
		}
		if !begins || e.FiredAt < c.Window.Start {
			continue
		}
		out.FiringsBegun++
		// The firing before is the one that began last of those that began
		// earlier.
		var before *Episode
		for i := range episodes {
			p := &episodes[i]
			if i != k && p.Instance == e.Instance && p.Fired() && p.FiredAt < e.FiredAt && (before == nil || p.FiredAt > before.FiredAt) {
				before = p
			}
		}
		if before != nil && before.End == EndResolved && before.EndedAt >= c.Window.Start &&
			before.EndedAt <= e.FiredAt && e.FiredAt-before.EndedAt <= 60*60*1000 && !anyGap(before.EndedAt, e.FiredAt) {
			out.Refires++
		}
	}
	slices.Sort(durations)
	out.Timed = len(durations)
	if n := len(durations); n > 0 {
		out.MedianSeconds = (durations[(n-1)/2] + durations[n/2]) / 2
	}
	return out
}

// randomEpisodes makes a history of ticks. Within an instance episodes do not
// overlap, unless overlap says so.
func randomEpisodes(r *rand.Rand, ticks int64, overlap bool) []Episode {
	var out []Episode
	for i := range int32(r.IntN(5)) {
		t := r.Int64N(ticks/2) - ticks/4
		for t < ticks && r.IntN(12) > 0 {
			e := Episode{Instance: i, ActiveAt: t * tick, FiredAt: NoTime}
			if t < 0 || r.IntN(10) == 0 {
				e.Start = StartBeforeWindow
			}
			pending := r.Int64N(3) * r.Int64N(8)
			t += pending
			if r.IntN(4) > 0 {
				e.FiredAt = t * tick
				t += 1 + r.Int64N(4)*r.Int64N(20)
			}
			e.EndedAt = t * tick
			if e.EndedAt == e.ActiveAt || r.IntN(6) == 0 {
				e.End = EndUnknown
				if e.Fired() && r.IntN(3) == 0 { // a single sample
					e.EndedAt = e.FiredAt
				}
			}
			if t >= ticks || r.IntN(20) == 0 {
				e.End = EndOpen
			}
			out = append(out, e)
			if e.End == EndOpen && !overlap {
				break
			}
			t += 1 + r.Int64N(3)*r.Int64N(80)
			if overlap {
				t -= r.Int64N(30)
			}
		}
	}
	return out
}

func randomCoverage(r *rand.Rand, ticks int64) Coverage {
	from := r.Int64N(ticks / 2)
	c := Coverage{Window: Interval{from * tick, (from + 1 + r.Int64N(ticks-from)) * tick}}
	if r.IntN(2) == 0 {
		c.Window = Interval{0, ticks * tick}
	}
	for t := r.Int64N(ticks); r.IntN(3) > 0 && t < ticks; t += 1 + r.Int64N(60) {
		end := t + 1 + r.Int64N(20)
		c.Gaps = append(c.Gaps, Interval{t * tick, end * tick})
		t = end
	}
	return c
}

func TestMeasureAgainstTicks(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 3))
	var total Measures
	for n := range 3000 {
		ticks := 20 + r.Int64N(300)
		episodes := randomEpisodes(r, ticks, n%4 == 0)
		// Two episodes of one instance that fire at one instant have no order.
		if sameFiring(episodes) {
			continue
		}
		c := randomCoverage(r, ticks)
		want, got := slowMeasure(episodes, c), Measure(episodes, c)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%+v\n%+v\n(-want +got)\n%s", c, episodes, diff)
		}
		r.Shuffle(len(episodes), func(i, k int) { episodes[i], episodes[k] = episodes[k], episodes[i] })
		if diff := cmp.Diff(want, Measure(episodes, c)); diff != "" {
			t.Fatalf("in another order: %+v\n%+v\n(-want +got)\n%s", c, episodes, diff)
		}
		total.Refires += got.Refires
		total.Transient += got.Transient
		total.FiringsBegun += got.FiringsBegun
		total.PendingOnly += got.PendingOnly
		total.Open += got.Open
	}
	assert.Greater(t, min(total.Refires, total.Transient, total.FiringsBegun, total.PendingOnly, total.Open), 300, "%+v", total)
}

func sameFiring(episodes []Episode) bool {
	type key struct {
		instance int32
		at       int64
	}
	seen := map[key]bool{}
	for _, e := range episodes {
		k := key{e.Instance, e.FiredAt}
		if e.Fired() && seen[k] {
			return true
		}
		seen[k] = true
	}
	return false
}

func TestMeasureByHand(t *testing.T) {
	const m, h = 60 * 1000, 60 * 60 * 1000
	week := Coverage{Window: Interval{0, 7 * 24 * h}, Gaps: []Interval{{50 * h, 118 * h}}}
	got := Measure([]Episode{
		{Instance: 0, ActiveAt: 1 * h, FiredAt: 1*h + 5*m, EndedAt: 1*h + 8*m},                     // transient
		{Instance: 0, ActiveAt: 1*h + 30*m, FiredAt: 1*h + 35*m, EndedAt: 2 * h},                   // a refire
		{Instance: 0, ActiveAt: 2*h + 50*m, FiredAt: NoTime, EndedAt: 2*h + 52*m},                  // pending only
		{Instance: 1, ActiveAt: -h, FiredAt: 0, EndedAt: 1*h + 6*m, Start: StartBeforeWindow},      // since before
		{Instance: 1, ActiveAt: 40 * h, FiredAt: 40 * h, EndedAt: 40 * h, End: EndUnknown},         // seen once
		{Instance: 2, ActiveAt: 168*h - 2*m, FiredAt: 168*h - m, EndedAt: 168*h - 1, End: EndOpen}, // still on
	}, week)
	want := Measures{
		CoveredSeconds: 100 * 3600, Episodes: 6, Firings: 5, FiringsBegun: 4, PendingOnly: 1, Open: 1,
		FiringSeconds: 3600 + 8*60 + 25*60 + 60, InstanceSeconds: 3600 + 6*60 + 3*60 + 25*60 + 60, MaxConcurrent: 2,
		MedianSeconds: 14 * 60, Timed: 2, Transient: 1, TransientOf: 3, Refires: 1,
		FirstFiredAt: 0, LastFiredAt: 168*h - m,
	}
	assert.Empty(t, cmp.Diff(want, got))

	share, ok := got.ShareUnder5m()
	assert.True(t, ok)
	assert.InDelta(t, 1.0/3, share, 1e-12)
	share, ok = got.PendingOnlyShare()
	assert.True(t, ok)
	assert.InDelta(t, 1.0/6, share, 1e-12)
	perWeek, ok := got.FiringsPerWeek()
	assert.True(t, ok)
	assert.InDelta(t, 4*1.68, perWeek, 1e-9)

	none := Measure(nil, Coverage{})
	assert.Equal(t, Measures{FirstFiredAt: NoTime, LastFiredAt: NoTime}, none)
	for _, f := range []func() (float64, bool){none.FiringsPerWeek, none.PendingOnlyShare, none.FiringShare, none.ShareUnder5m} {
		_, ok := f()
		assert.False(t, ok)
	}
}
