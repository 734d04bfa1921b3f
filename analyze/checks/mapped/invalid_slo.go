package mapped

import (
	"github.com/crywolf-dev/crywolf/analyze"
)

// InvalidSLO returns the check for specifications that can't be used.
func InvalidSLO() *analyze.Check {
	return &analyze.Check{
		ID: "mapped/invalid-slo",
		Doc: analyze.Doc{
			Title: "specification of an SLO that can't be used",
			Why:   "An SLI that is not understood guards nobody, and every alert that is about it looks as if it stood for nothing.",
			Text: `A specification given as an SLO (OpenSLO, Sloth, Pyrra, or the slis of the configuration) from which no SLI could
be read: an unknown or missing key, a query that does not parse, an objective out of its range, a reference to nothing. The
others of the same file are read. What measures with something other than PromQL is passed over, with a note at info.`,
			SLOs: `version: prometheus/v1
service: checkout
slos:
- name: availability
  objective: 99.9
  sli:
    events:
      error_query: sum(rate(http_requests_total{job="checkout", code=~"5.."}[{{.window}}])
      total_query: sum(rate(http_requests_total{job="checkout"}[{{.window}}]))
`,
			GoodSLOs: shopSLOs,
			Bad:      guarded, Good: guarded,
			References: []string{
				"https://github.com/OpenSLO/OpenSLO", "https://sloth.dev/specs/default/", "https://github.com/pyrra-dev/pyrra",
			},
		},
		Severity: analyze.Error, Whole: true, Run: invalidSLO,
	}
}

// guarded is an alert over the SLI of the examples.
const guarded = `groups:
- name: checkout
  rules:
  - alert: CheckoutErrors
    expr: sum(rate(http_requests_total{job="checkout", code=~"5.."}[10m])) > 5
    for: 10m
    labels: {severity: page, team: checkout}
    annotations: {summary: Orders fail, runbook_url: "https://runbooks.shop.test/CheckoutErrors"}
`

func invalidSLO(p *analyze.Pass) {
	if p.Catalog() == nil {
		return
	}
	for _, problem := range p.Catalog().Problems {
		p.Report(analyze.Finding{
			File: problem.File, Span: problem.Span, Points: analyze.NoPoints,
			Key: problem.Message, Message: problem.Message, Advice: problem.Hint,
		})
	}
}
