package sound

import (
	"fmt"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/rules"
	"github.com/crywolf-dev/crywolf/rules/promexpr"
)

type noSeriesOptions struct {
	Elsewhere float64 `yaml:"elsewhere" doc:"share of alerts without series above which the history is taken for another server's"`
	MinDays   float64 `yaml:"min_days" doc:"days of covered history below which nothing is said"`

	Unborn int `yaml:"unborn_points" doc:"points that an alert loses on a counter without any series"`
}

// NoSeries returns the check for alerts on records that nothing is recorded
// under.
func NoSeries() *analyze.Check {
	opts := &noSeriesOptions{Elsewhere: 0.5, MinDays: 7, Unborn: 5}
	return &analyze.Check{
		ID: "sound/no-series",
		Doc: analyze.Doc{
			Title: "alert on a record that stays empty",
			Why:   "A metric was renamed under a recording rule: the alert still looks right, and can't fire any more.",
			Text: `An alert that reads a record of which no series existed in the window, since the rule that makes it selects a metric
of which none did either. Names of what exists only once something went wrong are not
asked for, nor is any other matcher than the name. Alerts that select such a metric themselves are quiet/never-fired's. Rules that are younger
than the window are not judged, and nothing is said where most alerts select what the history never saw.

Of a counter without any series nobody knows whether it is gone, or comes to be with its first event. An alert on how fast
it grows is told as an info: in both cases the first events go unseen, since what was not there has not grown.`,
			Bad: `groups:
- name: refunds
  rules:
  - record: job:refund_queue_jobs:max
    expr: max by (job) (refund_queue_jobs) # the metric is called refund_jobs_queued by now
  - alert: RefundsPileUp
    expr: job:refund_queue_jobs:max > 50
    for: 15m
    labels: {severity: ticket, team: payments}
    annotations:
      summary: Refunds of {{ $labels.job }} pile up
`,
			Good: `groups:
- name: refunds
  rules:
  - record: job:refund_jobs_queued:max
    expr: max by (job) (refund_jobs_queued)
  - alert: RefundsPileUp
    expr: job:refund_jobs_queued:max > 50
    for: 15m
    labels: {severity: ticket, team: payments}
    annotations:
      summary: Refunds of {{ $labels.job }} pile up
`,
		},
		Needs: analyze.NeedsHistory, Severity: analyze.Warning, Points: 35, Options: opts, Whole: true,
		Run: func(p *analyze.Pass) { noSeries(p, opts) },
	}
}

func noSeries(p *analyze.Pass, opts *noSeriesOptions) {
	var found []analyze.Finding
	judged, without := 0, 0
	lacks := p.History.Lacks(p.Set.Recorders)
	p.EachAlert(func(a *analyze.Alert) {
		if a.Deadman || a.Urgency == analyze.UrgencyNone || p.History.Measures(a.Rule).CoveredSeconds < opts.MinDays*24*60*60 {
			return
		}
		judged++
		switch silence, _ := p.Silence(a); silence {
		case history.CannotFire:
			without++
			return
		case history.Quiet:
		default:
			return
		}
		if counter := p.History.Unborn(a.Rule.Expr()); counter != nil && p.History.Measures(a.Rule).Episodes == 0 {
			without++
			name := promexpr.Name(counter)
			found = append(found, analyze.Finding{
				Rule: a.Rule, Span: a.Rule.NodeSpan(counter.PosRange), Key: name, Severity: analyze.Info, Points: opts.Unborn,
				Message: fmt.Sprintf("`%s` did not fire, and no series of `%s` existed in the window: it counted nothing yet, or it is gone", a.Rule.Name(), name),
				Advice:  "see whether anything still exposes it; one that comes to be with its first event has no increase then: let it begin at 0",
			})
			return
		}
		lack, ok := lacks.Of(a.Rule.Expr())
		if !ok || p.History.Measures(a.Rule).Episodes > 0 || young(p, lack.Recorder) {
			return
		}
		without++
		record, metric := promexpr.Name(lack.Reads), promexpr.Name(lack.Needs)
		found = append(found, analyze.Finding{
			Rule: a.Rule, Span: a.Rule.NodeSpan(lack.Reads.PosRange), Key: record,
			Message: fmt.Sprintf("`%s` could not have fired: nothing was recorded as `%s`, since no series of `%s` existed in the window", a.Rule.Name(), record, metric),
			Advice:  "find out whether the metric has a new name or its exporter is gone, and mend the recording rule",
			Related: []analyze.Related{{
				File: lack.Recorder.File(), Rule: lack.Recorder, Span: lack.Recorder.NodeSpan(lack.Needs.PosRange), Message: "it needs this metric",
			}},
		})
	})
	if without >= analyze.HouseLeast && float64(without) > opts.Elsewhere*float64(judged) {
		return // quiet/never-fired says it, if anything does
	}
	for _, f := range found {
		p.Report(f)
	}
}

// young reports whether a rule is younger than the window, as far as anyone
// knows.
func young(p *analyze.Pass, r *rules.Rule) bool {
	if p.Introduced == nil {
		return false
	}
	when, ok := p.Introduced(r)
	return ok && when.UnixMilli() > p.History.Coverage.Window.Start
}
