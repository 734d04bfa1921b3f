package mapped

import (
	"fmt"

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
seen are left alone.`,
			SLOs: shopSLOs,
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

func uncoveredSLI(p *analyze.Pass) {
	if p.Catalog().Empty() {
		return
	}
	covered := p.Covered()
	for _, s := range p.Catalog().SLIs {
		if covered[s] || !analyze.Guardable(s) {
			continue
		}
		p.Report(analyze.Finding{
			File: s.File, Span: s.Span, Key: s.ID, Inferred: p.UrgencyInferred(), Points: analyze.NoPoints,
			Message: fmt.Sprintf("no page is about %s: %s", s.Called(), promise(s)),
			Advice:  "page on how fast its error budget burns, or say in the specification that nobody is to be paged for it",
		})
	}
}

// promise is what users are promised, in words.
func promise(s *sli.SLI) string {
	if s.Journey != "" {
		return s.Journey
	}
	if s.Title != "" {
		return s.Title
	}
	return "users may be hurt and nobody is woken"
}
