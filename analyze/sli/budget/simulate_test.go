package budget

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/common/promslog"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/rules"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb"
	"github.com/stretchr/testify/require"
)

var incidents = flag.Int("incidents", 60, "how many random incidents to compare with Prometheus's rules on")

// An incident is an alert and what happens to it, as Prometheus sees it: scraped
// and evaluated every so often, at some phase to when errors begin.
type incident struct {
	any    []Alternative
	timing Timing

	ratio          float64
	length         time.Duration
	scrape         time.Duration
	scraped, asked time.Duration // phases of scrapes and evaluations
	born           bool          // the counter of errors is 0 when they begin
	good           bool          // the alert is written with the share of good events
}

// expr is the alert in PromQL, on the series of one incident.
func (c incident) expr(id int) string {
	var any []string
	for _, a := range c.any {
		var all []string
		for _, cl := range a {
			w := model.Duration(cl.Window)
			if c.good {
				all = append(all, fmt.Sprintf(`1 - sum(rate(events_total{id="%d",kind="good"}[%v])) / sum(rate(events_total{id="%d"}[%v])) > %v`, id, w, id, w, cl.Threshold))
			} else {
				all = append(all, fmt.Sprintf(`sum(rate(events_total{id="%d",kind="bad"}[%v])) / sum(rate(events_total{id="%d"}[%v])) > %v`, id, w, id, w, cl.Threshold))
			}
		}
		any = append(any, "("+strings.Join(all, " and ")+")")
	}
	return strings.Join(any, " or ")
}

// begin is when the errors of every incident start: late enough for the
// longest window to be full of traffic.
const begin = 6 * time.Hour

// longest is the longest window.
func (c incident) longest() (out time.Duration) {
	for _, a := range c.any {
		for _, cl := range a {
			out = max(out, cl.Window)
		}
	}
	return out
}

// from is when the first scrape is, and end when everything that the incident
// could lead to is over.
func (c incident) from() time.Duration { return begin - c.longest() - 10*c.scrape }
func (c incident) end() time.Duration {
	return begin + c.length + c.longest() + c.timing.For + c.timing.KeepFiring + 10*max(c.scrape, c.timing.Interval)
}

func (c incident) String() string {
	return fmt.Sprintf("%s, for %v, keep %v, every %v; %v for %v, scraped every %v, phases %v %v", c.expr(0),
		c.timing.For, c.timing.KeepFiring, c.timing.Interval, c.ratio, c.length, c.scrape, c.scraped, c.asked)
}

