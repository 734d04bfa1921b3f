package history

import (
	"context"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/tsdb"
	"github.com/prometheus/prometheus/tsdb/chunks"
)

// probes answers whether series exist. Blocks answer from their postings. In
// the head, a probe that names its metric costs nothing for other metrics; one
// that does not is compared with the labels of every series of the log, which
// costs their decoding, though no memory that stays. The head's answer is for
// all that its log holds, some hours: that a series is missing must never be
// said in error.
type probes struct {
	matchers [][]*labels.Matcher
	found    []bool
	inHead   []bool
	byName   map[string][]int // probes that name their metric
	nameless []int
	builder  labels.ScratchBuilder
}

func newProbes(sets [][]*labels.Matcher) *probes {
	p := &probes{
		matchers: sets, found: make([]bool, len(sets)), inHead: make([]bool, len(sets)),
		byName: map[string][]int{}, builder: labels.NewScratchBuilder(8),
	}
	for i, ms := range sets {
		named := false
		for _, m := range ms {
			if m.Name == model.MetricNameLabel && m.Type == labels.MatchEqual && m.Value != "" {
				p.byName[m.Value] = append(p.byName[m.Value], i)
				named = true
				break
			}
		}
		if !named {
			p.nameless = append(p.nameless, i)
		}
	}
	return p
}

// series takes a series of the log, as eachSeries passes it.
func (p *probes) series(name, encoded []byte) {
	if len(p.byName) > 0 {
		p.match(p.byName[string(name)], encoded)
	}
	p.match(p.nameless, encoded)
}

func (p *probes) match(which []int, encoded []byte) {
	built := false
	var l labels.Labels
	for _, i := range which {
		if p.inHead[i] {
			continue
		}
		if !built {
			p.builder.Reset()
			eachLabel(encoded, func(n, v []byte) { p.builder.Add(string(n), string(v)) })
			p.builder.Sort()
			l, built = p.builder.Labels(), true
		}
		p.inHead[i] = true
		for _, m := range p.matchers[i] {
			if !m.Matches(l.Get(m.Name)) {
				p.inHead[i] = false
				break
			}
		}
	}
}

// block looks for what was not found yet in a block, among the series with
// chunks that overlap the window.
func (p *probes) block(ctx context.Context, ir tsdb.IndexReader, window Interval) error {
	var builder labels.ScratchBuilder
	var chks []chunks.Meta
	for i, ms := range p.matchers {
		if p.found[i] {
			continue
		}
		it, err := tsdb.PostingsForMatchers(ctx, ir, ms...)
		if err != nil {
			return err
		}
		for !p.found[i] && it.Next() {
			if err := ir.Series(it.At(), &builder, &chks); err != nil {
				return err
			}
			for _, c := range chks {
				if c.MinTime < window.End && c.MaxTime >= window.Start {
					p.found[i] = true
					break
				}
			}
		}
		if err := it.Err(); err != nil {
			return err
		}
	}
	return nil
}

// results returns what was found, counting the head's series if its samples
// reach into the window.
func (p *probes) results(head bool) []bool {
	if len(p.found) == 0 {
		return nil
	}
	out := make([]bool, len(p.found))
	for i := range out {
		out[i] = p.found[i] || head && p.inHead[i]
	}
	return out
}
