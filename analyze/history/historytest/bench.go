// Package historytest makes data directories for tests and benchmarks of
// package history, and reads them in the plainest way there is.
package historytest

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/value"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/prometheus/prometheus/tsdb/chunks"
	"github.com/prometheus/prometheus/tsdb/index"
)

const (
	BenchStep  = 60 * 1000               // milliseconds: evaluation and scrape interval
	chunkRange = 2 * 60 * 60 * 1000      // a head chunk never crosses it
	blockRange = 27 * chunkRange         // 54 h: what compaction makes of 2 h blocks, 3 by 3
	benchStart = 1_759_968_000_000       // a multiple of blockRange's parts is not needed
	chunkFull  = 120                     // samples, as Prometheus cuts them
	maxBout    = 50                      // steps that an alert stays active: 26 on average
	maxRest    = 177                     // steps between bouts: active 22 % of the time
	upTargets  = 5                       // series that show the server at work
	day        = 24 * 60 * 60 * 1000     // milliseconds
	blockIDs   = "01HBENCH0000000000000" // the rest of a ULID, by number
)

// BenchWindow is what GenerateBench fills, in Unix milliseconds.
func BenchWindow(days int) (start, end int64) {
	return benchStart, benchStart + int64(days)*day
}

// BenchStats says what GenerateBench wrote.
type BenchStats struct {
	Samples   int64 // of ALERTS, stale markers left out
	Intervals int64 // of ALERTS: stretches without a stale marker in them
	Blocks    int
}

// GenerateBench writes blocks with the given number of alerts over some days
// into dir, as rules at a one-minute interval would: every alert flaps between
// bouts of up to 50 minutes and rests; every other one has a for of 5 minutes.
// The same seed gives the same blocks.
func GenerateBench(dir string, alerts, days int, seed uint64) (BenchStats, error) {
	var stats BenchStats
	rng := rand.New(rand.NewPCG(seed, 1))
	sims := make([]*alert, alerts)
	for i := range sims {
		sims[i] = newAlert(i, rng)
	}
	end := int64(benchStart) + int64(days)*day
	for from := int64(benchStart); from < end; from += blockRange {
		to := min(from+blockRange, end)
		if err := writeBlock(dir, stats.Blocks, from, to, sims, &stats); err != nil {
			return stats, fmt.Errorf("writing block %d to %s: %w", stats.Blocks, dir, err)
		}
		stats.Blocks++
	}
	return stats, nil
}

// series collects the chunks of one series.
type series struct {
	labels labels.Labels
	chunks []chunks.Meta
	app    chunkenc.Appender
}

func (s *series) add(t int64, v float64) error {
	k := len(s.chunks)
	if k == 0 || s.chunks[k-1].MinTime/chunkRange != t/chunkRange || s.chunks[k-1].Chunk.NumSamples() >= chunkFull {
		c := chunkenc.NewXORChunk()
		app, err := c.Appender()
		if err != nil {
			return err
		}
		s.app = app
		s.chunks = append(s.chunks, chunks.Meta{Chunk: c, MinTime: t})
		k++
	}
	s.app.Append(0, t, v)
	s.chunks[k-1].MaxTime = t
	return nil
}

// alert simulates one alert across blocks.
type alert struct {
	rng              *rand.Rand
	hold             int64
	base             labels.Labels
	left             int  // steps in this state of the condition
	bad              bool // the condition
	activeAt         int64
	pending, firing  bool // state at the last step
	samples, started int64
}

// A BenchAlert says which alert of GenerateBench one is.
type BenchAlert struct {
	Name, Instance, Job, Severity string        // labels, the first of them alertname
	For                           time.Duration // of its rule
}

// BenchAlertOf is the alert of an index.
func BenchAlertOf(i int) BenchAlert {
	return BenchAlert{
		Name: "Alert" + strconv.Itoa(i/20), Instance: fmt.Sprintf("host-%d.example.org:9100", i%20),
		Job: "node", Severity: []string{"page", "ticket"}[i%2], For: time.Duration(i%2) * 5 * time.Minute,
	}
}

func newAlert(i int, rng *rand.Rand) *alert {
	is := BenchAlertOf(i)
	a := &alert{rng: rand.New(rand.NewPCG(rng.Uint64(), rng.Uint64())), hold: is.For.Milliseconds()}
	a.base = labels.FromStrings("alertname", is.Name, "instance", is.Instance, "job", is.Job, "severity", is.Severity)
	a.left = a.rng.IntN(200)
	return a
}

