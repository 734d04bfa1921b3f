package promapi

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb/chunkenc"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

// samplesMost is how many bytes of compressed samples are held at most: about
// one and a half for each sample.
const samplesMost = 512 << 20

// Samples are series of a server, fetched once and held as compressed as they
// came. They are a storage.Queryable, safe for concurrent use.
type Samples struct {
	Window   history.Interval // what was read, Unix milliseconds
	Warnings []string         // what the samples lack

	series []*part // by labels
}

// ReadSamples reads the samples of what any of the selectors selects, in the
// window of the options. As for what is missing, see Read; without remote
// read there are no stale markers, so that a series which ended is seen for
// the five minutes that queries look back. ReplicaLabels stay on the series.
func ReadSamples(ctx context.Context, opts Options, selectors [][]*labels.Matcher) (*Samples, error) {
	opts = opts.withDefaults()
	s, err := newServer(opts)
	if err != nil {
		return nil, err
	}
	out := &Samples{}
	byLabels := map[string]*part{}
	held := 0
	for i, tenant := range opts.Tenants {
		s.tenant = tenant
		now, err := s.now(ctx)
		if err != nil {
			return nil, s.failed(ctx, "asking for its time", err)
		}
		if i == 0 {
			if _, out.Window, err = s.window(opts.ReadOptions, now); err != nil {
				return nil, err
			}
		}
		why, err := s.choose(ctx, out.Window.End)
		if err != nil {
			return nil, s.failed(ctx, "finding out how to read samples", err)
		}
		if why != nil {
			out.Warnings = append(out.Warnings, s.noMarkers(why)+", so that what ended is seen a while longer")
		}
		err = s.slices(ctx, out.Window, jobs{
			selectors: func(context.Context, history.Interval) ([][]*labels.Matcher, error) { return selectors, nil },
			take: func(parts []part) error {
				for _, p := range parts {
					for _, c := range p.chunks {
						held += len(c.data)
					}
					key := string(p.labels.Bytes(nil))
					if byLabels[key] == nil {
						byLabels[key] = &part{labels: p.labels}
						out.series = append(out.series, byLabels[key])
					}
					byLabels[key].chunks = append(byLabels[key].chunks, p.chunks...)
				}
				if held > samplesMost {
					return fmt.Errorf("the series that are asked for have more than %d MiB of samples, which is more than is held in memory", samplesMost>>20)
				}
				return nil
			},
			progress: func(done, total int) { opts.Progress(i*total+done, len(opts.Tenants)*total) },
		})
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(out.series, func(a, b *part) int { return labels.Compare(a.labels, b.labels) })
	for _, p := range out.series {
		// Chunks that two selectors or two slices brought are there twice.
		slices.SortStableFunc(p.chunks, func(a, b chunk) int { return cmp.Compare(a.from, b.from) })
		p.chunks = slices.CompactFunc(p.chunks, func(a, b chunk) bool {
			return a.from == b.from && a.encoding == b.encoding && string(a.data) == string(b.data)
		})
	}
	return out, nil
}

// Close is there for what needs it.
func (s *Samples) Close() {}

// Querier reads the samples from mint to maxt, both included, and perhaps
// others of the same chunks, which query engines pass over.
func (s *Samples) Querier(mint, maxt int64) (storage.Querier, error) {
	return &samplesQuerier{storage.NoopQuerier(), s.series, mint, maxt}, nil
}

type samplesQuerier struct {
	storage.Querier // labels are not asked for
	series          []*part
	mint, maxt      int64
}

func (q *samplesQuerier) Select(_ context.Context, _ bool, _ *storage.SelectHints, matchers ...*labels.Matcher) storage.SeriesSet {
	set := &samplesSet{SeriesSet: storage.EmptySeriesSet(), at: -1}
	for _, p := range q.series {
		if slices.ContainsFunc(matchers, func(m *labels.Matcher) bool { return !m.Matches(p.labels.Get(m.Name)) }) {
			continue
		}
		in := part{labels: p.labels}
		for _, c := range p.chunks {
			if c.from <= q.maxt && c.to >= q.mint {
				in.chunks = append(in.chunks, c)
			}
		}
		if len(in.chunks) > 0 {
			set.parts = append(set.parts, in)
		}
	}
	return set
}

type samplesSet struct {
	storage.SeriesSet // errors and warnings: there are none
	parts             []part
	at                int
}

func (s *samplesSet) Next() bool { s.at++; return s.at < len(s.parts) }

// At is a series whose chunks are merged where they overlap.
func (s *samplesSet) At() storage.Series {
	p := s.parts[s.at]
	return &storage.SeriesEntry{Lset: p.labels, SampleIteratorFn: func(chunkenc.Iterator) chunkenc.Iterator {
		its := make([]chunkenc.Iterator, 0, len(p.chunks))
		for _, c := range p.chunks {
			chk, err := c.open()
			if err != nil {
				return failing{chunkenc.NewNopIterator(), fmt.Errorf("series %s: %w", p.labels, err)}
			}
			if chk != nil {
				its = append(its, chk.Iterator(nil))
			}
		}
		return storage.ChainSampleIteratorFromIterators(nil, its)
	}}
}

// failing is a series that cannot be read.
type failing struct {
	chunkenc.Iterator
	err error
}

func (f failing) Err() error { return f.err }
