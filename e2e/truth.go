package e2e

import (
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/common/promslog"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/tsdb"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/stretchr/testify/require"
)

// A Sample is one of a series; NaN is a stale marker.
type Sample struct {
	T int64 // Unix milliseconds
	V float64
}

// A Series is one with all of its samples.
type Series struct {
	Labels  map[string]string // with __name__
	Samples []Sample
}

// dump reads, with Prometheus's own library, the series of alerts that a folder
// of blocks holds, and those that show whether Prometheus scraped.
func dump(t testing.TB, dir string) (all []*Series) {
	log := filepath.Join(dir, "wal") // which the library insists on; a snapshot has none
	require.NoError(t, os.Mkdir(log, 0o755))
	defer func() { require.NoError(t, os.Remove(log)) }()
	blocks, err := tsdb.OpenDBReadOnly(dir, t.TempDir(), promslog.NewNopLogger())
	require.NoError(t, err)
	defer blocks.Close()
	q, err := blocks.Querier(math.MinInt64, math.MaxInt64)
	require.NoError(t, err)
	defer q.Close()
	set := q.Select(t.Context(), true, nil, labels.MustNewMatcher(labels.MatchRegexp, "__name__", "ALERTS|ALERTS_FOR_STATE|up"))
	for set.Next() {
		s := &Series{Labels: set.At().Labels().Map()}
		it := set.At().Iterator(nil)
		for it.Next() == chunkenc.ValFloat {
			at, v := it.At()
			s.Samples = append(s.Samples, Sample{at, v})
		}
		require.NoError(t, it.Err())
		all = append(all, s)
	}
	require.NoError(t, set.Err())
	require.NotEmpty(t, all)
	return all
}

// identity is what two series of one alert instance have in common.
func identity(labels map[string]string) string {
	var b strings.Builder
	for _, k := range slices.Sorted(maps.Keys(labels)) {
		if k != "__name__" && k != "alertstate" {
			fmt.Fprintf(&b, "%s=%q ", k, labels[k])
		}
	}
	return b.String()
}

// An Episode is one activation of an alert instance. Times are Unix
// milliseconds; FiredAt is 0 where it never fired.
type Episode struct {
	Labels                     map[string]string
	ActiveAt, FiredAt, EndedAt int64
	Start, End                 string // as crywolf names them
}

// A piece is what was written of one instance with one ActiveAt.
type piece struct {
	activeAt            int64 // seconds, by ALERTS_FOR_STATE
	first, last, marker int64 // of its samples; 0: no stale marker after the last
	fired               int64 // first sample as firing; 0: none
}

// Truth is what one Prometheus did, told slowly from its samples.
type Truth struct {
	Labels  map[string]map[string]string // by identity
	Pieces  map[string][]piece
	Away    [2]int64 // from the last sample of all before it was gone to the first thereafter
	Last    int64    // sample of all
	Scrapes []int64
	Failed  int      // scrapes
	window  [2]int64 // end exclusive
}

