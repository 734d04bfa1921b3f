package mapped

import (
	"fmt"

	"github.com/crywolf-dev/crywolf/analyze"
)

type noImpactOptions struct {
	Share        float64 `yaml:"share" doc:"share of outbreaks that must provably, with 95 % confidence, not be reached for an alert to be called one without impact"`
	MinOutbreaks int     `yaml:"min_outbreaks" doc:"outbreaks that can be judged below which nothing is said"`
}

// NoImpact returns the check for alerts that fire while their SLI is met.
func NoImpact() *analyze.Check {
	opts := &noImpactOptions{Share: 0.5, MinOutbreaks: 5}
	return &analyze.Check{
		ID: "mapped/no-impact",
		Doc: analyze.Doc{
			Title: "alert that fires while its SLI is met",
			Why:   "Whoever is woken finds that nobody was hurt, and learns that the alert can wait.",
			Text: `An alert about one declared SLI of whose outbreaks most did not overlap a breach of it: with 95 % confidence
(Wilson's interval) less than the share that is allowed did. The SLI was breached where 2 % of its budget were spent within a day,
faster than it lasts, whatever the alert's own threshold is. Outbreaks count as overlapping up to five minutes after the breach;
those for which data are missing, that are still going on or whose end is not known are left out. So are alerts that also read
what the SLI does not count. Trouble that is mended before 2 % of the budget are gone is no breach.`,
			SLOs: shopSLOs,
			Bad:  guarded,
			Good: guarded,
			References: []string{
				"https://sre.google/workbook/alerting-on-slos/",
				"https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval#Wilson_score_interval",
			},
		},
		Needs: analyze.NeedsHistory | analyze.NeedsSamples, Severity: analyze.Warning, Points: 20, Options: opts,
		Run: func(p *analyze.Pass) { p.EachAlert(func(a *analyze.Alert) { noImpact(p, a, opts) }) },
	}
}

func noImpact(p *analyze.Pass, a *analyze.Alert, opts *noImpactOptions) {
	if a.Deadman || a.Urgency != analyze.UrgencyPage && a.Urgency != analyze.UrgencyTicket || !p.Measured(a.Rule) {
		return
	}
	ms := a.Matches()
	if len(ms) != 1 || !ms[0].Within() {
		return
	}
	ind := p.Impact.Of(ms[0].SLI)
	if ind == nil {
		return
	}
	pair := ind.Pair(p.Did(a), p.History.CoverageOf(a.Rule))
	_, high := pair.Outbreaks.Interval()
	if pair.Outbreaks.Of < opts.MinOutbreaks || high >= opts.Share {
		return
	}
	share, _ := pair.Outbreaks.Ratio()
	p.Report(analyze.Finding{
		Rule: a.Rule, Span: a.Rule.NameField.Value.Span(), Key: ms[0].SLI.ID,
		Message: fmt.Sprintf("`%s` mostly fires while %s is met", a.Rule.Name(), ms[0].SLI.Called()),
		Advice:  "alert on how fast the error budget burns, or let it hold until users are hurt",
		Evidence: []analyze.Number{
			{Name: "precision_ratio", Value: share}, {Name: "precision_most_ratio", Value: high},
			{Name: "outbreaks_count", Value: float64(pair.Outbreaks.Of)}, {Name: "breaches_count", Value: float64(len(ind.Breaches))},
		},
	})
}
