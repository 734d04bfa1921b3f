package mapped

import (
	"fmt"

	"github.com/crywolf-dev/crywolf/analyze"
)

// DanglingSLO returns the check for alerts that name an SLO which is not there.
func DanglingSLO() *analyze.Check {
	return &analyze.Check{
		ID: "mapped/dangling-slo",
		Doc: analyze.Doc{
			Title: "alert of an SLO that is not there",
			Why:   "The alert of an objective that was dropped or renamed still wakes people, for a promise that nobody holds.",
			Text: `Only where SLIs are declared: an alert whose label or annotation names an SLO (slo, sli, slo_id, slo_name,
or the labels by which Sloth and Pyrra name theirs) that no loaded specification has, while other alerts name by the same key
some that are loaded; or a comment, # crywolf slo ID, of which there is no doubt whom it addresses. Numbers and templates are no
names.`,
			SLOs: shopSLOs,
			Bad: `groups:
- name: checkout
  rules:
  - alert: CheckoutErrors
    expr: sum(rate(http_requests_total{job="checkout", code=~"5.."}[10m])) > 5
    for: 10m
    labels: {severity: page, team: checkout, slo: checkout/availability}
    annotations: {summary: Orders fail, runbook_url: "https://runbooks.shop.test/CheckoutErrors"}
  - alert: CheckoutSlow
    expr: histogram_quantile(0.9, sum by (le) (rate(http_request_duration_seconds_bucket{job="checkout"}[10m]))) > 2
    for: 10m
    labels: {severity: page, team: checkout, slo: checkout/latency}
    annotations: {summary: Orders take long, runbook_url: "https://runbooks.shop.test/CheckoutSlow"}
`,
			Good: `groups:
- name: checkout
  rules:
  - alert: CheckoutErrors
    expr: sum(rate(http_requests_total{job="checkout", code=~"5.."}[10m])) > 5
    for: 10m
    labels: {severity: page, team: checkout, slo: checkout/availability}
    annotations: {summary: Orders fail, runbook_url: "https://runbooks.shop.test/CheckoutErrors"}
`,
			References: []string{"https://sre.google/workbook/implementing-slos/"},
		},
		Severity: analyze.Warning, Points: 5, Run: danglingSLO,
	}
}

func danglingSLO(p *analyze.Pass) {
	if p.Catalog().Empty() {
		return
	}
	p.EachAlert(func(a *analyze.Alert) {
		ref, ok := p.Dangling(a)
		if !ok {
			return
		}
		by := fmt.Sprintf("%s=%q of alert", ref.Key, ref.Value)
		if ref.Key == "" {
			by = fmt.Sprintf("the comment %q at alert", "crywolf slo "+ref.Value)
		}
		p.Report(analyze.Finding{
			Rule: a.Rule, Span: ref.Span,
			Message: fmt.Sprintf("%s `%s` names an SLO that no loaded specification has", by, a.Rule.Name()),
			Advice:  "correct the name, load the specification that has it, or remove the alert with its SLO",
		})
	})
}
