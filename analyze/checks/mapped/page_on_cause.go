// Package mapped holds the checks that ask whether an alert stands for
// something a user feels.
package mapped

import (
	"fmt"
	"regexp"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/sli"
)

type pageOnCauseOptions struct {
	Loss int `yaml:"loss_points" doc:"points that an alert loses which tells that a part is gone or broken, and not how busy it is"`
}

// PageOnCause returns the check for pages about what users may never notice.
func PageOnCause() *analyze.Check {
	opts := &pageOnCauseOptions{Loss: 25}
	return &analyze.Check{
		ID: "mapped/page-on-cause",
		Doc: analyze.Doc{
			Title: "page on a cause",
			Why:   "A cause need not hurt anyone: people are woken for what mends itself, and learn to sleep through the rest.",
			Text: `An alert that wakes someone for the state of a component (a CPU, a pod, a replica, a restart) and not for what
users feel: requests that fail, are slow or go unanswered. What is about to be felt (a disk that fills up, a certificate
that expires, a lag that grows), the monitoring itself, and whatever cannot be told are left alone. The verdict is taken
from the shape of the expression, then from what is known of its metrics; its evidence stands in the finding. An alert that
a part is gone (a replica, a disk, an instance) loses less than one about how busy it is: what is left may not bear the
next loss.`,
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
		Severity: analyze.Info, Points: 30, Options: opts,
		Run: func(p *analyze.Pass) { pageOnCause(p, opts) },
	}
}

// loss are the words by which metrics, and the states that they are selected
// by, say that a part is gone or broken, and not how busy it is.
var loss = regexp.MustCompile(`(?i)^up$|down|missing|unavailable|failed|degraded|offline|under_?replicated|_replicas`)

// tellsLoss reports whether an expression asks whether a part is gone.
func tellsLoss(e parser.Expr) bool {
	found := false
	parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
		if vs, ok := n.(*parser.VectorSelector); ok {
			for _, m := range vs.LabelMatchers {
				positive := m.Type == labels.MatchEqual || m.Type == labels.MatchRegexp
				found = found || positive && (m.Name == model.MetricNameLabel || m.Name == "state" || m.Name == "status") && loss.MatchString(m.Value)
			}
		}
		return nil
	})
	return found
}

func pageOnCause(p *analyze.Pass, opts *pageOnCauseOptions) {
	p.EachAlert(func(a *analyze.Alert) {
		if a.Urgency != analyze.UrgencyPage || a.Deadman {
			return
		}
		v := a.Verdict()
		if v.Verdict != sli.Cause {
			return
		}
		points := 0 // the check's own
		if tellsLoss(a.Rule.Expr()) {
			points = opts.Loss
		}
		p.Report(analyze.Finding{
			Rule: a.Rule, Span: a.Rule.NodeSpan(v.Pos), Points: points, Inferred: a.UrgencyInferred,
			Message: fmt.Sprintf("page `%s` is about a cause: %s", a.Rule.Name(), v.Evidence),
			Advice:  "page on what users feel of it (errors, latency, availability), and make this one a ticket",
		})
	})
}
