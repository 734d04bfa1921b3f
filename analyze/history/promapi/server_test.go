package promapi

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/grafana/dskit/backoff"
	"github.com/prometheus/common/model"
	"github.com/prometheus/common/promslog"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/rules"
	"github.com/prometheus/prometheus/tsdb"
	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/analyze/history/promapi/promapitest"
)

// prometheus is Prometheus's own API over Prometheus's own database, in which
// Prometheus's own rules have run.
type prometheus struct {
	t        *testing.T
	dir      string
	db       *tsdb.DB
	from, to int64 // of what is stored

	maxSamples int // of a query; 0 is enough
	external   labels.Labels
}

var promParser = parser.NewParser(parser.Options{})

func openPrometheus(t *testing.T) *prometheus {
	p := &prometheus{t: t, dir: t.TempDir()}
	o := tsdb.DefaultOptions()
	o.RetentionDuration, o.OutOfOrderTimeWindow = 0, 24*hour
	o.MaxBlockDuration = 6 * tsdb.DefaultBlockDuration
	db, err := tsdb.Open(p.dir, promslog.NewNopLogger(), nil, o, nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	db.DisableCompactions()
	p.db = db
	return p
}

// serve starts the API. Its frames are small, so that there are many.
func (p *prometheus) serve() *httptest.Server {
	srv := httptest.NewServer(promapitest.Handler(p.db, promapitest.Settings{MaxSamples: p.maxSamples, ExternalLabels: p.external, FrameBytes: 1 << 14}))
	p.t.Cleanup(srv.Close)
	return srv
}

// A rule of the histories below fires while load of an instance is above zero.
type ruleSpec struct {
	name       string
	hold, keep time.Duration
}

var someRules = []ruleSpec{{"Instant", 0, 0}, {"For5m", 5 * time.Minute, 0}, {"For20mKept", 20 * time.Minute, 5 * time.Minute}, {"Keep", 0, 4 * time.Minute}}

const interval = 60_000

// live runs rules over some steps of random loads, with a time out of service
// in the middle.
func (p *prometheus) live(seed uint64, steps, instances int) {
	rng := rand.New(rand.NewPCG(seed, 7))
	engine := promql.NewEngine(promql.EngineOpts{MaxSamples: 1e6, Timeout: time.Minute, LookbackDelta: 5 * time.Minute, Parser: promParser})
	defer engine.Close()
	opts := &rules.ManagerOptions{
		ExternalURL: &url.URL{}, QueryFunc: rules.EngineQueryFunc(engine, p.db), Context: context.Background(),
		NotifyFunc: func(context.Context, string, ...*rules.Alert) {}, Appendable: p.db, Queryable: p.db, Logger: promslog.NewNopLogger(),
		OutageTolerance: time.Hour, ForGracePeriod: 10 * time.Minute, ResendDelay: time.Minute,
	}
	group := func() *rules.Group {
		var rs []rules.Rule
		for i, s := range someRules {
			expr, err := promParser.ParseExpr(fmt.Sprintf("load > 0 or load > %d", 100+i))
			require.NoError(p.t, err)
			rs = append(rs, rules.NewAlertingRule(s.name, expr, s.hold, s.keep, labels.FromStrings("severity", "page"),
				labels.EmptyLabels(), labels.EmptyLabels(), "", false, promslog.NewNopLogger()))
		}
		zero := time.Duration(0)
		return rules.NewGroup(rules.GroupOptions{Name: "g", File: "f", Interval: interval * time.Millisecond, Rules: rs, ShouldRestore: true, Opts: opts, QueryOffset: &zero})
	}
	g, evals := group(), 0
	p.from = 1_760_000_000_437
	left, bad := make([]int, instances), make([]bool, instances)
	down := steps/2 + rng.IntN(steps/4)
	for k := range steps {
		ts := p.from + int64(k)*interval
		for i := range instances {
			for left[i] == 0 {
				bad[i] = !bad[i]
				left[i] = 1 + rng.IntN([]int{3, 20, 90}[rng.IntN(3)])
			}
			left[i]--
		}
		if k >= down && k < down+20 {
			continue
		}
		if k == down+20 {
			g, evals = group(), 0
		}
		app := p.db.Appender(context.Background())
		add := func(v float64, l ...string) {
			_, err := app.Append(0, labels.FromStrings(l...), ts-3000, v)
			require.NoError(p.t, err)
		}
		add(1, model.MetricNameLabel, "up", "job", "node", "instance", "self")
		for i := range instances {
			if bad[i] {
				add(1, model.MetricNameLabel, "load", "instance", "i"+strconv.Itoa(i))
			} else if i%2 == 0 {
				add(0, model.MetricNameLabel, "load", "instance", "i"+strconv.Itoa(i))
			}
		}
		require.NoError(p.t, app.Commit())
		g.Eval(context.Background(), time.UnixMilli(ts))
		if evals++; evals == 2 {
			g.RestoreForState(time.UnixMilli(ts))
		}
		p.to = ts + 1
		if k%300 == 299 {
			require.NoError(p.t, p.db.Compact(context.Background()))
		}
	}
}

// quick are options that lose no time.
func quick(url string) Options {
	return Options{
		URL: url, Retry: backoff.Config{MinBackoff: time.Millisecond, MaxBackoff: 2 * time.Millisecond, MaxRetries: 6},
		Timeout: 10 * time.Second, slice: 2 * hour,
	}
}

func lived(t *testing.T, seed uint64, steps int) (*prometheus, *history.History, history.ReadOptions) {
	p := openPrometheus(t)
	p.live(seed, steps, 4)
	rng := rand.New(rand.NewPCG(seed, 8))
	opts := history.ReadOptions{Window: history.Interval{Start: p.from - rng.Int64N(3*hour), End: p.to + rng.Int64N(hour)}}
	if seed%2 == 1 {
		opts.Window.Start, opts.Window.End = p.from+rng.Int64N(3*hour), p.to-rng.Int64N(hour)
	}
	want, err := history.ReadTSDB(context.Background(), p.dir, opts)
	require.NoError(t, err)
	require.NotEmpty(t, want.Episodes)
	return p, want, opts
}

type matcher = labels.Matcher

func named(name string) *matcher {
	return labels.MustNewMatcher(labels.MatchEqual, model.MetricNameLabel, name)
}
