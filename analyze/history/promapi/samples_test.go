package promapi

import (
	"context"
	"testing"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb/tsdbutil"
	"github.com/stretchr/testify/require"
)

// Queries over what was fetched answer as they do over the database itself.
func TestSamples(t *testing.T) {
	t.Parallel()
	p, _, window := lived(t, 1, 700)
	app := p.db.Appender(context.Background())
	for k := range int64(20) {
		_, err := app.AppendHistogram(0, labels.FromStrings("__name__", "latency"), p.to-hour-(20-k)*interval, tsdbutil.GenerateTestHistogram(k), nil)
		require.NoError(t, err)
	}
	require.NoError(t, app.Commit())
	opts := quick(p.serve().URL)
	opts.ReadOptions = window
	load := named("load")
	even := labels.MustNewMatcher(labels.MatchRegexp, "instance", "i[02]")
	got, err := ReadSamples(context.Background(), opts, [][]*matcher{{named("up")}, {load}, {load, even}, {named("latency")}})
	require.NoError(t, err)
	require.Empty(t, got.Warnings)
	require.Equal(t, window.Window, got.Window)
	engine := promql.NewEngine(promql.EngineOpts{MaxSamples: 1e7, Timeout: time.Minute, LookbackDelta: 5 * time.Minute, Parser: promParser})
	defer engine.Close()
	from, to := time.UnixMilli(window.Window.Start+20*interval), time.UnixMilli(window.Window.End)
	for _, q := range []string{"up", "load", `load{instance="i1"}`, "sum(load)", "rate(load[10m])", "count_over_time(up[7m])", `absent(load{instance="i3"})`, "nothing", "histogram_quantile(0.9, latency)", `max_over_time(sum(load)[1h:3m] offset 5m)`} {
		ask := func(db storage.Queryable) promql.Matrix {
			query, err := engine.NewRangeQuery(context.Background(), db, nil, q, from, to, 47*time.Second)
			require.NoError(t, err)
			m, err := query.Exec(context.Background()).Matrix()
			require.NoError(t, err)
			return m
		}
		require.Equal(t, ask(p.db).String(), ask(got).String(), q)
	}

	opts.URL = refuse(t, opts.URL, noRemoteRead).URL
	got, err = ReadSamples(context.Background(), opts, [][]*matcher{{named("up")}})
	require.NoError(t, err)
	require.Len(t, got.Warnings, 1)
	require.Contains(t, got.Warnings[0], "without stale markers, so that what ended is seen a while longer")
	require.Len(t, got.series, 1)
	_, err = ReadSamples(context.Background(), opts, [][]*matcher{{named("latency")}})
	require.ErrorContains(t, err, "native histograms are read by streamed remote read alone")
}