func (a *alert) series(name string, more ...string) *series {
	b := labels.NewBuilder(a.base).Set(model.MetricNameLabel, name)
	if len(more) > 0 {
		b.Set(more[0], more[1])
	}
	return &series{labels: b.Labels()}
}

// run evaluates the alert over [from, to).
func (a *alert) run(from, to int64) ([]*series, error) {
	p, f, state := a.series("ALERTS", "alertstate", "pending"), a.series("ALERTS", "alertstate", "firing"), a.series("ALERTS_FOR_STATE")
	stale := math.Float64frombits(value.StaleNaN)
	for t := from; t < to; t += BenchStep {
		for a.left == 0 {
			a.bad = !a.bad
			a.left = 1 + a.rng.IntN(maxBout)
			if !a.bad {
				a.left = 1 + a.rng.IntN(maxRest)
			}
			if a.bad {
				a.activeAt = t
			}
		}
		a.left--
		firing := a.bad && t-a.activeAt >= a.hold
		pending := a.bad && !firing
		for _, x := range []struct {
			s        *series
			was, now bool
			v        float64
		}{{p, a.pending, pending, 1}, {f, a.firing, firing, 1}, {state, a.pending || a.firing, a.bad, float64(a.activeAt / 1000)}} {
			v := x.v
			if !x.now {
				if !x.was {
					continue
				}
				v = stale
			}
			if err := x.s.add(t, v); err != nil {
				return nil, err
			}
			if x.now && x.s != state {
				a.samples++
				if !x.was {
					a.started++
				}
			}
		}
		a.pending, a.firing = pending, firing
	}
	return []*series{p, f, state}, nil
}

// up is a scrape target that is always there.
func up(i int, from, to int64) (*series, error) {
	s := &series{labels: labels.FromStrings(model.MetricNameLabel, "up", "job", "node", "instance", strconv.Itoa(i))}
	for t := from + int64(i)*1000; t < to; t += BenchStep {
		if err := s.add(t, 1); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func writeBlock(dir string, n int, from, to int64, alerts []*alert, stats *BenchStats) (err error) {
	var all []*series
	for _, a := range alerts {
		samples, started := a.samples, a.started
		ss, err := a.run(from, to)
		if err != nil {
			return err
		}
		stats.Samples += a.samples - samples
		stats.Intervals += a.started - started
		all = append(all, ss...)
	}
	for i := range upTargets {
		s, err := up(i, from, to)
		if err != nil {
			return err
		}
		all = append(all, s)
	}
	all = slices.DeleteFunc(all, func(s *series) bool { return len(s.chunks) == 0 })
	slices.SortFunc(all, func(a, b *series) int { return labels.Compare(a.labels, b.labels) })

	id := fmt.Sprintf("%s%05d", blockIDs, n)
	dir = filepath.Join(dir, id)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	cw, err := chunks.NewWriter(filepath.Join(dir, "chunks"))
	if err != nil {
		return err
	}
	iw, err := index.NewWriter(context.Background(), filepath.Join(dir, "index"))
	if err != nil {
		return err
	}
	var symbols []string
	for _, s := range all {
		s.labels.Range(func(l labels.Label) { symbols = append(symbols, l.Name, l.Value) })
	}
	slices.Sort(symbols)
	for _, s := range slices.Compact(symbols) {
		if err := iw.AddSymbol(s); err != nil {
			return err
		}
	}
	count := 0
	for i, s := range all {
		if err := cw.WriteChunks(s.chunks...); err != nil {
			return err
		}
		if err := iw.AddSeries(storage.SeriesRef(i), s.labels, s.chunks...); err != nil {
			return err
		}
		count += len(s.chunks)
	}
	if err := cw.Close(); err != nil {
		return err
	}
	if err := iw.Close(); err != nil {
		return err
	}
	meta, err := json.Marshal(map[string]any{
		"ulid": id, "minTime": from, "maxTime": to, "version": 1,
		"stats":      map[string]any{"numSeries": len(all), "numChunks": count},
		"compaction": map[string]any{"level": 4, "sources": []string{id}},
	})
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "meta.json"), meta, 0o666)
}
