package impact

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/prometheus/common/promslog"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/tsdb"
	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/analyze/sli"
	"github.com/crywolf-dev/crywolf/rules/promexpr"
)

const t0 = int64(1_760_000_040_000) // a whole minute

type raw struct {
	t int64
	v float64
}

// A world is what was scraped: samples of series, by their labels.
type world map[labels.Labels][]raw

func label(pairs ...string) labels.Labels { return labels.FromStrings(pairs...) }

// store puts a world into a database.
func (w world) store(t *testing.T) *tsdb.DB {
	t.Helper()
	o := tsdb.DefaultOptions()
	o.RetentionDuration = 0
	o.MinBlockDuration, o.MaxBlockDuration = 48*time.Hour.Milliseconds(), 48*time.Hour.Milliseconds()
	db, err := tsdb.Open(t.TempDir(), promslog.NewNopLogger(), nil, o, nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	app := db.Appender(context.Background())
	for l, samples := range w {
		for _, s := range samples {
			_, err := app.Append(0, l, s.t, s.v)
			require.NoError(t, err)
		}
	}
	require.NoError(t, app.Commit())
	return db
}

func query(t *testing.T, text string) *sli.Query {
	t.Helper()
	e, err := promexpr.Parse(text)
	require.NoError(t, err)
	return &sli.Query{Text: text, Expr: e}
}

func follow(t *testing.T, w world, s *sli.SLI, hours int64) *Indicator {
	t.Helper()
	s.Objective, s.Window = 0.999, 30*24*time.Hour
	got, err := Follow(context.Background(), w.store(t), history.Interval{Start: t0, End: t0 + hours*3_600_000}, []*sli.SLI{s}, Options{})
	require.NoError(t, err)
	require.Len(t, got.Indicators, 1)
	return got.Indicators[0]
}

// counters scrapes counters that rise, restart and go missing.
func counters(rng *rand.Rand, hours int64) world {
	w := world{}
	for _, instance := range []string{"a", "b", "c"} {
		every := []int64{15_000, 30_000, 60_000}[rng.IntN(3)]
		phase := rng.Int64N(every)
		var good, bad float64
		missing := int64(0)
		outage := t0 + 3_600_000 // of all of them
		for ts := t0 + phase; ts < t0+hours*3_600_000; ts += every {
			good, bad = good+float64(rng.IntN(100)), bad+float64(rng.IntN(3))
			if rng.IntN(200) == 0 {
				good, bad = float64(rng.IntN(5)), 0
			}
			if rng.IntN(150) == 0 {
				missing = ts + rng.Int64N(12*60_000)
			}
			if ts < missing || ts > outage && ts < outage+9*60_000 {
				continue
			}
			g := label("__name__", "requests_total", "code", "200", "instance", instance)
			b := label("__name__", "requests_total", "code", "500", "instance", instance)
			w[g] = append(w[g], raw{ts, good})
			if bad > 0 || len(w[b]) > 0 {
				w[b] = append(w[b], raw{ts, bad})
			}
		}
	}
	return w
}

// increase is what a series counted in (from, to], by hand: from the last
// sample up to five minutes before, if there is one.
func increase(samples []raw, from, to int64) float64 {
	sum, before, started := 0.0, 0.0, false
	for _, s := range samples {
		if s.t <= from-5*60_000 || s.t > to {
			continue
		}
		if s.t > from && started {
			if s.v >= before {
				sum += s.v - before
			} else {
				sum += s.v
			}
		}
		before, started = s.v, true
	}
	return sum
}

// scraped marks the seconds since t0 in which a series was being scraped.
func scraped(samples []raw, seconds []bool) {
	count, every := map[int64]int{}, int64(0)
	for i := 1; i < len(samples); i++ {
		d := samples[i].t - samples[i-1].t
		if count[d]++; count[d] > count[every] {
			every = d
		}
	}
	for i := 1; i < len(samples); i++ {
		a, b := samples[i-1].t, samples[i].t
		for s := range seconds {
			if ts := t0 + int64(s)*1000; b-a <= every*5/2 && a <= ts && ts <= b {
				seconds[s] = true
			}
		}
	}
}

func TestEventsByHand(t *testing.T) {
	const hours = 5
	all := 0
	for seed := range uint64(8) {
		rng := rand.New(rand.NewPCG(seed, 3))
		w := counters(rng, hours)
		s := &sli.SLI{
			Bad:   query(t, `sum(rate(requests_total{code=~"5.."}[5m]))`),
			Total: query(t, `sum(rate(requests_total[5m]))`),
		}
		forms := []*sli.SLI{
			s,
			{Good: query(t, `sum by (code) (increase(requests_total{code="200"}[30d]))`), Total: query(t, `sum(increase(requests_total[1h]))`)},
			{Format: "pyrra", Bad: query(t, `requests_total{code="500"}`), Total: query(t, `requests_total`)},
			{Good: query(t, `sum(requests_total{code="200"})`), Bad: query(t, `sum(requests_total{code="500"})`)},
		}
		for k, s := range forms {
			ind := follow(t, w, s, hours)
			require.Empty(t, ind.Refused)
			require.Len(t, ind.Known, hours*60)
			seconds := make([]bool, hours*3600+1)
			for l, samples := range w {
				if k < 3 || l.Get("code") == "200" { // what counts all events, or else the good ones
					scraped(samples, seconds)
				}
			}
			unknown := 0
			for i := range ind.Known {
				from, to := t0+int64(i)*60_000, t0+int64(i+1)*60_000
				known := !slices.Contains(seconds[i*60:i*60+61], false)
				require.Equal(t, known, ind.Known[i], "seed %d form %d step %d", seed, k, i)
				var bad, total float64
				for l, samples := range w {
					n := increase(samples, from, to)
					if total += n; l.Get("code") == "500" {
						bad += n
					}
				}
				if !known {
					bad, total = 0, 0
					unknown++
				}
				require.Equal(t, total, ind.Total[i], "seed %d form %d step %d", seed, k, i)
				require.Equal(t, bad, ind.Bad[i], "seed %d form %d step %d", seed, k, i)
			}
			all += unknown
		}
	}
	require.Greater(t, all, 20, "data were missing too seldom to tell")
}

// Ranges and steps divide the time among them: what is counted in all steps is
// what the counters counted.
func TestStepsAddUp(t *testing.T) {
	l, e := label("__name__", "requests_total", "code", "200"), label("__name__", "requests_total", "code", "500")
	w := world{}
	for i := range int64(600) {
		w[l] = append(w[l], raw{t0 + i*60_000, float64(1000 * i)})
		w[e] = append(w[e], raw{t0 + i*60_000, float64(i / 7)})
	}
	ind := follow(t, w, &sli.SLI{
		Bad:   query(t, `sum(rate(requests_total{code="500"}[7m]))`),
		Total: query(t, `sum(rate(requests_total[3m]))`),
	}, 10)
	var bad, total float64
	for i := range ind.Bad {
		bad, total = bad+ind.Bad[i], total+ind.Total[i]
	}
	require.Equal(t, float64(599/7), bad)
	require.Equal(t, float64(599_000+599/7), total)
	require.Equal(t, history.Intervals{{Start: t0, End: t0 + 599*60_000}}, ind.Covered)
	require.InEpsilon(t, 0.001*total/599*43200, ind.BudgetTotal, 1e-9)
}

// What is not followed is refused, and says why.
func TestRefused(t *testing.T) {
	w := world{}
	add := func(name string, at func(i int64) float64, more ...string) {
		for i := range int64(120) {
			l := label(append(more, "__name__", name)...)
			w[l] = append(w[l], raw{t0 + i*60_000, at(i)})
		}
	}
	add("requests_total", func(i int64) float64 { return float64(100 * i) })
	add("failures_total", func(i int64) float64 { return float64(300 * i) })
	add("good_percent", func(int64) float64 { return 99.5 })
	add("up", func(int64) float64 { return 1 }, "job", "a")
	add("up", func(int64) float64 { return 0 }, "job", "b")
	for want, s := range map[string]*sli.SLI{
		"outnumber all": {Bad: query(t, `rate(failures_total[5m])`), Total: query(t, `rate(requests_total[5m])`)},
		"its query for bad events: no samples are stored": {Bad: query(t, `rate(faults_total[5m])`), Total: query(t, `rate(requests_total[5m])`)},
		"no samples are stored of what it counts":         {Good: query(t, `rate(fine_total[5m])`), Total: query(t, `rate(requests_total[5m])`)},
		"expected a number from 0 to 1":                   {Ratio: query(t, `sum(good_percent)`)},
		"it gives 2 series where one was expected":        {Ratio: query(t, `avg by (job) (up)`)},
		"rates beside increases":                          {Bad: query(t, `rate(failures_total[5m])`), Total: query(t, `increase(requests_total[5m])`)}, // in either order
		"no query says what is good or bad":               {Total: query(t, `rate(requests_total[5m])`)},
		"on which side":                                   {Value: query(t, `sum(up)`)},
	} {
		ind := follow(t, w, s, 2)
		if want == "rates beside increases" {
			require.Regexp(t, "rates beside increases|increases beside rates", ind.Refused)
			continue
		}
		require.Contains(t, ind.Refused, want)
	}
	s := &sli.SLI{Ratio: query(t, `avg(up)`)}
	got, err := Follow(context.Background(), w.store(t), history.Interval{Start: t0, End: t0 + 3_600_000}, []*sli.SLI{s}, Options{})
	require.NoError(t, err)
	require.Contains(t, got.Indicators[0].Refused, "no objective")
}

func TestRatiosAndValues(t *testing.T) {
	w := world{}
	up, slow := label("__name__", "probe_success"), label("__name__", "slowest_seconds")
	for i := range int64(121) {
		v, s := 1.0, 0.2
		if i >= 60 && i < 90 {
			v, s = 0, 3
		}
		if i >= 100 && i < 110 {
			continue
		}
		w[up], w[slow] = append(w[up], raw{t0 + i*60_000, v}), append(w[slow], raw{t0 + i*60_000, s})
	}
	for _, s := range []*sli.SLI{
		{Ratio: query(t, `probe_success`)},
		{Ratio: query(t, `1 - avg(avg_over_time(probe_success[1h]))`), RatioIsBad: true},
		{Value: query(t, `max(slowest_seconds)`), Op: parser.LSS, Threshold: 1},
	} {
		ind := follow(t, w, s, 2)
		require.Empty(t, ind.Refused)
		for i := range ind.Known {
			// The step that ends with a sample is known by it.
			require.Equal(t, i < 99 || i >= 110, ind.Known[i], "step %d", i)
			bad := 0.0
			if i >= 59 && i < 89 {
				bad = 1
			}
			require.Equal(t, bad, ind.Bad[i], "step %d", i)
		}
		require.Len(t, ind.Breaches, 1)
		require.Equal(t, t0+59*60_000, ind.Breaches[0].Start)
		require.Equal(t, t0+89*60_000, ind.Breaches[0].End)
		require.InDelta(t, 30/43.2, ind.Breaches[0].Spent, 1e-9)
	}
}

// A sum of two queries has no result where one of them has none: that is not a
// count of none, neither of what is good nor of what is bad.
func TestSumsOfWhatIsMissing(t *testing.T) {
	w := world{}
	for i := range int64(121) {
		for code, v := range map[string]float64{"200": 1000, "503": 1} {
			l := label("__name__", "requests_total", "code", code)
			w[l] = append(w[l], raw{t0 + i*60_000, v * float64(i)})
		}
	}
	total := query(t, `sum(rate(requests_total[5m]))`)
	for _, s := range []*sli.SLI{
		{Total: total, Good: query(t, `sum(rate(requests_total{code="200"}[5m])) + sum(rate(requests_total{code="304"}[5m]))`)},
		{Total: total, Bad: query(t, `sum(rate(requests_total{code="503"}[5m])) + sum(rate(requests_total{code="502"}[5m]))`)},
	} {
		ind := follow(t, w, s, 2)
		require.Contains(t, ind.Refused, "a part of what it joins is not there")
	}
	for _, s := range []*sli.SLI{
		{Total: total, Good: query(t, `sum(rate(requests_total{code="200"}[5m])) + (sum(rate(requests_total{code="304"}[5m])) or vector(0))`)},
		{Total: total, Bad: query(t, `2 * sum(rate(requests_total{code="503"}[5m])) / 2`)},
	} {
		ind := follow(t, w, s, 2)
		require.Empty(t, ind.Refused)
		require.Equal(t, 1.0, ind.Bad[60])
		require.Equal(t, 1001.0, ind.Total[60])
	}
}
