package history

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb"
)

// Samples are stored series, to be queried: those that some selector asked
// for. They are a storage.Queryable, safe for concurrent use.
type Samples struct {
	// Window is what the data directory spans, whatever was asked for: Unix
	// milliseconds; empty where it holds nothing.
	Window   Interval
	Warnings []string // what could not be read, and why the rest is still worth having

	blocks []*block
	head   []*headColumn // by labels
}

// OpenSamples opens a Prometheus data directory for queries that select
// nothing but what the selectors do: its blocks, which stay mapped until
// Close, and of its write-ahead log the samples of the selected series, which
// are held in memory. A Prometheus may be running on it. Nothing is ever written
// there. Native histograms in the log are not read.
//
// What cannot be read is left out and named in Warnings.
func OpenSamples(ctx context.Context, dir string, selectors [][]*labels.Matcher) (*Samples, error) {
	for attempt := 1; ; attempt++ {
		s, err := openSamples(ctx, dir, selectors, attempt < readAttempts)
		if !errors.Is(err, fs.ErrNotExist) || attempt == readAttempts {
			return s, err
		}
		select { // what deletes files is about to be done
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(time.Duration(attempt) * retryAfter):
		}
	}
}

func openSamples(ctx context.Context, dir string, selectors [][]*labels.Matcher, patient bool) (*Samples, error) {
	// The log before the blocks, as in readTSDB.
	head := newSampleScan(selectors)
	if err := head.readHead(ctx, dir, patient); err != nil {
		return nil, fmt.Errorf("reading stored samples: %w", err)
	}
	if head.held > headSamplesMost {
		return nil, fmt.Errorf("%s: its write-ahead log has more than %d samples of the series that are asked for, which is more than is held in memory",
			dir, headSamplesMost)
	}
	everything := Interval{minTime, maxTime}
	blocks, warnings, err := openBlocks(dir, everything, patient)
	if err != nil {
		return nil, fmt.Errorf("reading stored samples: %w", err)
	}
	s := &Samples{Warnings: append(head.warnings, warnings...), blocks: blocks, head: head.columns()}
	window := Interval{head.from, head.to + 1}
	if head.from > head.to {
		window = Interval{maxTime, minTime}
	}
	for _, b := range blocks {
		window = Interval{min(window.Start, b.MinTime()), max(window.End, b.MaxTime())}
	}
	if window.Start < window.End {
		s.Window = window
	}
	return s, nil
}

// Close lets go of the blocks. No query may follow.
func (s *Samples) Close() { closeBlocks(s.blocks) }

// Querier reads the samples from mint to maxt, both included, and perhaps
// others of the same chunks, which query engines pass over.
func (s *Samples) Querier(mint, maxt int64) (storage.Querier, error) {
	qs := []storage.Querier{&headQuerier{storage.NoopQuerier(), s.head, mint, maxt}}
	for _, b := range s.blocks {
		if b.MinTime() > maxt || b.MaxTime() <= mint {
			continue
		}
		q, err := tsdb.NewBlockQuerier(b.Block, mint, maxt)
		if err != nil {
			for _, q := range qs {
				q.Close()
			}
			return nil, fmt.Errorf("block %s: %w", b.Dir(), err)
		}
		qs = append(qs, wholeChunks{q, mint, maxt})
	}
	// What is in the log and in a block, or in two blocks, counts once.
	return storage.NewMergeQuerier(qs, nil, storage.ChainedSeriesMerge), nil
}

// wholeChunks reads a block without cutting its chunks to the time that is
// asked for: where parts of the block were deleted, tombstones.Intervals.Add panics
// over a cut at the end.
type wholeChunks struct {
	storage.Querier
	mint, maxt int64
}

func (q wholeChunks) Select(ctx context.Context, sorted bool, hints *storage.SelectHints, matchers ...*labels.Matcher) storage.SeriesSet {
	whole := storage.SelectHints{Start: q.mint, End: q.maxt}
	if hints != nil {
		whole = *hints
	}
	whole.DisableTrimming = true
	return q.Querier.Select(ctx, sorted, &whole, matchers...)
}

// A headQuerier reads samples that were in the log.
type headQuerier struct {
	storage.Querier // labels are not asked for
	columns         []*headColumn
	mint, maxt      int64
}

func (q *headQuerier) Select(_ context.Context, _ bool, _ *storage.SelectHints, matchers ...*labels.Matcher) storage.SeriesSet {
	set := &headSet{SeriesSet: storage.EmptySeriesSet(), at: -1}
	for _, c := range q.columns {
		if matchesAll(matchers, c.labels) {
			if part := c.between(q.mint, q.maxt); len(part.samples) > 0 {
				set.columns = append(set.columns, part)
			}
		}
	}
	return set
}

func matchesAll(matchers []*labels.Matcher, l labels.Labels) bool {
	return !slices.ContainsFunc(matchers, func(m *labels.Matcher) bool { return !m.Matches(l.Get(m.Name)) })
}

// between is the part of a column from mint to maxt, both included.
func (c *headColumn) between(mint, maxt int64) *headColumn {
	at := func(t int64) int {
		i, _ := slices.BinarySearchFunc(c.samples, t, func(s sample, t int64) int { return cmp.Compare(s.t, t) })
		return i
	}
	return &headColumn{labels: c.labels, samples: c.samples[at(mint):at(maxt+1)]}
}

type headSet struct {
	storage.SeriesSet // errors and warnings: there are none
	columns           []*headColumn
	at                int
}

func (s *headSet) Next() bool         { s.at++; return s.at < len(s.columns) }
func (s *headSet) At() storage.Series { return s.columns[s.at] }
