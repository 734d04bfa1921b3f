package actionable

import (
	"fmt"
	"strings"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/noise"
)

type staleSilenceOptions struct {
	Days      float64 `yaml:"days" doc:"age in days from which a silence that stands is stale"`
	Recreated int     `yaml:"recreated" doc:"silences of the same matchers by the same person from which the one that stands is stale, whatever its age"`
	Alerts    int     `yaml:"alerts" doc:"different alerts that fired under a silence, above which it is taken to be about a place and not about them"`
}

// StaleSilence returns the check for alerts that are silenced for good.
func StaleSilence() *analyze.Check {
	// Sixty days are the line of Datadog's monitor quality for what is muted.
	opts := &staleSilenceOptions{Days: 60, Recreated: 4, Alerts: 3}
	return &analyze.Check{
		ID: "actionable/stale-silence",
		Doc: analyze.Doc{
			Title: "alert silenced for good",
			Why:   "Everyone believes that the alert is there, and nobody hears it: a silence is no place for a decision.",
			Text: `An alert that fired in the window, and that a silence keeps back which has stood for two months or longer, or which
somebody makes anew whenever it expires. A silence under which many different alerts fired is about a cluster or a
maintenance, and is left alone. Alertmanager's silences must be known.

A silence as old that matches no alert which any source saw is named too, as an info without points, where Alertmanager's
event log is among the sources. What it was about may be gone, or have been quiet.`,
			Bad:  ignoredRule,
			Good: answeredRule,
			References: []string{
				"https://docs.datadoghq.com/monitors/quality/",
			},
		},
		Needs: analyze.NeedsHistory, Severity: analyze.Warning, Points: 10, Options: opts,
		Whole: true,
		Run: func(p *analyze.Pass) {
			p.EachAlert(func(a *analyze.Alert) { staleSilence(p, a, opts) })
			idleSilences(p, opts)
		},
	}
}

func staleSilence(p *analyze.Pass, a *analyze.Alert, opts *staleSilenceOptions) {
	if a.Deadman || a.Urgency == analyze.UrgencyNone || a.Urgency == analyze.UrgencyUnknown || p.Noise == nil {
		return
	}
	for _, i := range p.Noise.Profile(a.Rule).Silences { // the oldest first
		s := &p.Noise.Silences[i]
		if about := alertsUnder(s); about > opts.Alerts {
			continue
		}
		days := s.AgeSeconds / (24 * 60 * 60)
		how := ""
		switch {
		case days >= opts.Days:
			how = "by a silence that has stood for months"
		case s.Recreated >= opts.Recreated:
			how = "by silences that are made anew over and over"
		default:
			continue
		}
		p.Report(analyze.Finding{
			Rule: a.Rule, Span: a.Rule.NameField.Value.Span(),
			Message: fmt.Sprintf("`%s` is kept back %s", a.Rule.Name(), how),
			Advice:  "mend what it points at and end the silence, or write into the rule what the silence says, or delete the rule",
			Evidence: []analyze.Number{
				{Name: "silence_age_seconds", Value: s.AgeSeconds}, {Name: "silences_count", Value: float64(s.Recreated)},
				{Name: "firings_under_it_count", Value: float64(s.Firings)},
			},
		})
		return
	}
}

// idleSilences names silences that have long been about nothing.
func idleSilences(p *analyze.Pass, opts *staleSilenceOptions) {
	if p.Noise == nil {
		return
	}
	for i := range p.Noise.Silences {
		s := &p.Noise.Silences[i]
		if !s.Unmatched || s.AgeSeconds < opts.Days*24*60*60 {
			continue
		}
		p.Report(analyze.Finding{
			Key: s.ID, Severity: analyze.Info, Points: analyze.NoPoints,
			Message:  fmt.Sprintf("silence %s of %s has stood for months and matches no alert of the window", s.ID, matchersOf(s)),
			Advice:   "end it, unless it waits for something: one day it keeps back what it was never meant for",
			Evidence: []analyze.Number{{Name: "silence_age_seconds", Value: s.AgeSeconds}},
		})
	}
}

// matchersOf a silence, the first few of them.
func matchersOf(s *noise.Silence) string {
	const most = 3
	var out []string
	for _, m := range s.Matchers[:min(most, len(s.Matchers))] {
		out = append(out, m.String())
	}
	if rest := len(s.Matchers) - len(out); rest > 0 {
		out = append(out, fmt.Sprintf("and %d more", rest))
	}
	return "`" + strings.Join(out, ", ") + "`"
}

// alertsUnder counts the different alerts that fired under a silence, by their
// names.
func alertsUnder(s *noise.Silence) int {
	names := map[string]bool{}
	for _, r := range s.Rules {
		names[r.Name()] = true
	}
	return len(names)
}
