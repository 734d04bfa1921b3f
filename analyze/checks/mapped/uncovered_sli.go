package mapped

import (
	"cmp"
	"slices"
	"strings"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/sli"
)

// UncoveredSLI returns the check for SLIs that no page guards.
func UncoveredSLI() *analyze.Check {
	return &analyze.Check{
		ID: "mapped/uncovered-sli",
		Doc: analyze.Doc{
			Title: "SLI without a page",
			Why:   "What users feel goes on until they call, since nobody is woken when it breaks.",
			Text: `A declared SLI that no paging alert is about: none names it, and none measures its good or bad events, a part
of them, or their histogram. An alert that only asks whether there are events at all does not count; one that covers a part does.
Specifications that turn their page off (Sloth's page_alert.disable, Pyrra's alerting.disabled) and those whose queries cannot be
seen are left alone, and so are SLOs of Sloth and Pyrra where none of the rules that these generate is loaded: they make the page
where they run. Where the configuration declares the SLIs and only a part of its rules is read, nothing is found;
beside a page that stands for no SLI and reads a record that no loaded rule makes, what is found is at info.`,
			SLOs: promisedSLOs,
			Bad: `groups:
- name: checkout
  rules:
  - alert: CheckoutErrors
    expr: sum(rate(http_requests_total{job="checkout", code=~"5.."}[10m])) > 5
    for: 10m
    labels: {severity: ticket, team: checkout}
    annotations: {summary: Orders fail}
`,
			Good:       guarded,
			References: []string{"https://sre.google/workbook/alerting-on-slos/"},
		},
		Severity: analyze.Warning, Whole: true, Run: uncoveredSLI,
	}
}

// promisedSLOs is an SLO of which nothing generates alerts.
const promisedSLOs = `apiVersion: openslo/v1
kind: SLO
metadata: {name: availability}
spec:
  service: checkout
  budgetingMethod: Occurrences
  timeWindow: [{duration: 30d, isRolling: true}]
  indicator:
    metadata: {name: errors}
    spec:
      ratioMetric:
        counter: true
        bad: {metricSource: {type: Prometheus, spec: {query: 'sum(rate(http_requests_total{job="checkout",code=~"5.."}[5m]))'}}}
        total: {metricSource: {type: Prometheus, spec: {query: 'sum(rate(http_requests_total{job="checkout"}[5m]))'}}}
  objectives: [{target: 0.999}]
`

func uncoveredSLI(p *analyze.Pass) {
	open := p.Uncovered()
	if len(open) == 0 {
		return
	}
	// A page on a record that no loaded rule makes may be about any of them.
	unsure := p.UrgencyInferred() || slices.ContainsFunc(p.Alerts, func(a *analyze.Alert) bool {
		return a.Urgency == analyze.UrgencyPage && !a.Deadman && len(a.Matches()) == 0 && p.Obscure(a)
	})
	for _, s := range open {
		p.Report(analyze.Finding{
			File: s.File, Span: s.Span, Key: s.ID, Inferred: unsure, Points: analyze.NoPoints,
			Message: "no page is about " + s.Called() + promise(s),
			Advice:  "page on how fast its error budget burns, or say in the specification that nobody is to be paged for it",
		})
	}
}

// mostPromised bounds what is quoted of a specification, in bytes.
const mostPromised = 120

// promise is what users are promised, in the words of the specification.
func promise(s *sli.SLI) string {
	text, _, _ := strings.Cut(cmp.Or(s.Journey, s.Title), "\n")
	if text == "" {
		return ""
	}
	if len(text) > mostPromised {
		text = strings.ToValidUTF8(text[:mostPromised], "") + "…"
	}
	return ": " + text
}
