package impact

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

const seconds = 6000 // of a random window

// set is a set of seconds: what is so at each.
type set [seconds + 1000]bool

func (s *set) fill(from, to int) {
	for i := max(from, 0); i < min(to, len(s)); i++ {
		s[i] = true
	}
}

func (s *set) any(from, to int) bool { return slices.Contains(s[max(from, 0):max(from, to, 0)], true) }
func (s *set) all(from, to int) bool {
	return from >= 0 && !slices.Contains(s[from:to], false)
}

// stretches draws intervals that do not overlap, in even seconds: what does not
// touch is then at least a second apart.
func stretches(rng *rand.Rand, n, longest int) [][2]int {
	var out [][2]int
	at := 2 * rng.IntN(100)
	for range n {
		length := 2 + rng.IntN(longest)&^1
		if at+length >= seconds {
			break
		}
		out = append(out, [2]int{at, at + length})
		at += length + 2 + rng.IntN(1200)&^1
	}
	return out
}

// Pairs are counted as by looking at every second of the window.
func TestPairBySeconds(t *testing.T) {
	var sum Pair
	for seed := range uint64(600) {
		rng := rand.New(rand.NewPCG(seed, 4))
		ind := &Indicator{Step: 1000}
		var known, recorded set
		known.fill(0, seconds)
		recorded.fill(0, seconds)
		for i := range seconds {
			ind.Bad, ind.Known = append(ind.Bad, float64(1+i%3)), append(ind.Known, true)
		}
		var gaps []history.Interval
		for _, g := range stretches(rng, rng.IntN(3), 300) {
			gaps = append(gaps, history.Interval{Start: int64(g[0]) * 1000, End: int64(g[1]) * 1000})
			for i := g[0]; i < g[1]; i++ {
				recorded[i] = false
			}
		}
		coverage := history.Coverage{Window: history.Interval{Start: 0, End: seconds * 1000}, Gaps: gaps}
		ind.Covered = history.Intervals{{Start: 0, End: seconds * 1000}}
		if rng.IntN(2) == 0 {
			g := stretches(rng, 1, 500)[0]
			ind.Covered = ind.Covered.Subtract(history.Intervals{{Start: int64(g[0]) * 1000, End: int64(g[1]) * 1000}})
			for i := g[0]; i < g[1]; i++ {
				known[i] = false
			}
		}
		bs := stretches(rng, rng.IntN(5), 400)
		for _, b := range bs {
			ind.Breaches = append(ind.Breaches, Breach{Start: int64(b[0]) * 1000, End: int64(b[1]) * 1000, StartCut: rng.IntN(8) == 0})
		}
		a := Alert{Reach: time.Duration(rng.IntN(300)) * time.Second}
		for instance := range int32(2) {
			for _, s := range stretches(rng, rng.IntN(5), 700) {
				e := history.Episode{Instance: instance, ActiveAt: int64(s[0]) * 1000, FiredAt: history.NoTime, EndedAt: int64(s[1]) * 1000}
				if rng.IntN(4) > 0 {
					e.FiredAt = e.ActiveAt + int64(rng.IntN(s[1]-s[0]))*1000
				}
				if rng.IntN(5) == 0 {
					e.End = history.End(rng.IntN(3))
				}
				if rng.IntN(10) == 0 {
					e.Start = history.StartBeforeWindow
				}
				if rng.IntN(12) == 0 {
					a.Doubtful = append(a.Doubtful, e)
				} else {
					a.Episodes = append(a.Episodes, e)
				}
			}
		}

		// active is an episode's time, to the end as far as it was seen.
		active := func(e history.Episode) (from, to int) {
			from, to = int(e.ActiveAt/1000), int(e.EndedAt/1000)
			if e.End != history.EndResolved {
				to++ // its last sample was at this second
			}
			return from, to
		}
		overlap := func(e history.Episode, b [2]int) bool {
			if !e.Fired() {
				return false
			}
			var breach set
			breach.fill(b[0], b[1]+300)
			return breach.any(active(e))
		}
		var want Pair
		var busy, hits, murky set
		for _, e := range a.Episodes {
			if !e.Fired() {
				continue
			}
			hit := slices.ContainsFunc(bs, func(b [2]int) bool { return overlap(e, b) })
			from, to := active(e)
			clear := e.End == history.EndResolved && known.all(from-int(a.Reach.Seconds())-300, to)
			want.Episodes.add(hit, clear)
			// An episode's end touches the next one's beginning.
			busy.fill(from, int(e.EndedAt/1000)+1)
			if hit {
				hits[from] = true
			}
			if !clear {
				murky[from] = true
			}
		}
		for i := 0; i < len(busy); i++ {
			from := i
			for i < len(busy) && busy[i] {
				i++
			}
			if i > from {
				want.Outbreaks.add(hits.any(from, i), !murky.any(from, i))
			}
		}
		for k, b := range bs {
			var first *history.Episode
			doubt := false
			for i := range a.Episodes {
				e := &a.Episodes[i]
				from, _ := active(*e)
				switch {
				case overlap(*e, b):
					if first == nil || e.FiredAt < first.FiredAt || e.FiredAt == first.FiredAt && e.ActiveAt < first.ActiveAt {
						first = e
					}
				case e.End == history.EndUnknown && from < b[1]+300:
					doubt = true
				}
			}
			for _, e := range a.Doubtful {
				from, _ := active(e)
				doubt = doubt || overlap(e, b) || e.End == history.EndUnknown && from < b[1]+300
			}
			want.Recall.add(first != nil, !doubt && b[1]+300 <= seconds && recorded.all(b[0], b[1]+300))
			if first == nil || first.Start != history.StartExact || ind.Breaches[k].StartCut {
				continue
			}
			lag := int(first.FiredAt/1000) - b[0]
			spent, all := 0.0, 0.0
			for s := b[0]; s < b[1]; s++ {
				if all += ind.Bad[s]; s < b[0]+lag {
					spent += ind.Bad[s]
				}
			}
			want.Lags = append(want.Lags, Lag{Breach: k, Milliseconds: int64(lag) * 1000, Spent: spent / all, AfterEnd: b[0]+lag >= b[1]})
		}
		got := ind.Pair(a, coverage)
		require.Equal(t, want, got, "seed %d", seed)
		for _, s := range []struct{ sum, got *Share }{{&sum.Episodes, &got.Episodes}, {&sum.Outbreaks, &got.Outbreaks}, {&sum.Recall, &got.Recall}} {
			s.sum.Hits, s.sum.Of, s.sum.Unclear = s.sum.Hits+s.got.Hits, s.sum.Of+s.got.Of, s.sum.Unclear+s.got.Unclear
		}
		sum.Lags = append(sum.Lags, got.Lags...)
	}
	for _, s := range []Share{sum.Episodes, sum.Outbreaks, sum.Recall} {
		require.Greater(t, s.Hits, 100)
		require.Greater(t, s.Of-s.Hits, 100)
		require.Greater(t, s.Unclear, 100)
	}
	require.True(t, slices.ContainsFunc(sum.Lags, func(l Lag) bool { return l.Milliseconds < 0 }))
	require.True(t, slices.ContainsFunc(sum.Lags, func(l Lag) bool { return l.AfterEnd }))
}

func TestMedianOfLags(t *testing.T) {
	_, _, _, ok := Pair{}.Median()
	require.False(t, ok)
	median, least, most, ok := Pair{Lags: []Lag{{Milliseconds: 9000}, {Milliseconds: -1000}, {Milliseconds: 4000}, {Milliseconds: 3000}}}.Median()
	require.True(t, ok)
	require.Equal(t, [3]int64{3500, -1000, 9000}, [3]int64{median, least, most})
}
