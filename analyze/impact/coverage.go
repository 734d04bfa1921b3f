package impact

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/value"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb/chunkenc"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

const (
	// reachIntervals is how many scrape intervals may pass between two samples
	// before data are missing: one scrape may fail. Package history has the same.
	reachIntervals = 2.5
	// reachMost bounds it, for what is scraped seldom: beyond Prometheus's default
	// lookback a series is gone.
	reachMost = 5 * 60 * 1000
)

// presence is the time in which some series of a selector was being scraped:
// between any two samples of a series that are no further apart than its scrape
// interval allows. The engine cannot tell, since it sees a sample for five
// minutes on.
func (e *evaluator) presence(ctx context.Context, matchers []*labels.Matcher) (history.Intervals, error) {
	mint, maxt := e.start-reachMost, e.at(e.steps-1)
	q, err := e.samples.Querier(mint, maxt)
	if err != nil {
		return nil, err
	}
	defer q.Close()
	var all []history.Interval
	var times []int64
	var it chunkenc.Iterator
	set := q.Select(ctx, false, &storage.SelectHints{Start: mint, End: maxt, Step: e.step}, matchers...)
	for set.Next() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		it = set.At().Iterator(it)
		times = times[:0]
		for typ := it.Next(); typ != chunkenc.ValNone; typ = it.Next() {
			if typ == chunkenc.ValFloat {
				if _, v := it.At(); math.Float64bits(v) == value.StaleNaN {
					continue
				}
			}
			times = append(times, it.AtT())
		}
		if err := it.Err(); err != nil {
			return nil, fmt.Errorf("samples of %s: %w", set.At().Labels(), err)
		}
		all = append(all, spans(times)...)
		if len(all) > 1<<16 {
			all = history.Union(all...)
		}
	}
	return history.Union(all...), set.Err()
}

// spans are the stretches of a series' samples in which none is missing.
func spans(times []int64) []history.Interval {
	if len(times) < 2 {
		return nil
	}
	gaps := make([]int64, 0, 256)
	for i := 1; i < len(times) && len(gaps) < cap(gaps); i++ {
		gaps = append(gaps, times[i]-times[i-1])
	}
	slices.Sort(gaps)
	reach := min(int64(reachIntervals*float64(gaps[len(gaps)/2])), reachMost)
	var out []history.Interval
	from := times[0]
	for i := 1; i <= len(times); i++ {
		if i < len(times) && times[i]-times[i-1] <= reach {
			continue
		}
		if last := times[i-1]; last > from {
			out = append(out, history.Interval{Start: from, End: last})
		}
		if i < len(times) {
			from = times[i]
		}
	}
	return out
}

// known marks the steps that lie in a set of instants as a whole.
func (e *evaluator) known(covered history.Intervals) []bool {
	out := make([]bool, e.steps)
	for _, c := range covered {
		first := (c.Start - e.start + e.step - 1) / e.step
		last := (c.End - e.start) / e.step // exclusive
		for i := max(first, 0); i < min(last, int64(e.steps)); i++ {
			out[i] = true
		}
	}
	return out
}
