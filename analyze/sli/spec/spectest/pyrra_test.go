package spectest

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze/sli"
	"github.com/crywolf-dev/crywolf/analyze/sli/spec"
	"github.com/crywolf-dev/crywolf/fixtures/corpora"
	"github.com/crywolf-dev/crywolf/rules"
)

func object(name, window, indicator string) string {
	return "apiVersion: pyrra.dev/v1alpha1\nkind: ServiceLevelObjective\nmetadata: {name: " + name + "}\nspec: {target: '99', window: " + window + ", indicator: " + indicator + "}\n---\n"
}

// check that the rules of an SLO are what Pyrra's conventions ask for.
func check(t *testing.T, s *sli.SLI) *rules.File {
	t.Helper()
	src := PyrraRules(s, "route")
	f := rules.Parse("rules.yaml", src, rules.Options{Named: true})
	require.Empty(t, f.Problems, "%s", src)
	require.Len(t, f.Groups, 2)
	alerts := map[string]int{}
	for _, g := range f.Groups {
		for _, r := range g.Rules {
			slo, _ := r.Labels.Get("slo")
			require.Equal(t, s.Labels["slo"], slo.Value.Text())
			if r.Kind == rules.Alerting {
				alerts[r.Name()]++
			}
		}
	}
	require.Equal(t, 4, alerts["ErrorBudgetBurn"])
	if s.Op == 0 { // for native histograms there is none
		require.GreaterOrEqual(t, alerts["SLOMetricAbsent"], 1)
	}
	return f
}

func TestPyrraRules(t *testing.T) {
	c := spec.Parse("slos.yaml", []byte(
		object("ratio", "4w", `{ratio: {errors: {metric: 'http_requests_total{job="shop",code=~"5.."}'}, total: {metric: 'http_requests_total{job="shop"}'}}}`)+
			object("latency", "2w", `{latency: {success: {metric: 'shop_seconds_bucket{le="1"}'}, total: {metric: shop_seconds_count}}}`)+
			object("native", "30d", `{latencyNative: {latency: 200ms, total: {metric: shop_seconds}}}`)+
			object("probe", "1w", `{bool_gauge: {metric: 'probe_success{job=~"a|b"}'}}`)), true)
	require.Empty(t, c.Problems)
	require.Len(t, c.SLIs, 4)
	names := func(f *rules.File) (out []string) {
		for _, g := range f.Groups {
			for _, r := range g.Rules {
				if r.Kind == rules.Recording {
					out = append(out, r.Name())
				}
			}
		}
		return out
	}
	ratio := check(t, c.SLIs[0])
	require.Equal(t, []string{"http_requests:increase4w", "http_requests:burnrate5m", "http_requests:burnrate30m", "http_requests:burnrate1h", "http_requests:burnrate2h", "http_requests:burnrate6h", "http_requests:burnrate1d", "http_requests:burnrate4d"}, names(ratio))
	require.Equal(t, `sum by (code, route) (increase(http_requests_total{job="shop"}[4w]))`, ratio.Groups[0].Rules[0].ExprField.Value.Text())
	require.Equal(t, "10m", ratio.Groups[0].Rules[1].ForField.Value.Text(), "14 times the budget of an hour, and two minutes")
	require.Equal(t, `sum by (route) (rate(http_requests_total{code=~"5..",job="shop"}[5m])) / sum by (route) (rate(http_requests_total{job="shop"}[5m]))`, ratio.Groups[1].Rules[0].ExprField.Value.Text())
	first := ratio.Groups[1].Rules[7]
	require.Equal(t, `http_requests:burnrate5m{job="shop",slo="ratio"} > (14 * (1-0.99)) and http_requests:burnrate1h{job="shop",slo="ratio"} > (14 * (1-0.99))`, first.ExprField.Value.Text())
	require.Equal(t, "2m", first.ForField.Value.Text())
	for name, want := range map[string]string{"slo": "ratio", "job": "shop", "short": "5m", "long": "1h", "severity": "critical", "exhaustion": "2d"} {
		got, _ := first.Labels.Get(name)
		require.Equal(t, want, got.Value.Text(), name)
	}
	latency := names(check(t, c.SLIs[1]))
	require.Equal(t, []string{"shop_seconds:increase2w", "shop_seconds:increase2w", "shop_seconds:burnrate3m", "shop_seconds:burnrate15m", "shop_seconds:burnrate30m"}, latency[:5])
	check(t, c.SLIs[2])
	probe := check(t, c.SLIs[3])
	require.Equal(t, `probe_success:burnrate1m{slo="probe"} > (14 * (1-0.99)) and probe_success:burnrate15m{slo="probe"} > (14 * (1-0.99))`, probe.Groups[1].Rules[7].ExprField.Value.Text())
	require.Equal(t, []string{"probe_success:count1w", "probe_success:sum1w", "probe_success:burnrate1m"}, names(check(t, c.SLIs[3]))[:3])
}

func TestPyrraRulesOfCorpora(t *testing.T) {
	dir := filepath.Join(corpora.Dir(), "slo-specs", "pyrra")
	if _, err := os.Stat(dir); corpora.Dir() == "" || err != nil {
		t.Skip(corpora.Missing)
	}
	c, err := spec.Load(context.Background(), []string{dir})
	require.NoError(t, err)
	for _, s := range c.SLIs {
		check(t, s)
	}
}
