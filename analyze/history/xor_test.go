package history

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/prometheus/prometheus/model/value"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/stretchr/testify/require"
)

// randomChunk draws a chunk as alerts make them, and worse: mostly equal steps
// and one value, with stale markers, jitter, gaps and other values in between.
func randomChunk(t testing.TB, rng *rand.Rand, c chunkenc.Chunk) []sample {
	app, err := c.Appender()
	require.NoError(t, err)
	step := []int64{1, 15_000, 60_000, 60_003, 3_600_000}[rng.IntN(5)]
	wild := []int{0, 2, 10, 60}[rng.IntN(4)] // per cent
	ts := rng.Int64N(1<<41) - 1<<39
	v := 1.0
	out := make([]sample, 1+rng.IntN([]int{2, 5, 130, 400}[rng.IntN(4)]))
	for i := range out {
		if rng.IntN(100) < wild {
			v = []float64{1, 1, 0, math.NaN(), math.Inf(-1), rng.NormFloat64(), float64(ts / 1000), math.Float64frombits(rng.Uint64())}[rng.IntN(8)]
		}
		x := v
		if rng.IntN(100) < wild {
			x = math.Float64frombits(value.StaleNaN)
		}
		app.Append(0, ts, x)
		out[i] = sample{ts, math.Float64bits(x)}
		ts += step
		if rng.IntN(100) < wild {
			ts += rng.Int64N([]int64{5, 9000, 70_000, 600_000, 1 << 40}[rng.IntN(5)])
		}
	}
	return out
}

func expand(rs runs) []sample {
	var out []sample
	for _, r := range rs {
		for i := range r.n {
			out = append(out, sample{r.t0 + i*r.step, r.bits})
		}
	}
	return out
}

func TestDecodeChunkAgainstLibrary(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var n, nruns int
	var it, lib chunkenc.Iterator
	for i := range 5000 {
		var c chunkenc.Chunk = chunkenc.NewXORChunk()
		if i%10 == 0 {
			c = chunkenc.NewXOR2Chunk()
		}
		want := randomChunk(t, rng, c)
		lib = c.Iterator(lib)
		for _, s := range want {
			lib.Next()
			if ts, v := lib.At(); s != (sample{ts, math.Float64bits(v)}) {
				t.Fatalf("the library itself decodes %v to %d, %v", s, ts, v)
			}
		}
		var rs runs
		var err error
		it, err = decodeChunk(c, &rs, it)
		require.NoError(t, err)
		require.Equal(t, want, expand(rs), "chunk %d", i)
		n, nruns = n+len(want), nruns+len(rs)
	}
	t.Logf("%d samples in %d runs", n, nruns)
}

// Damaged chunks must give an error or some samples, and never more of them
// than the chunk claims to have, nor a panic.
func TestDecodeDamagedChunk(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 5000 {
		c := chunkenc.NewXORChunk()
		randomChunk(t, rng, c)
		b := append([]byte(nil), c.Bytes()...)
		for range 1 + rng.IntN(3) {
			b[rng.IntN(len(b))] ^= byte(1 << rng.IntN(8))
		}
		b = b[:rng.IntN(len(b)+1)]
		var rs runs
		_ = decodeXOR(b, &rs)
		n := int64(0)
		for _, r := range rs {
			n += r.n
		}
		require.LessOrEqual(t, n, int64(math.MaxUint16))
	}
}

func FuzzDecodeXOR(f *testing.F) {
	rng := rand.New(rand.NewPCG(5, 6))
	for range 20 {
		c := chunkenc.NewXORChunk()
		randomChunk(f, rng, c)
		f.Add(c.Bytes())
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var rs runs
		err := decodeXOR(b, &rs)
		if err != nil || len(b) < 2 {
			return
		}
		c := chunkenc.NewXORChunk()
		c.Reset(b)
		it := c.Iterator(nil)
		for _, s := range expand(rs) {
			require.Equal(t, chunkenc.ValFloat, it.Next())
			ts, v := it.At()
			require.Equal(t, s, sample{ts, math.Float64bits(v)})
		}
	})
}

func TestRunsAreLossless(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for range 5000 {
		var whole, parts runs
		var want []sample
		ts := int64(0)
		for range rng.IntN(40) {
			ts += []int64{60, 60, 60, 15, 900}[rng.IntN(5)]
			s := sample{ts, uint64(rng.IntN(2))}
			want = append(want, s)
			whole.add(s.t, s.bits)
		}
		for _, r := range whole {
			for k := int64(0); k < r.n; { // the same runs in pieces
				n := 1 + rng.Int64N(r.n-k)
				p := run{t0: r.t0 + k*r.step, step: r.step, bits: r.bits, n: n}
				if n == 1 {
					p.step = 0
				}
				parts.addRun(p)
				k += n
			}
		}
		require.Equal(t, want, expand(whole))
		require.Equal(t, want, expand(parts))

		w := Interval{rng.Int64N(2000), rng.Int64N(4000)}
		var inside []sample
		for _, s := range want {
			if s.t >= w.Start && s.t < w.End {
				inside = append(inside, s)
			}
		}
		var clipped runs
		for _, r := range whole {
			if r, ok := clip(r, w); ok {
				clipped.addRun(r)
			}
		}
		require.Equal(t, inside, expand(clipped))
	}
}
