package unique

import (
	"fmt"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/noise"
	"github.com/crywolf-dev/crywolf/rules"
)

type cascadeOptions struct {
	Follows float64 `yaml:"follows" doc:"share of an alert's firings that begin soon after the other from which it is said to follow it"`
	Against float64 `yaml:"against" doc:"share of them that may begin soon before the other"`
	While   float64 `yaml:"while" doc:"share of those that follow that have to begin while the other still fires, so that it could inhibit them"`
	Days    int     `yaml:"days" doc:"different days on which it followed below which nothing is said"`
}

// Cascade returns the check for alerts that follow another.
func Cascade() *analyze.Check {
	opts := &cascadeOptions{Follows: 0.8, Against: 0.1, While: 0.8, Days: 4}
	return &analyze.Check{
		ID: "unique/cascade",
		Doc: analyze.Doc{
			Title: "alert that follows another",
			Why:   "Whoever is woken by the cause is interrupted by its consequences while at work on it.",
			Text: `An alert most of whose firings begin within ten minutes after another one began, and while that still fires: an
inhibition would keep it back. It is seldom the other way round. Alerts that always fire together are unique/co-firing's.
Steps of a ladder, alerts that read the same metrics, those on one objective, those of other owners or urgencies, those
that Alertmanager inhibits already, and what chance explains are left alone; so is what happened on few days only.`,
			Bad: togetherRules,
			Good: `groups:
- name: search
  rules:
  - alert: SearchErrors
    expr: sum by (job) (rate(search_errors_total[5m])) > 5
    for: 10m
    labels: {severity: page, team: search}
    annotations:
      summary: Searches by {{ $labels.job }} fail
      runbook_url: https://runbooks.shop.test/SearchErrors
  - alert: SearchQueueLong
    expr: sum by (job) (search_queue_length) > 100 unless on (job) ALERTS{alertname="SearchErrors", alertstate="firing"}
    for: 10m
    labels: {severity: page, team: search}
    annotations:
      summary: Searches of {{ $labels.job }} queue up
      runbook_url: https://runbooks.shop.test/SearchQueueLong
`,
			References: []string{
				"https://prometheus.io/docs/alerting/latest/configuration/#inhibition-related-settings",
			},
		},
		Needs: analyze.NeedsHistory, Severity: analyze.Warning, Points: 6, PointsMost: 12, Options: opts, Whole: true,
		Run: func(p *analyze.Pass) { cascade(p, opts) },
	}
}

func cascade(p *analyze.Pass, opts *cascadeOptions) {
	if p.Noise == nil {
		return
	}
	judged := judgedAlerts(p)
	together := map[[2]*rules.Rule]bool{}
	for i := range p.Noise.Pairs {
		if pair := &p.Noise.Pairs[i]; defaultCoFiring().found(pair) && comparable(p, judged[pair.A], judged[pair.B]) {
			together[[2]*rules.Rule{pair.A, pair.B}] = true
			together[[2]*rules.Rule{pair.B, pair.A}] = true
		}
	}
	said := map[*rules.Rule]bool{}
	for i := range p.Noise.Cascades {
		c := &p.Noise.Cascades[i]
		if !opts.found(c) || said[c.Then] || together[[2]*rules.Rule{c.First, c.Then}] || !leads(p, judged[c.First], judged[c.Then]) {
			continue
		}
		said[c.Then] = true
		severity, advice := p.Check().Severity, fmt.Sprintf("let `%s` inhibit it in Alertmanager", c.First.Name())
		if judged[c.First].Urgency == analyze.UrgencyTicket && judged[c.Then].Urgency == analyze.UrgencyPage {
			// Whoever sleeps hears the second only.
			severity = analyze.Info
			advice = fmt.Sprintf("decide which of the two is to page: were it `%s`, which comes first, it could inhibit this one", c.First.Name())
		}
		p.Report(analyze.Finding{
			Rule: c.Then, Span: c.Then.NameField.Value.Span(), Key: c.First.Name(), Severity: severity,
			Inferred: judged[c.Then].UrgencyInferred,
			Points:   fraction(p.Check(), c.FollowsRatio(), opts.Follows),
			Message:  fmt.Sprintf("`%s` follows `%s`: most of its firings begin while that one has just begun", c.Then.Name(), c.First.Name()),
			Advice:   advice,
			Evidence: []analyze.Number{
				{Name: "follows_ratio", Value: c.FollowsRatio()}, {Name: "follows_count", Value: float64(c.Follows)},
				{Name: "median_lag_seconds", Value: c.MedianLagSeconds}, {Name: "days_count", Value: float64(c.Days)},
			},
			Related: []analyze.Related{{File: c.First.File(), Rule: c.First, Span: c.First.NameField.Value.Span(), Message: "it follows this"}},
		})
	}
}

func (o *cascadeOptions) found(c *noise.Cascade) bool {
	return c.FollowsRatio() >= o.Follows && float64(c.Precedes) <= o.Against*float64(c.Begins) &&
		float64(c.While) >= o.While*float64(c.Follows) && c.Days >= o.Days
}
