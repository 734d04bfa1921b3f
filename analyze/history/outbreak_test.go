package history

import (
	"math/rand/v2"
	"testing"
)

// TestOutbreaks compares with a timeline of one slot a unit of time.
func TestOutbreaks(t *testing.T) {
	for seed := range uint64(2000) {
		rng := rand.New(rand.NewPCG(seed, 1))
		const size = 120
		var episodes []Episode
		for range rng.IntN(8) {
			start := int64(rng.IntN(size))
			e := Episode{Instance: int32(rng.IntN(3)), ActiveAt: start, FiredAt: start, EndedAt: start + int64(1+rng.IntN(20))}
			switch rng.IntN(6) {
			case 0:
				e.FiredAt = NoTime
			case 1:
				e.End = EndOpen
			}
			episodes = append(episodes, e)
		}
		c := Coverage{Window: Interval{10, 100}}
		if rng.IntN(2) == 0 {
			at := int64(20 + rng.IntN(60))
			c.Gaps = []Interval{{at, at + int64(1+rng.IntN(15))}}
		}
		var firing, known [2 * size]bool
		for _, e := range episodes {
			if e.FiredAt == NoTime {
				continue
			}
			end := e.EndedAt
			if e.End == EndOpen {
				end = c.Window.End
			}
			for i := e.FiredAt; i < end; i++ {
				firing[i] = true
			}
		}
		for i := c.Window.Start; i < c.Window.End; i++ {
			known[i] = true
		}
		for _, g := range c.Gaps {
			for i := g.Start; i < g.End && i < c.Window.End; i++ {
				known[i] = false
			}
		}
		want := 0
		for i := 1; i < len(firing); i++ {
			if firing[i] && !firing[i-1] && known[i] && known[i-1] {
				want++
			}
		}
		if got := Outbreaks(episodes, c); got != want {
			t.Fatalf("seed %d: %d outbreaks, want %d, of %v in %v", seed, got, want, episodes, c)
		}
	}
}