// store writes what is scraped in all of the incidents.
func store(t *testing.T, all []incident) storage.Queryable {
	o := tsdb.DefaultOptions()
	o.RetentionDuration = 0
	o.MaxBlockDuration = 6 * tsdb.DefaultBlockDuration
	db, err := tsdb.Open(t.TempDir(), promslog.NewNopLogger(), nil, o, nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	db.DisableCompactions()

	type scrape struct {
		at time.Duration
		id int
	}
	var scrapes []scrape
	for id, c := range all {
		for at := c.from().Truncate(c.scrape) + c.scraped; at < c.end(); at += c.scrape {
			scrapes = append(scrapes, scrape{at, id})
		}
	}
	slices.SortStableFunc(scrapes, func(a, b scrape) int { return cmp.Compare(a.at, b.at) })
	app := db.Appender(context.Background())
	for i, s := range scrapes {
		c := all[s.id]
		// An event a millisecond, so that an outage leaves the counter of good
		// ones just as it is: one that rounding makes smaller has been reset.
		events := float64(s.at.Milliseconds())
		bad := c.ratio * float64(min(max(s.at-begin, 0), c.length).Milliseconds())
		old := 1e5
		if c.born {
			old = 0
		}
		for kind, v := range map[string]float64{"bad": old + bad, "good": events - bad} {
			_, err := app.Append(0, labels.FromStrings(model.MetricNameLabel, "events_total", "kind", kind, "id", fmt.Sprint(s.id)), s.at.Milliseconds(), v)
			require.NoError(t, err)
		}
		if i%10_000 == 9_999 {
			require.NoError(t, app.Commit())
			app = db.Appender(context.Background())
		}
	}
	require.NoError(t, app.Commit())
	return db
}

// measure evaluates the alert as Prometheus does, and returns when it fired,
// from the first evaluation at which it did to the first at which it no longer
// did, since the errors began.
func (c incident) measure(t *testing.T, id int, query rules.QueryFunc) []Period {
	e, err := parser.NewParser(parser.Options{}).ParseExpr(c.expr(id))
	require.NoError(t, err)
	rule := rules.NewAlertingRule("Alert", e, c.timing.For, c.timing.KeepFiring, labels.EmptyLabels(), labels.EmptyLabels(),
		labels.EmptyLabels(), "", true, promslog.NewNopLogger())
	var out []Period
	fires := false
	for at := (begin - 3*c.timing.Interval).Truncate(c.timing.Interval) + c.asked; at < c.end(); at += c.timing.Interval {
		_, err := rule.Eval(context.Background(), 0, time.UnixMilli(at.Milliseconds()), query, &url.URL{}, 0)
		require.NoError(t, err)
		was := fires
		fires = slices.ContainsFunc(rule.ActiveAlerts(), func(a *rules.Alert) bool { return a.State == rules.StateFiring })
		switch {
		case fires && !was:
			out = append(out, Period{at - begin, Forever})
		case was && !fires:
			out[len(out)-1].To = at - begin
		}
	}
	return out
}

// compare holds what was measured against the arithmetic. What lasts just long
// enough, or not, is no case.
func (c incident) compare(t *testing.T, measured []Period) (compared bool) {
	t.Helper()
	p := Policy{Any: c.any, Timing: c.timing}
	want := p.Firings(c.ratio, c.length)
	if c.borderline(p) {
		return false
	}
	if len(measured) != len(want) {
		t.Errorf("%v:\nfires in %v, want %v", c, measured, want)
		return true
	}
	for i, w := range want {
		m := measured[i]
		for _, d := range []time.Duration{m.From - w.From, m.To - w.To} {
			if d < -c.scrape || d > c.scrape+c.timing.Interval {
				t.Errorf("%v:\nfires in %v, want %v", c, m, w)
				break
			}
		}
	}
	return true
}

// borderline reports that a scrape and an evaluation more or less decide
// whether, or how often, the alert fires.
func (c incident) borderline(p Policy) bool {
	blur := 2 * (c.scrape + c.timing.Interval)
	want := len(p.Firings(c.ratio, c.length))
	for _, d := range []time.Duration{-blur, blur} {
		q := p
		q.For = max(0, p.For+d)
		if len(q.Firings(c.ratio, max(0, c.length+d))) != want || len(p.Firings(c.ratio, max(0, c.length+d))) != want || len(q.Firings(c.ratio, c.length)) != want {
			return true
		}
	}
	all := p.holds(c.ratio, c.length)
	for i := 1; i < len(all); i++ {
		if gap := all[i].From - all[i-1].To; gap < blur || (gap-p.keep()).Abs() < blur {
			return true
		}
	}
	for _, a := range c.any { // all alone, too: the others may only just bridge a gap
		single := Policy{Any: []Alternative{a}}
		if len(single.Firings(c.ratio, max(0, c.length-blur))) != len(single.Firings(c.ratio, c.length+blur)) {
			return true
		}
	}
	return false
}

func simulate(t *testing.T, all []incident) (compared int) {
	engine := promql.NewEngine(promql.EngineOpts{MaxSamples: 1e7, Timeout: time.Minute, LookbackDelta: 5 * time.Minute,
		Parser: parser.NewParser(parser.Options{})})
	query := rules.EngineQueryFunc(engine, store(t, all))
	for id, c := range all {
		p, ok := PolicyOf(parse(t, c.expr(id)), c.timing, nil)
		if want := (Policy{Any: c.any}).describe(); !ok || p.describe() != want {
			t.Errorf("%v: read as %s", c, p.describe())
		}
		if c.compare(t, c.measure(t, id, query)) {
			compared++
		}
	}
	return compared
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

func randomIncident(r *rand.Rand) incident {
	c := incident{
		ratio:  pick(r, 1, 0.5, 0.1, 0.02),
		scrape: pick(r, 15*time.Second, 30*time.Second, time.Minute),
		born:   r.IntN(2) == 0,
		good:   r.IntN(3) == 0,
	}
	c.timing.Interval = pick(r, 15*time.Second, 30*time.Second, time.Minute)
	c.timing.For = pick(r, 0, 0, time.Minute, 100*time.Second, 10*time.Minute)
	c.timing.KeepFiring = pick(r, 0, 0, 5*time.Minute, 130*time.Second)
	c.scraped = time.Duration(r.Int64N(c.scrape.Milliseconds())) * time.Millisecond
	c.asked = time.Duration(r.Int64N(c.timing.Interval.Milliseconds())) * time.Millisecond
	for range 1 + r.IntN(2) {
		var a Alternative
		for range 1 + r.IntN(2) {
			w := pick(r, 5*time.Minute, 10*time.Minute, 15*time.Minute, 30*time.Minute, time.Hour)
			at := pick(r, 0.02, 0.1, 0.3, 0.6, 0.9, 1.3) * (0.9 + 0.2*r.Float64())
			a = append(a, Clause{Window: w, Threshold: float64(int(c.ratio*at*1e6)) / 1e6})
		}
		// Shares of good events below a half are read as of bad ones.
		c.good = c.good && !slices.ContainsFunc(a, func(cl Clause) bool { return cl.Threshold >= 0.5 })
		c.any = append(c.any, a)
	}
	c.length = time.Duration((0.1 + 1.5*r.Float64()) * float64(c.longest())).Round(time.Millisecond)
	return c
}

// TestAgainstPrometheus compares the arithmetic with what Prometheus's own rules
// do in random incidents: they agree within one scrape and one evaluation.
func TestAgainstPrometheus(t *testing.T) {
	r := rand.New(rand.NewPCG(14, 4))
	for left := *incidents; left > 0; left -= 40 {
		all := make([]incident, min(left, 40))
		for i := range all {
			all[i] = randomIncident(r)
		}
		compared := simulate(t, all)
		t.Logf("%d of %d incidents compared", compared, len(all))
		if compared < len(all)/2 {
			t.Errorf("only %d of %d incidents are told apart from their neighbours", compared, len(all))
		}
	}
}
