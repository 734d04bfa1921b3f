package mapped

import (
	"fmt"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql/parser"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/sli"
	"github.com/crywolf-dev/crywolf/analyze/sli/budget"
	"github.com/crywolf-dev/crywolf/rules/promexpr"
)

// A page that looks back over longWindow or more needs a short window beside
// it, as each of the Workbook's has; slowReset is the longest that any of those
// pages fires on for.
const (
	longWindow = time.Hour
	slowReset  = 30 * time.Minute
)

// SlowReset returns the check for pages that fire on long after the errors.
func SlowReset() *analyze.Check {
	return &analyze.Check{
		ID: "mapped/slow-reset",
		Doc: analyze.Doc{
			Title: "long window without a short one",
			Why:   "The page fires on for an hour or a day after the errors have ended: nobody sees that they have, nor that they are back.",
			Text: `A page about a share of failed requests (or slow ones, or probes) over an hour or more, with no "and" to a
shorter window of the same share, that after an outage fires on for more than half an hour. After a total outage of the length of its window W it fires for another
W × (1 − threshold). The pages of the Workbook have a second window of a twelfth of the first, which ends them within 5 and
30 minutes. What is found is proved from the expression, recording rules followed; alerts with conditions of any other
kind are left alone, and so are tickets.`,
			Bad: `groups:
- name: search
  rules:
  - alert: SearchErrors
    expr: |
      sum(rate(http_requests_total{job="search", code=~"5.."}[6h]))
        / sum(rate(http_requests_total{job="search"}[6h])) > 6 * 0.001
    labels: {severity: page, team: search}
    annotations:
      summary: Searches fail
      runbook_url: https://runbooks.shop.test/SearchErrors
`,
			Good: `groups:
- name: search
  rules:
  - alert: SearchErrors
    expr: |
      (
        sum(rate(http_requests_total{job="search", code=~"5.."}[6h]))
          / sum(rate(http_requests_total{job="search"}[6h])) > 6 * 0.001
      ) and (
        sum(rate(http_requests_total{job="search", code=~"5.."}[30m]))
          / sum(rate(http_requests_total{job="search"}[30m])) > 6 * 0.001
      )
    labels: {severity: page, team: search}
    annotations:
      summary: Searches fail
      runbook_url: https://runbooks.shop.test/SearchErrors
`,
			References: []string{"https://sre.google/workbook/alerting-on-slos/"},
		},
		Severity: analyze.Warning, Points: 5, Run: slowResets,
	}
}

func slowResets(p *analyze.Pass) {
	p.EachAlert(func(a *analyze.Alert) {
		if a.Urgency != analyze.UrgencyPage || a.Deadman || !looksFarBack(p, a) {
			return
		}
		policy, ok := p.Policy(a)
		if !ok || a.Kind() != sli.Symptom {
			return
		}
		c, reset, ok := slowest(policy)
		if !ok {
			return
		}
		p.Report(analyze.Finding{
			Rule: a.Rule, Span: a.Rule.NodeSpan(c.Pos), Inferred: a.UrgencyInferred,
			Message: fmt.Sprintf("page `%s` looks back over %v and has no shorter window: after an outage of that length it fires for another %v",
				a.Rule.Name(), model.Duration(c.Window), rounded(reset)),
			Advice: fmt.Sprintf("add an `and` with the same ratio over %v: it ends the page soon after the errors, and detects no later",
				model.Duration(c.Window/12)),
			Evidence: []analyze.Number{
				{Name: "window_seconds", Value: c.Window.Seconds()},
				{Name: "threshold_ratio", Value: c.Threshold},
				{Name: "reset_seconds", Value: reset.Seconds()},
			},
		})
	})
}

// looksFarBack is a quick test that most alerts fail: of those over a long
// window, it stands in the expression, or in the records that this reads.
func looksFarBack(p *analyze.Pass, a *analyze.Alert) bool {
	far := false
	parser.Inspect(a.Rule.Expr(), func(n parser.Node, _ []parser.Node) error {
		switch n := n.(type) {
		case *parser.MatrixSelector:
			far = far || n.Range >= longWindow || n.RangeExpr != nil
		case *parser.SubqueryExpr:
			far = true
		case *parser.VectorSelector:
			name := promexpr.Name(n)
			far = far || strings.Contains(name, ":") || len(p.Set.Recorders(name)) > 0
		}
		return nil
	})
	return far
}

// slowest is the clause that holds the alert up longest after a total outage,
// among the alternatives of one long window, and for how long.
func slowest(p budget.Policy) (c budget.Clause, reset time.Duration, ok bool) {
	for _, a := range p.Any {
		if a.Short() < longWindow || a.Long() != a.Short() {
			continue
		}
		after, fires := budget.Policy{Any: []budget.Alternative{a}}.Reset(1, a.Long())
		if fires && after > max(reset, slowReset) {
			c, reset, ok = a[0], after, true
		}
	}
	return c, reset, ok
}

// rounded is a duration as people say it.
func rounded(d time.Duration) model.Duration {
	switch {
	case d >= 48*time.Hour:
		d = d.Round(time.Hour)
	case d >= time.Minute:
		d = d.Round(time.Minute)
	default:
		d = d.Round(time.Second)
	}
	return model.Duration(d)
}
