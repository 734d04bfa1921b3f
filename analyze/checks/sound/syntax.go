// Package sound holds the checks that ask whether a rule can fire at all, and
// whether it can stop.
package sound

import (
	"errors"
	"fmt"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/rules"
	"github.com/crywolf-dev/crywolf/rules/tmpl"
)

// Syntax returns the check for what Prometheus would refuse to load.
func Syntax() *analyze.Check {
	return &analyze.Check{
		ID: "sound/syntax",
		Doc: analyze.Doc{
			Title: "rule that does not load",
			Why:   "Prometheus refuses the whole file, or keeps running with the old one, and what it should have watched goes unwatched.",
			Text: `Everything for which Prometheus would refuse a rule file, at its exact place: YAML that does not parse, unknown,
repeated or missing keys, durations, names and labels it does not accept, PromQL and templates that do not parse.
PromQL that needs a feature flag is told as an info that names the flag. LogQL and MetricsQL are left alone. What is too
large or too deep for crywolf itself, or cannot be opened, is told as a warning: it was not checked.`,
			Bad: `groups:
- name: search
  rules:
  - alert: SearchErrors
    expr: sum(rate(search_errors_total[5m]) > 5
    for: 10 minutes
`,
			Good: `groups:
- name: search
  rules:
  - alert: SearchErrors
    expr: sum(rate(search_errors_total[5m])) > 5
    for: 10m
    labels:
      severity: ticket
      team: search
    annotations:
      summary: Searches fail
`,
			References: []string{
				"https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/",
				"https://prometheus.io/docs/prometheus/latest/feature_flags/",
			},
			Fixes: `a key, or one of Prometheus's template variables, that is misspelt beyond doubt;
a duration in words such as "10 minutes"; a key that is repeated with the very same value`,
		},
		Severity: analyze.Error, Points: 100, Fails: true, Whole: true,
		Run: func(p *analyze.Pass) {
			p.EachFile(func(f *rules.File) {
				for _, problem := range f.Problems {
					reportProblem(p, f, problem)
				}
				for _, g := range f.Groups {
					for _, r := range g.Rules {
						experimental(p, r)
						templates(p, r)
					}
				}
			})
		},
	}
}

func reportProblem(p *analyze.Pass, f *rules.File, problem rules.Problem) {
	found := analyze.Finding{File: f, Rule: problem.Rule, Span: problem.Span, Key: problem.Detail, Message: problem.Message, Advice: problem.Hint, Fix: problem.Fix}
	switch problem.Kind {
	case rules.IgnoredDocument, rules.NoRules:
		return // sound/no-rules
	case rules.Limit, rules.Unreadable: // which says nothing of what Prometheus will do
		found.Severity, found.Points = analyze.Warning, analyze.NoPoints
		found.Message = "not checked: " + found.Message
	}
	p.Report(found)
}

// experimental names the flags that an expression needs.
func experimental(p *analyze.Pass, r *rules.Rule) {
	for _, use := range r.Experimental() {
		p.Report(analyze.Finding{
			Rule: r, Span: r.NodeSpan(use.Pos), Severity: analyze.Info, Key: use.Flag, Points: analyze.NoPoints,
			Message: fmt.Sprintf("%s needs the feature flag `--enable-feature=%s`", use.What, use.Flag),
			Advice:  "make sure that every Prometheus which loads this file sets the flag",
		})
	}
}

// templates finds labels and annotations whose templates do not parse.
func templates(p *analyze.Pass, r *rules.Rule) {
	for _, fields := range []rules.Mapping{r.Labels, r.Annotations} {
		for _, f := range fields {
			var bad *tmpl.Error
			if !f.Value.Rendered() || !errors.As(tmpl.Check(f.Value.Text()), &bad) {
				continue
			}
			at := min(bad.Pos, len(f.Value.Text()))
			p.Report(analyze.Finding{
				Rule: r, Span: f.Value.Sub(at, min(at+1, len(f.Value.Text()))), Key: f.Key.Text(),
				Message: fmt.Sprintf("the template of `%s` does not parse: %s", f.Key.Text(), bad.Msg),
				Advice:  "Prometheus refuses the rule; mend the template",
				Fix:     spellVariables(f.Value),
			})
		}
	}
}
