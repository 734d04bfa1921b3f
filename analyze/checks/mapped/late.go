package mapped

import (
	"fmt"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/impact"
)

type lateOptions struct {
	Spent      float64 `yaml:"spent" doc:"share of what a breach costs that is spent by the first page, from which it is called late"`
	MinMinutes float64 `yaml:"min_minutes" doc:"length of a breach in minutes below which no page can be called late"`
}

// Late returns the check for SLIs whose pages come when most is lost.
func Late() *analyze.Check {
	opts := &lateOptions{Spent: 0.5, MinMinutes: 15}
	return &analyze.Check{
		ID: "mapped/late",
		Doc: analyze.Doc{
			Title: "pages that come when most is lost",
			Why:   "Whoever is woken can only save what is left.",
			Text: `A declared SLI of whose breaches most (with 95 % confidence, by Wilson's interval) had cost most of what they
would cost in all by the time the first page about it fired. Only breaches that spent 5 % of the error budget within six hours,
that lasted a quarter of an hour or longer, and whose beginnings are known are looked at: five of them at least.`,
			SLOs:       shopSLOs,
			Bad:        guarded,
			Good:       guarded,
			References: []string{"https://sre.google/workbook/alerting-on-slos/"},
		},
		Needs: analyze.NeedsHistory | analyze.NeedsSamples, Severity: analyze.Info, Whole: true, Options: opts,
		Run: func(p *analyze.Pass) { late(p, opts) },
	}
}

func late(p *analyze.Pass, opts *lateOptions) {
	for _, ind := range p.Impact.Indicators {
		s := ind.SLI
		if len(ind.Breaches) == 0 || !analyze.Guardable(s) {
			continue
		}
		first := map[int]impact.Lag{} // by breach
		for _, a := range p.Alerts {
			if a.Urgency != analyze.UrgencyPage || a.Deadman || !a.About(s) {
				continue
			}
			for _, l := range ind.Pair(p.Did(a), p.History.CoverageOf(a.Rule)).Lags {
				if old, ok := first[l.Breach]; !ok || l.Milliseconds < old.Milliseconds {
					first[l.Breach] = l
				}
			}
		}
		var share impact.Share
		spent, lag := 0.0, 0.0
		for i, b := range ind.Breaches {
			l, ok := first[i]
			if !ok || !b.Urgent || b.EndCut || b.Gaps || float64(b.End-b.Start) < opts.MinMinutes*60*1000 {
				continue
			}
			share.Of++
			if l.Spent >= opts.Spent {
				share.Hits++
			}
			spent += l.Spent
			lag += float64(l.Milliseconds) / 1000
		}
		if low, _ := share.Interval(); !share.Enough() || low <= 0.5 {
			continue
		}
		n := float64(share.Of)
		p.Report(analyze.Finding{
			File: s.File, Span: s.Span, Key: s.ID, Inferred: p.UrgencyInferred(), Points: analyze.NoPoints,
			Message: fmt.Sprintf("pages about %s come when most of what a breach costs is spent", s.Called()),
			Advice:  "page on how fast its error budget burns, over a shorter window or with a shorter for",
			Evidence: []analyze.Number{
				{Name: "late_breaches_count", Value: float64(share.Hits)}, {Name: "breaches_count", Value: n},
				{Name: "mean_spent_ratio", Value: spent / n}, {Name: "mean_lag_seconds", Value: lag / n},
			},
		})
	}
}
