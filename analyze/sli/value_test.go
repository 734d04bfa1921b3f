package sli

import (
	"strings"
	"testing"

	"github.com/prometheus/prometheus/promql/parser"
	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/rules"
)

// mappedTo are the SLIs that an expression maps to beside recording rules, with
// the fits, comma-separated.
func mappedTo(t testing.TB, c *Catalog, records, expr string) string {
	t.Helper()
	src := "groups:\n- name: g\n  rules:" + records + "\n  - alert: A\n    expr: " + expr + "\n"
	set := rules.NewSet([]*rules.File{rules.Parse("shop.yaml", []byte(src), rules.Options{})})
	require.Len(t, set.Alerts(), 1, src)
	require.NotNil(t, set.Alerts()[0].Expr(), src)
	var got []string
	matches, _ := NewMapper(c, set.Recorders).Map(set.Alerts()[0])
	for _, m := range matches {
		got = append(got, m.SLI.ID+" "+m.Fit.String())
	}
	return strings.Join(got, ", ")
}

// A value is good on one side, from whichever an alert looks at it.
func TestMapValues(t *testing.T) {
	c := &Catalog{SLIs: []*SLI{
		{ID: "fresh", Op: parser.LTE, Threshold: 300, Value: query(t, `time() - max(feed_updated_timestamp_seconds{job="feed"})`)},
		{ID: "cert", Op: parser.GTR, Threshold: 604800, Value: query(t, `min(cert_expiry_seconds{site="shop"}) - time()`)},
		{ID: "tv", Op: parser.GTE, Threshold: 1, Value: query(t, `min(tv_stream_up{channel="one"})`)},
		{ID: "site", Objective: 0.99, Ratio: query(t, `probe_success{instance="shop"}`)},
		{ID: "full", Op: parser.LSS, Threshold: 0.9, Value: query(t, `1 - disk_free / disk_size`)},
	}}
	for _, x := range []struct{ expr, want string }{
		{`time() - feed_updated_timestamp_seconds{job="feed"} > 600`, "fresh same"},
		{`(time() - max(feed_updated_timestamp_seconds{job="feed"})) / 60 > 10`, "fresh same"},
		{`feed_updated_timestamp_seconds{job="feed"} < time() - 600`, "fresh same"},
		{`time() > feed_updated_timestamp_seconds{job="feed"} + 600`, "fresh same"},
		{`feed_updated_timestamp_seconds{job="feed"} - time() < -600`, "fresh same"},
		{`feed_updated_timestamp_seconds{job="feed"} > time()`, ""},
		{`time() - feed_updated_timestamp_seconds{job="feed"} < 60`, ""},
		{`cert_expiry_seconds{site="shop"} - time() < 86400`, "cert same"},
		{`cert_expiry_seconds < time() + 86400`, "cert wider"},
		{`time() - cert_expiry_seconds{site="shop"} > -86400`, "cert same"},
		{`cert_expiry_seconds{site="shop"} - time() > 864000`, ""},
		{`tv_stream_up{channel="one"} == 0`, "tv same"},
		{`tv_stream_up{channel="one"} < 1`, "tv same"},
		{`tv_stream_up{channel="one"} != 1`, "tv same"},
		{`tv_stream_up{channel="one"} == 1`, ""},
		{`tv_stream_up{channel="one"} != 0`, ""},
		{`count(tv_stream_up == 0) > 2`, "tv wider"},
		{`count(tv_stream_up{channel="one"} == 1) < 2`, ""},
		{`count(tv_stream_up{channel="one"} == 0) < 2`, ""},
		{`probe_success{instance="shop"} == 0`, "site same"},
		{`probe_success{instance="shop"} != 1`, "site same"},
		{`probe_success{instance="shop"} == 1`, ""},
		{`probe_success{instance="shop"} > 0`, ""},
		{`count(probe_success{job="blackbox"} == 0) == count(probe_success{job="blackbox"})`, "site overlapping"},
		{`count(probe_success == 0) / count(probe_success) > 0.5`, "site wider"},
		{`count(probe_success{instance="shop"} == 0) > 0`, "site same"},
		{`count(probe_success{instance="bank"} == 0) > 0`, ""},
		{`disk_free / disk_size < 0.1`, "full same"},
		{`1 - disk_free / disk_size > 0.9`, "full same"},
		{`disk_free / disk_size > 0.5`, ""},
	} {
		require.Equal(t, x.want, mappedTo(t, c, "", x.expr), x.expr)
	}
}

