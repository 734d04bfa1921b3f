package sound

import (
	"fmt"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/rules/promexpr"
)

// AlwaysFires returns the check for alerts that cannot stop.
func AlwaysFires() *analyze.Check {
	return &analyze.Check{
		ID: "sound/always-fires",
		Doc: analyze.Doc{
			Title: "alert that always fires",
			Why:   "It fires from the day it is deployed, is silenced within the week, and will say nothing when it matters.",
			Text: `An expression that provably returns a series whenever its inputs exist, whatever their values: an arithmetic or
aggregate result or a bool comparison at the root, or a comparison that holds for every value its operand can have, such
as a sum of rates >= 0. An alert fires for every series that its expression returns, even one of value 0. Where the presence of a
series can be the signal (a bare selector, absent, and, unless, a metric of information) it is never reported, nor is a
deadman switch.`,
			Bad: `groups:
- name: search
  rules:
  - alert: SearchErrors
    expr: sum by (job) (rate(search_errors_total[5m]))
    for: 10m
    labels: {severity: ticket, team: search}
    annotations:
      summary: Searches fail
`,
			Good: `groups:
- name: search
  rules:
  - alert: SearchErrors
    expr: sum by (job) (rate(search_errors_total[5m])) > 0.1
    for: 10m
    labels: {severity: ticket, team: search}
    annotations:
      summary: Searches fail
`,
			References: []string{"https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/"},
		},
		Severity: analyze.Error, Points: 70, Fails: true, Run: alwaysFires,
	}
}

func alwaysFires(p *analyze.Pass) {
	p.EachAlert(func(a *analyze.Alert) {
		if a.Deadman || a.Urgency == analyze.UrgencyNone {
			return
		}
		v := promexpr.AlwaysReturns(a.Rule.Expr())
		if !v.Always || v.Reason == promexpr.ReasonConstant {
			return
		}
		advice := "compare the result with a threshold"
		switch v.Reason {
		case promexpr.ReasonBool:
			advice = "leave out bool: a comparison without it returns only the series for which it holds"
		case promexpr.ReasonTrue:
			advice = "draw the line where the value can fall on either side of it"
		}
		p.Report(analyze.Finding{
			Rule: a.Rule, Span: a.Rule.NodeSpan(v.Pos),
			Message: fmt.Sprintf("`%s` fires whenever its series exist: %s", a.Rule.Name(), v.Text),
			Advice:  advice,
		})
	})
}
