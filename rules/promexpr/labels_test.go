package promexpr

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/stretchr/testify/require"
)

func TestFunctionsCoverTheParser(t *testing.T) {
	require.Equal(t, slices.Sorted(maps.Keys(parser.Functions)), slices.Sorted(maps.Keys(labelEffects)))
}

// holds compares the claims about labels with one series.
func holds(t *testing.T, text string, l Labels, m labels.Labels) {
	t.Helper()
	names := []string{"__name__", "job", "pod", "env", "le", "nope", "new", "val"}
	m.Range(func(lb labels.Label) { names = append(names, lb.Name) })
	closed, isClosed := l.Closed()
	for _, n := range names {
		v := m.Get(n)
		switch {
		case v != "" && l.CannotHave(n):
			d, _ := l.Dropper(n)
			t.Fatalf("%s\nreturned %s, which cannot have %s, said to be dropped by %+v", text, m, n, d)
		case v == "" && l.MustHave(n):
			t.Fatalf("%s\nreturned %s, which must have %s", text, m, n)
		case v != "" && isClosed && !slices.Contains(closed, n):
			t.Fatalf("%s\nreturned %s: its labels can only be %v", text, m, closed)
		}
		if want, ok := l.Value(n); ok && v != "" && v != want {
			t.Fatalf("%s\nreturned %s: the value of %s can only be %q", text, m, n, want)
		}
	}
}

// TestOutputLabelsSound checks every claim on what the engine returns.
func TestOutputLabelsSound(t *testing.T) {
	perRound := 800
	series, never, must := 0, 0, 0
	for round := range *rounds {
		r := rand.New(rand.NewPCG(uint64(round), 2))
		o := newOracle(t, r)
		g := gen{r: r}
		for range perRound {
			e := g.expr(r.IntN(5))
			text := e.String()
			l := OutputLabels(mustParse(t, text))
			for _, ts := range times() {
				v, err := o.eval(t, text, ts)
				if err != nil {
					continue
				}
				for _, s := range v {
					series++
					holds(t, text, l, s.Metric)
				}
			}
			for _, n := range []string{"job", "pod", "env"} {
				if l.CannotHave(n) {
					never++
				}
				if l.MustHave(n) {
					must++
				}
			}
		}
	}
	t.Logf("%d series; labels proved absent %d times, present %d times", series, never, must)
	if series < 1000 || never < 100 || must < 100 {
		t.Error("too little was proved or returned")
	}
}

func TestOutputLabelsWith(t *testing.T) {
	rec := OutputLabels(mustParse(t, `sum by (job, env) (x{job="a"})`)).Recorded("job:x:sum", map[string]string{"team": "t", "env": ""})
	resolve := func(m string) (Labels, bool) { return rec, m == "job:x:sum" }
	l := OutputLabelsWith(mustParse(t, `job:x:sum > 5`), resolve)
	closed, ok := l.Closed()
	require.True(t, ok)
	require.Equal(t, []string{model.MetricNameLabel, "job", "team"}, closed)
	v, ok := l.Value("team")
	require.True(t, ok)
	require.Equal(t, "t", v)
	require.True(t, l.MustHave("job"))
	require.True(t, l.CannotHave("pod"))
	d, ok := l.Dropper("pod")
	require.True(t, ok)
	require.Equal(t, "sum by (job, env)", d.What)
	d, _ = l.Dropper("env")
	require.Equal(t, `the rule's label env: ""`, d.What)
	require.False(t, OutputLabelsWith(mustParse(t, `other > 5`), resolve).CannotHave("pod"))
}

