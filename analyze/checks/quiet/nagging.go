package quiet

import (
	"fmt"

	"github.com/crywolf-dev/crywolf/analyze"
)

type naggingOptions struct {
	Share   float64 `yaml:"share" doc:"share of repeats among its notifications from which an alert is said to nag"`
	Repeats int     `yaml:"repeats" doc:"repeats below which nothing is said"`
	Pages   int     `yaml:"pages" doc:"notifications of something new below which nothing is said"`
	MinDays float64 `yaml:"min_days" doc:"days of covered history below which nothing is said"`
}

// Nagging returns the check for alerts that say the same over and over.
func Nagging() *analyze.Check {
	opts := &naggingOptions{Share: 0.6, Repeats: 10, Pages: 2, MinDays: 7}
	return &analyze.Check{
		ID: "quiet/nagging",
		Doc: analyze.Doc{
			Title: "alert that repeats itself",
			Why:   "Being told a tenth time changes nothing but how soon the eleventh is swiped away.",
			Text: `An alert most of whose notifications are repeats: nothing had happened, repeat_interval was over. Notifications must
be known, from Alertmanager's event log for one; those of which the source does not say why they were sent are left out. An
alert that fired but once is left alone, however long that took.`,
			Bad:  naggingRule,
			Good: steadyRule,
			References: []string{
				"https://prometheus.io/docs/alerting/latest/configuration/#route",
			},
		},
		Needs: analyze.NeedsHistory, Severity: analyze.Warning, Points: 8, PointsMost: 15, Options: opts,
		Run: func(p *analyze.Pass) { p.EachAlert(func(a *analyze.Alert) { nagging(p, a, opts) }) },
	}
}

func nagging(p *analyze.Pass, a *analyze.Alert, opts *naggingOptions) {
	if !disturbs(a) || p.Noise == nil {
		return
	}
	covered := p.History.Measures(a.Rule).CoveredSeconds // since the rule is what it is
	if covered < opts.MinDays*secondsInDay {
		return
	}
	n := p.Noise.Profile(a.Rule).Notices
	if n == nil {
		return
	}
	share, ok := n.NagRatio()
	if !ok || share < opts.Share || n.Repeats < opts.Repeats || n.Pages < opts.Pages {
		return
	}
	p.Report(analyze.Finding{
		Rule: a.Rule, Span: a.Rule.NameField.Value.Span(),
		Points:  graded(p.Check(), share, opts.Share, 1),
		Message: fmt.Sprintf("`%s` nags: most of its notifications repeat an earlier one", a.Rule.Name()),
		Advice:  "give its route a longer repeat_interval, or mend or lower what keeps it firing",
		Evidence: []analyze.Number{
			{Name: "repeats_ratio", Value: share}, {Name: "repeats_count", Value: float64(n.Repeats)}, {Name: "pages_count", Value: float64(n.Pages)},
			{Name: "repeats_per_week", Value: float64(n.Repeats) * 7 * secondsInDay / covered},
		},
	})
}

const naggingRule = `groups:
- name: search
  rules:
  - alert: SearchIndexOld
    expr: max by (job) (time() - search_index_built_timestamp_seconds) > 7200
    for: 10m
    labels: {severity: page, team: search}
    annotations:
      summary: The search index of {{ $labels.job }} is old
      runbook_url: https://runbooks.shop.test/SearchIndexOld
`
