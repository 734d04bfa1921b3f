package noise

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

// A Trend is where weekly firings are going. Weeks are counted back from the
// window's end, two years at most; those that are not covered enough are left
// out, as are those before the rule became what it is, and others are scaled up
// to a whole week.
type Trend struct {
	Weeks    []Week
	PerWeek  float64 // by how much firings a week change from one to the next: the median slope (Theil–Sen)
	P        float64 // chance of such an order of the weeks, or a clearer one, without any trend: Mann–Kendall, two-sided
	Kendall  float64 // S of Mann–Kendall: pairs of weeks that rise less those that fall
	Distinct bool    // P is under Options.TrendChance
}

// A Week of a Trend.
type Week struct {
	Start   int64   // Unix milliseconds
	Firings int     // that began in it
	PerWeek float64 // scaled to a whole week
}

// A weekCount counts begins by the week, the last one first.
type weekCount struct{ firings []int }

// maxWeeks are the last ones that a trend is of: each is held against each
// other.
const maxWeeks = 104

// weeksOf are the beginnings of the last whole weeks of a window, counted back
// from its end.
func weeksOf(w history.Interval) []int64 {
	var out []int64
	for at := w.End - week; at >= w.Start && len(out) < maxWeeks; at -= week {
		out = append(out, at)
	}
	return out
}

const week = int64(7 * 24 * time.Hour / time.Millisecond)

func (c *weekCount) add(weeks []int64, at int64) {
	if len(weeks) == 0 || at < weeks[len(weeks)-1] {
		return
	}
	if c.firings == nil {
		c.firings = make([]int, len(weeks))
	}
	if i := (weeks[0] + week - 1 - at) / week; i >= 0 && i < int64(len(weeks)) {
		c.firings[i]++
	}
}

// trend of what was counted; nil where too few weeks are covered, or nothing
// was.
func (c *weekCount) trend(weeks []int64, covered history.Covering, o *Options) *Trend {
	if c.firings == nil || len(weeks) < o.TrendLeast {
		return nil
	}
	t := &Trend{}
	var xs, ys []float64
	for i := len(weeks) - 1; i >= 0; i-- {
		share := covered.Seconds(history.Interval{Start: weeks[i], End: weeks[i] + week}) * 1000 / float64(week)
		if share <= 0 || share < o.WeekCovered {
			continue
		}
		w := Week{Start: weeks[i], Firings: c.firings[i], PerWeek: float64(c.firings[i]) / share}
		t.Weeks = append(t.Weeks, w)
		xs, ys = append(xs, float64(len(weeks)-i)), append(ys, w.PerWeek)
	}
	if len(t.Weeks) < o.TrendLeast {
		return nil
	}
	t.PerWeek = theilSen(xs, ys)
	t.Kendall, t.P = mannKendall(ys)
	t.Distinct = t.P < o.TrendChance
	return t
}

// theilSen is the median of the slopes between all pairs of points (Sen, 1968).
func theilSen(xs, ys []float64) float64 {
	var slopes []float64
	for i := range xs {
		for k := range i {
			slopes = append(slopes, (ys[i]-ys[k])/(xs[i]-xs[k]))
		}
	}
	return median(slopes)
}

// mannKendall is the statistic S of values in order of time, and the chance of
// one as far from 0 without a trend: by the normal approximation, with its
// corrections for ties and for continuity (Mann, 1945; Kendall, 1975; Gilbert,
// Statistical Methods for Environmental Pollution Monitoring, 1987, 16.4).
func mannKendall(ys []float64) (s, p float64) {
	ties := map[float64]float64{}
	for i, y := range ys {
		ties[y]++
		for _, earlier := range ys[:i] {
			s += float64(cmp.Compare(y, earlier))
		}
	}
	spread := func(n float64) float64 { return n * (n - 1) * (2*n + 5) / 18 }
	variance := spread(float64(len(ys)))
	for _, n := range ties {
		variance -= spread(n)
	}
	if s == 0 || variance <= 0 {
		return s, 1
	}
	return s, math.Erfc((math.Abs(s) - 1) / math.Sqrt(2*variance))
}

// median of values, which it sorts; of an even number the mean of the two in
// the middle, of none 0.
func median(values []float64) float64 { return quantile(values, 0.5) }

// quantile of values, which it sorts, between the nearest two in proportion; of
// none 0.
func quantile(values []float64, q float64) float64 {
	if len(values) == 0 {
		return 0
	}
	slices.Sort(values)
	at := q * float64(len(values)-1)
	low := int(at)
	high := min(low+1, len(values)-1)
	return values[low] + (values[high]-values[low])*(at-float64(low))
}
