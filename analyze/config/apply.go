package config

import (
	"slices"
	"sync"
	"time"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/sli"
	"github.com/crywolf-dev/crywolf/rules"
)

// Off reports whether a check is turned off, with no override that turns it on
// again anywhere.
func (c *Config) Off(check string) bool {
	if c == nil || !c.doc.Checks[checkID(check)].Severity.off {
		return false
	}
	return !slices.ContainsFunc(c.doc.Overrides, func(o override) bool {
		return o.Checks[checkID(check)].Severity.Severity != 0
	})
}

// ReplicaLabels tell apart servers that evaluate the same rules.
func (c *Config) ReplicaLabels() []string {
	if c == nil {
		return nil
	}
	var names []string
	for _, l := range c.doc.ReplicaLabels {
		names = append(names, l.value)
	}
	return names
}

// Settings are what the configuration tells a run.
func (c *Config) Settings() analyze.Settings {
	if c == nil {
		return analyze.Settings{}
	}
	places := &places{config: c}
	s := analyze.Settings{ScrapeInterval: time.Duration(c.doc.ScrapeInterval), Hours: c.doc.Hours.hours()}
	if c.doc.Scopes != nil {
		s.Scope = places.scope
	}
	if c.doc.Variants != nil {
		s.Variants = places.variants
	}
	if c.doc.Urgency != nil {
		s.Urgency = map[string]analyze.Urgency{}
		for word, u := range c.doc.Urgency {
			s.Urgency[string(word)] = analyze.Urgency(u)
		}
	}
	for name, keys := range c.doc.Style {
		if s.Style == nil {
			s.Style = map[analyze.Concern]analyze.Declared{}
		}
		var d analyze.Declared
		for _, k := range keys.Keys {
			d.Keys = append(d.Keys, k.value)
		}
		for _, u := range keys.Required {
			d.Required = append(d.Required, analyze.Urgency(u))
		}
		s.Style[analyze.Concern(name)] = d
	}
	for _, m := range c.doc.Metrics {
		s.Metrics = append(s.Metrics, sli.Class{
			Names: m.Names.value, Label: m.Label.value, Values: m.Values.value, Verdict: sli.Verdict(m.Verdict), What: m.What.value,
		})
	}
	if len(c.doc.Overrides) > 0 || slices.ContainsFunc(c.checks, func(check *analyze.Check) bool {
		return c.doc.Checks[checkID(check.ID)].Severity.off
	}) {
		s.Adjust = places.adjust
	}
	return s
}

// places remembers what of a configuration concerns a file: patterns are
// matched once a file, labels once a rule.
type places struct {
	config *Config
	files  sync.Map // *rules.File → place
}

// A place is what of the configuration fits the path of a file, in its order.
type place struct {
	scopes    []declaredScope
	overrides []override
	variants  [][2]int // index of a list of variants, and of a path in it
}

func (p *places) of(f *rules.File) place {
	if known, ok := p.files.Load(f); ok {
		return known.(place)
	}
	var at place
	rel, inside := "", false
	if f != nil {
		rel, inside = p.config.relative(f.Path)
	}
	fits := func(paths []glob) bool { return paths == nil || inside && matchAny(paths, rel) }
	for _, s := range p.config.doc.Scopes {
		if fits(s.Paths) {
			at.scopes = append(at.scopes, s)
		}
	}
	for _, o := range p.config.doc.Overrides {
		if fits(o.Paths) {
			at.overrides = append(at.overrides, o)
		}
	}
	for i, v := range p.config.doc.Variants {
		for j, g := range v.Paths {
			if inside && match(g, rel) {
				at.variants = append(at.variants, [2]int{i, j})
				break
			}
		}
	}
	p.files.Store(f, at)
	return at
}

func (p *places) scope(r *rules.Rule) (string, bool) {
	for _, s := range p.of(r.File()).scopes {
		if carries(r, s.Labels) {
			return s.Name.value, true
		}
	}
	return "", false
}

// variants reports whether two files are different ones of a list.
func (p *places) variants(a, b *rules.File) bool {
	for _, x := range p.of(a).variants {
		for _, y := range p.of(b).variants {
			if x[0] == y[0] && x[1] != y[1] {
				return true
			}
		}
	}
	return false
}

func (p *places) adjust(check string, f *rules.File, r *rules.Rule) analyze.Adjustment {
	a := analyze.Adjustment{Off: p.config.doc.Checks[checkID(check)].Severity.off}
	for _, o := range p.of(f).overrides {
		what, ok := o.Checks[checkID(check)]
		if !ok || !carries(r, o.Labels) {
			continue
		}
		if what.Severity.off || what.Severity.Severity != 0 {
			a.Off, a.Severity = what.Severity.off, what.Severity.Severity
		}
		if what.Points.set {
			a.Points = &what.Points.n
		}
	}
	return a
}

// carries reports whether a rule sets labels to these values. What is about no
// rule carries none.
func carries(r *rules.Rule, labels map[string]text) bool {
	for name, value := range labels {
		if r == nil {
			return false
		}
		got := ""
		if f, ok := r.Label(name); ok {
			got = f.Value.Text()
		}
		if name == "alertname" && r.Kind == rules.Alerting {
			got = r.Name()
		}
		if got != value.value {
			return false
		}
	}
	return true
}
