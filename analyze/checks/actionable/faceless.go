package actionable

import (
	"fmt"
	"slices"
	"strings"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/rules"
	"github.com/crywolf-dev/crywolf/rules/promexpr"
	"github.com/crywolf-dev/crywolf/rules/tmpl"
)

type facelessOptions struct {
	AtOnce int `yaml:"at_once" doc:"instances firing at once, where history is known, from which it is said that texts do not tell them apart"`
}

// Faceless returns the check for alerts whose text does not say which instance
// it is about.
func Faceless() *analyze.Check {
	opts := &facelessOptions{AtOnce: 2}
	return &analyze.Check{
		ID: "actionable/faceless",
		Doc: analyze.Doc{
			Title: "alert that does not say which",
			Why:   "Three pages with one text are read as one page sent three times, and the second server is found in the morning.",
			Text: `An alert whose expression keeps instances apart by the labels of an explicit by clause, or of which history shows
several instances at once, and none of whose texts prints a label that could tell them apart. Labels that a matcher fixes to
one value tell nothing apart; nor do job, namespace, cluster and their like by themselves, unless history shows it.
Notifications may list all labels beside the text, so that it is an info. An alert without
any text is actionable/summary's, and one whose text runs a query, or prints all labels, is left alone.`,
			Bad: `groups:
- name: search
  rules:
  - alert: SearchQueueLong
    expr: max by (job, instance) (search_queue_length) > 100
    for: 10m
    labels: {severity: ticket, team: search}
    annotations:
      summary: Searches queue up
`,
			Good: `groups:
- name: search
  rules:
  - alert: SearchQueueLong
    expr: max by (job, instance) (search_queue_length) > 100
    for: 10m
    labels: {severity: ticket, team: search}
    annotations:
      summary: Searches queue up on {{ $labels.instance }}
`,
			References: []string{"https://prometheus.io/docs/prometheus/latest/configuration/template_reference/"},
		},
		Severity: analyze.Info, Points: 3, Options: opts,
		Run: func(p *analyze.Pass) { p.EachAlert(func(a *analyze.Alert) { faceless(p, a, opts) }) },
	}
}

func faceless(p *analyze.Pass, a *analyze.Alert, opts *facelessOptions) {
	r := a.Rule
	if a.Deadman || r.Open || a.Urgency != analyze.UrgencyPage && a.Urgency != analyze.UrgencyTicket {
		return
	}
	text, ok := p.Style.Field(r, analyze.ConcernSummary)
	if !ok {
		if text, ok = p.Style.Field(r, analyze.ConcernDescription); !ok {
			return
		}
	}
	apart, seen := tellApart(p, r, opts)
	if len(apart) == 0 || names(p, r) {
		return
	}
	f := analyze.Finding{
		Rule: r, Span: text.Value.Span(),
		Message: fmt.Sprintf("no text of `%s` says which one it is about: it keeps instances apart by %s", r.Name(), list(apart)),
		Advice:  fmt.Sprintf("print a label that tells them apart, such as {{ $labels.%s }}", apart[0]),
	}
	if seen > 1 {
		f.Evidence = []analyze.Number{{Name: "instances_at_once_count", Value: float64(seen)}}
	}
	p.Report(f)
}

// tellApart are the labels by which the instances of a rule differ: as history
// shows, or an explicit by clause says; and how many history shows at once.
func tellApart(p *analyze.Pass, r *rules.Rule, opts *facelessOptions) (apart []string, seen int) {
	static := func(name string) bool { _, ok := r.Label(name); return ok }
	if p.History != nil && p.Noise != nil {
		n := p.Noise.Profile(r)
		if n.Firings > 0 {
			seen = p.History.Measures(r).MaxConcurrent
			for _, c := range n.Labels {
				if !static(c.Label) {
					apart = append(apart, c.Label)
				}
			}
			if seen >= opts.AtOnce && len(apart) > 0 {
				slices.Sort(apart)
				return apart, seen
			}
		}
	}
	out := p.OutputLabels(r.Expr())
	kept, explicit := out.KeptBy()
	if !explicit {
		return nil, 0
	}
	fixed := fixedBy(r)
	kept = slices.DeleteFunc(slices.Clone(kept), func(name string) bool {
		_, one := out.Value(name)
		return one || static(name) || fixed[name]
	})
	if !slices.ContainsFunc(kept, func(name string) bool { return !slices.Contains(placeLabels, name) }) {
		return nil, 0
	}
	return kept, 0
}

// placeLabels are labels of which all series of a metric may well have one value
// where a rule is loaded: what is kept apart by these alone may be one thing.
var placeLabels = []string{
	"job", "service", "app", "application", "namespace", "tenant", "cluster", "env", "environment", "stage", "region", "zone", "dc", "datacenter", "site",
	"prometheus", "monitor", "replica",
}

// fixedBy are the labels to which every measured selector gives one value, of
// whatever kind of matcher.
func fixedBy(r *rules.Rule) map[string]bool {
	var out map[string]bool
	for _, s := range promexpr.Selectors(r.Expr()) {
		if s.Role != promexpr.RoleSubject {
			continue
		}
		fixed := s.FixedLabels()
		if out == nil {
			out = map[string]bool{}
			for name := range fixed {
				out[name] = true
			}
		}
		for name := range out {
			if _, ok := fixed[name]; !ok {
				delete(out, name)
			}
		}
	}
	return out
}

// names reports whether some text of a rule prints a label that may tell its
// instances apart, be it one that the expression joins from elsewhere. What is
// not known is taken for a yes.
func names(p *analyze.Pass, r *rules.Rule) bool {
	var out promexpr.Labels
	known := false
	for _, fields := range []rules.Mapping{r.Annotations, r.Labels} {
		for _, f := range fields {
			text := f.Value.Text()
			if !f.Value.Rendered() {
				return true
			}
			if !strings.Contains(text, "{{") {
				continue
			}
			t, err := tmpl.Parse(text)
			if err != nil || t.WholeLabels() || t.UsesQuery() {
				return true
			}
			for _, use := range t.Labels() {
				if !known {
					out, known = p.OutputLabels(r.Expr()), true
				}
				if _, one := out.Value(use.Name); !one && !out.CannotHave(use.Name) && use.Name != "alertname" {
					return true
				}
			}
		}
	}
	return false
}

// list writes names as people do, the first few of them.
func list(names []string) string {
	const most = 4
	quoted := make([]string, 0, most)
	for _, n := range names[:min(len(names), most)] {
		quoted = append(quoted, "`"+n+"`")
	}
	if len(names) > most {
		return strings.Join(quoted, ", ") + " and others"
	}
	if n := len(quoted); n > 1 {
		return strings.Join(quoted[:n-1], ", ") + " and " + quoted[n-1]
	}
	return quoted[0]
}
