package noise

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/rules"
)

// linkedWorld is one in which R1 often begins a little after R0 on the same
// instance, and the others have nothing to do with each other.
func linkedWorld(t *testing.T, seed uint64) *world {
	t.Helper()
	rnd := rand.New(rand.NewPCG(seed, 5))
	w := &world{rules: rulesNamed(t, 5, ""), rnd: rnd}
	h := &history.History{}
	h.Coverage.Window = history.Interval{Start: start, End: start + 20*day}
	h.Coverage.Gaps = []history.Interval{{Start: start + 3*day, End: start + 3*day + 5*hour}}
	for r := range 5 {
		for i := range 3 {
			h.Instances = append(h.Instances, labels.FromStrings("alertname", fmt.Sprintf("R%d", r), "severity", "page", "instance", fmt.Sprint(i)))
		}
	}
	add := func(rule, instance int, at int64, length int64) {
		h.Episodes = append(h.Episodes, history.Episode{Instance: int32(3*rule + instance), ActiveAt: at, FiredAt: at, EndedAt: at + length})
	}
	for i := range 3 {
		at := [5]int64{start, start, start, start, start}
		for range 12 {
			at[0] += (60 + rnd.Int64N(40*60)) * minute
			length := (10 + rnd.Int64N(50)) * minute
			add(0, i, at[0], length)
			if rnd.IntN(8) > 0 {
				lag := (1 + rnd.Int64N(5)) * minute
				add(1, i, at[0]+lag, max(minute, length-lag-minute))
			}
			at[0] += length
			for r := 2; r < 5; r++ {
				at[r] += rnd.Int64N(30*60) * minute
				length := (1 + rnd.Int64N(90)) * minute
				add(r, i, at[r], length)
				at[r] += length + minute
			}
		}
	}
	slices.SortStableFunc(h.Episodes, func(a, b history.Episode) int {
		if a.Instance != b.Instance {
			return int(a.Instance - b.Instance)
		}
		return int(a.ActiveAt/minute - b.ActiveAt/minute)
	})
	w.review = history.NewReview(w.rules, h, nil)
	return w
}

// minutes says for each minute of the window whether any instance of a rule
// with the label fires.
func (w *world) minutes(r *rules.Rule, instance string) []bool {
	h := w.review.History
	out := make([]bool, (h.Coverage.Window.End-start)/minute)
	episodes, _ := w.review.EpisodesOf(r)
	for _, e := range episodes {
		if h.Instances[e.Instance].Get("instance") != instance || !e.Fired() {
			continue
		}
		for at := max(e.FiredAt, start); at < min(e.EndedAt, h.Coverage.Window.End); at += minute {
			out[(at-start)/minute] = true
		}
	}
	return out
}

func TestPairsTwin(t *testing.T) {
	o := Defaults()
	for seed := range uint64(20) {
		w := linkedWorld(t, seed)
		n := w.study(o)
		require.Len(t, n.Pairs, 1, "seed %d: the linked ones, and no others", seed)
		require.Len(t, n.Cascades, 1, "seed %d", seed)
		p, c := n.Pairs[0], n.Cascades[0]
		require.Equal(t, []string{"instance"}, p.Join)
		require.Equal(t, [2]*rules.Rule{w.rules[0], w.rules[1]}, [2]*rules.Rule{p.A, p.B})
		require.Equal(t, [2]*rules.Rule{w.rules[0], w.rules[1]}, [2]*rules.Rule{c.First, c.Then})

		gaps := w.review.Coverage.Gaps
		covering := w.review.Coverage.Covering()
		var both, a, b, either, expected, covered float64
		var togetherA, togetherB, stretchesA, stretchesB, follows, led, precedes, while int
		var lags []float64
		chance := 0.0
		daysTogether, daysFollowing := map[int]bool{}, map[int]bool{}
		for i := range 3 {
			as, bs := w.minutes(p.A, fmt.Sprint(i)), w.minutes(p.B, fmt.Sprint(i))
			var ka, kb float64
			covered = 0
			for m := range as {
				if at := start + int64(m)*minute; slices.ContainsFunc(gaps, func(g history.Interval) bool { return g.Start <= at && at < g.End }) {
					continue
				}
				covered++
				for _, x := range []struct {
					on  bool
					sum *float64
				}{{as[m] && bs[m], &both}, {as[m], &a}, {bs[m], &b}, {as[m] || bs[m], &either}, {as[m], &ka}, {bs[m], &kb}} {
					if x.on {
						*x.sum++
					}
				}
			}
			expected += ka * kb / covered
			// each stretch by itself
			count := func(on, other []bool, days map[int]bool) (n, met int, begins []int) {
				for m := range on {
					if !on[m] || m > 0 && on[m-1] {
						continue
					}
					at := start + int64(m)*minute
					known := covering.Began(&history.Episode{ActiveAt: at, FiredAt: at, EndedAt: at + minute})
					if !known {
						continue
					}
					n++
					begins = append(begins, m)
					for k := m; k < len(on) && on[k]; k++ {
						if other[k] {
							met++
							days[m/(24*60)] = true
							break
						}
					}
				}
				return n, met, begins
			}
			na, ma, beginsA := count(as, bs, map[int]bool{})
			nb, mb, beginsB := count(bs, as, daysTogether)
			stretchesA, togetherA, stretchesB, togetherB = stretchesA+na, togetherA+ma, stretchesB+nb, togetherB+mb
			lag := int(o.PairLag.Minutes())
			for _, y := range beginsB {
				best, before := -1, false
				for _, x := range beginsA {
					if x < y && x >= y-lag {
						best = max(best, x)
					}
					before = before || x > y && x <= y+lag
				}
				if best >= 0 {
					follows++
					daysFollowing[y/(24*60)] = true
					lags = append(lags, float64(60*(y-best)))
					on := true
					for m := best; m <= y; m++ {
						on = on && as[m]
					}
					if on {
						while++
					}
				}
				if before {
					precedes++
				}
				chance += min(1, float64(len(beginsA))*float64(lag)/covered)
			}
			for _, x := range beginsA {
				if slices.ContainsFunc(beginsB, func(y int) bool { return y > x && y <= x+lag }) {
					led++
				}
			}
		}
		require.InDelta(t, both/either, p.Jaccard, 1e-9)
		require.InDelta(t, both/expected, p.Lift, 1e-6)
		require.InDelta(t, both/a, p.AInB, 1e-9)
		require.InDelta(t, both/b, p.BInA, 1e-9)
		require.Equal(t, []int{stretchesA, togetherA, stretchesB, togetherB}, []int{p.StretchesA, p.TogetherA, p.StretchesB, p.TogetherB})
		require.Equal(t, w.rules[1], p.Redundant())
		require.Equal(t, []int{stretchesB, follows, precedes, while, stretchesA, led}, []int{c.Begins, c.Follows, c.Precedes, c.While, c.FirstBegan, c.Led})
		require.Equal(t, []int{len(daysTogether), len(daysFollowing)}, []int{p.Days, c.Days})
		slices.Sort(lags)
		k := len(lags)
		require.InDelta(t, (lags[(k-1)/2]+lags[k/2])/2, c.MedianLagSeconds, 1e-9)
		require.InDelta(t, chance, c.Expected, 1e-9)
	}
}

