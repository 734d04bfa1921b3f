package spec

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze/sli"
)

const pyrraOthers = `apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata: {name: fast}
spec:
  target: "99"
  window: 2w
  indicator:
    latency:
      success: {metric: 'shop_seconds_bucket{le="0.5"}'}
      total: {metric: shop_seconds_count}
---
apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata: {name: native}
spec:
  target: "99"
  window: 2w
  indicator:
    latencyNative: {latency: 500ms, total: {metric: shop_seconds}}
---
apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata: {name: probe}
spec:
  target: "99.5"
  window: 2w
  indicator:
    bool_gauge: {metric: 'probe_success{job="shop"}'}
---
apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata: {name: success}
spec:
  target: "99.5"
  window: 2w
  indicator:
    ratio: {success: {metric: ok_total}, total: {metric: all_total}}
  alerting: {burnrates: false}
---
apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata: {name: parts}
spec:
  target: "99.5"
  window: 2w
  indicator:
    ratio: {success: {metric: ok_total}, errors: {metric: bad_total}}
  alerting: {burnrates: true}
`

const raw = `- apiVersion: openslo/v1
  kind: SLO
  metadata: {name: satisfied}
  spec:
    service: wifi
    indicator:
      spec:
        ratioMetric:
          rawType: failure
          raw: {metricSource: {type: Prometheus, spec: {query: '1 - avg_over_time(satisfied_ratio[$__range])'}}}
    objectives: [{target: 0.95}]
- apiVersion: openslo/v1
  kind: SLO
  metadata: {name: journey}
  spec:
    service: shop
    timeWindow: [{duration: 1Q}]
    objectives:
      - displayName: cart
        target: 0.99
        indicator: {spec: {thresholdMetric: {metricSource: {type: Prometheus, spec: {query: cart_seconds}}}}}
        op: lt
        value: 2
      - displayName: pay
        target: 0.999
        indicatorRef: paid
- apiVersion: openslo/v1
  kind: SLI
  metadata: {name: paid, displayName: Payments are taken}
  spec:
    ratioMetric:
      good: {metricSource: {metricSourceRef: here, spec: {query: paid_total}}}
      total: {metricSource: {metricSourceRef: here, spec: {query: payments_total}}}
- {apiVersion: openslo/v1, kind: DataSource, metadata: {name: here}, spec: {type: Prometheus, connectionDetails: {}}}
- {apiVersion: openslo/v1, kind: Service, metadata: {name: shop}, spec: {}}
- {apiVersion: openslo/v1, kind: AlertPolicy, metadata: {name: page}, spec: {conditions: []}}
`

// told is all that is read of an SLI.
func told(s *sli.SLI) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s) %g in %s", s.ID, s.Format, s.Objective, s.Window)
	part := func(name string, q *sli.Query) {
		if q != nil {
			fmt.Fprintf(&b, "; %s %s", name, q.Expr)
		}
	}
	part("good", s.Good)
	part("bad", s.Bad)
	part("total", s.Total)
	part("ratio", s.Ratio)
	part("value", s.Value)
	if s.RatioIsBad {
		b.WriteString(" of bad")
	}
	if s.Op != 0 {
		fmt.Fprintf(&b, "; %s %g", s.Op, s.Threshold)
	}
	if s.Unalerted {
		b.WriteString("; unalerted")
	}
	for _, f := range [][2]string{{"title", s.Title}, {"owner", s.Owner}, {"slo", s.Labels["slo"]}, {"sloth_id", s.Labels["sloth_id"]}} {
		if f[1] != "" {
			fmt.Fprintf(&b, "; %s %q", f[0], f[1])
		}
	}
	return b.String()
}

