package quiet

import (
	"fmt"

	"github.com/crywolf-dev/crywolf/analyze"
)

type flappingOptions struct {
	Share     float64 `yaml:"share" doc:"share of firings in spells of flapping from which an alert is called flapping"`
	Outbreaks int     `yaml:"outbreaks" doc:"spells of flapping, those of several instances at once counted as one, below which nothing is said"`
	Days      int     `yaml:"days" doc:"different days on which they began below which nothing is said"`
}

// Flapping returns the check for alerts that come and go.
func Flapping() *analyze.Check {
	opts := &flappingOptions{Share: 0.5, Outbreaks: 3, Days: 3}
	return &analyze.Check{
		ID: "quiet/flapping",
		Doc: analyze.Doc{
			Title: "alert that comes and goes",
			Why:   "One trouble wakes people several times over, and each time it seems to be gone before they have looked.",
			Text: `An alert most of whose firings lie in spells of flapping. A spell begins where one instance fires again and again,
each time within an hour after it had resolved, and ends when it stays away for two hours; a bad afternoon is one spell,
whatever the number of its instances. With too few spells, or all of them within a few days, nothing is said.`,
			Bad: flappingRule,
			Good: `groups:
- name: search
  rules:
  - alert: SearchSlow
    expr: max by (job) (search_latency_seconds) > 0.2
    for: 5m
    keep_firing_for: 30m
    labels: {severity: page, team: search}
    annotations:
      summary: Searches by {{ $labels.job }} are slow
      runbook_url: https://runbooks.shop.test/SearchSlow
`,
			References: []string{
				"https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/",
				"https://docs.datadoghq.com/monitors/quality/",
			},
		},
		Needs: analyze.NeedsHistory, Severity: analyze.Warning, Points: 15, PointsMost: 25, Options: opts,
		Run: func(p *analyze.Pass) { p.EachAlert(func(a *analyze.Alert) { flapping(p, a, opts) }) },
	}
}

func flapping(p *analyze.Pass, a *analyze.Alert, opts *flappingOptions) {
	if !disturbs(a) || p.Noise == nil {
		return
	}
	f := p.Noise.Profile(a.Rule).Flaps
	share, ok := f.Ratio()
	if !ok || share < opts.Share || f.Outbreaks < opts.Outbreaks || f.Days < opts.Days {
		return
	}
	p.Report(analyze.Finding{
		Rule: a.Rule, Span: a.Rule.NameField.Value.Span(),
		Points:  graded(p.Check(), share, opts.Share, 1),
		Message: fmt.Sprintf("`%s` flaps: most of its firings follow one another within the hour", a.Rule.Name()),
		Advice:  "let it fire on until the trouble is over (keep_firing_for), or measure over a longer range",
		Evidence: []analyze.Number{
			{Name: "flapping_ratio", Value: share}, {Name: "spells_count", Value: float64(f.Outbreaks)},
			{Name: "refires_count", Value: float64(f.Refires)}, {Name: "firings_count", Value: float64(f.Of)},
		},
	})
}

// disturbs reports whether an alert is one that people have to see to, so that
// its noise costs them something.
func disturbs(a *analyze.Alert) bool {
	return !a.Deadman && (a.Urgency == analyze.UrgencyPage || a.Urgency == analyze.UrgencyTicket)
}
