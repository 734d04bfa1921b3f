package sound

import (
	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/rules"
)

// NoRules returns the check for files that hold less than they seem to.
func NoRules() *analyze.Check {
	return &analyze.Check{
		ID: "sound/no-rules",
		Doc: analyze.Doc{
			Title: "file whose rules are not read",
			Why:   "Alerts that everyone believes to be there are not, and nothing says so until they are missed.",
			Text: `A file that looks like rules, or that was named on the command line, in which no rule was found; and every YAML
document after the first of a plain rule file, which Prometheus ignores without a word. A list of groups that is empty is
an info. Other YAML files in a folder are passed over in silence.`,
			Bad: `groups:
- name: search
  rules:
  - record: job:errors:ratio_rate5m
    expr: sum by (job) (rate(errors_total[5m]))
---
groups:
- name: checkout
  rules:
  - record: job:requests:rate5m
    expr: sum by (job) (rate(requests_total[5m]))
`,
			Good: `groups:
- name: search
  rules:
  - record: job:errors:ratio_rate5m
    expr: sum by (job) (rate(errors_total[5m]))
- name: checkout
  rules:
  - record: job:requests:rate5m
    expr: sum by (job) (rate(requests_total[5m]))
`,
			References: []string{"https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/#configuring-rules"},
		},
		Severity: analyze.Warning, Whole: true,
		Run: func(p *analyze.Pass) {
			p.EachFile(func(f *rules.File) {
				for _, problem := range f.Problems {
					if problem.Kind == rules.IgnoredDocument || problem.Kind == rules.NoRules {
						found := analyze.Finding{File: f, Span: problem.Span, Message: problem.Message, Advice: problem.Hint}
						if problem.Kind == rules.NoRules && !f.Named {
							found.Severity = analyze.Info // a list left empty on purpose, likely
						}
						p.Report(found)
					}
				}
			})
		},
	}
}
