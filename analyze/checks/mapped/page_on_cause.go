// Package mapped holds the checks that ask whether an alert stands for
// something a user feels.
package mapped

import (
	"fmt"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/sli"
)

// PageOnCause returns the check for pages about what users may never notice.
func PageOnCause() *analyze.Check {
	return &analyze.Check{
		ID: "mapped/page-on-cause",
		Doc: analyze.Doc{
			Title: "page on a cause",
			Why:   "A cause need not hurt anyone: people are woken for what mends itself, and learn to sleep through the rest.",
			Text: `An alert that wakes someone for the state of a component (a CPU, a pod, a replica, a restart) and not for what
users feel: requests that fail, are slow or go unanswered. What is about to be felt (a disk that fills up, a certificate
that expires, a lag that grows), the monitoring itself, and whatever cannot be told are left alone. The verdict is taken
from the shape of the expression, then from what is known of its metrics; its evidence stands in the finding.`,
			Bad: `groups:
- name: nodes
  rules:
  - alert: NodeBusy
    expr: 1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[10m])) > 0.9
    for: 30m
    labels: {severity: page, team: platform}
    annotations:
      summary: "{{ $labels.instance }} is busy"
      runbook_url: https://runbooks.shop.test/NodeBusy
`,
			Good: `groups:
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
- name: nodes
  rules:
  - alert: NodeBusy
    expr: 1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[10m])) > 0.9
    for: 30m
    labels: {severity: ticket, team: platform}
    annotations:
      summary: "{{ $labels.instance }} is busy"
`,
			References: []string{
				"https://prometheus.io/docs/practices/alerting/",
				"https://sre.google/sre-book/monitoring-distributed-systems/",
			},
		},
		Severity: analyze.Info, Points: 30, Run: pageOnCause,
	}
}

func pageOnCause(p *analyze.Pass) {
	p.EachAlert(func(a *analyze.Alert) {
		if a.Urgency != analyze.UrgencyPage || a.Deadman {
			return
		}
		v := a.Verdict()
		if v.Verdict != sli.Cause {
			return
		}
		p.Report(analyze.Finding{
			Rule: a.Rule, Span: a.Rule.NodeSpan(v.Pos), Inferred: a.UrgencyInferred,
			Message: fmt.Sprintf("page `%s` is about a cause: %s", a.Rule.Name(), v.Evidence),
			Advice:  "page on what users feel of it (errors, latency, availability), and make this one a ticket",
		})
	})
}
