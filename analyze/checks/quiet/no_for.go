package quiet

import (
	"fmt"
	"strings"

	"github.com/crywolf-dev/crywolf/analyze"
)

// NoFor returns the check for alerts that one odd sample sets off.
func NoFor() *analyze.Check {
	return &analyze.Check{
		ID: "quiet/no-for",
		Doc: analyze.Doc{
			Title: "gauge compared without for",
			Why:   "One odd sample wakes someone, and by the time they look it is gone.",
			Text: `An alert of page or ticket urgency that compares a gauge as it is at one instant, with no for: nothing in the
expression looks back in time. Ages (time() - x) and expiries, absence, counts of events, burn rates,
counters, quotas, states (== 3), the least sign of what should not be there (> 0), and metrics that are recorded by rules not seen here are left alone. With a history, what the alert did answers
the question in place of this guess.`,
			Bad: `groups:
- name: orders
  rules:
  - alert: QueueGrows
    expr: sum by (queue) (queue_depth) > 1000
    labels: {severity: ticket, team: orders}
    annotations:
      summary: "{{ $labels.queue }} grows"
`,
			Good: `groups:
- name: orders
  rules:
  - alert: QueueGrows
    expr: sum by (queue) (queue_depth) > 1000
    for: 15m
    labels: {severity: ticket, team: orders}
    annotations:
      summary: "{{ $labels.queue }} grows"
`,
			References: []string{"https://prometheus.io/docs/practices/alerting/"},
		},
		Severity: analyze.Warning, Points: 10, Run: noFor,
	}
}

func noFor(p *analyze.Pass) {
	p.EachAlert(func(a *analyze.Alert) {
		if a.Rule.For > 0 || a.Deadman || a.Urgency != analyze.UrgencyPage && a.Urgency != analyze.UrgencyTicket {
			return
		}
		if a.Rule.Open && !a.Rule.ForField.IsSet() || !a.Rule.ForField.Value.Rendered() {
			return // a template may give it one
		}
		if text := a.Rule.ForField.Value.Text(); text != "" && strings.Trim(text, "0msh") != "" {
			return // it has one that can't be read, which sound/syntax says
		}
		at, ok := instantaneous(p, a.Rule.Expr())
		if !ok {
			return
		}
		span := a.Rule.NodeSpan(at)
		has := "has no `for`"
		if a.Rule.ForField.IsSet() {
			has, span = fmt.Sprintf("has `for: %s`", a.Rule.ForField.Value.Text()), a.Rule.ForField.Value.Span()
		}
		p.Report(analyze.Finding{
			Rule: a.Rule, Span: span,
			Message: fmt.Sprintf("`%s` compares a gauge at one instant and %s: a single sample sets it off", a.Rule.Name(), has),
			Advice:  advice(a),
		})
	})
}

// advice is a for that an urgency can afford: a page that waits five minutes
// is late, a ticket is not.
func advice(a *analyze.Alert) string {
	if a.Urgency == analyze.UrgencyPage {
		return "add a `for` of a minute or two, so that it takes more than one sample"
	}
	return "add `for: 5m` or more, or compare an average over [5m]"
}
