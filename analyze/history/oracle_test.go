package history

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/common/promslog"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/rules"
	"github.com/prometheus/prometheus/tsdb"
	"github.com/stretchr/testify/require"
)

// The oracle: Prometheus's own rule groups, evaluated step by step into a real
// database, asked after every evaluation what is active.

// anAlert is what AlertingRule.ActiveAlerts says of one alert.
type anAlert struct {
	firing   bool
	activeAt int64
}

// An evaluation is what one rule did at one step.
type evaluation struct {
	ts     int64
	proc   int  // counts restarts
	hidden bool // state not restored yet: nothing is written
	failed bool
	alerts map[string]anAlert // by labels
}

type ruleSpec struct {
	name       string
	expr       string
	hold, keep time.Duration
	labels     labels.Labels
}

// server is a Prometheus as far as rules are concerned.
type server struct {
	t        *testing.T
	dir      string
	db       *tsdb.DB
	interval int64
	offset   time.Duration
	limit    int
	specs    []ruleSpec

	opts    *rules.ManagerOptions
	group   *rules.Group
	proc    int
	evals   int // of this process
	failing map[string]bool
	log     map[string][]evaluation
	labels  map[string]labels.Labels
}

var promParser = parser.NewParser(parser.Options{})

func newServer(t *testing.T, interval time.Duration) *server {
	s := &server{
		t: t, dir: t.TempDir(), interval: interval.Milliseconds(),
		failing: map[string]bool{}, log: map[string][]evaluation{}, labels: map[string]labels.Labels{},
	}
	s.open()
	t.Cleanup(func() { require.NoError(t, s.db.Close()) })
	return s
}

func (s *server) open() {
	o := tsdb.DefaultOptions()
	o.RetentionDuration = 0
	o.MaxBlockDuration = 6 * tsdb.DefaultBlockDuration
	db, err := tsdb.Open(s.dir, promslog.NewNopLogger(), nil, o, nil)
	require.NoError(s.t, err)
	db.DisableCompactions()
	s.db = db
	engine := promql.NewEngine(promql.EngineOpts{MaxSamples: 1e6, Timeout: time.Minute, LookbackDelta: 5 * time.Minute, Parser: promParser})
	query := rules.EngineQueryFunc(engine, db)
	s.opts = &rules.ManagerOptions{
		ExternalURL: &url.URL{},
		QueryFunc: func(ctx context.Context, q string, t time.Time) (promql.Vector, error) {
			if s.failing[q] {
				return nil, errors.New("many-to-many matching not allowed")
			}
			return query(ctx, q, t)
		},
		NotifyFunc:      func(context.Context, string, ...*rules.Alert) {},
		Context:         context.Background(),
		Appendable:      db,
		Queryable:       db,
		Logger:          promslog.NewNopLogger(),
		OutageTolerance: time.Hour,
		ForGracePeriod:  10 * time.Minute,
		ResendDelay:     time.Minute,
	}
}

// newGroup builds the group the configuration asks for, as Manager.LoadGroups does.
func (s *server) newGroup(restore bool) *rules.Group {
	var rs []rules.Rule
	for _, spec := range s.specs {
		expr, err := promParser.ParseExpr(spec.expr)
		require.NoError(s.t, err)
		rs = append(rs, rules.NewAlertingRule(spec.name, expr, spec.hold, spec.keep, spec.labels,
			labels.EmptyLabels(), labels.EmptyLabels(), "", !restore, promslog.NewNopLogger()))
	}
	return rules.NewGroup(rules.GroupOptions{
		Name: "g", File: "f", Interval: time.Duration(s.interval) * time.Millisecond, Limit: s.limit,
		Rules: rs, ShouldRestore: restore, Opts: s.opts, QueryOffset: &s.offset,
	})
}

// start begins a new process: the first one, or after a stop or crash, which
// write nothing.
func (s *server) start(reopen bool) {
	if reopen {
		require.NoError(s.t, s.db.Close())
		s.open()
	}
	s.proc++
	s.evals = 0
	s.group = s.newGroup(true)
}

