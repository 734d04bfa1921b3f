package history

import (
	"context"
	"math"
	"testing"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/value"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/stretchr/testify/require"
)

// collect hands the samples of a server's database to a collector, as a source
// would that has no more than Prometheus's own querier.
func (s *server) collect(w Interval, markers bool) *History {
	q, err := s.db.Querier(w.Start, w.End-1)
	require.NoError(s.t, err)
	defer q.Close()
	c := NewCollector(w, markers)
	for _, name := range append(AlertSelectors(), EvidenceSelector) {
		set := q.Select(context.Background(), true, nil, labels.MustNewMatcher(labels.MatchEqual, "__name__", name))
		for set.Next() {
			col := c.Alert(set.At().Labels())
			if !IsAlert(set.At().Labels()) {
				col = c.Evidence()
			}
			it := set.At().Iterator(nil)
			for vt := it.Next(); vt != chunkenc.ValNone; vt = it.Next() {
				if t, v := it.At(); markers || math.Float64bits(v) != value.StaleNaN {
					col.Append(t, v)
				}
			}
			require.NoError(s.t, it.Err())
		}
		require.NoError(s.t, set.Err())
	}
	return c.History()
}

// checkCollector compares what a collector makes of the same samples: with
// stale markers the same to the millisecond.
func (s *server) checkCollector(h *History, w Interval) {
	exact := s.collect(w, true)
	require.Equal(s.t, h.Episodes, exact.Episodes)
	require.Equal(s.t, h.Coverage, exact.Coverage)
	require.Equal(s.t, h.Instances, exact.Instances)

	unmarked := s.collect(w, false)
	for _, log := range s.log {
		for _, e := range log {
			if e.failed || e.proc > 1 || s.limit > 0 {
				return // what failed and what had ended look the same
			}
		}
	}
	require.Len(s.t, unmarked.Episodes, len(h.Episodes), "interval")
	for i, want := range h.Episodes {
		got := unmarked.Episodes[i]
		require.Equal(s.t, want.Instance, got.Instance)
		require.Equal(s.t, want.FiredAt, got.FiredAt)
		require.Equal(s.t, want.ActiveAt, got.ActiveAt)
		require.LessOrEqual(s.t, max(want.EndedAt-got.EndedAt, got.EndedAt-want.EndedAt), s.interval, "want %+v, got %+v", want, got)
	}
}

// Where evaluations are no more than a second apart, what ALERTS_FOR_STATE cuts
// off an ActiveAt is as long as an interval, and no sign of a restart.
func TestUnmarkedEverySecond(t *testing.T) {
	const phase = 722
	c := NewCollector(Interval{t0, t0 + 60_000}, false)
	series := func(l ...string) labels.Labels { return labels.FromStrings(append(l, "alertname", "CartSlow")...) }
	firing := c.Alert(series("__name__", "ALERTS", "alertstate", "firing"))
	state, up := c.Alert(series("__name__", "ALERTS_FOR_STATE")), c.Evidence()
	var want []Episode
	for _, e := range [][2]int64{{5, 12}, {17, 23}, {27, 31}} {
		for s := e[0]; s < e[1]; s++ {
			firing.Append(t0+s*1000+phase, 1)
			state.Append(t0+s*1000+phase, float64(t0/1000+e[0]))
		}
		from := t0 + e[0]*1000 + phase
		want = append(want, Episode{ActiveAt: from, FiredAt: from, EndedAt: t0 + e[1]*1000 + phase})
	}
	for s := range int64(60) {
		up.Append(t0+s*1000+100, 1)
	}
	require.Equal(t, want, c.History().Episodes)
}
