package actionable

import (
	"fmt"
	"slices"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/rules"
)

// Severity returns the check for alerts that do not say how urgent they are.
func Severity() *analyze.Check {
	return &analyze.Check{
		ID: "actionable/severity",
		Doc: analyze.Doc{
			Title: "alert without a severity",
			Why:   "Routing goes by severity: an alert without one wakes the wrong person, or no one.",
			Text: `An alert that carries no severity label, in a house where at least two thirds of the alerts do. Where no such
majority exists, one finding says so for all of them. A label that a template computes counts as one.`,
			Bad: `groups:
- name: search
  rules:
  - alert: SearchErrors
    expr: job:errors:ratio_rate5m{job="search"} > 0.02
    for: 10m
    labels:
      team: search
    annotations:
      summary: More than 2 % of searches fail
`,
			Good: `groups:
- name: search
  rules:
  - alert: SearchErrors
    expr: job:errors:ratio_rate5m{job="search"} > 0.02
    for: 10m
    labels:
      team: search
      severity: ticket
    annotations:
      summary: More than 2 % of searches fail
`,
			References: []string{"https://monitoring.mixins.dev/"},
		},
		Severity: analyze.Info, Points: 10, Whole: true, Run: severity,
	}
}

// severity is held to the house as a whole: an alert's urgency cannot be asked
// before its severity is known.
func severity(p *analyze.Pass) {
	if declared, ok := p.Style.Declared(analyze.ConcernSeverity); ok {
		severityDeclared(p, declared)
		return
	}
	usage := p.SeverityUsage()
	var lacking []*analyze.Alert
	p.EachAlert(func(a *analyze.Alert) {
		if !a.Deadman && !a.Meets(analyze.ConcernSeverity) {
			lacking = append(lacking, a)
		}
	})
	if len(lacking) == 0 || usage.Of < analyze.HouseLeast {
		return
	}
	key := p.Style.Key(analyze.ConcernSeverity)
	share := []analyze.Number{{Name: "house_share_ratio", Value: float64(usage.Have) / float64(usage.Of)}}
	advice := severityAdvice(key)
	if usage.Expected() {
		for _, a := range lacking {
			p.Report(analyze.Finding{
				Rule: a.Rule, Span: a.Rule.NameField.Value.Span(), Inferred: true, Evidence: share, Advice: advice,
				Message: fmt.Sprintf("alert `%s` carries no `%s`, as %s alerts here do", a.Rule.Name(), key, usage),
			})
		}
		return
	}
	var covers []*rules.Rule
	for _, a := range lacking {
		covers = append(covers, a.Rule)
	}
	says := fmt.Sprintf("none of the %d alerts carries a severity", usage.Of)
	if usage.Have > 0 {
		says = fmt.Sprintf("only %s alerts carry a severity", usage)
	}
	first := lacking[0].Rule
	p.Report(analyze.Finding{
		File: first.File(), Span: first.NameField.Value.Span(), Inferred: true, Covers: covers, Key: "house",
		Evidence: share, Advice: advice, Message: says + "; this one stands for them all",
	})
}

// severityDeclared holds alerts to what the configuration asks of them,
// whatever the others do.
func severityDeclared(p *analyze.Pass, d analyze.Declared) {
	key := p.Style.Key(analyze.ConcernSeverity)
	p.EachAlert(func(a *analyze.Alert) {
		if a.Deadman || a.Meets(analyze.ConcernSeverity) || !slices.Contains(d.Required, a.Urgency) {
			return
		}
		p.Report(analyze.Finding{
			Rule: a.Rule, Span: a.Rule.NameField.Value.Span(), Advice: severityAdvice(key),
			Message: fmt.Sprintf("alert `%s` carries no `%s`, which the configuration asks for", a.Rule.Name(), key),
		})
	})
}

func severityAdvice(key string) string {
	return fmt.Sprintf("say how urgent it is, in the label `%s`", key)
}
