package history

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/prometheus/prometheus/tsdb/chunks"
	"github.com/prometheus/prometheus/tsdb/tombstones"
)

// A piece is a part of a series as one source has it.
type piece struct {
	chunkRef
	block   *block // nil where the head has it
	deleted tombstones.Intervals
	head    *headSeries
}

// merger puts the pieces of a series together.
type merger struct {
	blocks []*block
	window Interval // of samples, end exclusive

	pieces  []piece
	scratch runs
	samples []sample
	it      chunkenc.Iterator
	warn    func(format string, args ...any)
	warned  map[*block]bool
}

// series appends a series to rs. Blocks and the head may overlap, and with
// them the samples: those of one timestamp are one. Where nothing overlaps and
// nothing was deleted, which is nearly everywhere, runs are taken as decoded.
func (m *merger) series(in []blockSeries, heads []*headSeries, rs *runs) {
	m.pieces = m.pieces[:0]
	var deleted tombstones.Intervals // what was deleted from blocks is in the log still
	for _, bs := range in {
		b := m.blocks[bs.block]
		gone, err := b.stones.Get(bs.ref)
		if err != nil {
			m.warnOnce(b, err)
			continue
		}
		for _, c := range bs.chunks {
			m.pieces = append(m.pieces, piece{chunkRef: c, block: b, deleted: gone})
		}
		for _, iv := range gone {
			deleted = deleted.Add(iv)
		}
	}
	for _, h := range heads {
		if len(h.rs) == 0 {
			continue
		}
		p := piece{chunkRef: chunkRef{from: h.rs[0].t0, to: h.rs.last()}, head: h}
		for _, s := range h.out {
			p.from = min(p.from, s.t)
		}
		m.pieces = append(m.pieces, p)
	}
	if !m.sorted() {
		slices.SortStableFunc(m.pieces, func(a, b piece) int { return cmp.Compare(a.from, b.from) })
	}
	for i := 0; i < len(m.pieces); {
		k, to := i+1, m.pieces[i].to
		for k < len(m.pieces) && m.pieces[k].from <= to {
			to = max(to, m.pieces[k].to)
			k++
		}
		p := &m.pieces[i]
		plain := k == i+1 && !overlaps(deleted, p)
		if p.head != nil {
			plain = plain && len(p.head.out) == 0 && len(p.head.deleted) == 0
		}
		if plain {
			m.plain(p, rs)
		} else {
			m.overlap(m.pieces[i:k], deleted, rs)
		}
		i = k
	}
}

// sorted reports whether the pieces are in order of their beginnings. There are
// millions of them, and they are large: none is copied for it.
func (m *merger) sorted() bool {
	for i := 1; i < len(m.pieces); i++ {
		if m.pieces[i].from < m.pieces[i-1].from {
			return false
		}
	}
	return true
}

func overlaps(ivs tombstones.Intervals, p *piece) bool {
	for _, iv := range ivs {
		if iv.Mint <= p.to && iv.Maxt >= p.from {
			return true
		}
	}
	return false
}

// plain appends a piece that stands alone.
func (m *merger) plain(p *piece, rs *runs) {
	src := m.decode(p)
	if len(src) == 0 {
		return
	}
	if src[0].t0 <= rs.last() {
		m.warnOnce(p.block, errors.New("a chunk begins before the index says"))
		return
	}
	if src[0].t0 >= m.window.Start && src.last() < m.window.End {
		rs.addRun(src[0])
		*rs = append(*rs, src[1:]...)
		return
	}
	for _, r := range src {
		if r, ok := clip(r, m.window); ok {
			rs.addRun(r)
		}
	}
}

// decode returns a piece's runs, valid until the next call.
func (m *merger) decode(p *piece) runs {
	if p.head != nil {
		return p.head.rs
	}
	m.scratch = m.scratch[:0]
	chk, iterable, err := p.block.chunks.ChunkOrIterable(chunks.Meta{Ref: p.ref, MinTime: p.from, MaxTime: p.to})
	if err == nil && iterable != nil {
		err = fmt.Errorf("a chunk of a kind that blocks do not hold: %T", iterable)
	}
	if err == nil {
		m.it, err = decodeChunk(chk, &m.scratch, m.it)
		p.block.done(chk)
	}
	if err != nil {
		m.warnOnce(p.block, err)
	}
	return m.scratch
}

// warnOnce tells of the first error in a block.
func (m *merger) warnOnce(b *block, err error) {
	if m.warned == nil {
		m.warned = map[*block]bool{}
	}
	if !m.warned[b] {
		m.warned[b] = true
		m.warn("block %s: %v; what could not be read was left out", b.Dir(), err)
	}
}

// clip cuts a run to a window.
func clip(r run, w Interval) (run, bool) {
	last := r.last()
	if last < w.Start || r.t0 >= w.End {
		return run{}, false
	}
	if r.step == 0 {
		return r, true
	}
	if r.t0 < w.Start {
		k := (w.Start - r.t0 + r.step - 1) / r.step
		r.t0 += k * r.step
		r.n -= k
	}
	if last >= w.End {
		r.n -= (last-w.End)/r.step + 1
	}
	if r.n == 1 {
		r.step = 0
	}
	return r, r.n > 0
}

// overlap appends pieces that overlap or that something was deleted from, by
// way of their samples. Of two samples at one time the first piece's is taken,
// as storage.ChainedSeriesMerge does.
func (m *merger) overlap(ps []piece, deleted tombstones.Intervals, rs *runs) {
	m.samples = m.samples[:0]
	take := func(s sample, gone ...tombstones.Intervals) {
		if s.t < m.window.Start || s.t >= m.window.End {
			return
		}
		for _, ivs := range gone {
			for _, iv := range ivs {
				if iv.InBounds(s.t) {
					return
				}
			}
		}
		m.samples = append(m.samples, s)
	}
	for i := range ps {
		p := &ps[i]
		gone := [2]tombstones.Intervals{}
		if p.head == nil {
			gone[0] = p.deleted
		} else {
			gone = [2]tombstones.Intervals{deleted, p.head.deleted}
			for _, s := range p.head.out {
				take(s, gone[:]...)
			}
		}
		for _, r := range m.decode(p) {
			for i := range r.n {
				take(sample{r.t0 + i*r.step, r.bits}, gone[:]...)
			}
		}
	}
	slices.SortStableFunc(m.samples, func(a, b sample) int { return cmp.Compare(a.t, b.t) })
	for _, s := range m.samples {
		if s.t > rs.last() {
			rs.add(s.t, s.bits)
		}
	}
}
