package promapi

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/prometheus/prometheus/tsdb/chunkenc"
)

// A packer makes chunks of samples.
type packer struct {
	chunks []chunk
	app    chunkenc.Appender
	xor    *chunkenc.XORChunk
}

// chunkMost is the most samples in a chunk: they are counted in 16 bits.
const chunkMost = 1 << 15

func (p *packer) add(t int64, v float64) error {
	k := len(p.chunks) - 1
	if k >= 0 && t <= p.chunks[k].to {
		return fmt.Errorf("a sample at %d follows one at %d; expected the order of time", t, p.chunks[k].to)
	}
	if p.xor == nil || p.xor.NumSamples() >= chunkMost {
		p.done()
		p.xor = chunkenc.NewXORChunk()
		app, err := p.xor.Appender()
		if err != nil {
			return err
		}
		p.app = app
		p.chunks, k = append(p.chunks, chunk{encoding: chunkenc.EncXOR, from: t}), k+1
	}
	p.app.Append(0, t, v)
	p.chunks[k].to = t
	return nil
}

func (p *packer) done() []chunk {
	if p.xor != nil {
		p.chunks[len(p.chunks)-1].data = p.xor.Bytes()
	}
	return p.chunks
}

// values are samples in JSON, compressed as they are read.
type values []chunk

var errSamples = errors.New(`expected samples as [[seconds,"value"],…]`)

// UnmarshalJSON reads [[seconds,"value"],…], or a single [seconds,"value"]. A
// NaN is no sample of an alert: it is how some servers write stale markers,
// which nothing in JSON tells from other NaNs.
func (vs *values) UnmarshalJSON(b []byte) error {
	b = bytes.TrimSpace(b)
	if inner, ok := bytes.CutPrefix(b, []byte("[")); ok {
		inner = bytes.TrimSpace(inner)
		if len(inner) > 0 && (inner[0] == '[' || inner[0] == ']') {
			b = inner[:len(inner)-1]
		}
	} else if string(b) == "null" {
		return nil
	}
	var p packer
	for b = bytes.TrimSpace(b); len(b) > 0; {
		end := bytes.IndexByte(b, ']')
		if b[0] != '[' || end < 0 {
			return errSamples
		}
		t, v, err := pair(b[1:end])
		if err != nil {
			return err
		}
		if !math.IsNaN(v) {
			if err := p.add(t, v); err != nil {
				return err
			}
		}
		if b = bytes.TrimSpace(b[end+1:]); len(b) > 0 {
			if b[0] != ',' {
				return errSamples
			}
			b = bytes.TrimSpace(b[1:])
		}
	}
	*vs = p.done()
	return nil
}

// pair reads seconds,"value" into Unix milliseconds and a value.
func pair(b []byte) (t int64, v float64, err error) {
	seconds, quoted, ok := strings.Cut(string(b), ",")
	seconds, quoted = strings.TrimSpace(seconds), strings.TrimSpace(quoted)
	if !ok || len(quoted) < 2 || quoted[0] != '"' || quoted[len(quoted)-1] != '"' {
		return 0, 0, errSamples
	}
	if t, ok = milliseconds(seconds); !ok {
		f, err := strconv.ParseFloat(seconds, 64)
		if err != nil || math.Abs(f) > 1<<52/1000 {
			return 0, 0, errSamples
		}
		t = int64(math.Round(f * 1000))
	}
	if quoted == `"1"` {
		return t, 1, nil
	}
	if v, err = strconv.ParseFloat(quoted[1:len(quoted)-1], 64); err != nil {
		return 0, 0, errSamples
	}
	return t, v, nil
}

// milliseconds reads digits with up to three after a point, exactly.
func milliseconds(s string) (t int64, ok bool) {
	whole, part, _ := strings.Cut(s, ".")
	if len(whole) == 0 || len(whole) > 12 || len(part) > 3 {
		return 0, false
	}
	for _, c := range []byte(whole + part) {
		if c < '0' || c > '9' {
			return 0, false
		}
		t = t*10 + int64(c-'0')
	}
	for range 3 - len(part) {
		t *= 10
	}
	return t, true
}
