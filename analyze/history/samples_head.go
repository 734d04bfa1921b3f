package history

import (
	"cmp"
	"math"
	"slices"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/prometheus/prometheus/tsdb/chunks"
	"github.com/prometheus/prometheus/tsdb/record"
	"github.com/prometheus/prometheus/tsdb/tombstones"
)

// headSamplesMost bounds the samples that are held in memory: 16 bytes each,
// 1 GB in all.
const headSamplesMost = 1 << 26

// A sampleScan collects the samples of selected series out of a write-ahead
// log; for what the log holds, see headScan.
type sampleScan struct {
	logScan
	selectors [][]*labels.Matcher
	names     map[string]bool // that the selectors name; nil where one of them names none

	byRef    map[uint64]*headColumn
	from, to int64 // of all samples, selected or not
	held     int
}

// A headColumn is a series as the log has it: first in the order of the log, in
// the end in the order of time.
type headColumn struct {
	labels  labels.Labels
	samples []sample
	deleted tombstones.Intervals
}

func newSampleScan(selectors [][]*labels.Matcher) *sampleScan {
	s := &sampleScan{
		selectors: selectors, names: map[string]bool{}, byRef: map[uint64]*headColumn{},
		from: maxTime, to: minTime,
	}
	for _, ms := range selectors {
		i := slices.IndexFunc(ms, func(m *labels.Matcher) bool {
			return m.Name == model.MetricNameLabel && m.Type == labels.MatchEqual
		})
		if i < 0 {
			s.names = nil
			break
		}
		s.names[ms[i].Value] = true
	}
	s.take = s.record
	return s
}

func (s *sampleScan) record(rec []byte) error {
	if len(rec) == 0 {
		return nil
	}
	switch record.Type(rec[0]) {
	case record.Series:
		return eachSeries(rec, s.series)
	case record.Samples, record.SamplesV2:
		return eachSample(rec, s.sample)
	case record.Tombstones:
		return s.tombstones(rec)
	}
	return nil
}

func (s *sampleScan) series(ref uint64, name, encoded []byte) {
	if s.byRef[ref] != nil || s.names != nil && !s.names[string(name)] {
		return // checkpoints and restarts repeat series
	}
	b := labels.NewScratchBuilder(8)
	eachLabel(encoded, func(n, v []byte) { b.Add(string(n), string(v)) })
	b.Sort()
	l := b.Labels()
	if slices.ContainsFunc(s.selectors, func(ms []*labels.Matcher) bool { return matchesAll(ms, l) }) {
		s.byRef[ref] = &headColumn{labels: l}
	}
}

func (s *sampleScan) sample(ref uint64, t int64, bits uint64) {
	if t < minTime || t > maxTime {
		return
	}
	s.from, s.to = min(s.from, t), max(s.to, t)
	if c := s.byRef[ref]; c != nil && s.held <= headSamplesMost {
		c.samples = append(c.samples, sample{t, bits})
		s.held++
	}
}

// tombstones takes deletions; for those of all time, see headScan.tombstones.
func (s *sampleScan) tombstones(rec []byte) error {
	var dec record.Decoder
	stones, err := dec.Tombstones(rec, nil)
	if err != nil {
		return err
	}
	for _, st := range stones {
		c := s.byRef[uint64(st.Ref)]
		if c == nil {
			continue
		}
		for _, iv := range st.Intervals {
			if iv.Mint > minTime || iv.Maxt < maxTime {
				c.deleted = c.deleted.Add(iv)
			}
		}
	}
	return nil
}

// columns are the series in the order of their labels, their samples in that of
// time.
func (s *sampleScan) columns() []*headColumn {
	refs := make([]uint64, 0, len(s.byRef))
	for ref := range s.byRef {
		refs = append(refs, ref)
	}
	slices.Sort(refs)
	byLabels := map[uint64][]*headColumn{}
	var out []*headColumn
	for _, ref := range refs {
		c := s.byRef[ref]
		c.samples = slices.DeleteFunc(c.samples, func(x sample) bool {
			return slices.ContainsFunc(c.deleted, func(iv tombstones.Interval) bool { return iv.InBounds(x.t) })
		})
		same := byLabels[c.labels.Hash()]
		i := slices.IndexFunc(same, func(o *headColumn) bool { return labels.Equal(o.labels, c.labels) })
		if i >= 0 {
			same[i].samples = append(same[i].samples, c.samples...)
			continue
		}
		byLabels[c.labels.Hash()] = append(same, c)
		out = append(out, c)
	}
	for _, c := range out {
		slices.SortStableFunc(c.samples, func(a, b sample) int { return cmp.Compare(a.t, b.t) })
		c.samples = slices.CompactFunc(c.samples, func(a, b sample) bool { return a.t == b.t })
	}
	out = slices.DeleteFunc(out, func(c *headColumn) bool { return len(c.samples) == 0 })
	slices.SortFunc(out, func(a, b *headColumn) int { return labels.Compare(a.labels, b.labels) })
	return out
}

// A headColumn is a storage.Series.

func (c *headColumn) Labels() labels.Labels { return c.labels }

func (c *headColumn) Iterator(it chunkenc.Iterator) chunkenc.Iterator {
	if used, ok := it.(interface{ Reset(storage.Samples) }); ok {
		used.Reset(c)
		return it
	}
	return storage.NewListSeriesIterator(c)
}

func (c *headColumn) Len() int                { return len(c.samples) }
func (c *headColumn) Get(i int) chunks.Sample { return c.samples[i] }

func (s sample) T() int64                      { return s.t }
func (s sample) F() float64                    { return math.Float64frombits(s.bits) }
func (s sample) ST() int64                     { return 0 }
func (s sample) H() *histogram.Histogram       { return nil }
func (s sample) FH() *histogram.FloatHistogram { return nil }
func (s sample) Type() chunkenc.ValueType      { return chunkenc.ValFloat }
func (s sample) Copy() chunks.Sample           { return s }
