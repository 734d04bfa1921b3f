package noise

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

// Of few values all orders can be gone through, and so the chance is known.
func TestMannKendallTwin(t *testing.T) {
	for n := 8; n <= 9; n++ {
		counts := map[int]float64{}
		all := 0.0
		order := make([]int, 0, n)
		used := make([]bool, n)
		var permute func(s int)
		permute = func(s int) {
			if len(order) == n {
				counts[s]++
				all++
				return
			}
			for v := range n {
				if used[v] {
					continue
				}
				more := 0
				for _, earlier := range order {
					if earlier < v {
						more++
					} else {
						more--
					}
				}
				used[v] = true
				order = append(order, v)
				permute(s + more)
				order = order[:len(order)-1]
				used[v] = false
			}
		}
		permute(0)
		rnd := rand.New(rand.NewPCG(1, uint64(n)))
		for range 50 {
			ys := make([]float64, n)
			for i, v := range rnd.Perm(n) {
				ys[i] = float64(v)
			}
			s, p := mannKendall(ys)
			exact := 0.0
			for other, k := range counts {
				if math.Abs(float64(other)) >= math.Abs(s) {
					exact += k / all
				}
			}
			if s == 0 {
				exact = 1
			}
			require.InDelta(t, exact, p, 0.015, "of %v", ys)
		}
	}
}

func TestMannKendallOfTies(t *testing.T) {
	s, p := mannKendall([]float64{3, 3, 3, 3, 3, 3, 3, 3})
	require.Zero(t, s)
	require.Equal(t, 1.0, p)
}

func TestTheilSen(t *testing.T) {
	require.Equal(t, 2.0, theilSen([]float64{1, 2, 3, 4, 6}, []float64{10, 12, 14, 99, 20}))
	require.Equal(t, 0.0, theilSen([]float64{1, 2}, []float64{5, 5}))
}

// Weeks are those before the window's end; what is not covered is left out, and
// what is covered in part is scaled.
func TestTrend(t *testing.T) {
	rs := rulesNamed(t, 1, "")
	h := randomWorld(t, 1, 1, 1, 1).review.History
	h.Coverage = history.Coverage{Window: history.Interval{Start: start, End: start + 10*week + day}}
	h.Coverage.Gaps = []history.Interval{
		{Start: start + day + 2*week, End: start + day + 3*week - hour}, // the third week
		{Start: start + day + 4*week, End: start + day + 4*week + week/2},
	}
	h.Episodes = nil
	for i := range int64(10) {
		for k := range i + 1 {
			at := start + day + (i+1)*week - (k+1)*30*minute
			h.Episodes = append(h.Episodes, history.Episode{ActiveAt: at, FiredAt: at, EndedAt: at + minute})
		}
	}
	r := history.NewReview(rs, h, nil)
	trend := Study(r, rs, never, Defaults()).Profile(rs[0]).Trend
	require.NotNil(t, trend)
	require.Len(t, trend.Weeks, 9)
	require.Equal(t, Week{Start: start + day + 4*week, Firings: 5, PerWeek: 10}, trend.Weeks[3])
	require.Equal(t, Week{Start: start + day + 9*week, Firings: 10, PerWeek: 10}, trend.Weeks[8])
	require.Equal(t, 1.0, trend.PerWeek)
	require.True(t, trend.Distinct)

	h.Coverage.Window.Start = start + 4*week
	h.Coverage.Gaps = nil
	require.Nil(t, Study(history.NewReview(rs, h, nil), rs, never, Defaults()).Profile(rs[0]).Trend, "six weeks")
}
