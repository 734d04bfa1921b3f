package history

import (
	"encoding/binary"
	"errors"
	"math"
	"math/bits"

	"github.com/prometheus/prometheus/model/value"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
)

// A run is n samples of one value at equal steps. ALERTS is always 1 and rules
// are evaluated on a grid, so that a whole bout of an alert is one run: what
// follows decoding works on runs and never on samples.
type run struct {
	t0, step int64  // Unix milliseconds, milliseconds; step is 0 where n is 1
	bits     uint64 // the value's IEEE 754 bits, which tell stale markers from other NaNs
	n        int64
}

func (r run) last() int64 { return r.t0 + (r.n-1)*r.step }
func (r run) stale() bool { return r.bits == value.StaleNaN }

// runs is a series as a lossless sequence of runs in time order.
type runs []run

// add appends one sample, which must lie after all others.
func (rs *runs) add(t int64, bits uint64) {
	if k := len(*rs); k > 0 {
		if r := &(*rs)[k-1]; r.bits == bits {
			if r.n == 1 {
				r.step, r.n = t-r.t0, 2
				return
			}
			if t == r.t0+r.n*r.step {
				r.n++
				return
			}
		}
	}
	*rs = append(*rs, run{t0: t, bits: bits, n: 1})
}

// addRun appends a run, which must lie after all others.
func (rs *runs) addRun(r run) {
	k := len(*rs)
	if r.n == 1 {
		rs.add(r.t0, r.bits)
		return
	}
	if k > 0 {
		l := &(*rs)[k-1]
		if l.bits == r.bits && r.t0-l.last() == r.step && (l.n == 1 || l.step == r.step) {
			l.step, l.n = r.step, l.n+r.n
			return
		}
	}
	*rs = append(*rs, r)
}

// last returns the time of the last sample, or the least int64 where there is none.
func (rs runs) last() int64 {
	if len(rs) == 0 {
		return math.MinInt64
	}
	return rs[len(rs)-1].last()
}

var (
	errShortChunk = errors.New("chunk ends before its last sample")
	errChunkOrder = errors.New("chunk's samples are not in time order")
)

// decodeChunk appends a chunk's float samples to rs. Chunks of plain XOR
// encoding, which is what Prometheus writes by default, are decoded run by
// run; the library decodes every other encoding.
func decodeChunk(c chunkenc.Chunk, rs *runs, it chunkenc.Iterator) (chunkenc.Iterator, error) {
	if c.Encoding() == chunkenc.EncXOR {
		return it, decodeXOR(c.Bytes(), rs)
	}
	it = c.Iterator(it)
	for vt := it.Next(); vt != chunkenc.ValNone; vt = it.Next() {
		if vt != chunkenc.ValFloat {
			continue
		}
		t, v := it.At()
		rs.add(t, math.Float64bits(v))
	}
	return it, it.Err()
}

// bitReader reads a bit stream, most significant bit first.
type bitReader struct {
	b   []byte
	pos int // in bits
}

// peek returns the next bits aligned to the top of the word: at least 57 of
// them are valid, or all that are left; the rest are zero.
func (r *bitReader) peek() uint64 {
	i := r.pos >> 3
	if len(r.b)-i >= 8 {
		return binary.BigEndian.Uint64(r.b[i:]) << (r.pos & 7)
	}
	var w uint64
	for s := 56; i < len(r.b); i, s = i+1, s-8 {
		w |= uint64(r.b[i]) << s
	}
	return w << (r.pos & 7)
}

// read returns the next n bits, 1 to 64.
func (r *bitReader) read(n int) uint64 {
	if n > 57 {
		hi := r.peek() >> 32
		r.pos += 32
		lo := r.peek() >> (96 - n)
		r.pos += n - 32
		return hi<<(n-32) | lo
	}
	v := r.peek() >> (64 - n)
	r.pos += n
	return v
}

func (r *bitReader) over() bool { return r.pos > len(r.b)*8 }

// decodeXOR appends the samples of an XOR chunk to rs, without work for each
// sample where time goes on at the same step and the value stays: such a
// sample is two zero bits, so that counting zeros counts samples. The format is
// described in Prometheus's tsdb/docs/format/chunks.md and tsdb/docs/bstream.md.
func decodeXOR(b []byte, rs *runs) error {
	if len(b) < 2 {
		return errShortChunk
	}
	left := int(binary.BigEndian.Uint16(b))
	b = b[2:]
	if left == 0 {
		return nil
	}
	t, k := binary.Varint(b)
	if k <= 0 || len(b) < k+8 {
		return errShortChunk
	}
	val := binary.BigEndian.Uint64(b[k:])
	rs.add(t, val)
	if left--; left == 0 {
		return nil
	}
	b = b[k+8:]
	d, k := binary.Uvarint(b)
	if k <= 0 {
		return errShortChunk
	}
	x := xorState{br: bitReader{b: b[k:]}, val: val}
	delta := int64(d)
	x.value()
	t += delta
	if x.br.over() {
		return errShortChunk
	}
	if delta <= 0 {
		return errChunkOrder
	}
	rs.add(t, x.val)
	left--

	for left > 0 {
		w := x.br.peek()
		if same := min(bits.LeadingZeros64(w)/2, 28, left); same > 0 { // 28 pairs of bits are always valid
			x.br.pos += 2 * same
			if x.br.over() {
				return errShortChunk
			}
			rs.addRun(run{t0: t + delta, step: delta, bits: x.val, n: int64(same)})
			t += int64(same) * delta
			left -= same
			continue
		}
		delta += x.dod(w)
		x.value()
		if x.br.over() {
			return errShortChunk
		}
		if delta <= 0 {
			return errChunkOrder
		}
		t += delta
		rs.add(t, x.val)
		left--
	}
	return nil
}

// xorState is what a sample of an XOR chunk is encoded against.
type xorState struct {
	br                bitReader
	val               uint64
	leading, trailing int
}

// dod reads the difference between this step and the one before; w is what
// br.peek returned.
func (x *xorState) dod(w uint64) int64 {
	var n int
	switch {
	case w>>63 == 0:
		x.br.pos++
		return 0
	case w>>62 == 0b10:
		x.br.pos += 2
		n = 14
	case w>>61 == 0b110:
		x.br.pos += 3
		n = 17
	case w>>60 == 0b1110:
		x.br.pos += 4
		n = 20
	default:
		x.br.pos += 4
		return int64(x.br.read(64))
	}
	v := int64(x.br.read(n))
	if v > 1<<(n-1) { // the range is asymmetric: 1<<(n-1) itself is positive
		v -= 1 << n
	}
	return v
}

// value reads a value's difference to the one before.
func (x *xorState) value() {
	w := x.br.peek()
	if w>>63 == 0 {
		x.br.pos++
		return
	}
	if w>>62 == 0b11 {
		x.leading = int(w >> 57 & 0x1f)
		sig := int(w >> 51 & 0x3f)
		if sig == 0 {
			sig = 64 // 64 does not fit into 6 bits, and 0 never occurs
		}
		x.trailing = (64 - x.leading - sig) & 0xff // the library computes it in a byte
		x.br.pos += 13
	} else {
		x.br.pos += 2
	}
	sig := 64 - x.leading - x.trailing
	if sig < 1 || sig > 64 {
		x.br.pos = len(x.br.b)*8 + 1 // such a window cannot be written: the chunk is corrupt
		return
	}
	x.val ^= x.br.read(sig) << x.trailing
}
