package mapped

import (
	"fmt"
	"slices"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/analyze/impact"
)

// MissedBreach returns the check for SLIs that were breached in silence.
func MissedBreach() *analyze.Check {
	return &analyze.Check{
		ID: "mapped/missed-breach",
		Doc: analyze.Doc{
			Title: "SLI that was breached without anybody being told",
			Why:   "Users were hurt for long, and whoever could have helped was left asleep.",
			Text: `A declared SLI that lost 5 % of its error budget within six hours, which the SRE Workbook says is worth a page,
while no page fired at all, and no ticket about the SLI either. It is left alone where history or samples are missing, where an
alert that no loaded rule accounts for may have told of it, where the alerts about it are younger than the breach, and where the
specification says that nobody is to be paged.`,
			SLOs:       shopSLOs,
			Bad:        guarded,
			Good:       guarded,
			References: []string{"https://sre.google/workbook/alerting-on-slos/"},
		},
		Needs: analyze.NeedsHistory | analyze.NeedsSamples, Severity: analyze.Warning, Whole: true, Run: missedBreach,
	}
}

// longest is how long an alert may have been firing to be one that tells of a
// breach in particular: what fires for longer tells of nothing.
const longest = 24 * 60 * 60 * 1000 // milliseconds

func missedBreach(p *analyze.Pass) {
	brief := func(all []history.Episode) []history.Episode {
		return slices.DeleteFunc(all, func(e history.Episode) bool {
			return e.End != history.EndUnknown && e.EndedAt-e.ActiveAt > longest
		})
	}
	var strangers *impact.Alert
	for _, ind := range p.Impact.Indicators {
		s := ind.SLI
		if !slices.ContainsFunc(ind.Breaches, func(b impact.Breach) bool { return b.Urgent }) || !analyze.Guardable(s) {
			continue
		}
		if strangers == nil {
			strangers = &impact.Alert{Doubtful: brief(p.Strangers())}
		}
		alerts, about := []impact.Alert{*strangers}, []*analyze.Alert{}
		for _, a := range p.Alerts {
			switch own := a.About(s); {
			case a.Deadman:
			case own && (a.Urgency == analyze.UrgencyPage || a.Urgency == analyze.UrgencyTicket):
				alerts, about = append(alerts, p.Did(a)), append(about, a)
			case a.Urgency == analyze.UrgencyPage:
				did := p.Did(a)
				did.Episodes, did.Doubtful = brief(did.Episodes), brief(did.Doubtful)
				alerts = append(alerts, did)
			}
		}
		told := ind.Recall(p.History.Coverage, func(b impact.Breach) bool {
			return b.Urgent && !slices.ContainsFunc(about, func(a *analyze.Alert) bool { return p.After(a, b.Start) })
		}, alerts...)
		if told.Hits == told.Of {
			continue
		}
		p.Report(analyze.Finding{
			File: s.File, Span: s.Span, Key: s.ID, Inferred: p.UrgencyInferred(), Points: analyze.NoPoints,
			Message: fmt.Sprintf("%s was breached, and no page fired%s", s.Called(), promise(s)),
			Advice:  "page on how fast its error budget burns, over windows that such a breach fills",
			Evidence: []analyze.Number{
				{Name: "missed_breaches_count", Value: float64(told.Of - told.Hits)}, {Name: "breaches_count", Value: float64(told.Of)},
			},
		})
	}
}
