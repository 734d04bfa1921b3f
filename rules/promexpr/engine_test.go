package promexpr

import (
	"context"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/promql/promqltest"
	"github.com/prometheus/prometheus/storage"
)

// The reference for every claim of this package is Prometheus's own engine on
// random data.

var rounds = flag.Int("rounds", 2, "how many sets of random data to compare with the engine on")

type oracle struct {
	engine *promql.Engine
	store  storage.Queryable
}

// The metrics of the random data. Counters only rise; gauges are anything, NaN
// and the infinities included; g2 is small whole numbers, so that there are
// ties and equal values; h_bucket is a classic histogram, nh a native one.
var (
	counterNames = []string{"c1_total", "c2_total"}
	gaugeNames   = []string{"g1", "g2", "g3"}
)

const (
	step    = 30 * time.Second
	samples = 60
)

func newOracle(t testing.TB, r *rand.Rand) *oracle {
	var b strings.Builder
	b.WriteString("load 30s\n")
	series := func(name, lbls string, value func(i int) string) {
		if r.IntN(6) == 0 {
			return
		}
		fmt.Fprintf(&b, "  %s{%s}", name, lbls)
		for i := range samples {
			if r.IntN(25) == 0 {
				b.WriteString(" _")
				continue
			}
			b.WriteString(" " + value(i))
		}
		b.WriteString("\n")
	}
	var sets []string
	for _, job := range []string{`job="a"`, `job="b"`, ``} {
		for _, pod := range []string{`pod="p1"`, `pod="p2"`, ``} {
			for _, env := range []string{`env="x"`, ``} {
				if r.IntN(2) == 0 {
					continue
				}
				l := strings.Trim(strings.Join([]string{job, pod, env}, ","), ",")
				sets = append(sets, strings.ReplaceAll(l, ",,", ","))
			}
		}
	}
	for _, l := range sets {
		for _, c := range counterNames {
			v := 0.0
			series(c, l, func(int) string {
				if r.IntN(30) == 0 {
					v = 0
				}
				v += float64(r.IntN(4)) * 0.7
				return fmt.Sprint(v)
			})
		}
		series("g1", l, func(int) string {
			switch r.IntN(30) {
			case 0:
				return "NaN"
			case 1:
				return "Inf"
			case 2:
				return "-Inf"
			}
			return fmt.Sprintf("%.3f", r.NormFloat64()*10)
		})
		series("g2", l, func(int) string { return fmt.Sprint(r.IntN(4) - 1) })
		series("g3", l, func(int) string { return fmt.Sprint(float64(r.IntN(7)) / 10) })
		if r.IntN(2) == 0 {
			for _, le := range []string{"0.1", "1", "+Inf"} {
				series("h_bucket", strings.Trim(l+`,le="`+le+`"`, ","), func(i int) string { return fmt.Sprint(i * len(le)) })
			}
			series("nh", l, func(i int) string {
				return fmt.Sprintf("{{schema:0 sum:%d count:%d buckets:[%d 1]}}", i, i+1, i)
			})
		}
	}
	b.WriteString("  always{job=\"a\",pod=\"p1\"} 1x60\n")
	return openOracle(t, b.String())
}

// openOracle loads data in the notation of Prometheus's own tests.
func openOracle(t testing.TB, load string) *oracle {
	store := promqltest.LoadedStorage(t, load)
	t.Cleanup(func() { store.Close() })
	return &oracle{
		engine: promql.NewEngine(promql.EngineOpts{
			MaxSamples: 1e6, Timeout: time.Minute, EnableAtModifier: true, EnableNegativeOffset: true,
			NoStepSubqueryIntervalFn: func(int64) int64 { return step.Milliseconds() },
			Parser:                   parser.NewParser(parserOptions),
		}),
		store: store,
	}
}

// eval evaluates s at a time; scalars come as one sample without labels.
func (o *oracle) eval(t testing.TB, s string, at time.Time) (promql.Vector, error) {
	t.Helper()
	q, err := o.engine.NewInstantQuery(context.Background(), o.store, nil, s, at)
	if err != nil {
		return nil, err
	}
	defer q.Close()
	res := q.Exec(context.Background())
	if res.Err != nil {
		return nil, res.Err
	}
	switch v := res.Value.(type) {
	case promql.Vector:
		out := make(promql.Vector, len(v))
		copy(out, v)
		for i := range out {
			out[i].Metric = out[i].Metric.Copy()
			if out[i].H != nil {
				out[i].H = out[i].H.Copy()
			}
		}
		return out, nil
	case promql.Scalar:
		return promql.Vector{{Metric: labels.EmptyLabels(), F: v.V}}, nil
	}
	return nil, nil
}

// repeatable reports whether the engine gives one result each time it is
// asked: limitk takes what comes first, and some functions return their series
// in the order of a Go map.
func (o *oracle) repeatable(t testing.TB, s string, at time.Time) bool {
	first, err := o.eval(t, s, at)
	if err != nil {
		return true
	}
	for range 20 {
		again, err := o.eval(t, s, at)
		if err != nil || sameResult(first, again) != nil {
			return false
		}
	}
	return true
}

func times() []time.Time {
	var ts []time.Time
	for _, i := range []int{3, 17, 40, 59, 62} {
		ts = append(ts, time.UnixMilli(int64(i)*step.Milliseconds()+int64(i)))
	}
	return ts
}

// sameResult compares two results: the same series, the same values, NaN equal
// to NaN, with room for the last digits where sums were added up in another
// order.
func sameResult(a, b promql.Vector) error {
	if len(a) != len(b) {
		return fmt.Errorf("%d series and %d: %v, %v", len(a), len(b), a, b)
	}
	byLabels := map[string]promql.Sample{}
	for _, s := range a {
		byLabels[s.Metric.String()] = s
	}
	for _, s := range b {
		o, ok := byLabels[s.Metric.String()]
		if !ok {
			return fmt.Errorf("%s in one only", s.Metric)
		}
		if (s.H == nil) != (o.H == nil) || s.H == nil && !closeTo(s.F, o.F) {
			return fmt.Errorf("%s: %v and %v", s.Metric, o, s)
		}
		if s.H != nil && (!closeTo(s.H.Sum, o.H.Sum) || !closeTo(s.H.Count, o.H.Count)) {
			return fmt.Errorf("%s: %v and %v", s.Metric, o.H, s.H)
		}
	}
	return nil
}

func closeTo(a, b float64) bool {
	if a == b || math.IsNaN(a) && math.IsNaN(b) {
		return true
	}
	return math.Abs(a-b) <= 1e-9*math.Max(math.Abs(a), math.Abs(b))
}

func mustParse(t testing.TB, s string) parser.Expr {
	t.Helper()
	e, err := Parse(s)
	require.NoError(t, err, s)
	return e
}

func mustOp(t testing.TB, s string) parser.ItemType {
	t.Helper()
	return mustParse(t, s).(*parser.BinaryExpr).Op
}
