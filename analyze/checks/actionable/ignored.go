package actionable

import (
	"fmt"

	"github.com/crywolf-dev/crywolf/analyze"
)

type ignoredOptions struct {
	Acked     float64 `yaml:"acked" doc:"share of incidents that a person acknowledged up to which a page is called ignored"`
	Unseen    float64 `yaml:"unseen" doc:"share of incidents that closed by themselves, acknowledged by nobody, from which it is"`
	Incidents int     `yaml:"incidents" doc:"incidents below which nothing is said"`
}

// Ignored returns the check for pages that nobody answers.
func Ignored() *analyze.Check {
	opts := &ignoredOptions{Acked: 0.1, Unseen: 0.8, Incidents: 10}
	return &analyze.Check{
		ID: "actionable/ignored",
		Doc: analyze.Doc{
			Title: "page that nobody answers",
			Why:   "A page that closes by itself before anyone has answered, time after time, has told everyone not to answer pages.",
			Text: `A page whose incidents in the pager nearly all were closed by a machine, with no person having acknowledged them.
What became of incidents must be known, from the pager's export; one that is still open does not count, nor does one in
which it is not known what fired.`,
			Bad:  ignoredRule,
			Good: answeredRule,
			References: []string{
				"https://sre.google/sre-book/monitoring-distributed-systems/",
			},
		},
		Needs: analyze.NeedsHistory, Severity: analyze.Warning, Points: 10, PointsMost: 20, Options: opts,
		Run: func(p *analyze.Pass) { p.EachAlert(func(a *analyze.Alert) { ignored(p, a, opts) }) },
	}
}

func ignored(p *analyze.Pass, a *analyze.Alert, opts *ignoredOptions) {
	if a.Deadman || a.Urgency != analyze.UrgencyPage || p.Noise == nil {
		return
	}
	n := p.Noise.Profile(a.Rule).Answers
	if n == nil {
		return
	}
	acked, ok := n.AckedRatio()
	unseen, _ := n.UnseenRatio()
	if !ok || n.Incidents-n.Open < opts.Incidents || acked > opts.Acked || unseen < opts.Unseen {
		return
	}
	points := p.Check().Points
	if unseen >= 1 {
		points = p.Check().PointsMost
	}
	p.Report(analyze.Finding{
		Rule: a.Rule, Span: a.Rule.NameField.Value.Span(), Inferred: a.UrgencyInferred, Points: points,
		Message: fmt.Sprintf("nobody answers `%s`: nearly all of its incidents closed by themselves", a.Rule.Name()),
		Advice:  "make it a ticket, let it hold for longer before it pages, or delete it",
		Evidence: []analyze.Number{
			{Name: "acknowledged_ratio", Value: acked}, {Name: "closed_unseen_ratio", Value: unseen},
			{Name: "incidents_count", Value: float64(n.Incidents - n.Open)},
		},
	})
}

const (
	ignoredRule = `groups:
- name: search
  rules:
  - alert: SearchSlow
    expr: max by (job) (search_latency_seconds) > 0.2
    for: 10m
    labels: {severity: page, team: search}
    annotations:
      summary: Searches by {{ $labels.job }} are slow
      runbook_url: https://runbooks.shop.test/SearchSlow
`
	answeredRule = `groups:
- name: search
  rules:
  - alert: SearchSlow
    expr: max by (job) (avg_over_time(search_latency_seconds[10m])) > 0.5
    for: 10m
    labels: {severity: ticket, team: search}
    annotations:
      summary: Searches by {{ $labels.job }} are slow
`
)
