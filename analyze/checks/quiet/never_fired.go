package quiet

import (
	"fmt"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/history"
)

type neverFiredOptions struct {
	MinDays float64 `yaml:"min_days" doc:"days of covered history below which nothing is said"`
}

// NeverFired returns the check for alerts that cannot fire for want of series.
func NeverFired() *analyze.Check {
	opts := &neverFiredOptions{MinDays: 7}
	return &analyze.Check{
		ID: "quiet/never-fired",
		Doc: analyze.Doc{
			Title: "alert without series to fire on",
			Why:   "A metric was renamed or an exporter is gone: everyone believes to be watched over, and nobody is.",
			Text: `An alert that did not fire in the window because what it selects does not exist: no series matched at any time.
An alert that did not fire though its series are there is quiet, which is as it should be and costs nothing. A rule that
is younger than the window is not judged.`,
			Bad:  flappingRule,
			Good: steadyRule,
		},
		Needs: analyze.NeedsHistory, Severity: analyze.Warning, Points: 35, Options: opts,
		Run: func(p *analyze.Pass) { p.EachAlert(func(a *analyze.Alert) { neverFired(p, a, opts) }) },
	}
}

func neverFired(p *analyze.Pass, a *analyze.Alert, opts *neverFiredOptions) {
	silence, missing := p.Silence(a)
	if silence != history.CannotFire || a.Deadman || a.Urgency == analyze.UrgencyNone ||
		p.History.Measures(a.Rule).CoveredSeconds < opts.MinDays*secondsInDay {
		return
	}
	p.Report(analyze.Finding{
		Rule: a.Rule, Span: a.Rule.NodeSpan(missing.PosRange), Key: missing.String(),
		Message: fmt.Sprintf("`%s` could not have fired: no series of `%s` existed in the window", a.Rule.Name(), missing),
		Advice:  "look for the new name of the metric or label, or delete the alert",
	})
}
