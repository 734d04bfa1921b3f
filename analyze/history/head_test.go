package history

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/prometheus/common/model"
	"github.com/prometheus/common/promslog"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/tsdb/chunks"
	"github.com/prometheus/prometheus/tsdb/record"
	"github.com/prometheus/prometheus/tsdb/wlog"
	"github.com/prometheus/prometheus/util/compression"
	"github.com/stretchr/testify/require"
)

// The library's record.Decoder is the slow twin of the decoding by hand.
func TestRecordsAgainstLibrary(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	dec := record.NewDecoder(labels.NewSymbolTable(), promslog.NewNopLogger())
	for i := range 2000 {
		enc := record.Encoder{EnableSTStorage: i%2 == 1}

		var series []record.RefSeries
		for range rng.IntN(20) {
			b := labels.NewBuilder(labels.EmptyLabels()).Set(model.MetricNameLabel, fmt.Sprintf("metric_%d", rng.IntN(5)))
			for range rng.IntN(4) {
				b.Set([]string{"A", "Zone", "instance", "ünï", "z"}[rng.IntN(5)], fmt.Sprint(rng.Uint64()))
			}
			series = append(series, record.RefSeries{Ref: chunks.HeadSeriesRef(rng.Uint64()), Labels: b.Labels()})
		}
		rec := enc.Series(series, nil)
		want, err := dec.Series(rec, nil)
		require.NoError(t, err)
		var got []record.RefSeries
		require.NoError(t, eachSeries(rec, func(ref uint64, name, encoded []byte) {
			b := labels.NewScratchBuilder(0)
			eachLabel(encoded, func(n, v []byte) { b.Add(string(n), string(v)) })
			l := b.Labels()
			require.Equal(t, l.Get(model.MetricNameLabel), string(name))
			got = append(got, record.RefSeries{Ref: chunks.HeadSeriesRef(ref), Labels: l})
		}))
		require.Equal(t, want, got)

		var samples []record.RefSample
		ref, ts := rng.Uint64N(1<<40), rng.Int64N(1<<41)
		for range rng.IntN(50) {
			ref += rng.Uint64N(5)
			ts += rng.Int64N(3)
			samples = append(samples, record.RefSample{Ref: chunks.HeadSeriesRef(ref), T: ts, V: rng.Float64(),
				ST: []int64{0, ts - 1000, 77}[rng.IntN(3)]})
		}
		rec = enc.Samples(samples, nil)
		wantS, err := dec.Samples(rec, nil)
		require.NoError(t, err)
		var gotS []record.RefSample
		require.NoError(t, eachSample(rec, func(ref uint64, t int64, bits uint64) {
			gotS = append(gotS, record.RefSample{Ref: chunks.HeadSeriesRef(ref), T: t, V: math.Float64frombits(bits)})
		}))
		require.Len(t, gotS, len(wantS))
		for i := range wantS {
			wantS[i].ST = 0
			require.Equal(t, wantS[i], gotS[i])
		}
	}
}

// Damaged records must give errors and nothing worse.
func TestDamagedRecords(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	var enc record.Encoder
	good := [][]byte{
		enc.Series([]record.RefSeries{{Ref: 1, Labels: labels.FromStrings("__name__", "ALERTS", "alertname", "A", "alertstate", "firing")}}, nil),
		enc.Samples([]record.RefSample{{Ref: 1, T: 1000, V: 1}, {Ref: 2, T: 1001, V: 1}}, nil),
		(&record.Encoder{EnableSTStorage: true}).Samples([]record.RefSample{{Ref: 1, T: 1000, V: 1}, {Ref: 2, T: 1001, ST: 5, V: 1}}, nil),
	}
	for range 20_000 {
		h := newHeadScan(newIdentities(), newProbes(nil))
		b := bytes.Clone(good[rng.IntN(len(good))])
		for range 1 + rng.IntN(4) {
			b[rng.IntN(len(b))] = byte(rng.Uint32())
		}
		_ = h.record(b[:rng.IntN(len(b)+1)])
	}
}

// alertLog writes a log in which one alert fires at every step but the last,
// where it resolves; it returns the log's folder.
func alertLog(t *testing.T, dir string, steps int, segments bool) string {
	wal := filepath.Join(dir, "wal")
	w, err := wlog.NewSize(nil, nil, wal, 1<<15, compression.None)
	require.NoError(t, err)
	var enc record.Encoder
	require.NoError(t, w.Log(enc.Series([]record.RefSeries{
		{Ref: 1, Labels: labels.FromStrings("__name__", "ALERTS", "alertname", "A", "alertstate", "firing")},
		{Ref: 2, Labels: labels.FromStrings("__name__", "ALERTS_FOR_STATE", "alertname", "A")},
		{Ref: 3, Labels: labels.FromStrings("__name__", "up", "instance", "a")},
	}, nil)))
	for i := range steps {
		ts := int64(1+i) * 60_000
		require.NoError(t, w.Log(enc.Samples([]record.RefSample{{Ref: 1, T: ts, V: 1}, {Ref: 2, T: ts, V: 60}, {Ref: 3, T: ts, V: 1}}, nil)))
		if segments && i%100 == 99 {
			_, err := w.NextSegmentSync()
			require.NoError(t, err)
		}
	}
	require.NoError(t, w.Close())
	return wal
}

func TestTornLastRecordIsTheEnd(t *testing.T) {
	dir := t.TempDir()
	wal := alertLog(t, dir, 500, false)
	path := wlog.SegmentName(wal, 0)
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	b = bytes.TrimRight(b, "\x00")
	for cut := 1; cut < 60; cut++ {
		require.NoError(t, os.WriteFile(path, b[:len(b)-cut], 0o666))
		h, err := ReadTSDB(context.Background(), dir, ReadOptions{})
		require.NoError(t, err)
		require.Empty(t, h.Warnings)
		require.Len(t, h.Episodes, 1)
		require.Equal(t, EndOpen, h.Episodes[0].End)
		require.GreaterOrEqual(t, h.Episodes[0].EndedAt, int64(497*60_000))
		require.Empty(t, h.Coverage.Gaps)
	}
}

func TestDamageInTheMiddleOfTheLog(t *testing.T) {
	dir := t.TempDir()
	wal := alertLog(t, dir, 500, true)
	path := wlog.SegmentName(wal, 2)
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	b[len(bytes.TrimRight(b, "\x00"))/2] ^= 0x55
	require.NoError(t, os.WriteFile(path, b, 0o666))
	h, err := ReadTSDB(context.Background(), dir, ReadOptions{})
	require.NoError(t, err)
	require.Len(t, h.Warnings, 1)
	require.Contains(t, h.Warnings[0], filepath.Base(path)+": damaged at byte")
	// The state before and after is one and the same, so is the episode; what
	// is missing in between shows in the coverage.
	require.Equal(t, []Episode{{Start: StartExact, End: EndOpen, ActiveAt: 60_000, FiredAt: 60_000, EndedAt: 500 * 60_000}}, h.Episodes)
	require.Len(t, h.Coverage.Gaps, 1)

	require.NoError(t, os.Remove(path))
	h, err = ReadTSDB(context.Background(), dir, ReadOptions{})
	require.NoError(t, err)
	require.Len(t, h.Warnings, 1)
	require.Contains(t, h.Warnings[0], "segments before 00000003 are missing")
	require.Equal(t, []Interval{{200 * 60_000, 301 * 60_000}}, h.Coverage.Gaps)
}