func TestFormats(t *testing.T) {
	for _, c := range []struct {
		name, src string
		want      []string
	}{
		{"OpenSLO", openSLO, []string{
			`checkout/orders (openslo) 0.999 in 672h0m0s; bad sum(rate(orders_total{code=~"5.."}[5m])); total sum(rate(orders_total[5m])); title "Orders go through"; owner "shop, web"`,
		}},
		{"OpenSLO, several objectives", openSLOThreshold, []string{
			`queue-0 (openslo) 0.99 in 720h0m0s; value max(queue_age_seconds); <= 60`,
			`queue-1 (openslo) 0.999 in 720h0m0s; value max(queue_age_seconds); <= 600`,
		}},
		{"OpenSLO, raw, composite and shared", raw, []string{
			`wifi/satisfied (openslo) 0.95 in 0s; ratio 1 - avg_over_time(satisfied_ratio[5m]) of bad`,
			`shop/journey-0 (openslo) 0.99 in 2160h0m0s; value cart_seconds; < 2; title "cart"`,
			`shop/journey-1 (openslo) 0.999 in 2160h0m0s; good paid_total; total payments_total; title "pay"`,
		}},
		{"OpenSLO v1alpha", alpha, []string{
			`checkout/orders (openslo) 0.99 in 336h0m0s; good sum(rate(ok_total[5m])); total sum(rate(all_total[5m])); sloth_id "checkout-orders-0"`,
		}},
		{"Sloth", slothSource, []string{
			`checkout/orders (sloth) 0.999 in 720h0m0s; bad sum(rate(orders_total{code=~"5.."}[5m])); total sum(rate(orders_total[5m])); unalerted; title "Orders go through."; owner "shop"; sloth_id "checkout-orders"`,
			`checkout/satisfaction (sloth) 0.95 in 720h0m0s; ratio 1 - avg(satisfaction_ratio) of bad; owner "shop"; sloth_id "checkout-satisfaction"`,
			`checkout/plugged (sloth) 0.99 in 720h0m0s; owner "shop"; sloth_id "checkout-plugged"`,
		}},
		{"Sloth's object", slothKubernetes, []string{
			`checkout/orders (sloth) 0.999 in 720h0m0s; bad sum(rate(orders_total{code=~"5.."}[5m])); total sum(rate(orders_total[5m])); sloth_id "checkout-orders"`,
		}},
		{"Pyrra", pyrraRatio, []string{
			`orders (pyrra) 0.999 in 672h0m0s; bad orders_total{code=~"5.."}; total orders_total; unalerted; title "Orders go through."; owner "shop"; slo "orders"`,
		}},
		{"Pyrra's others", pyrraOthers, []string{
			`fast (pyrra) 0.99 in 336h0m0s; good shop_seconds_bucket{le="0.5"}; total shop_seconds_count; slo "fast"`,
			`native (pyrra) 0.99 in 336h0m0s; total shop_seconds; <= 0.5; slo "native"`,
			`probe (pyrra) 0.995 in 336h0m0s; ratio probe_success{job="shop"}; slo "probe"`,
			`success (pyrra) 0.995 in 336h0m0s; good ok_total; total all_total; unalerted; slo "success"`,
			`parts (pyrra) 0.995 in 336h0m0s; good ok_total; bad bad_total; slo "parts"`,
		}},
		{"a list", "kind: List\napiVersion: v1\nitems:\n- " + strings.ReplaceAll(strings.TrimSpace(slothKubernetes), "\n", "\n  "), []string{
			`checkout/orders (sloth) 0.999 in 720h0m0s; bad sum(rate(orders_total{code=~"5.."}[5m])); total sum(rate(orders_total[5m])); sloth_id "checkout-orders"`,
		}},
		{"anchors and merges", `version: prometheus/v1
service: checkout
slos:
  - &first
    name: orders
    objective: 99
    sli: {events: {error_query: bad, total_query: all}}
  - {<<: *first, name: carts}
`, []string{
			`checkout/orders (sloth) 0.99 in 720h0m0s; bad bad; total all; sloth_id "checkout-orders"`,
			`checkout/carts (sloth) 0.99 in 720h0m0s; bad bad; total all; sloth_id "checkout-carts"`,
		}},
		{"an indicator that no SLO names", strings.Split(raw, "- apiVersion")[3], nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.want == nil {
				c.src = "- apiVersion" + c.src
				c.want = []string{`paid (openslo) 0 in 0s; good paid_total; total payments_total; title "Payments are taken"`}
			}
			got := Parse("f", []byte(c.src), true)
			require.Empty(t, got.Problems)
			require.Empty(t, got.Passed)
			var lines []string
			for _, s := range got.SLIs {
				lines = append(lines, told(s))
				require.Equal(t, "f", s.File.Path)
				for _, q := range s.Queries() {
					require.Equal(t, q.File, s.File)
					require.NotEqual(t, q.Span.Start, q.Span.End)
				}
			}
			require.Equal(t, c.want, lines)
		})
	}
}

// What takes the place of a window moves nothing.
func TestPlaceholders(t *testing.T) {
	for _, q := range []string{
		"rate(a[{{.window}}])", "rate(a[{{ .window }}])", "rate(a[{{-   .window -}}:])", "rate(a[window])", "rate(a[window] offset 1d)",
		"rate(a[$__rate_interval])", "rate(a[${__range}])", "rate(a[$__interval:])", "a / $__range_s", "delta(a[{{.window}}]) / ${__interval_ms}",
	} {
		require.Len(t, fill(q), len(q))
		_, err := parse(q)
		require.Nil(t, err, "%s: %v", q, err)
	}
	require.Equal(t, `window{a="[windows]"}[00005m]`, fill(`window{a="[windows]"}[window]`))
	_, err := parse("rate({{.window}} {{.window}})")
	require.NotNil(t, err)
	require.Contains(t, err.message, "{{.window}}")
}

func TestShift(t *testing.T) {
	for number, want := range map[string]string{"99.9": "0.999", "99.95": "0.9995", "99": "0.99", "99.99999": "0.9999999"} {
		require.Equal(t, want, shift(number, -2))
	}
	require.Equal(t, "99.9", shift("0.999", 2))
}

func TestDurations(t *testing.T) {
	for text, want := range map[string]time.Duration{"30d": 30 * day, "4w": 28 * day, "1M": 30 * day, "1Q": 90 * day, "1Y": 365 * day, "90m": 90 * time.Minute, "12h": 12 * time.Hour} {
		c := Parse("f", []byte(with(openSLO, "4w", text)), true)
		require.Empty(t, c.Problems)
		require.Equal(t, want, c.SLIs[0].Window)
	}
}
