package sli

import (
	"fmt"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/promql/parser"
	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/rules"
	"github.com/crywolf-dev/crywolf/rules/promexpr"
)

func query(t testing.TB, text string) *Query {
	t.Helper()
	e, err := promexpr.Parse(text)
	require.NoError(t, err)
	return &Query{Text: text, Expr: e}
}

// shop is a catalogue of each way to measure.
func shop(t testing.TB) *Catalog {
	return &Catalog{SLIs: []*SLI{
		{ID: "checkout/availability", Name: "availability", Service: "checkout", Objective: 0.999, Labels: map[string]string{"sloth_id": "checkout-availability"},
			Bad:   query(t, `sum(rate(http_requests_total{job="checkout",code=~"5.."}[5m]))`),
			Total: query(t, `sum(rate(http_requests_total{job="checkout"}[5m]))`)},
		{ID: "checkout/latency", Name: "latency", Service: "checkout", Objective: 0.99, Labels: map[string]string{"sloth_id": "checkout-latency"},
			Good:  query(t, `sum(rate(http_request_duration_seconds_bucket{job="checkout",le="0.5"}[5m]))`),
			Total: query(t, `sum(rate(http_request_duration_seconds_count{job="checkout"}[5m]))`)},
		{ID: "search/availability", Name: "availability", Service: "search", Objective: 0.99,
			Good:  query(t, `http_requests_total{job="search",code!~"5.."}`),
			Total: query(t, `http_requests_total{job="search"}`)},
		{ID: "search/europe", Name: "europe", Service: "search",
			Bad:   query(t, `sum(rate(http_requests_total{job="search",code=~"5..",region="eu"}[5m]))`),
			Total: query(t, `sum(rate(http_requests_total{job="search",region="eu"}[5m]))`)},
		{ID: "till/open", Name: "open", Service: "till", Objective: 0.9, RatioIsBad: true,
			Ratio: query(t, `1 - (sum(sum_over_time(till_open[5m])) / sum(count_over_time(till_open[5m])))`)},
		{ID: "feed/fresh", Name: "fresh", Service: "feed", Op: parser.LTE, Threshold: 300,
			Value: query(t, `max(time() - feed_updated_timestamp_seconds{job="feed"})`)},
		{ID: "mail/sent", Name: "sent", Service: "mail", Objective: 0.95, Labels: map[string]string{"slo": "mail-sent"},
			Bad: query(t, `mail_failures_total{job="mail"}`), Total: query(t, `mail_attempts_total{job="mail"}`)},
	}}
}

const shopRecords = `
  - record: checkout:errors:ratio
    expr: sum by (region) (rate(http_requests_total{job="checkout",code=~"5.."}[10m])) / sum by (region) (rate(http_requests_total{job="checkout"}[10m]))
  - record: slo:sli_error:ratio_rate5m
    expr: sum(rate(http_requests_total{job="checkout",code=~"5.."}[5m])) / sum(rate(http_requests_total{job="checkout"}[5m]))
    labels: {sloth_id: checkout-availability}
  - record: slo:sli_error:ratio_rate5m
    expr: 1 - sum(rate(http_request_duration_seconds_bucket{job="checkout",le="0.5"}[5m])) / sum(rate(http_request_duration_seconds_count{job="checkout"}[5m]))
    labels: {sloth_id: checkout-latency}
  - record: ratio5m
    expr: sum(rate(http_requests_total{job="checkout",code=~"5.."}[5m])) / sum(rate(http_requests_total{job="checkout"}[5m]))
    labels: {of: availability}
  - record: ratio5m
    expr: 1 - sum(rate(http_request_duration_seconds_bucket{job="checkout",le="0.5"}[5m])) / sum(rate(http_request_duration_seconds_count{job="checkout"}[5m]))
    labels: {of: latency}
`

