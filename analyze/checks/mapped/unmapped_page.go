package mapped

import (
	"fmt"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/rules"
)

// UnmappedPage returns the check for pages that stand for no declared SLI.
func UnmappedPage() *analyze.Check {
	return &analyze.Check{
		ID: "mapped/unmapped-page",
		Doc: analyze.Doc{
			Title: "page that stands for no declared SLI",
			Why:   "What nobody wrote down as worth waking up for is either missing from the list of SLIs, or no page.",
			Text: `Only where SLIs are declared: a page that may tell of something users feel, and that none of them covers. The
alert names no SLO, reads no generator's records of one, and selects neither the good nor the bad events of any SLI, nor a part
of them. Pages about causes have a check of their own; what is about to happen (a disk that fills up, a certificate that
expires) and the monitoring itself need no SLI; a page that reads a record which no loaded rule makes may stand for any. A comment
"# crywolf slo ID" at an alert says which SLI it is about, where that cannot be seen. Where most pages stand for no SLI there is
one finding for all of them, which costs nothing.`,
			SLOs: shopSLOs,
			Bad: `groups:
- name: search
  rules:
  - alert: SearchErrors
    expr: |
      sum(rate(http_requests_total{job="search", code=~"5.."}[10m]))
        / sum(rate(http_requests_total{job="search"}[10m])) > 0.02
    for: 10m
    labels: {severity: page, team: search}
    annotations:
      summary: Searches fail
      runbook_url: https://runbooks.shop.test/SearchErrors
`,
			Good:       guarded,
			References: []string{"https://sre.google/workbook/alerting-on-slos/"},
		},
		Severity: analyze.Info, Points: 10, Whole: true, Run: unmappedPage,
	}
}

// shopSLOs is what the examples of checks that need SLIs are read beside.
const shopSLOs = `version: prometheus/v1
service: checkout
slos:
- name: availability
  objective: 99.9
  sli:
    events:
      error_query: sum(rate(http_requests_total{job="checkout", code=~"5.."}[{{.window}}]))
      total_query: sum(rate(http_requests_total{job="checkout"}[{{.window}}]))
  alerting:
    page_alert: {labels: {severity: page}}
    ticket_alert: {labels: {severity: ticket}}
`

func unmappedPage(p *analyze.Pass) {
	if p.Catalog().Empty() {
		return
	}
	var adrift []*analyze.Alert
	about := 0
	p.EachAlert(func(a *analyze.Alert) {
		switch {
		case p.Unmapped(a):
			adrift = append(adrift, a)
		case a.Urgency == analyze.UrgencyPage && len(a.Matches()) > 0:
			about++
		}
	})
	if len(adrift) > about && len(adrift) >= analyze.HouseLeast {
		mostUnmapped(p, adrift, about)
		return
	}
	for _, a := range adrift {
		v := a.Verdict()
		p.Report(analyze.Finding{
			Rule: a.Rule, Span: a.Rule.NodeSpan(v.Pos), Inferred: a.UrgencyInferred,
			Message: fmt.Sprintf("page `%s` stands for none of the declared SLIs: %s", a.Rule.Name(), v.Evidence),
			Advice:  "declare the SLI that it guards, name it in a comment (# crywolf slo ID), or make it a ticket",
		})
	}
}

// mostUnmapped is one finding for a house that has begun to declare its SLIs:
// its other pages are not worse than they were.
func mostUnmapped(p *analyze.Pass, adrift []*analyze.Alert, about int) {
	first := adrift[0].Rule
	covers := make([]*rules.Rule, 0, len(adrift))
	for _, a := range adrift {
		covers = append(covers, a.Rule)
	}
	p.Report(analyze.Finding{
		File: first.File(), Span: first.NameField.Value.Span(), Inferred: p.UrgencyInferred(), Covers: covers, Key: "house", Points: analyze.NoPoints,
		Message: fmt.Sprintf("%d of %d pages that may tell of what users feel stand for none of the declared SLIs; this one stands for them all",
			len(adrift), len(adrift)+about),
		Advice: "declare the SLIs that they guard; `crywolf map` lists them",
	})
}