// reload takes over the configuration as Manager.Update does.
func (s *server) reload(ts int64) {
	old := s.group
	s.group = s.newGroup(false)
	s.group.CopyState(old)
	has := map[string]bool{}
	for _, spec := range s.specs {
		has[spec.name] = true
	}
	for name := range s.log {
		if !has[name] { // what it wrote is marked stale with the next evaluation
			s.log[name] = append(s.log[name], evaluation{ts: ts, proc: s.proc})
		}
	}
}

func (s *server) scrape(ts int64, values map[string]float64) {
	app := s.db.Appender(context.Background())
	add := func(v float64, l ...string) {
		_, err := app.Append(0, labels.FromStrings(l...), ts, v)
		require.NoError(s.t, err)
	}
	add(1, model.MetricNameLabel, "up", "job", "node", "instance", "self")
	for instance, v := range values {
		add(v, model.MetricNameLabel, "load", "job", "node", "instance", instance)
	}
	require.NoError(s.t, app.Commit())
}

// eval evaluates the group and writes down what is active after it.
func (s *server) eval(ts int64) {
	s.group.Eval(context.Background(), time.UnixMilli(ts))
	s.evals++
	for _, r := range s.group.Rules() {
		ar := r.(*rules.AlertingRule)
		e := evaluation{ts: ts, proc: s.proc, hidden: !ar.Restored(), failed: ar.LastError() != nil, alerts: map[string]anAlert{}}
		for _, a := range ar.ActiveAlerts() {
			e.alerts[a.Labels.String()] = anAlert{a.State == rules.StateFiring, a.ActiveAt.UnixMilli()}
			s.labels[a.Labels.String()] = a.Labels
		}
		s.log[ar.Name()] = append(s.log[ar.Name()], e)
	}
	if s.evals == 2 && s.proc > 0 {
		if !s.group.Rules()[0].(*rules.AlertingRule).Restored() {
			s.group.RestoreForState(time.UnixMilli(ts))
		}
	}
}

// expected makes episodes of what was written down in [w.Start, w.End), for
// one alert. It goes by these rules alone:
//
//   - While a process runs, a successful evaluation at which the alert is gone
//     is its end, and so is a marker written because its state's series gave
//     way to the other state's under a new ActiveAt.
//   - A new ActiveAt in the same series of the same process (the rule exceeded
//     its limit and started over) is a new episode; nothing says when the old
//     one ended.
//   - What was active before a restart and at the first evaluation after it
//     that could be written is one episode; what was not has an unknown end.
func expected(log []evaluation, key string, interval, offset int64, w Interval, lastSeen int64) []Episode {
	var (
		out     []Episode
		cur     *Episode
		last    anAlert
		lastAt  int64
		proc    int
		closeAs = func(end End, at int64) {
			cur.End, cur.EndedAt = end, at
			out = append(out, *cur)
			cur = nil
		}
	)
	for _, e := range log {
		if e.ts-offset < w.Start || e.ts-offset >= w.End || e.hidden || e.failed {
			continue
		}
		a, active := e.alerts[key]
		if cur != nil {
			switch {
			case proc != e.proc && !active:
				closeAs(EndUnknown, lastAt)
			case proc != e.proc: // continues
			case !active:
				closeAs(EndResolved, e.ts)
			case a.activeAt == last.activeAt: // continues
			case a.firing == last.firing:
				closeAs(EndUnknown, lastAt)
			default:
				closeAs(EndResolved, e.ts)
			}
		}
		if !active {
			continue
		}
		if cur == nil {
			cur = &Episode{ActiveAt: a.activeAt, FiredAt: NoTime}
			if a.activeAt != e.ts { // recorded to the second
				cur.ActiveAt = second(a.activeAt)
			}
			if cur.ActiveAt < w.Start {
				cur.Start = StartBeforeWindow
			}
		}
		if a.firing && cur.FiredAt == NoTime {
			cur.FiredAt = e.ts
		}
		last, lastAt, proc = a, e.ts, e.proc
	}
	if cur != nil {
		if lastSeen-lastAt <= interval*5/2 {
			closeAs(EndOpen, lastAt)
		} else {
			closeAs(EndUnknown, lastAt)
		}
	}
	return out
}

