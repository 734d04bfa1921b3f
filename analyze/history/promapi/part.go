package promapi

import (
	"fmt"
	"slices"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/tsdb/chunkenc"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

// A part is what an answer has of one series. It is kept as compressed as it
// came, until all of the answer is there.
type part struct {
	labels labels.Labels
	chunks []chunk
}

// A chunk is one of the samples between two times, both included.
type chunk struct {
	from, to int64 // Unix milliseconds
	encoding chunkenc.Encoding
	data     []byte
}

// chunkLeast is the size below which a chunk has no sample in it.
const chunkLeast = 4

// plain says whether a chunk's samples are numbers, not histograms.
func (c chunk) plain() bool { return c.encoding == chunkenc.EncXOR || c.encoding == chunkenc.EncXOR2 }

// open is the chunk for reading, nil where it has no samples.
func (c chunk) open() (chunkenc.Chunk, error) {
	if !chunkenc.IsValidEncoding(c.encoding) {
		return nil, fmt.Errorf("a chunk is of the unknown encoding %d", c.encoding)
	}
	if len(c.data) < chunkLeast {
		if string(c.data) == "\x00\x00" {
			return nil, nil
		}
		return nil, fmt.Errorf("a chunk has %d bytes, which is not even its header", len(c.data))
	}
	return chunkenc.FromData(c.encoding, c.data)
}

// appendTo hands the samples over in order of time. Chunks may overlap where a
// server keeps several copies.
func (p part) appendTo(col *history.Column) error {
	slices.SortStableFunc(p.chunks, func(a, b chunk) int {
		return int(min(max(a.from-b.from, -1), 1))
	})
	for i := 0; i < len(p.chunks); {
		n, to := i+1, p.chunks[i].to
		for n < len(p.chunks) && p.chunks[n].from <= to {
			to = max(to, p.chunks[n].to)
			n++
		}
		if err := together(p.chunks[i:n], col); err != nil {
			return fmt.Errorf("series %s: %w", p.labels, err)
		}
		i = n
	}
	return nil
}

func together(cs []chunk, col *history.Column) error {
	type sample struct {
		t int64
		v float64
	}
	var all []sample
	var it chunkenc.Iterator
	for _, c := range cs {
		chk, err := c.open()
		if err != nil {
			return err
		}
		if chk == nil || !c.plain() {
			continue // an alert has no histograms
		}
		if len(cs) == 1 {
			return col.AppendChunk(chk)
		}
		it = chk.Iterator(it)
		for vt := it.Next(); vt != chunkenc.ValNone; vt = it.Next() {
			if vt == chunkenc.ValFloat {
				t, v := it.At()
				all = append(all, sample{t, v})
			}
		}
		if err := it.Err(); err != nil {
			return err
		}
	}
	slices.SortStableFunc(all, func(a, b sample) int { return int(min(max(a.t-b.t, -1), 1)) })
	for _, s := range all {
		col.Append(s.t, s.v)
	}
	return nil
}
