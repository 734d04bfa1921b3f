package history

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/stretchr/testify/require"
)

// What is read of a data directory is what the server that wrote it would
// answer, at any mixture of blocks, log, late samples, deletions and restarts.
func TestSamplesAsTheDatabase(t *testing.T) {
	selectors := [][]*labels.Matcher{
		{labels.MustNewMatcher(labels.MatchEqual, model.MetricNameLabel, "requests_total"), labels.MustNewMatcher(labels.MatchNotEqual, "code", "404")},
		{labels.MustNewMatcher(labels.MatchEqual, model.MetricNameLabel, "errors_total")},
	}
	for seed := range uint64(12) {
		rng := rand.New(rand.NewPCG(seed, 1))
		dir := t.TempDir()
		late := func(o *tsdb.Options) { o.OutOfOrderTimeWindow = 30 * minuteMS }
		db := openDB(t, dir, late)
		ts := t0
		for range 4 + rng.IntN(4) {
			for range 20 + rng.IntN(120) {
				ts += minuteMS
				app := db.Appender(context.Background())
				for i, name := range []string{"requests_total", "errors_total", "other_total"} {
					for _, code := range []string{"200", "404", "500"} {
						if rng.IntN(8) == 0 {
							continue
						}
						at := ts
						if rng.IntN(20) == 0 {
							at -= int64(rng.IntN(20)) * minuteMS
						}
						// At one time always the same value: which of two stands is
						// not even the same before and after a compaction.
						v := float64(at / minuteMS * int64(i+7) % 1009)
						if int(v)%30 == 0 {
							v = staleNaN
						}
						_, _ = app.Append(0, labels.FromStrings("__name__", name, "code", code, "job", "shop"), at, v)
					}
				}
				require.NoError(t, app.Commit())
			}
			switch rng.IntN(4) {
			case 0:
				require.NoError(t, db.Compact(context.Background()))
			case 1:
				require.NoError(t, db.Close())
				db = openDB(t, dir, late)
			case 2:
				from := t0 + int64(rng.IntN(int(ts-t0)))
				require.NoError(t, db.Delete(context.Background(), from, from+20*minuteMS, selectors[rng.IntN(2)]...))
			}
		}
		got, err := OpenSamples(context.Background(), dir, selectors)
		require.NoError(t, err)
		require.Empty(t, got.Warnings)
		require.LessOrEqual(t, got.Window.Start, t0+minuteMS)
		require.Greater(t, got.Window.End, ts-minuteMS)
		for _, ms := range selectors {
			for range 3 {
				mint := t0 + int64(rng.IntN(int(ts-t0)))
				maxt := mint + int64(rng.IntN(int(ts-mint)+1))
				require.Equal(t, dump(t, db, mint, maxt, ms), dump(t, got, mint, maxt, ms), "seed %d", seed)
			}
			require.Equal(t, dump(t, db, minTime, maxTime, ms), dump(t, got, minTime, maxTime, ms), "seed %d", seed)
		}
		got.Close()
		require.NoError(t, db.Close())
	}
}

type point struct {
	t    int64
	bits uint64
}

func dump(t *testing.T, from storage.Queryable, mint, maxt int64, ms []*labels.Matcher) map[string][]point {
	t.Helper()
	ask, until := mint, maxt
	if _, db := from.(*tsdb.DB); db {
		ask, until = minTime, maxTime // see wholeChunks
	}
	q, err := from.Querier(ask, until)
	require.NoError(t, err)
	defer func() { require.NoError(t, q.Close()) }()
	out := map[string][]point{}
	set := q.Select(context.Background(), true, nil, ms...)
	for set.Next() {
		it := set.At().Iterator(nil)
		for it.Next() == chunkenc.ValFloat {
			at, v := it.At()
			key := set.At().Labels().String()
			if mint <= at && at <= maxt {
				out[key] = append(out[key], point{at, math.Float64bits(v)})
			}
		}
		require.NoError(t, it.Err())
	}
	require.NoError(t, set.Err())
	return out
}

func TestSamplesOfNothing(t *testing.T) {
	_, err := OpenSamples(context.Background(), t.TempDir()+"/none", nil)
	require.Error(t, err)
	s, err := OpenSamples(context.Background(), t.TempDir(), nil)
	require.NoError(t, err)
	require.Equal(t, Interval{}, s.Window)
	require.Empty(t, dump(t, s, minTime, maxTime, nil))
	s.Close()
}
