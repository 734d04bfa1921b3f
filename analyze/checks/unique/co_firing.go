package unique

import (
	"fmt"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/noise"
	"github.com/crywolf-dev/crywolf/rules"
)

type coFiringOptions struct {
	Jaccard float64 `yaml:"jaccard" doc:"time in which both fire, by time in which one does, from which two alerts fire together"`
	Share   float64 `yaml:"share" doc:"share of each one's firings that the other has to overlap"`
	Lift    float64 `yaml:"lift" doc:"how many times as long as by chance they have to fire together"`
	Days    int     `yaml:"days" doc:"different days on which they fired together below which nothing is said"`
}

// CoFiring returns the check for alerts that fire together.
func CoFiring() *analyze.Check {
	opts := defaultCoFiring()
	return &analyze.Check{
		ID: "unique/co-firing",
		Doc: analyze.Doc{
			Title: "two alerts that always fire together",
			Why:   "One incident makes two notifications, and whoever answers the first has to find out that the second is no news.",
			Text: `Two alerts of one urgency and one owner that fire at the same times, and hardly ever one without the other. Instances
are held against those of the other alert with the same labels, where both have labels in common. Steps of a ladder, alerts
that read the same metrics, those on one objective, those of which Alertmanager inhibits one, and what overlaps no more
than chance explains are left alone; so is what happened on few days only. Of several alerts each is found once.`,
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
    expr: sum by (job) (search_queue_length) > 100
    for: 10m
    labels: {severity: ticket, team: search}
    annotations:
      summary: Searches of {{ $labels.job }} queue up
`,
		},
		Needs: analyze.NeedsHistory, Severity: analyze.Warning, Points: 8, PointsMost: 15, Options: opts, Whole: true,
		Run: func(p *analyze.Pass) { coFiring(p, opts) },
	}
}

func defaultCoFiring() *coFiringOptions {
	return &coFiringOptions{Jaccard: 0.7, Share: 0.9, Lift: 2, Days: 4}
}

func coFiring(p *analyze.Pass, opts *coFiringOptions) {
	if p.Noise == nil {
		return
	}
	judged := judgedAlerts(p)
	said := map[*rules.Rule]bool{}
	for i := range p.Noise.Pairs {
		pair := &p.Noise.Pairs[i]
		if !opts.found(pair) || said[pair.B] || !comparable(p, judged[pair.A], judged[pair.B]) {
			continue
		}
		said[pair.B] = true
		message := fmt.Sprintf("`%s` fires whenever `%s` does, and hardly ever without it", pair.B.Name(), pair.A.Name())
		p.Report(analyze.Finding{
			Rule: pair.B, Span: pair.B.NameField.Value.Span(), Key: pair.A.Name(),
			Inferred: judged[pair.B].UrgencyInferred,
			Points:   fraction(p.Check(), pair.Jaccard, opts.Jaccard),
			Message:  message,
			Advice:   fmt.Sprintf("keep the one that tells more, or let `%s` inhibit this one, or make this one a ticket or a panel", pair.A.Name()),
			Evidence: []analyze.Number{
				{Name: "overlap_ratio", Value: pair.Jaccard}, {Name: "lift", Value: pair.Lift},
				{Name: "together_count", Value: float64(pair.TogetherB)}, {Name: "days_count", Value: float64(pair.Days)},
			},
			Related: []analyze.Related{{File: pair.A.File(), Rule: pair.A, Span: pair.A.NameField.Value.Span(), Message: "it fires with this"}},
		})
	}
}

func (o *coFiringOptions) found(p *noise.Pair) bool {
	return p.Jaccard >= o.Jaccard && p.Lift >= o.Lift && p.Days >= o.Days &&
		float64(p.TogetherA) >= o.Share*float64(p.StretchesA) && float64(p.TogetherB) >= o.Share*float64(p.StretchesB)
}

// judgedAlerts are those of the pass by their rules.
func judgedAlerts(p *analyze.Pass) map[*rules.Rule]*analyze.Alert {
	out := map[*rules.Rule]*analyze.Alert{}
	p.EachAlert(func(a *analyze.Alert) { out[a.Rule] = a })
	return out
}

// fraction is the points for a share: the check's least at the threshold, its
// most at 1, in proportion between.
func fraction(c *analyze.Check, share, threshold float64) int {
	if share >= 1 || threshold >= 1 {
		return c.PointsMost
	}
	return c.Points + int(float64(c.PointsMost-c.Points)*(share-threshold)/(1-threshold))
}

const togetherRules = `groups:
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
    expr: sum by (job) (search_queue_length) > 100
    for: 10m
    labels: {severity: page, team: search}
    annotations:
      summary: Searches of {{ $labels.job }} queue up
      runbook_url: https://runbooks.shop.test/SearchQueueLong
`
