package promapi

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/storage/remote"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/stretchr/testify/require"
)

// samplesOf are those in values, with the library's iterator.
func samplesOf(t *testing.T, vs values) (out []model.SamplePair) {
	for _, c := range vs {
		chk, err := c.open()
		require.NoError(t, err)
		n := len(out)
		it := chk.Iterator(nil)
		for it.Next() != chunkenc.ValNone {
			ts, v := it.At()
			out = append(out, model.SamplePair{Timestamp: model.Time(ts), Value: model.SampleValue(v)})
		}
		require.NoError(t, it.Err())
		require.EqualValues(t, c.from, out[n].Timestamp)
		require.EqualValues(t, c.to, out[len(out)-1].Timestamp)
	}
	return out
}

// Samples in JSON are read as Prometheus's client library reads them.
func TestValues(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 1))
	for range 300 {
		var want []model.SamplePair
		ts := model.Time(rng.Int64N(4e12))
		for range rng.IntN(50) {
			ts += model.Time(1 + rng.Int64N(100_000))
			v := []float64{1, 0, 1760000000, -2.5, 1e-9, math.Inf(1), math.Inf(-1), rng.Float64()}[rng.IntN(8)]
			want = append(want, model.SamplePair{Timestamp: ts, Value: model.SampleValue(v)})
		}
		text, err := json.Marshal(want)
		require.NoError(t, err)
		if rng.IntN(2) == 0 {
			var b bytes.Buffer
			require.NoError(t, json.Indent(&b, text, "", " "))
			text = b.Bytes()
		}
		var got values
		require.NoError(t, json.Unmarshal(text, &got))
		require.Equal(t, want, samplesOf(t, got), "%s", text)
	}
	long := strings.Builder{}
	for i := range 2*chunkMost + 5 {
		long.WriteString(map[bool]string{true: "[[", false: ",["}[i == 0])
		long.WriteString(model.Time(i).String() + `,"1"]`)
	}
	var vs values
	require.NoError(t, json.Unmarshal([]byte(long.String()+"]"), &vs))
	require.Len(t, vs, 3)
	require.Len(t, samplesOf(t, vs), 2*chunkMost+5)

	for text, want := range map[string]int{
		`[]`: 0, `null`: 0, `[[]]`: -1, `[1,"1"]`: 1, `[1.5e9,"1"]`: 1, `[[1,"NaN"],[2,"1"]]`: 1, `[[1,"1"],[1,"1"]]`: -1, `[[2,"1"],[1,"1"]]`: -1,
		`{}`: -1, `"x"`: -1, `1`: -1, `[1]`: -1, `[[1,1]]`: -1, `[[1,"x"]]`: -1, `[["1","1"]]`: -1, `[[1e300,"1"]]`: -1, `[[1,"1"][2,"1"]]`: -1, `[[[1,"1"]]]`: -1,
	} {
		vs = nil
		err := vs.UnmarshalJSON([]byte(text))
		if want < 0 {
			require.Error(t, err, text)
			continue
		}
		require.NoError(t, err, text)
		require.Len(t, samplesOf(t, vs), want, text)
	}
}

// Frames are read as Prometheus writes them, and a stream that ends anywhere
// but between two of them is not whole.
func TestFrames(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(2, 2))
	var stream bytes.Buffer
	var want [][]byte
	ends := map[int]bool{0: true}
	w := remote.NewChunkedWriter(&stream, flusher{})
	for _, n := range []int{1, 200, 5000, 127, 128, 70_000} {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(rng.Uint32())
		}
		want = append(want, b)
		_, err := w.Write(b)
		require.NoError(t, err)
		ends[stream.Len()] = true
	}
	read := func(b []byte) (got [][]byte, err error) {
		fs := newFrames(bytes.NewReader(b))
		for {
			f, err := fs.next()
			if err != nil {
				return got, err
			}
			got = append(got, bytes.Clone(f))
		}
	}
	all := stream.Bytes()
	got, err := read(all)
	require.Equal(t, io.EOF, err)
	require.Equal(t, want, got)
	for n := 0; n < len(all); n += 1 + n/300 {
		got, err := read(all[:n])
		for i := range got {
			require.Equal(t, want[i], got[i])
		}
		require.Equal(t, ends[n], err == io.EOF, "%d: %v", n, err)
	}
	for range 300 {
		broken := bytes.Clone(all)
		broken[rng.IntN(len(broken))] ^= 1 << rng.IntN(8)
		_, err := read(broken)
		require.NotEqual(t, io.EOF, err)
	}
	_, err = read(append(bytes.Clone(all), "the head was truncated\n"...))
	require.NotEqual(t, io.EOF, err, "an error that the server wrote into the stream")
	_, err = read([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 0, 0, 0, 0})
	require.ErrorContains(t, err, "is announced")
}

type flusher struct{}

func (flusher) Flush() {}

var _ http.Flusher = flusher{}

// Whatever an answer holds, reading it ends, and without a panic.
func FuzzAnswer(f *testing.F) {
	for _, s := range []string{
		`{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"ALERTS","alertname":"A"},"values":[[1,"1"],[2.5,"1"]]}]}}`,
		`{"status":"error","errorType":"bad_data","error":"x"}`, `{"data":null}`, `[]`, ``, `{"status":"success","data":{"result":null},"warnings":["x"]}`,
		"\x05\x00\x00\x00\x00hello", "\x0a\x00\x08\x01\x10\x05\x18\x01\x22\x02\x00\x01",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		resp := &http.Response{Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(bytes.NewReader(b))}
		_ = readAnswer(resp, "x", func(dec *json.Decoder) error {
			return object(dec, func(string) error {
				return array(dec, func() error {
					var r result
					return dec.Decode(&r)
				})
			})
		})
		g := newGathering(hours(2).Window, true, nil)
		if parts, err := readStream(bytes.NewReader(b), 1); err == nil {
			_ = g.take(parts)
		}
		if parts, err := readSamples(bytes.NewReader(b), 1); err == nil {
			_ = g.take(parts)
		}
		_ = g.take([]part{{chunks: []chunk{{encoding: chunkenc.EncXOR, data: b}, {encoding: chunkenc.EncXOR2, data: b}, {encoding: 9, data: b}}}})
		_ = g.take([]part{{chunks: []chunk{{encoding: chunkenc.EncXOR, data: b}}}, {chunks: []chunk{{encoding: chunkenc.EncXOR2, data: b}}}})
	})
}
