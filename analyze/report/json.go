package report

import (
	"encoding/json"
	"io"
	"math"
	"time"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/analyze/score"
	"github.com/crywolf-dev/crywolf/rules"
)

// JSON writes for programs, by the contract of docs/crywolf-v1.schema.json, or
// of docs/crywolf-map-v1.schema.json for a map.
// The same report gives the same bytes.
type JSON struct{}

// Write implements Format.
func (JSON) Write(w io.Writer, r *Report) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if r.Command == Map {
		return enc.Encode(mapDocumentOf(mappingOf(r)))
	}
	return enc.Encode(documentOf(r))
}

func documentOf(r *Report) document {
	d := document{
		Schema:      Schema,
		ToolVersion: r.ToolVersion,
		Command:     r.Command,
		Summary:     summaryOf(r),
		Findings:    make([]jsonFinding, 0, len(r.Result.Findings)),
		Alerts:      make([]jsonAlert, 0, len(r.Cards)),
	}
	for _, f := range r.Result.Listed() {
		d.Findings = append(d.Findings, findingOf(r, f))
	}
	for i := range r.Cards {
		d.Alerts = append(d.Alerts, alertOf(r, &r.Cards[i]))
	}
	r.eachPassed(func(f *rules.File, p *rules.Problem) {
		d.PassedOver = append(d.PassedOver, jsonPassed{jsonPlace: placeOf(f, p.Span), Rule: ruleOf(p.Rule), Message: p.Message})
	})
	if r.Result.History != nil {
		d.addHistory(r)
	}
	return d
}

func summaryOf(r *Report) jsonSummary {
	res := r.Result
	s := jsonSummary{
		Files:       r.files(),
		Alerts:      len(res.Alerts),
		Findings:    len(res.Findings),
		Fixable:     r.fixable(),
		Suppressed:  len(res.Suppressed),
		Baselined:   res.KnownFrom(analyze.FromBaseline),
		Before:      res.KnownFrom(analyze.FromBefore),
		FailOn:      "never",
		Failing:     r.failures(),
		Skipped:     []string{},
		Assumptions: append(append([]string{}, res.Told()...), res.Assumptions()...),
		Notes:       append([]string{}, r.Hints...),
	}
	if r.Failing != 0 {
		s.FailOn = r.Failing.String()
	}
	for i := range res.Findings {
		switch res.Findings[i].Severity {
		case analyze.Error:
			s.BySeverity.Error++
		case analyze.Warning:
			s.BySeverity.Warning++
		case analyze.Info:
			s.BySeverity.Info++
		}
	}
	for _, c := range res.Skipped {
		s.Skipped = append(s.Skipped, c.ID)
	}
	if t := r.Total; t.Alerts > 0 {
		s.Score = &jsonScore{
			Lead:   figure(t.Lead()),
			Grade:  string(score.GradeOf(t.Lead())),
			Mean:   figure(t.Mean),
			Grades: jsonGrades{A: t.Grades["A"], B: t.Grades["B"], C: t.Grades["C"], D: t.Grades["D"], F: t.Grades["F"]},
		}
		if t.Firings > 0 {
			received := figure(t.Received)
			s.Score.Received = &received
		}
	}
	return s
}

