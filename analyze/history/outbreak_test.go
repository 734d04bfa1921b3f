package history

import (
	"math/rand/v2"
	"testing"
)

// TestOutbreaks compares with a timeline of one slot a unit of time: an
// outbreak is a slot in which something fires, nothing fired up to it, and
// whatever begins there was seen to begin.
func TestOutbreaks(t *testing.T) {
	counted := 0
	for seed := range uint64(4000) {
		rng := rand.New(rand.NewPCG(seed, 1))
		const size = 120
		var episodes []Episode
		for range rng.IntN(8) {
			start := int64(rng.IntN(size))
			e := Episode{Instance: int32(rng.IntN(3)), ActiveAt: start, FiredAt: start, EndedAt: start + int64(rng.IntN(20))}
			switch rng.IntN(8) {
			case 0:
				e.FiredAt = NoTime
			case 1:
				e.End = EndOpen
			case 2:
				e.Start = StartBeforeWindow
			}
			episodes = append(episodes, e)
		}
		c := Coverage{Window: Interval{10, 100}}
		if rng.IntN(2) == 0 {
			at := int64(20 + rng.IntN(60))
			c.Gaps = []Interval{{at, at + int64(1+rng.IntN(15))}}
		}
		want := 0
		for at := c.Window.Start + 1; at < c.Window.End; at++ {
			begins, seen, before := false, true, false
			for _, e := range episodes {
				end := e.EndedAt
				if e.End == EndOpen {
					end = c.Window.End
				}
				switch {
				case !e.Fired():
				case e.FiredAt == at:
					begins = true
					seen = seen && e.Start == StartExact
				case e.FiredAt < at && end >= at:
					before = true
				}
			}
			if begins && seen && !before {
				want++
			}
		}
		counted += want
		if got := Outbreaks(episodes, c); got != want {
			t.Fatalf("seed %d: %d outbreaks, want %d, of %v in %v", seed, got, want, episodes, c)
		}
	}
	if counted < 4000 {
		t.Errorf("only %d outbreaks in all: the histories are too thin to test anything", counted)
	}
}
