package actionable

import (
	"fmt"

	"github.com/crywolf-dev/crywolf/analyze"
)

// Runbook returns the check for pages that do not say what to do.
func Runbook() *analyze.Check {
	w := want{
		concern: analyze.ConcernRunbook, noun: "runbook", usualKind: "annotation",
		advice: func(key string) string {
			return fmt.Sprintf("link the page that says what it means and what to do first, in `%s`", key)
		},
	}
	return &analyze.Check{
		ID: "actionable/runbook",
		Doc: analyze.Doc{
			Title: "page without a runbook",
			Why:   "At three in the morning nobody remembers what to do; a page that does not say costs minutes that users feel.",
			Text: `A page with no link to a runbook (runbook_url, runbook, playbook and their like), in a house where at least
two thirds of the pages have one. Where no such majority exists, one finding says so for all of them. Alerts that wake
nobody need none.`,
			Bad: `groups:
- name: search
  rules:
  - alert: SearchErrors
    expr: job:errors:ratio_rate5m{job="search"} > 0.02
    for: 10m
    labels:
      severity: page
      team: search
    annotations:
      summary: More than 2 % of searches fail
`,
			Good: `groups:
- name: search
  rules:
  - alert: SearchErrors
    expr: job:errors:ratio_rate5m{job="search"} > 0.02
    for: 10m
    labels:
      severity: page
      team: search
    annotations:
      summary: More than 2 % of searches fail
      runbook_url: https://runbooks.shop.test/SearchErrors
`,
			References: []string{"https://runbooks.prometheus-operator.dev/", "https://sre.google/workbook/on-call/"},
		},
		Severity: analyze.Info, Points: 8, Whole: true, Run: w.report,
	}
}