func findingOf(r *Report, f *analyze.Finding) jsonFinding {
	j := jsonFinding{
		Check:       f.Check,
		Quality:     string(f.Quality()),
		Severity:    f.Severity.String(),
		Message:     f.Message,
		Advice:      f.Advice,
		jsonPlace:   placeOf(f.File, f.Span),
		AlertID:     r.alertID(f.Rule),
		Rule:        ruleOf(f.Rule),
		Inferred:    f.Inferred,
		Baselined:   f.Known == analyze.FromBaseline,
		Points:      f.Points,
		Fingerprint: f.Fingerprint,
	}
	for _, c := range f.Covers {
		if id := r.alertID(c); id != "" && c != f.Rule {
			j.Covers = append(j.Covers, id)
		}
	}
	for _, rel := range f.Related {
		j.Related = append(j.Related, jsonRelated{jsonPlace: placeOf(rel.File, rel.Span), Rule: ruleOf(rel.Rule), Message: rel.Message})
	}
	if f.Fix != nil {
		j.Fix = &jsonFix{Message: f.Fix.Message}
		for _, e := range f.Fix.Edits {
			j.Fix.Edits = append(j.Fix.Edits, jsonEdit{
				e.Span.Start.Line, e.Span.Start.Column, e.Span.End.Line, e.Span.End.Column, e.Text,
			})
		}
	}
	for _, n := range f.Evidence {
		if math.IsNaN(n.Value) || math.IsInf(n.Value, 0) {
			continue // JSON has no such numbers, and none is evidence of anything
		}
		if j.Evidence == nil {
			j.Evidence = map[string]float64{}
		}
		j.Evidence[n.Name] = figure(n.Value)
	}
	return j
}

func alertOf(r *Report, c *score.Card) jsonAlert {
	rule := c.Alert.Rule
	verdict := c.Alert.Verdict()
	j := jsonAlert{
		ID:         c.Alert.ID,
		Name:       rule.Name(),
		Group:      rule.Group.Name(),
		Scope:      c.Alert.Scope,
		File:       rule.File().Path,
		Line:       max(1, rule.NameField.Value.Span().Start.Line),
		Labels:     map[string]string{},
		Urgency:    string(c.Alert.Urgency),
		Deadman:    c.Alert.Deadman,
		Score:      c.Score,
		Grade:      string(c.Grade),
		Confidence: string(c.Confidence),
		Lost:       map[string]int{},
		Losses:     []jsonLoss{},
		SLI:        jsonSLI{Verdict: verdict.Verdict.String(), Rung: verdict.Rung.String(), Evidence: verdict.Evidence},
	}
	if ms := c.Alert.Matches(); len(ms) > 0 && ms[0].Fit.About() {
		j.SLI.ID = ms[0].SLI.ID
	}
	for _, l := range rule.StaticLabels() {
		j.Labels[l.Key.Text()] = l.Value.Text()
	}
	for _, l := range c.Losses {
		j.Losses = append(j.Losses, jsonLoss{Check: l.Finding.Check, Fingerprint: l.Finding.Fingerprint, Points: l.Points})
	}
	for _, q := range analyze.Qualities() {
		if n := c.Lost(q); n > 0 {
			j.Lost[string(q)] = n
		}
	}
	return j
}

func (r *Report) alertID(rule *rules.Rule) string {
	if rule == nil || rule.Kind != rules.Alerting {
		return ""
	}
	if a := r.Result.Alert(rule); a != nil {
		return a.ID
	}
	return ""
}

func ruleOf(rule *rules.Rule) *jsonRule {
	if rule == nil {
		return nil
	}
	return &jsonRule{Kind: rule.Kind.String(), Name: rule.Name(), Group: rule.Group.Name()}
}

// placeOf is where a span lies; the start of the file for one that lies
// nowhere.
func placeOf(f *rules.File, span rules.Span) jsonPlace {
	p := jsonPlace{Line: 1, Column: 1, EndLine: 1, EndColumn: 1}
	if f != nil {
		p.File = f.Path
	}
	if !span.IsZero() {
		p.Line, p.Column = span.Start.Line, span.Start.Column
		p.EndLine, p.EndColumn = span.End.Line, span.End.Column
	}
	return p
}

func intervalOf(i history.Interval) jsonInterval {
	return jsonInterval{Start: instant(i.Start), End: instant(i.End)}
}

// instant writes Unix milliseconds as RFC 3339.
func instant(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000Z") }

// figure rounds a measured number to a millionth: what lies beyond is noise of
// the arithmetic, and differs between processors.
func figure(v float64) float64 { return math.Round(v*1e6) / 1e6 }
