package quiet

import (
	"fmt"

	"github.com/crywolf-dev/crywolf/analyze"
)

type transientOptions struct {
	Share      float64 `yaml:"share" doc:"share of firings over within five minutes from which an alert is called transient"`
	MinFirings int     `yaml:"min_firings" doc:"firings of known length below which nothing is said"`
}

// Transient returns the check for alerts that are over before anyone can act.
func Transient() *analyze.Check {
	// Five minutes is the line of New Relic's alert quality management; PagerDuty
	// pauses notifications for as long.
	opts := &transientOptions{Share: 0.6, MinFirings: 5}
	return &analyze.Check{
		ID: "quiet/transient",
		Doc: analyze.Doc{
			Title: "alert that is over before anyone can act",
			Why:   "Whoever is woken finds nothing to do, and learns that waiting is the right answer.",
			Text: `An alert most of whose firings end by themselves within five minutes. Only firings whose length is known count;
what the data cut off counts where it had lasted longer already. With firings enough the answer stands in place of what
quiet/no-for only guesses, in either direction.`,
			Bad:  flappingRule,
			Good: steadyRule,
		},
		Needs: analyze.NeedsHistory, Severity: analyze.Warning, Points: 20, PointsMost: 35, Options: opts, Settles: []string{"quiet/no-for"},
		Run: func(p *analyze.Pass) { p.EachAlert(func(a *analyze.Alert) { transient(p, a, opts) }) },
	}
}

func transient(p *analyze.Pass, a *analyze.Alert, opts *transientOptions) {
	if a.Deadman || a.Urgency == analyze.UrgencyInfo || a.Urgency == analyze.UrgencyNone {
		return
	}
	m := p.History.Measures(a.Rule)
	share, ok := m.ShareUnder5m()
	if !ok || m.TransientOf < opts.MinFirings {
		return
	}
	found := share >= opts.Share
	p.Settle(a.Rule, !found)
	if !found {
		return
	}
	p.Report(analyze.Finding{
		Rule: a.Rule, Span: a.Rule.NameField.Value.Span(),
		Points:  graded(p.Check(), share, opts.Share, 1),
		Message: fmt.Sprintf("`%s` is mostly over within five minutes, before anyone can act", a.Rule.Name()),
		Advice:  "let it hold for longer before it fires: a longer for, or an average over a longer range",
		Evidence: []analyze.Number{
			{Name: "under_5m_ratio", Value: share}, {Name: "timed_firings_count", Value: float64(m.TransientOf)},
			{Name: "median_duration_seconds", Value: m.MedianSeconds},
		},
	})
}
