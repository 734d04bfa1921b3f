package report

import (
	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/impact"
	"github.com/crywolf-dev/crywolf/analyze/sli"
)

func mapDocumentOf(m *mapping) mapDocument {
	d := mapDocument{
		Schema: Schema, ToolVersion: m.ToolVersion, Command: m.Command,
		Gaps: []mapGap{}, SLIs: make([]mapSLI, 0, len(m.slis)), Rest: make([]mapRest, 0, len(m.rest)),
		Problems: []mapProblem{}, PassedOver: []mapProblem{},
		Summary: mapSummary{
			SLIs: len(m.slis), Covered: m.covered(), Alerts: len(m.Result.Alerts), About: len(m.Result.Alerts) - len(m.rest),
			Gaps: len(m.Result.Findings), Suppressed: len(m.Result.Suppressed),
			Assumptions: append(append([]string{}, m.Result.Told()...), m.Result.Assumptions()...),
			Notes:       append([]string{}, m.Hints...),
		},
	}
	if m.Result.Impact != nil {
		w := intervalOf(m.Window)
		d.Window = &w
	}
	for i := range m.slis {
		d.SLIs = append(d.SLIs, m.sliOf(&m.slis[i]))
	}
	for _, a := range m.rest {
		*d.Summary.Verdicts.of(a.verdict.Verdict)++
		d.Rest = append(d.Rest, mapRest{
			ID: a.ID, Name: a.Rule.Name(), File: a.Rule.File().Path, Line: lineOf(a.Alert), Urgency: string(a.Urgency),
			Verdict: a.verdict.Verdict.String(), Rung: a.verdict.Rung.String(), Evidence: a.verdict.Evidence,
			Gaps: append([]string{}, m.ofRule[a.Rule]...),
		})
	}
	for i := range m.Result.Findings {
		f := &m.Result.Findings[i]
		g := mapGap{
			Check: f.Check, Message: f.Message, Advice: f.Advice, jsonPlace: placeOf(f.File, f.Span), AlertID: m.alertID(f.Rule),
			Inferred: f.Inferred, Fingerprint: f.Fingerprint,
		}
		if s := m.subject(f); s != nil {
			g.SLIID = s.ID
		}
		d.Gaps = append(d.Gaps, g)
	}
	if c := m.Result.Catalog(); c != nil {
		d.Problems, d.PassedOver = problemsOf(c.Problems), problemsOf(c.Passed)
	}
	return d
}

func problemsOf(list []sli.Problem) []mapProblem {
	out := make([]mapProblem, 0, len(list))
	for _, p := range list {
		out = append(out, mapProblem{placeOf(p.File, p.Span), p.ID, p.Message, p.Hint})
	}
	return out
}

func (v *mapVerdicts) of(is sli.Verdict) *int {
	switch is {
	case sli.Symptom:
		return &v.Symptom
	case sli.Imminent:
		return &v.Imminent
	case sli.Cause:
		return &v.Cause
	case sli.Meta:
		return &v.Meta
	}
	return &v.Unknown
}

func (m *mapping) sliOf(of *mappedSLI) mapSLI {
	s := of.SLI
	j := mapSLI{
		ID: s.ID, Name: s.Name, Service: s.Service, Title: s.Title, Journey: s.Journey, Owner: s.Owner,
		Window: optional(s.Window.Seconds(), s.Window > 0),
		Format: s.Format, jsonPlace: placeOf(s.File, s.Span),
		Unalerted: s.Unalerted, Covered: of.covered, Gaps: append([]string{}, m.ofSLI[s]...),
		Alerts: make([]mapWatcher, 0, len(of.Watches)),
	}
	if s.Objective > 0 {
		j.Objective = &s.Objective // not rounded: of many nines each counts
	}
	if ind := of.indicator; ind != nil {
		j.Refused = ind.Refused
		if ind.Refused == "" {
			j.Breaches = breachesOf(ind)
		}
		if of.urgent != nil {
			told := mapShareOf(*of.urgent)
			j.UrgentTold = &told
		}
	}
	for i, w := range of.Watches {
		a := w.Alert
		watcher := mapWatcher{
			AlertID: a.ID, Name: a.Rule.Name(), Urgency: string(a.Urgency), File: a.Rule.File().Path, Line: lineOf(a),
			Fit: w.Match.Fit.String(), Rung: w.Match.Rung.String(), Evidence: w.Match.Evidence(),
		}
		if of.pairs != nil {
			watcher.Impact = mapImpactOf(of.pairs[i])
		}
		j.Alerts = append(j.Alerts, watcher)
	}
	return j
}

func breachesOf(ind *impact.Indicator) *[]mapBreach {
	out := make([]mapBreach, 0, len(ind.Breaches))
	for _, b := range ind.Breaches {
		out = append(out, mapBreach{
			Start: instant(b.Start), End: instant(b.End), Spent: figure(b.Spent), Urgent: b.Urgent,
			StartCut: b.StartCut, EndCut: b.EndCut, Gaps: b.Gaps,
		})
	}
	return &out
}

func mapImpactOf(p mappedPair) *mapImpact {
	out := &mapImpact{Precision: mapShareOf(p.Outbreaks), Firings: mapShareOf(p.Episodes), Recall: mapShareOf(p.Recall), Ambiguous: p.doubtful}
	if median, least, most, ok := p.Median(); ok {
		out.Lag = &mapLag{figure(float64(median) / 1000), figure(float64(least) / 1000), figure(float64(most) / 1000)}
	}
	return out
}

func mapShareOf(s impact.Share) mapShare {
	low, high := s.Interval()
	ratio, ok := s.Ratio()
	return mapShare{Share: optional(ratio, ok), Low: figure(low), High: figure(high), Hits: s.Hits, Of: s.Of, Unclear: s.Unclear}
}

// lineOf is the line of an alert's name.
func lineOf(a *analyze.Alert) int { return max(1, a.Rule.NameField.Value.Span().Start.Line) }
