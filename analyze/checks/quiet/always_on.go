package quiet

import (
	"fmt"

	"github.com/crywolf-dev/crywolf/analyze"
)

type alwaysOnOptions struct {
	Share   float64 `yaml:"share" doc:"share of the covered time from which an alert that fires is called always on"`
	MinDays float64 `yaml:"min_days" doc:"days of covered history below which nothing is said"`
}

// AlwaysOn returns the check for alerts that hardly ever stop.
func AlwaysOn() *analyze.Check {
	opts := &alwaysOnOptions{Share: 0.9, MinDays: 7}
	return &analyze.Check{
		ID: "quiet/always-on",
		Doc: analyze.Doc{
			Title: "alert that never stops",
			Why:   "What always fires tells nothing: whoever is on call has stopped seeing it, and it hides what is new.",
			Text: `An alert of which at least one instance fires nearly all the covered time. Deadman switches, which are meant to,
and alerts that notify nobody are left alone.`,
			Bad: `groups:
- name: cache
  rules:
  - alert: CacheHitsLow
    expr: cache_hit_ratio < 0.95 # it has been around 0.8 for as long as anyone remembers
    for: 10m
    labels: {severity: ticket, team: storefront}
    annotations:
      summary: The cache hits too seldom
`,
			Good: `groups:
- name: cache
  rules:
  - alert: CacheHitsLow
    expr: cache_hit_ratio < 0.6 # which it never was but when the cache was broken
    for: 10m
    labels: {severity: ticket, team: storefront}
    annotations:
      summary: The cache hits too seldom
`,
			References: []string{
				"https://docs.datadoghq.com/monitors/quality/",
			},
		},
		Needs: analyze.NeedsHistory, Severity: analyze.Warning, Points: 35, Fails: true, Options: opts,
		Run: func(p *analyze.Pass) { p.EachAlert(func(a *analyze.Alert) { alwaysOn(p, a, opts) }) },
	}
}

func alwaysOn(p *analyze.Pass, a *analyze.Alert, opts *alwaysOnOptions) {
	m := p.History.Measures(a.Rule)
	share, ok := m.FiringShare()
	if !ok || a.Deadman || a.Urgency == analyze.UrgencyNone || m.CoveredSeconds < opts.MinDays*secondsInDay || share < opts.Share {
		return
	}
	p.Report(analyze.Finding{
		Rule: a.Rule, Span: a.Rule.NameField.Value.Span(),
		Message:  fmt.Sprintf("`%s` fires nearly all the time", a.Rule.Name()),
		Advice:   "mend what it points at, move the threshold to where it tells something new, or delete it",
		Evidence: []analyze.Number{{Name: "firing_ratio", Value: share}, {Name: "instances_at_once_count", Value: float64(m.MaxConcurrent)}},
	})
}
