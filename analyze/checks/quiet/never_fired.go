package quiet

import (
	"fmt"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/rules/promexpr"
)

type neverFiredOptions struct {
	Elsewhere float64 `yaml:"elsewhere" doc:"share of alerts without series above which the history is taken for another server's"`
	MinDays   float64 `yaml:"min_days" doc:"days of covered history below which nothing is said"`
}

// NeverFired returns the check for alerts that cannot fire for want of series.
func NeverFired() *analyze.Check {
	opts := &neverFiredOptions{Elsewhere: 0.5, MinDays: 7}
	return &analyze.Check{
		ID: "quiet/never-fired",
		Doc: analyze.Doc{
			Title: "alert without series to fire on",
			Why:   "A metric was renamed or an exporter is gone: everyone believes to be watched over, and nobody is.",
			Text: `An alert that did not fire in the window because a metric it needs does not exist: no series of that name was
there at any time. Counters, and names of what exists only once something went wrong, are not asked for; nor is any other
matcher than the name. An alert that did not fire though its metrics are there is quiet, which is as it should be and costs
nothing. A rule that is younger than the window is not judged. Where most alerts select what the history never saw, it is
likely to be the history of another server: one finding says so, and no alert is judged.`,
			Bad: `groups:
- name: refunds
  rules:
  - alert: RefundsPileUp
    expr: max by (job) (refund_queue_jobs) > 50 # the metric is called refund_jobs_queued by now
    for: 15m
    labels: {severity: ticket, team: payments}
    annotations:
      summary: Refunds pile up
`,
			Good: `groups:
- name: refunds
  rules:
  - alert: RefundsPileUp
    expr: max by (job) (refund_jobs_queued) > 50
    for: 15m
    labels: {severity: ticket, team: payments}
    annotations:
      summary: Refunds pile up
`,
		},
		Needs: analyze.NeedsHistory, Severity: analyze.Warning, Points: 35, Options: opts, Whole: true,
		Run: func(p *analyze.Pass) { neverFired(p, opts) },
	}
}

func neverFired(p *analyze.Pass, opts *neverFiredOptions) {
	var found []analyze.Finding
	judged := 0
	p.EachAlert(func(a *analyze.Alert) {
		if a.Deadman || a.Urgency == analyze.UrgencyNone || p.History.Measures(a.Rule).CoveredSeconds < opts.MinDays*secondsInDay {
			return
		}
		judged++
		silence, metric := p.Silence(a)
		if silence != history.CannotFire {
			return
		}
		name := promexpr.Name(metric)
		found = append(found, analyze.Finding{
			Rule: a.Rule, Span: a.Rule.NodeSpan(metric.PosRange), Key: name,
			Message: fmt.Sprintf("`%s` could not have fired: no series of `%s` existed in the window", a.Rule.Name(), name),
			Advice:  "find out whether the metric has a new name or its exporter is gone",
		})
	})
	if len(found) >= analyze.HouseLeast && float64(len(found)) > opts.Elsewhere*float64(judged) {
		first := found[0].Rule
		p.Report(analyze.Finding{
			File: first.File(), Span: first.NameField.Value.Span(), Key: "elsewhere", Severity: analyze.Info, Points: analyze.NoPoints,
			Message:  "most alerts select metrics that this history has never seen",
			Advice:   "see whether it is the history of the Prometheus that evaluates these rules",
			Evidence: []analyze.Number{{Name: "without_series_count", Value: float64(len(found))}, {Name: "alerts_count", Value: float64(judged)}},
		})
		return
	}
	for _, f := range found {
		p.Report(f)
	}
}