// newTruth reads a directory, in a window of which the end is exclusive.
func newTruth(t testing.TB, dir string, since, until int64) *Truth {
	tr := &Truth{Labels: map[string]map[string]string{}, Pieces: map[string][]piece{}, window: [2]int64{since, until}}
	firing, seen := map[string][]int64{}, []int64{}
	inside := func(s *Series) (samples []Sample) {
		for _, p := range s.Samples {
			if p.T >= since && p.T < until {
				samples = append(samples, p)
			}
		}
		return samples
	}
	all := dump(t, dir)
	for _, s := range all {
		for _, p := range inside(s) {
			seen = append(seen, p.T)
			switch {
			case math.IsNaN(p.V):
			case s.Labels["__name__"] == "up":
				tr.Scrapes = append(tr.Scrapes, p.T)
				if p.V == 0 {
					tr.Failed++
				}
			case s.Labels["alertstate"] == "firing":
				firing[identity(s.Labels)] = append(firing[identity(s.Labels)], p.T)
			}
		}
	}
	require.NotEmpty(t, seen)
	slices.Sort(seen)
	tr.Last = seen[len(seen)-1]
	for i := 1; i < len(seen); i++ {
		if away := [2]int64{seen[i-1], seen[i]}; away[1]-away[0] > tr.Away[1]-tr.Away[0] {
			tr.Away = away
		}
	}
	for _, s := range all {
		if s.Labels["__name__"] != "ALERTS_FOR_STATE" {
			continue
		}
		id := identity(s.Labels)
		var pieces []piece
		for _, p := range inside(s) {
			n := len(pieces)
			switch {
			case math.IsNaN(p.V):
				if n > 0 && pieces[n-1].marker == 0 {
					pieces[n-1].marker = p.T
				}
			case n > 0 && pieces[n-1].activeAt == int64(p.V):
				pieces[n-1].last, pieces[n-1].marker = p.T, 0
			default:
				pieces = append(pieces, piece{activeAt: int64(p.V), first: p.T, last: p.T})
			}
		}
		for i, p := range pieces {
			for _, at := range firing[id] {
				if p.first <= at && at <= p.last && (p.fired == 0 || at < p.fired) {
					pieces[i].fired = at
				}
				p = pieces[i]
			}
		}
		if len(pieces) > 0 {
			labels := maps.Clone(s.Labels)
			delete(labels, "__name__")
			tr.Labels[id], tr.Pieces[id] = labels, pieces
		}
	}
	return tr
}

// Episodes joins what a restart has cut: pieces between which no marker was
// written, and no scrape found that the script had let go of the alert. (A
// Prometheus that starts evaluates at once, on samples from before it was gone,
// and scrapes only when it has been up for five seconds.)
func (tr *Truth) Episodes(script []Activation, start int64) []Episode {
	held := func(labels map[string]string, from, to int64) bool {
		for _, at := range tr.Scrapes {
			if from < at && at <= to && !raised(script, labels, float64(at-start)/1000) {
				return false
			}
		}
		return true
	}
	var all []Episode
	for _, id := range slices.Sorted(maps.Keys(tr.Pieces)) {
		labels := tr.Labels[id]
		var joined []piece
		for _, p := range tr.Pieces[id] {
			if n := len(joined); n > 0 && joined[n-1].marker == 0 && held(labels, joined[n-1].last, p.first) {
				before := &joined[n-1]
				before.last, before.marker = p.last, p.marker
				if before.fired == 0 {
					before.fired = p.fired
				}
				continue
			}
			joined = append(joined, p)
		}
		for _, p := range joined {
			e := Episode{Labels: labels, ActiveAt: p.first, FiredAt: p.fired, EndedAt: p.marker, Start: "exact", End: "resolved"}
			if p.activeAt < p.first/1000 { // begun before what was written of it
				e.ActiveAt = p.activeAt * 1000
			}
			if e.ActiveAt < tr.window[0] {
				e.Start = "before_window"
			}
			if p.marker == 0 {
				e.EndedAt, e.End = p.last, "unknown"
				if p.last+2*evaluation > tr.Last {
					e.End = "open"
				}
			}
			all = append(all, e)
		}
	}
	return all
}

// raised says whether the script holds an alert at a time.
func raised(script []Activation, labels map[string]string, at float64) bool {
	for _, a := range script {
		if a.On <= at && at < a.Off && a.Raises(labels) {
			return true
		}
	}
	return labels["alertname"] == "Watchdog"
}

// Disturbed says what the script did not mean to happen, as it does on a
// machine that is too busy: "" where nothing did.
func (tr *Truth) Disturbed() string {
	if tr.Failed > 0 {
		return fmt.Sprintf("%d scrapes failed", tr.Failed)
	}
	for i := 1; i < len(tr.Scrapes); i++ {
		from, to := tr.Scrapes[i-1], tr.Scrapes[i]
		if to-from > 2*evaluation && (to <= tr.Away[0] || from >= tr.Away[1]) {
			return fmt.Sprintf("no scrape for %d ms", to-from)
		}
	}
	return ""
}