func TestMap(t *testing.T) {
	for _, x := range []struct {
		expr, extra string
		want        string // "id fit rung", comma-separated
		evidence    string // of the first, in part
	}{
		// The bad events, as they are, in part, and with others.
		{expr: `sum(rate(http_requests_total{job="checkout",code=~"5.."}[1h])) / sum(rate(http_requests_total{job="checkout"}[1h])) > 0.01`,
			want: "checkout/availability same containment", evidence: "numerator `http_requests_total{code=~\"5..\",job=\"checkout\"}` is the bad-event query of SLO checkout/availability"},
		{expr: `sum(rate(http_requests_total{job="checkout",code=~"5..",region="eu"}[1h])) > 10`,
			want: "checkout/availability narrower containment", evidence: `, narrowed to region="eu"`},
		{expr: `rate(http_requests_total{job="checkout",code="503"}[1h]) > 10`, want: "checkout/availability narrower containment"},
		{expr: `sum by (job) (rate(http_requests_total{code=~"5.."}[5m])) / sum by (job) (rate(http_requests_total[5m])) > 0.01`,
			want: "checkout/availability wider containment, search/availability wider containment, search/europe wider containment", evidence: `, widened from job="checkout"`},
		{expr: `sum(rate(http_requests_total{code=~"5..",region="eu"}[5m])) > 1`, want: "search/europe wider containment"},
		{expr: `sum(rate(http_requests_total{job="checkout",code=~"5..|429"}[5m])) > 1`, want: "checkout/availability wider containment"},
		// Complements.
		{expr: `sum(rate(http_requests_total{job="checkout",code!~"5.."}[5m])) / sum(rate(http_requests_total{job="checkout"}[5m])) < 0.99`,
			want: "checkout/availability same containment", evidence: "is what the bad-event query of SLO checkout/availability leaves"},
		{expr: `1 - sum(rate(http_requests_total{job="search",code!~"5.."}[5m])) / sum(rate(http_requests_total{job="search"}[5m])) > 0.1`, want: "search/availability same containment"},
		{expr: `sum(rate(http_requests_total{job="search",code=~"5.."}[5m])) > 5`, want: "search/availability same containment"},
		{expr: `sum(rate(http_requests_total{job="search",code=~"5..",region="us"}[5m])) > 5`, want: "search/availability narrower containment"},
		// The fewer events are good, the more are bad.
		{expr: `sum(rate(http_requests_total{job="search",code=~"2.."}[5m])) / sum(rate(http_requests_total{job="search"}[5m])) < 0.9`,
			want: "search/availability wider containment, search/europe wider containment", evidence: "is the good-event query of SLO search/availability, narrowed to code=~\"2..\", and so calls more of them bad"},
		{expr: `sum(rate(http_requests_total{job="checkout",code=~"2.."}[5m])) / sum(rate(http_requests_total{job="checkout"}[5m])) < 0.9`,
			want: "checkout/availability wider containment", evidence: "is what the bad-event query of SLO checkout/availability leaves, narrowed to code=~\"2..\", and so calls more of them bad"},
		{expr: `1 - sum(rate(http_requests_total{job="checkout",code!="500"}[5m])) / sum(rate(http_requests_total{job="checkout"}[5m])) > 0.1`,
			want: "checkout/availability narrower containment", evidence: "leaves, widened to code!=\"500\", and so calls fewer of them bad"},
		{expr: `sum(rate(http_requests_total{job="search",code=~"[45].."}[5m])) / sum(rate(http_requests_total{job="search"}[5m])) > 0.9`,
			want: "search/availability wider containment, search/europe wider containment", evidence: "is what the good-event query of SLO search/availability leaves, widened to code=~\"[45]..\""},
		{expr: `sum(rate(http_requests_total{job="search",code=~"500",path="/"}[5m])) > 1`,
			want: "search/availability narrower containment", evidence: `leaves, narrowed to code=~"500", path="/"`},
		{expr: `sum(rate(http_requests_total{job="search",code=~"4.."}[5m])) > 1`, want: ""},
		// The closest of two that contain it.
		{expr: `sum(rate(http_requests_total{job="search",code=~"5..",region="eu"}[5m])) > 5`, want: "search/europe same containment"},
		{expr: `sum(rate(http_requests_total{job="search",code=~"5..",region="eu",path="/"}[5m])) > 5`, want: "search/europe narrower containment"},
		// Not the same way round.
		{expr: `sum(rate(http_requests_total{job="checkout",code=~"5.."}[5m])) < 1`, want: ""},
		{expr: `sum(rate(http_requests_total{job="checkout",code=~"2.."}[5m])) / sum(rate(http_requests_total{job="checkout"}[5m])) > 0.99`, want: ""},
		{expr: `sum(rate(http_requests_total{job="checkout",code=~"4.."}[5m])) > 5`, want: ""},
		// Other services and metrics.
		{expr: `sum(rate(http_requests_total{job="cart",code=~"5.."}[5m])) > 5`, want: ""},
		{expr: `sum(rate(grpc_requests_total{job="checkout",code=~"5.."}[5m])) > 5`, want: ""},
		{expr: `node_load1{job="checkout"} > 5`, want: ""},
		// Histograms.
		{expr: `1 - sum(rate(http_request_duration_seconds_bucket{job="checkout",le="0.50"}[5m])) / sum(rate(http_request_duration_seconds_count{job="checkout"}[5m])) > 0.1`, want: "checkout/latency same containment"},
		{expr: `(sum(rate(http_request_duration_seconds_count{job="checkout"}[5m])) - sum(rate(http_request_duration_seconds_bucket{job="checkout",le="0.5"}[5m]))) / sum(rate(http_request_duration_seconds_count{job="checkout"}[5m])) > 0.1`, want: "checkout/latency same containment"},
		{expr: `sum(rate(http_request_duration_seconds_bucket{job="checkout",le="1"}[5m])) / sum(rate(http_request_duration_seconds_count{job="checkout"}[5m])) < 0.9`,
			want: "checkout/latency other bound containment", evidence: "is of the histogram by which SLO checkout/latency counts what is within 0.5"},
		{expr: `histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket{job="checkout"}[5m]))) > 1`, want: "checkout/latency other bound containment"},
		{expr: `sum(rate(http_request_duration_seconds_sum{job="checkout"}[5m])) / sum(rate(http_request_duration_seconds_count{job="checkout"}[5m])) > 1`, want: "checkout/latency other bound containment"},
		{expr: `sum(rate(http_request_duration_seconds_count{job="checkout",code=~"5.."}[5m])) / sum(rate(http_request_duration_seconds_count{job="checkout"}[5m])) > 0.1`, want: ""},
		// Whether there is anything at all.
		{expr: `absent(http_requests_total{job="checkout"})`, want: "checkout/availability traffic containment"},
		{expr: `sum(rate(http_requests_total{job="checkout"}[5m])) < 1`, want: "checkout/availability traffic containment"},
		{expr: `sum(rate(http_requests_total{job="checkout"}[5m])) > 1000`, want: ""},
		// Either of two.
		{expr: `sum(rate(http_requests_total{job="checkout",code=~"5.."}[5m])) > 5 or histogram_quantile(0.9, rate(http_request_duration_seconds_bucket{job="checkout"}[5m])) > 1`,
			want: "checkout/availability same containment, checkout/latency other bound containment"},
		{expr: `(till_open < 0.5 or sum(rate(http_requests_total{job="checkout",code="503"}[5m])) > 5) or till_open == 0`,
			want: "till/open same containment, checkout/availability narrower containment"},
		{expr: `sum(rate(http_requests_total{job="checkout",code=~"5.."}[5m])) > 5 or absent(till_open)`, want: "checkout/availability same containment"},
		{expr: `sum(rate(http_requests_total{job="checkout",code=~"5.."}[5m])) / (sum(rate(http_requests_total{job="checkout"}[5m])) or vector(1)) > 5`,
			want: "checkout/availability same containment"},
		// Ratios and values.
		{expr: `avg_over_time(till_open[10m]) < 0.5`, want: "till/open same containment"},
		{expr: `time() - feed_updated_timestamp_seconds{job="feed"} > 600`, want: "feed/fresh same containment"},
		{expr: `time() - feed_updated_timestamp_seconds{job="feed"} < 1`, want: ""},
		{expr: `sum(increase(mail_failures_total{job="mail"}[1h])) > 3`, want: "mail/sent same containment"},
		// Through recording rules, windows apart.
		{expr: `checkout:errors:ratio{region="eu"} > 0.01`, want: "checkout/availability narrower containment"},
		{expr: `checkout:errors:ratio > 0.01`, want: "checkout/availability same containment"},
		{expr: `ratio5m{of="latency"} > 0.01 and ratio5m{of="latency"} > 0.02`, want: "checkout/latency same containment"},
		{expr: `ratio5m{of="availability"} > 0.01`, want: "checkout/availability same containment"},
		{expr: `sum(rate(http_requests_total{job="checkout"}[5m])) > 1 and ratio5m{of="availability"} > 0.01`, want: "checkout/availability same containment"},
		// By a generator's records.
		{expr: `max(slo:sli_error:ratio_rate5m{sloth_id="checkout-latency"} > 0.1) without (sloth_window)`, want: "checkout/latency named generator"},
		{expr: `absent(mail:burnrate5m{slo="mail-sent"})`, want: "mail/sent named generator"},
		{expr: `up{slo="mail-sent"} == 0`, want: ""},
		// By name.
		{expr: `up == 0`, extra: "labels: {slo: checkout/latency}", want: "checkout/latency named named", evidence: `its slo="checkout/latency" names SLO checkout/latency`},
		{expr: `up == 0`, extra: "labels: {slo: europe}", want: "search/europe named named", evidence: `names SLI search/europe`},
		{expr: `up == 0`, extra: "labels: {slo: availability}", want: ""},
		{expr: `up == 0`, extra: "labels: {slo: availability, service: search}", want: "search/availability named named"},
		{expr: `up == 0`, extra: "labels: {sloth_id: checkout-latency}", want: "checkout/latency named named"},
		{expr: `up == 0`, extra: "annotations: {sli: feed/fresh}", want: "feed/fresh named named"},
		{expr: `up == 0 # crywolf slo till/open: by the door sensor`, want: "till/open named named", evidence: "a comment at the alert names SLO till/open"},
		{expr: `up == 0`, extra: "# crywolf slo till/open\n    for: 5m", want: "till/open named named"},
		{expr: `up == 0 # crywolf slo till/closed`, want: ""},
		{expr: `up == 0`, extra: "labels: {slo: 99.9}", want: ""},
	} {
		src := "groups:\n- name: g\n  rules:" + shopRecords + "  - alert: A\n    expr: " + x.expr + "\n    " + x.extra + "\n"
		set := rules.NewSet([]*rules.File{rules.Parse("shop.yaml", []byte(src), rules.Options{})})
		require.Len(t, set.Alerts(), 1, src)
		r := set.Alerts()[0]
		matches, _ := NewMapper(shop(t), set.Recorders).Map(r)
		var got []string
		for _, m := range matches {
			got = append(got, fmt.Sprintf("%s %s %s", m.SLI.ID, m.Fit, m.Rung))
		}
		require.Equal(t, x.want, strings.Join(got, ", "), "%s %s", x.expr, x.extra)
		if x.evidence != "" {
			require.Contains(t, matches[0].Evidence(), x.evidence, x.expr)
		}
	}
}
