package sound

import (
	"fmt"
	"strings"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/rules"
	"github.com/crywolf-dev/crywolf/rules/promexpr"
	"github.com/crywolf-dev/crywolf/rules/tmpl"
)

// Template returns the check for templates that print a label the expression
// has dropped.
func Template() *analyze.Check {
	return &analyze.Check{
		ID: "sound/template",
		Doc: analyze.Doc{
			Title: "template that uses a dropped label",
			Why:   "The text has a hole where it should say which instance, so whoever is woken must go and find out.",
			Text: `A label or annotation whose template prints a label that no series of the expression can carry: an aggregation,
a matching or a function has dropped it. Templates see the labels of the expression's result only, not those that the rule
adds. Uses that the template guards with if or with are left alone, and recording rules of the run are followed.`,
			Bad: `groups:
- name: search
  rules:
  - alert: SearchErrors
    expr: sum by (job) (rate(search_errors_total[5m])) > 5
    for: 10m
    labels: {severity: ticket, team: search}
    annotations:
      summary: Searches fail on {{ $labels.instance }}
`,
			Good: `groups:
- name: search
  rules:
  - alert: SearchErrors
    expr: sum by (job, instance) (rate(search_errors_total[5m])) > 5
    for: 10m
    labels: {severity: ticket, team: search}
    annotations:
      summary: Searches fail on {{ $labels.instance }}
`,
			References: []string{"https://prometheus.io/docs/prometheus/latest/configuration/template_reference/"},
		},
		Severity: analyze.Warning, Points: 10,
		Run: func(p *analyze.Pass) { p.EachAlert(func(a *analyze.Alert) { dropped(p, a.Rule) }) },
	}
}

func dropped(p *analyze.Pass, r *rules.Rule) {
	var out promexpr.Labels
	known := false // out
	points := 0    // the check's own; one hole or five, the text is as bad
	for _, fields := range []rules.Mapping{r.Labels, r.Annotations} {
		for _, f := range fields {
			if !strings.Contains(f.Value.Text(), "{{") || !f.Value.Rendered() {
				continue
			}
			if !known {
				out, known = p.OutputLabels(r.Expr()), true
			}
			if !tmpl.MayRead(f.Value.Text(), out.CannotHave) {
				continue
			}
			uses, err := tmpl.Uses(f.Value.Text())
			if err != nil {
				continue // sound/syntax
			}
			said := map[string]bool{}
			for _, use := range uses {
				if use.Guarded || use.Tested || said[use.Name] || !out.CannotHave(use.Name) {
					continue
				}
				said[use.Name] = true
				p.Report(analyze.Finding{
					Rule: r, Span: f.Value.Sub(use.Pos, use.End), Key: f.Key.Text() + "/" + use.Name, Points: points,
					Message: fmt.Sprintf("`%s` prints the label `%s`, which %s", f.Key.Text(), use.Name, whyGone(r, out, use.Name)),
					Advice:  advice(r, out, use.Name),
				})
				points = analyze.NoPoints
			}
		}
	}
}

func whyGone(r *rules.Rule, out promexpr.Labels, name string) string {
	if f, ok := r.Label(name); ok && name != "alertname" {
		return fmt.Sprintf("the rule sets (to `%s`), but templates see only the labels of the expression", f.Value.Text())
	}
	if d, ok := out.Dropper(name); ok && d.What != "" {
		return fmt.Sprintf("the result cannot carry: `%s` keeps no `%s`", d.What, name)
	}
	return "no series of the result can carry"
}

func advice(r *rules.Rule, out promexpr.Labels, name string) string {
	if _, ok := r.Label(name); ok {
		return "write the value out in the text"
	}
	has, closed := out.Closed()
	if _, absence := promexpr.UsesAbsence(r.Expr()); absence {
		return "absent() keeps only labels that its selector fixes by equality: print one of those, or write the value out"
	}
	if closed && len(has) == 0 {
		return "leave it out of the text: the result has no labels at all"
	}
	if closed && len(has) > 0 && len(has) <= 6 {
		return fmt.Sprintf("keep `%s` in the expression, or print what the result has: %s", name, strings.Join(has, ", "))
	}
	return fmt.Sprintf("keep `%s` in the expression, or print a label that it has", name)
}
