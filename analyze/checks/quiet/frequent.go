// Package quiet holds the checks that ask whether an alert fires seldom, long
// enough, and once per incident.
package quiet

import (
	"fmt"

	"github.com/crywolf-dev/crywolf/analyze"
)

type frequentOptions struct {
	Page    float64 `yaml:"page_per_week" doc:"outbreaks a week that a page may have"`
	Ticket  float64 `yaml:"ticket_per_week" doc:"outbreaks a week that an alert of ticket urgency may have"`
	MinDays float64 `yaml:"min_days" doc:"days of covered history below which nothing is said"`
}

// Frequent returns the check for alerts that fire more often than anyone can
// bear.
func Frequent() *analyze.Check {
	// Two interruptions a month for one person are good, seven are bad, nineteen
	// burn people out (PagerDuty); one alert alone that pages twice a week is
	// past the bad.
	opts := &frequentOptions{Page: 2, Ticket: 10, MinDays: 7}
	return &analyze.Check{
		ID: "quiet/frequent",
		Doc: analyze.Doc{
			Title: "alert over its budget",
			Why:   "What comes every day is no longer read, and the night it matters it is not read either.",
			Text: `An alert that breaks out more often in a week of covered time than its urgency allows. An outbreak begins when an
instance fires while none did, so that one incident on many instances counts once. The more often, the more points. Alerts
of info urgency and those that notify nobody have no budget.`,
			Bad:  flappingRule,
			Good: steadyRule,
			References: []string{
				"https://sre.google/sre-book/being-on-call/",
			},
		},
		Needs: analyze.NeedsHistory, Severity: analyze.Warning, Points: 20, PointsMost: 35, Options: opts,
		Run: func(p *analyze.Pass) { p.EachAlert(func(a *analyze.Alert) { frequent(p, a, opts) }) },
	}
}

func frequent(p *analyze.Pass, a *analyze.Alert, opts *frequentOptions) {
	budget := opts.Page
	switch a.Urgency {
	case analyze.UrgencyTicket:
		budget = opts.Ticket
	case analyze.UrgencyInfo, analyze.UrgencyNone:
		return
	}
	m := p.History.Measures(a.Rule)
	perWeek, ok := p.History.OutbreaksPerWeek(a.Rule)
	if !ok || a.Deadman || m.CoveredSeconds < opts.MinDays*secondsInDay || perWeek <= budget {
		return
	}
	firings, _ := m.FiringsPerWeek()
	p.Report(analyze.Finding{
		Rule: a.Rule, Span: a.Rule.NameField.Value.Span(),
		Inferred: a.UrgencyInferred && perWeek <= opts.Ticket,
		Points:   graded(p.Check(), perWeek/budget, 1, 3),
		Message:  fmt.Sprintf("`%s` breaks out more often than its budget as %s allows", a.Rule.Name(), urgencyNoun(a.Urgency)),
		Advice:   "raise the threshold or the for until what is left is worth acting on, or lower its urgency",
		Evidence: []analyze.Number{
			{Name: "outbreaks_per_week", Value: perWeek}, {Name: "budget_per_week", Value: budget}, {Name: "firings_per_week", Value: firings},
		},
	})
}

const secondsInDay = 24 * 60 * 60

// graded is the points for a measure: the check's least at the threshold, its
// most from a value on, in proportion between.
func graded(c *analyze.Check, value, threshold, most float64) int {
	switch {
	case value >= most:
		return c.PointsMost
	case value <= threshold:
		return c.Points
	}
	return c.Points + int(float64(c.PointsMost-c.Points)*(value-threshold)/(most-threshold))
}

func urgencyNoun(u analyze.Urgency) string {
	if u == analyze.UrgencyPage {
		return "a page"
	}
	return "a ticket"
}

// The examples of the checks that need a history: the rule is the same kind of
// thing, what it did makes the difference.
const (
	flappingRule = `groups:
- name: search
  rules:
  - alert: SearchSlow
    expr: max by (job) (search_latency_seconds) > 0.2
    for: 1m
    labels: {severity: page, team: search}
    annotations:
      summary: Searches are slow
      runbook_url: https://runbooks.shop.test/SearchSlow
`
	steadyRule = `groups:
- name: search
  rules:
  - alert: SearchSlow
    expr: max by (job) (avg_over_time(search_latency_seconds[10m])) > 0.5
    for: 10m
    labels: {severity: page, team: search}
    annotations:
      summary: Searches are slow
      runbook_url: https://runbooks.shop.test/SearchSlow
`
)
