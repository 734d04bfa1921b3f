package quiet

import (
	"fmt"

	"github.com/crywolf-dev/crywolf/analyze"
)

type stormOptions struct {
	Storms int     `yaml:"storms" doc:"storms below which nothing is said"`
	Days   int     `yaml:"days" doc:"different days on which they began below which nothing is said"`
	Share  float64 `yaml:"share" doc:"share of firings within storms from which an alert is said to come in storms"`
	Pages  float64 `yaml:"pages" doc:"notifications a storm, where those are known, below which Alertmanager is held to have made few of many"`

	Grouped int `yaml:"grouped_points" doc:"points that an alert loses whose storms Alertmanager makes few notifications of"`
}

// Storm returns the check for alerts that come in great numbers.
func Storm() *analyze.Check {
	opts := &stormOptions{Storms: 3, Days: 3, Share: 0.5, Pages: 5, Grouped: 5}
	return &analyze.Check{
		ID: "quiet/storm",
		Doc: analyze.Doc{
			Title: "alert that comes in storms",
			Why:   "What says one thing fifty times hides the one alert that says which, and the phone does not stop.",
			Text: `An alert most of whose firings begin in storms: ten different instances or more within five minutes, on several
days. Alertmanager may make one notification of them, so that it is an info; where notifications are known it is a warning
if the alert was sent in pieces all the same, and costs little if it was not: what many targets have in common is still
told target by target.`,
			Bad: stormRule,
			Good: `groups:
- name: search
  rules:
  - alert: SearchTargetsDown
    expr: count by (job) (up{job="search"} == 0) / count by (job) (up{job="search"}) > 0.2
    for: 10m
    labels: {severity: page, team: search}
    annotations:
      summary: More than a fifth of the {{ $labels.job }} servers are down
      runbook_url: https://runbooks.shop.test/SearchTargetsDown
`,
			References: []string{
				"https://prometheus.io/docs/alerting/latest/alertmanager/#grouping",
			},
		},
		Needs: analyze.NeedsHistory, Severity: analyze.Warning, Points: 12, PointsMost: 20, Options: opts,
		Run: func(p *analyze.Pass) { p.EachAlert(func(a *analyze.Alert) { storm(p, a, opts) }) },
	}
}

func storm(p *analyze.Pass, a *analyze.Alert, opts *stormOptions) {
	if !disturbs(a) || p.Noise == nil {
		return
	}
	n := p.Noise.Profile(a.Rule)
	share, ok := n.Storms.Ratio()
	if !ok || share < opts.Share || n.Storms.Count < opts.Storms || n.Storms.Days < opts.Days {
		return
	}
	severity, points := analyze.Info, graded(p.Check(), share, opts.Share, 1)
	advice := "alert on how many there are (count by, or a share of all), or group them in Alertmanager into one notification"
	evidence := []analyze.Number{
		{Name: "in_storms_ratio", Value: share}, {Name: "storms_count", Value: float64(n.Storms.Count)},
		{Name: "firings_in_one_storm_count", Value: float64(n.Storms.Most)},
	}
	if n.Notices != nil {
		pages := float64(n.Storms.Pages) / float64(n.Storms.Count)
		if pages < opts.Pages { // Alertmanager makes few of many
			points, advice = opts.Grouped, "alert on how many there are (count by, or a share of all), and not on each"
		} else {
			severity = analyze.Warning
		}
		evidence = append(evidence, analyze.Number{Name: "notifications_a_storm_count", Value: pages})
	}
	p.Report(analyze.Finding{
		Rule: a.Rule, Span: a.Rule.NameField.Value.Span(), Severity: severity,
		Points:   points,
		Message:  fmt.Sprintf("`%s` comes in storms of many instances at once", a.Rule.Name()),
		Advice:   advice,
		Evidence: evidence,
	})
}

const stormRule = `groups:
- name: search
  rules:
  - alert: SearchTargetDown
    expr: up{job="search"} == 0
    for: 10m
    labels: {severity: page, team: search}
    annotations:
      summary: "{{ $labels.instance }} is down"
      runbook_url: https://runbooks.shop.test/SearchTargetDown
`