// Sloth's records are asked for by its id, or by the service and the name of
// which it is made, and people name its SLOs by the id.
func TestMapSlothsNames(t *testing.T) {
	sloth := func(service, name string) *SLI {
		return &SLI{ID: service + "/" + name, Name: name, Service: service, Objective: 0.999,
			Labels: map[string]string{"sloth_id": service + "-" + name, "sloth_service": service, "sloth_slo": name}}
	}
	c := &Catalog{SLIs: []*SLI{sloth("cart", "latency"), sloth("cart", "errors"), sloth("till", "errors")}}
	for _, x := range []struct{ expr, want string }{
		{`slo:period_error_budget_remaining:ratio{sloth_id="cart-errors"} < 0.1`, "cart/errors named"},
		{`slo:period_error_budget_remaining:ratio{sloth_service="till", sloth_slo="errors"} < 0.1`, "till/errors named"},
		{`slo:sli_error:ratio_rate1h{sloth_id="cart-errors", sloth_service="cart", sloth_slo="errors"} > 0.1`, "cart/errors named"},
		{`slo:sli_error:ratio_rate1h{sloth_id="cart-errors", sloth_service="till"} > 0.1`, ""},
		{`slo:sli_error:ratio_rate1h{sloth_slo="errors"} > 0.1`, ""}, // of two
		{`slo:sli_error:ratio_rate1h{sloth_service="till"} > 0.1`, ""},
		{`up{sloth_id="cart-errors"} == 0`, ""},
		{"up == 0\n    labels: {slo: cart-errors}", "cart/errors named"},
		{"up == 0\n    annotations: {slo: till-errors}", "till/errors named"},
		{"up == 0\n    labels: {slo: mill-errors}", ""},
	} {
		require.Equal(t, x.want, mappedTo(t, c, "", x.expr), x.expr)
	}
}

// Of objectives for the same numbers, an alert is about that whose number it
// compares with; which quantile it takes is no such number.
func TestMapOneOfSeveralObjectives(t *testing.T) {
	p95 := query(t, `histogram_quantile(0.95, sum by (le) (rate(orders_seconds_bucket[5m])))`)
	bad, all := query(t, `orders_total{ok="false"}`), query(t, `orders_total`)
	c := &Catalog{SLIs: []*SLI{
		{ID: "fast", Objective: 0.95, Op: parser.LSS, Threshold: 0.4, Value: p95},
		{ID: "bearable", Objective: 0.99, Op: parser.LSS, Threshold: 2, Value: p95},
		{ID: "strict", Objective: 0.999, Bad: bad, Total: all},
		{ID: "loose", Objective: 0.99, Bad: bad, Total: all},
	}}
	for _, x := range []struct{ expr, want string }{
		{`histogram_quantile(0.95, sum by (le) (rate(orders_seconds_bucket[5m]))) > 2`, "bearable same"},
		{`histogram_quantile(0.95, sum by (le) (rate(orders_seconds_bucket[5m]))) > 0.4`, "fast same"},
		{`histogram_quantile(0.95, sum by (le) (rate(orders_seconds_bucket[5m]))) > 1`, "fast same, bearable same"},
		{`histogram_quantile(0.99, sum by (le) (rate(orders_seconds_bucket[5m]))) > 1`, "fast same, bearable same"},
		{`sum(rate(orders_total{ok="false"}[1h])) / sum(rate(orders_total[1h])) > 14.4 * 0.001`, "strict same"},
		{`sum(rate(orders_total{ok="false"}[1h])) / sum(rate(orders_total[1h])) > on () vector(14.4 * (1 - 0.99))`, "loose same"},
		{`sum(rate(orders_total{ok="false"}[1h])) / sum(rate(orders_total[1h])) > 0.05`, "strict same, loose same"},
	} {
		require.Equal(t, x.want, mappedTo(t, c, "", x.expr), x.expr)
	}
}

// A ratio that is recorded is one, whatever the windows that an alert and the
// SLI read it for, and whether or not its rules are loaded.
func TestMapRecordsOfOtherWindows(t *testing.T) {
	c := &Catalog{SLIs: []*SLI{
		{ID: "far", Objective: 0.99, RatioIsBad: true, Ratio: query(t, `far:errors:ratio_rate5m{env="prod"}`)},
		{ID: "near", Objective: 0.99, RatioIsBad: true, Ratio: query(t, `near:errors:ratio_rate30d`)},
	}}
	const records = `
  - record: near:errors:ratio_rate5m
    expr: sum(rate(near_total{ok="false"}[5m])) / sum(rate(near_total[5m]))
    labels: {verb: read}
  - record: near:errors:ratio_rate5m
    expr: sum(rate(nearly_total{ok="false"}[5m])) / sum(rate(nearly_total[5m]))
    labels: {verb: write}
  - record: near:errors:ratio_rate1h
    expr: sum(rate(near_total{ok="false"}[1h])) / sum(rate(near_total[1h]))`
	for _, x := range []struct{ expr, want string }{
		{`far:errors:ratio_rate1h{env="prod"} > 0.1 and far:errors:ratio_rate5m{env="prod"} > 0.1`, "far same"},
		{`far:errors:ratio_rate6h > 0.1`, "far wider"},
		{`far:errors:ratio_rate1h{env="prod"} < 0.1`, ""},
		{`far:errors:ratio > 0.1`, ""},
		{`far:slow:ratio_rate1h{env="prod"} > 0.1`, ""},
		{`near:errors:ratio_rate5m > 0.1`, "near same"},
		{`near:errors:ratio_rate1h > 0.1`, "near narrower"}, // that of one verb is recorded
		{`near:errors:ratio_rate6h > 0.1`, "near same"},     // which is not loaded
		{`sum(rate(near_total{ok="false"}[2m])) / sum(rate(near_total[2m])) > 0.1`, "near narrower"},
	} {
		require.Equal(t, x.want, mappedTo(t, c, records, x.expr), x.expr)
	}
}