func TestOutputLabels(t *testing.T) {
	for _, tc := range []struct {
		expr   string
		never  []string
		must   []string
		open   []string // may be there, may be not
		kept   []string
		noBy   bool
		drop   string // of the first of never
		values map[string]string
	}{
		{expr: `x`, open: []string{"pod", "__name__x"}, must: []string{"__name__"}, noBy: true},
		{expr: `x{a="b",c="",d!="",e=~"f|g"} > 5`, must: []string{"a", "d", "e"}, never: []string{"c"}, noBy: true, drop: `the matcher c=""`, values: map[string]string{"a": "b"}},
		{expr: `sum by (job) (x) > 5`, never: []string{"pod", "__name__"}, open: []string{"job"}, kept: []string{"job"}, drop: "sum by (job)"},
		{expr: `sum(x)`, never: []string{"pod"}, noBy: true, drop: "sum"},
		{expr: `sum by () (x)`, never: []string{"pod"}},
		{expr: `sum without (pod) (x)`, never: []string{"pod", "__name__"}, open: []string{"job"}, noBy: true},
		{expr: `rate(x[5m])`, never: []string{"__name__"}, open: []string{"pod"}, noBy: true, drop: "rate()"},
		{expr: `sum by (pod) (x) / on (pod) group_left (team) y`, never: []string{"job"}, open: []string{"pod", "team"}, kept: []string{"pod"}},
		{expr: `x / on (pod) y`, never: []string{"job", "__name__"}, open: []string{"pod"}, noBy: true, drop: "/ on (pod)"},
		{expr: `x / on (pod) group_left (job) sum by (pod, job) (y)`, open: []string{"job", "pod", "z"}, noBy: true},
		{expr: `x / on (pod) group_left (job) sum by (pod) (y)`, never: []string{"job"}, noBy: true},
		{expr: `x{pod="p"} and on (pod) y`, must: []string{"pod"}, open: []string{"job"}, noBy: true},
		{expr: `x and on (pod) y{pod="p"}`, must: []string{"pod"}, open: []string{"job"}, values: map[string]string{"pod": "p"}, noBy: true},
		{expr: `x or sum by (job) (y)`, open: []string{"pod", "job"}, noBy: true},
		{expr: `sum by (a, job) (x) or sum by (b, job) (y)`, open: []string{"a", "b", "job"}, never: []string{"c"}, kept: []string{"job"}},
		{expr: `absent(x{job="a",pod=~"p",e="1",e="1"})`, must: []string{"job"}, never: []string{"pod", "e", "__name__"}, noBy: true, drop: "absent()", values: map[string]string{"job": "a"}},
		{expr: `vector(1)`, never: []string{"job"}, noBy: true},
		{expr: `time() - 5`, never: []string{"job"}, noBy: true},
		{expr: `histogram_quantile(0.9, sum by (le, job) (rate(x_bucket[5m])))`, never: []string{"le", "pod"}, open: []string{"job"}, kept: []string{"job"}, drop: "histogram_quantile()"},
		{expr: `count_values("v", x)`, must: []string{"v"}, never: []string{"job"}, noBy: true},
		{expr: `label_replace(sum(x), "team", "a", "", "")`, must: []string{"team"}, never: []string{"job"}, values: map[string]string{"team": "a"}, noBy: true},
		{expr: `label_replace(x{a="b-c"}, "d", "$1", "a", "(.*)-.*")`, must: []string{"d"}, values: map[string]string{"d": "b"}, noBy: true},
		{expr: `label_replace(x{a!=""}, "d", "$1", "a", "(.*)")`, must: []string{"d"}, noBy: true},
		{expr: `label_join(x{a!=""}, "d", ",", "a", "b")`, must: []string{"d"}, noBy: true},
		{expr: `topk(3, sum by (job) (x))`, never: []string{"pod"}, open: []string{"job"}, kept: []string{"job"}},
		{expr: `info(sum by (job) (x))`, open: []string{"pod", "job"}, noBy: true},
		{expr: `sum by (job, pod) (x{pod=""})`, never: []string{"pod"}, kept: []string{"job"}, drop: `the matcher pod=""`},
		{expr: `sum by (job, pod) (x) / on (job) y`, never: []string{"pod"}, kept: []string{"job"}},
	} {
		l := OutputLabels(mustParse(t, tc.expr))
		for i, n := range tc.never {
			require.True(t, l.CannotHave(n), "%s: %s", tc.expr, n)
			d, ok := l.Dropper(n)
			require.True(t, ok)
			if i == 0 && tc.drop != "" {
				require.Equal(t, tc.drop, d.What, tc.expr)
			}
		}
		for _, n := range tc.must {
			require.True(t, l.MustHave(n), "%s: %s", tc.expr, n)
		}
		for _, n := range tc.open {
			require.False(t, l.MustHave(n) || l.CannotHave(n), "%s: %s", tc.expr, n)
		}
		for n, want := range tc.values {
			v, ok := l.Value(n)
			require.True(t, ok)
			require.Equal(t, want, v)
		}
		kept, explicit := l.KeptBy()
		require.Equal(t, tc.kept, kept, tc.expr)
		require.Equal(t, !tc.noBy, explicit, tc.expr)
	}
}