// check reads the server's directory and compares every episode; it returns
// how many there were.
func (s *server) check(w Interval, lastSeen int64) int {
	h, err := ReadTSDB(context.Background(), s.dir, ReadOptions{Window: w})
	require.NoError(s.t, err)
	require.Empty(s.t, h.Warnings)
	if w == (Interval{}) {
		w = Interval{minTime, maxTime}
	} else {
		require.Equal(s.t, w, h.Coverage.Window)
	}
	got := map[string][]Episode{}
	for i, e := range h.Episodes {
		if i > 0 {
			p := h.Episodes[i-1]
			require.True(s.t, p.Instance < e.Instance || p.Instance == e.Instance && p.ActiveAt <= e.ActiveAt, "order of episodes")
		}
		key := h.Instances[e.Instance].String()
		e.Instance = 0
		got[key] = append(got[key], e)
	}
	n := 0
	for key, l := range s.labels {
		want := expected(s.log[l.Get(labels.AlertName)], key, s.interval, s.offset.Milliseconds(), w, lastSeen)
		if k := len(want) - 1; s.limit > 0 && k >= 0 && len(got[key]) == k+1 && want[k].End == EndUnknown && got[key][k].End == EndOpen {
			// A rule that fails at most evaluations does not show its interval,
			// on which it rests whether samples stopped early enough to tell.
			require.LessOrEqual(s.t, lastSeen-want[k].EndedAt, 10*s.interval)
			want[k].End = EndOpen
		}
		for i := range max(len(want), len(got[key])) {
			// The first difference says all.
			from := max(i-1, 0)
			a, b := want[min(from, len(want)):min(i+2, len(want))], got[key][min(from, len(got[key])):min(i+2, len(got[key]))]
			require.Equal(s.t, want[min(i, len(want)):min(i+1, len(want))], got[key][min(i, len(got[key])):min(i+1, len(got[key]))],
				"%s from episode %d in %v:\n%s\n%s", key, from, w, show(a), show(b))
		}
		n += len(want)
		delete(got, key)
	}
	require.Empty(s.t, got, "episodes of alerts that never were")
	s.checkCollector(h, h.Coverage.Window)
	return n
}

func show(es []Episode) string {
	var b strings.Builder
	for _, e := range es {
		fired := "never"
		if e.Fired() {
			fired = strconv.FormatInt(e.FiredAt, 10)
		}
		fmt.Fprintf(&b, "  [start %d active %d fired %s ended %d end %d]\n", e.Start, e.ActiveAt, fired, e.EndedAt, e.End)
	}
	return b.String()
}

// signals draws when each of n instances is bad: bouts and rests of all sorts
// of lengths, in steps. Zero is fine, more is worse.
func signals(rng *rand.Rand, n, steps int) []map[string]float64 {
	out := make([]map[string]float64, steps)
	for k := range out {
		out[k] = map[string]float64{}
	}
	for i := range n {
		name := "i" + strconv.Itoa(i)
		bout := []int{2, 4, 20, 90}[rng.IntN(4)]
		rest := []int{2, 6, 30, 120}[rng.IntN(4)]
		present := rng.IntN(4) > 0
		bad := rng.IntN(2) == 0
		for k := 0; k < steps; {
			d := 1 + rng.IntN(rest)
			if bad {
				d = 1 + rng.IntN(bout)
			}
			for ; d > 0 && k < steps; d, k = d-1, k+1 {
				switch {
				case bad:
					out[k][name] = float64(1 + rng.IntN(2)*(i%2)) // some change their value, too
				case present:
					out[k][name] = 0 // others come and go
				}
			}
			bad = !bad
		}
	}
	return out
}