// Micrometer tells outcomes and statuses of the same requests.
func TestMapOutcomesOfMicrometer(t *testing.T) {
	c := &Catalog{SLIs: []*SLI{
		{ID: "orders", Objective: 0.99, Bad: query(t, `rate(http_server_requests_seconds_count{application="orders",outcome="SERVER_ERROR"}[5m])`),
			Total: query(t, `rate(http_server_requests_seconds_count{application="orders"}[5m])`)},
		{ID: "carts", Objective: 0.99, Good: query(t, `rate(http_server_requests_seconds_count{application="carts",status=~"[123].."}[5m])`),
			Total: query(t, `rate(http_server_requests_seconds_count{application="carts"}[5m])`)},
	}}
	for _, x := range []struct{ expr, want string }{
		{`rate(http_server_requests_seconds_count{application="orders",status=~"5.."}[5m]) > 1`, "orders same"},
		{`rate(http_server_requests_seconds_count{application="orders",status="503"}[5m]) > 1`, "orders narrower"},
		{`rate(http_server_requests_seconds_count{application="orders",outcome=~"SERVER_ERROR|CLIENT_ERROR"}[5m]) > 1`, "orders wider"},
		{`rate(http_server_requests_seconds_count{application="orders",outcome="CLIENT_ERROR"}[5m]) > 1`, ""},
		{`rate(http_server_requests_seconds_count{application="orders",outcome="LOST"}[5m]) > 1`, ""},
		{`rate(http_server_requests_seconds_count{application="carts",outcome!~"SUCCESS|REDIRECTION|INFORMATIONAL"}[5m]) > 1`, "carts same"},
		{`rate(http_server_requests_seconds_count{application="carts",outcome="SERVER_ERROR"}[5m]) > 1`, "carts narrower"},
	} {
		require.Equal(t, x.want, mappedTo(t, c, "", x.expr), x.expr)
	}
}

// Of what an SLI adds up, an alert may read a part; what good events leave is
// about it, by whatever label they are told apart.
func TestMapPartsOfQueries(t *testing.T) {
	c := &Catalog{SLIs: []*SLI{
		{ID: "mails", Objective: 0.95, Bad: query(t, `sum(rate(mails_bounced_total[5m])) + sum(rate(mails_rejected_total[5m]))`), Total: query(t, `sum(rate(mails_total[5m]))`)},
		{ID: "jobs", Objective: 0.95, Good: query(t, `increase(job_runs_total{status="ok"}[5m])`), Total: query(t, `increase(job_runs_total[5m])`)},
		{ID: "slow", Objective: 0.9, Good: query(t, `rate(web_seconds_bucket{le="0.5"}[5m])`), Total: query(t, `rate(web_seconds_bucket{le="+Inf"}[5m])`)},
		{ID: "out", Op: parser.GTE, Threshold: 0.9, Value: query(t, `rate(events_total{stage="out"}[5m]) / rate(events_total{stage="in"}[5m])`)},
	}}
	for _, x := range []struct{ expr, want string }{
		{`sum(rate(mails_bounced_total[5m])) / sum(rate(mails_total[5m])) > 0.1`, "mails narrower"},
		{`(sum(rate(mails_bounced_total[5m])) + sum(rate(mails_rejected_total[5m]))) / sum(rate(mails_total[5m])) > 0.1`, "mails same"},
		{`sum(rate(mails_total[5m])) / sum(rate(mails_total[5m] offset 1w)) < 0.1`, "mails traffic"},
		{`sum(rate(mails_total[5m])) / sum(rate(letters_total[5m])) < 0.1`, ""},
		{`increase(job_runs_total{status="failed"}[1h]) > 0`, "jobs narrower"},
		{`increase(job_runs_total{status!="ok"}[1h]) > 0`, "jobs same"},
		{`1 - rate(web_seconds_bucket{le="0.50"}[5m]) / ignoring (le) rate(web_seconds_bucket{le="+Inf"}[5m]) > 0.1`, "slow same"},
		{`rate(events_total{stage="in"}[5m]) > 5`, ""},
		{`rate(events_total{stage="in"}[5m]) == 0`, "out traffic"},
		{`rate(events_total{stage="out"}[5m]) == 0`, "out same"},
	} {
		require.Equal(t, x.want, mappedTo(t, c, "", x.expr), x.expr)
	}
}
