package actionable

import (
	"fmt"

	"github.com/crywolf-dev/crywolf/analyze"
)

// Owner returns the check for alerts that do not say whose they are.
func Owner() *analyze.Check {
	w := want{
		concern: analyze.ConcernOwner, noun: "owner", usualKind: "label",
		// A house of one team has no need to write its name on everything.
		pointsIfNone: analyze.NoPoints,
		adviceIfNone: "nothing to do in a house of one team, or where whoever deploys these rules adds a label such as `team`",
		advice: func(key string) string {
			return fmt.Sprintf("name who is to act, in `%s`, or let the expression bring it along with group_left (%s)", key, key)
		},
	}
	return &analyze.Check{
		ID: "actionable/owner",
		Doc: analyze.Doc{
			Title: "alert without an owner",
			Why:   "Whoever is woken must first find out whose alert it is, and an alert that is nobody's is never mended.",
			Text: `An alert that names no team, squad or owner, neither by a label nor by an annotation, nor by a label that its
expression keeps or copies, in a house where at least two thirds of the alerts of its urgency do. Where no such
majority exists, one finding says so for all of them; it costs nothing where no alert at all names an owner, as in a house of
one team. Deadman switches and alerts that notify nobody are left alone.`,
			Bad: `groups:
- name: search
  rules:
  - alert: SearchErrors
    expr: job:errors:ratio_rate5m{job="search"} > 0.02
    for: 10m
    labels:
      severity: page
    annotations:
      summary: Searches fail
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
      summary: Searches fail
      runbook_url: https://runbooks.shop.test/SearchErrors
`,
			References: []string{"https://sre.google/sre-book/being-on-call/"},
		},
		Severity: analyze.Info, Points: 6, Whole: true, Run: w.report,
	}
}