// Couples are those that a look at each pair of begins finds, as long as there
// is not too much company.
func TestCouplesTwin(t *testing.T) {
	o := Defaults()
	o.PairLeast = 2
	for seed := range uint64(10) {
		w := randomWorld(t, seed, 6, 4, 20)
		s := newStudy(w.review, w.rules, w.wakes, o)
		times := make([]map[int64]bool, len(w.rules))
		for i, r := range w.rules {
			times[i] = map[int64]bool{}
			for _, e := range w.begun(r) {
				times[i][e.FiredAt] = true
			}
		}
		want := map[couple]bool{}
		for a := range w.rules {
			for b := a + 1; b < len(w.rules); b++ {
				n := 0
				count := func(xs, ys map[int64]bool, same bool) {
					for x := range xs {
						for y := range ys {
							if y < x && y >= x-o.PairLag.Milliseconds() || same && x == y {
								n++
								break
							}
						}
					}
				}
				count(times[a], times[b], false)
				count(times[b], times[a], true)
				want[couple{int32(a), int32(b)}] = n >= o.PairLeast && 2*n >= min(len(times[a]), len(times[b]))
			}
		}
		got := s.couples()
		for c, in := range want {
			require.Equal(t, in, slices.Contains(got, c), "seed %d: %v", seed, c)
		}
	}
}

// Where there is too much company, couples and their order are those of counting
// begin by begin, in a table of all couples.
func TestCompanyTwin(t *testing.T) {
	for seed := range uint64(20) {
		o := Defaults()
		o.PairLeast = 1 + int(seed%3)
		o.PairCompany = []int{1, 2, 5, 64}[seed%4]
		w := randomWorld(t, seed, 6, 4, 20)
		s := newStudy(w.review, w.rules, w.wakes, o)
		begins, of := s.beginsByRule()
		times, total := map[couple]int{}, map[int32]int{}
		for i, b := range begins {
			total[b.instance]++
			earlier := map[int32]bool{b.instance: true}
			for _, e := range slices.Backward(begins[max(0, i-o.PairCompany):i]) {
				if e.at >= b.at-o.PairLag.Milliseconds() && !earlier[e.instance] {
					earlier[e.instance] = true
					times[couple{min(e.instance, b.instance), max(e.instance, b.instance)}]++
				}
			}
		}
		var want []couple
		for c, n := range times {
			if n >= o.PairLeast && 2*n >= min(total[c.a], total[c.b]) {
				want = append(want, c)
			}
		}
		slices.SortFunc(want, func(x, y couple) int {
			return cmp.Or(cmp.Compare(times[y], times[x]), cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b))
		})
		for i, c := range want {
			want[i] = couple{of[c.a], of[c.b]}
		}
		require.Equal(t, want, s.couples(), "seed %d", seed)
	}
}

// The bound holds: of many coins, no more come up that often than it says.
func TestTailBoundsTheBinomial(t *testing.T) {
	for _, n := range []int{5, 12, 40} {
		for _, p := range []float64{0.01, 0.1, 0.4} {
			for k := 0; k <= n; k++ {
				exact := 0.0
				for j := k; j <= n; j++ {
					choose, _ := math.Lgamma(float64(n + 1))
					a, _ := math.Lgamma(float64(j + 1))
					b, _ := math.Lgamma(float64(n - j + 1))
					exact += math.Exp(choose - a - b + float64(j)*math.Log(p) + float64(n-j)*math.Log(1-p))
				}
				require.GreaterOrEqual(t, tail(n, k, float64(n)*p)+1e-12, exact, "n %d, k %d, p %g", n, k, p)
			}
		}
	}
}

// What has nothing to do with each other makes no pair, however often it fires.
func TestChanceMakesNoPairs(t *testing.T) {
	for _, firings := range []int{10, 100, 400} {
		w := manyFirings(t, 40, 1, firings)
		n := w.study(Defaults())
		require.Empty(t, n.Pairs)
		require.Empty(t, n.Cascades)
	}
}
