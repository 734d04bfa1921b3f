package actionable

import (
	"fmt"

	"github.com/crywolf-dev/crywolf/analyze"
)

// Summary returns the check for alerts that do not say what is wrong.
func Summary() *analyze.Check {
	w := want{
		concern: analyze.ConcernSummary, noun: "summary", usualKind: "annotation",
		advice: func(key string) string {
			return fmt.Sprintf("say in one sentence what is wrong and for whom, in the annotation `%s`", key)
		},
	}
	return &analyze.Check{
		ID: "actionable/summary",
		Doc: analyze.Doc{
			Title: "alert without a summary",
			Why:   "A phone shows one line at night, and an alert's name in camel case is not a sentence.",
			Text: `An alert with no annotation or label that sums it up (summary, title, message and their like), in a house
where at least two thirds of the alerts of its urgency have one. Where no such majority exists, one finding says so for
all of them.`,
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
      runbook_url: https://runbooks.shop.test/SearchErrors
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
			References: []string{"https://monitoring.mixins.dev/"},
		},
		Severity: analyze.Info, Points: 6, Whole: true, Run: w.report,
	}
}
