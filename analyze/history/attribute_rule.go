package history

import (
	"encoding/binary"
	"slices"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"github.com/crywolf-dev/crywolf/rules"
	"github.com/crywolf-dev/crywolf/rules/promexpr"
	"github.com/crywolf-dev/crywolf/rules/tmpl"
)

// alertState is the label by which ALERTS tells pending from firing; it is no
// part of an alert's identity.
const alertState = "alertstate"

// An attributor finds the rules that instances fit.
type attributor struct {
	byName   map[string][]*claimant
	common   map[string]bool
	sets     map[string]int // places in Attribution.Ambiguous
	matching []*claimant    // scratch
	key      []byte         // scratch
}

// fit returns the rules that an instance could have come from. The result is
// valid until the next call.
func (a *attributor) fit(instance labels.Labels) []*claimant {
	a.matching = a.matching[:0]
	for _, c := range a.byName[instance.Get(labels.AlertName)] {
		if c.hasLabels(instance) {
			a.matching = append(a.matching, c)
		}
	}
	if len(a.matching) < 2 {
		return a.matching
	}
	n := 0
	for i, c := range a.matching {
		if c.canReturn(instance, a.common) {
			a.matching[i], a.matching[n] = a.matching[n], c
			n++
		}
	}
	if n == 0 { // all of them have changed since; the name and the labels stand
		n = len(a.matching)
	}
	fit := a.matching[:n]
	slices.SortFunc(fit, func(x, y *claimant) int { return x.index - y.index })
	return fit
}

// set returns the place of the rules in Ambiguous.
func (a *attributor) set(fit []*claimant, out *Attribution) int {
	a.key = a.key[:0]
	for _, c := range fit {
		a.key = binary.AppendUvarint(a.key, uint64(c.index))
	}
	at, ok := a.sets[string(a.key)]
	if !ok {
		at = len(out.Ambiguous)
		a.sets[string(a.key)] = at
		indices := make([]int, len(fit))
		for i, c := range fit {
			indices[i] = c.index
		}
		out.Ambiguous = append(out.Ambiguous, indices)
	}
	return at
}

// commonLabels are the names of labels that every instance has: the server, or
// what is in front of it, may have attached those, so that their presence says
// nothing of an expression.
func commonLabels(instances []labels.Labels) map[string]bool {
	var common map[string]bool
	for i, instance := range instances {
		if i == 0 {
			common = map[string]bool{}
			instance.Range(func(l labels.Label) { common[l.Name] = true })
			continue
		}
		for name := range common {
			if !instance.Has(name) {
				delete(common, name)
			}
		}
	}
	return common
}

// A claimant is a rule, with what its alerts' labels must look like.
type claimant struct {
	index  int
	rule   *rules.Rule
	static []staticLabel

	asked   bool // whether the following is set
	output  promexpr.Labels
	matched []string // labels that the expression has matchers for
}

// A staticLabel is a label that the rule or its group sets.
type staticLabel struct {
	name, value string
	template    *tmpl.Template // nil where the value is constant
}

func newClaimant(index int, r *rules.Rule) *claimant {
	c := &claimant{index: index, rule: r}
	for _, f := range r.StaticLabels() {
		switch f.Key.Text() {
		case labels.AlertName, alertState: // overwritten
			continue
		}
		l := staticLabel{name: f.Key.Text(), value: f.Value.Text()}
		t, err := tmpl.Parse(l.value)
		if err != nil {
			continue // Prometheus would not load it; it proves nothing
		}
		if !t.IsConstant() {
			l.template = t
		}
		c.static = append(c.static, l)
	}
	// What is quickly compared and tells most comes first.
	slices.SortStableFunc(c.static, func(x, y staticLabel) int {
		switch {
		case (x.template == nil) == (y.template == nil):
			return 0
		case x.template == nil:
			return -1
		}
		return 1
	})
	return c
}

// hasLabels reports whether the instance has every label that the rule sets.
// One that is empty, before or after expansion, is to be absent.
func (c *claimant) hasLabels(instance labels.Labels) bool {
	for _, l := range c.static {
		v := instance.Get(l.name)
		if v == l.value {
			// Of a template, too: ALERTS has its text where it expands to
			// nothing, since the rule's own labels lie beneath the alert's
			// (rules.AlertingRule.sample).
			continue
		}
		if l.template == nil || !l.template.Matches(v) {
			return false
		}
	}
	return true
}

func (c *claimant) sets(name string) bool {
	return slices.ContainsFunc(c.static, func(l staticLabel) bool { return l.name == name })
}

// canReturn reports whether the instance's other labels can be those of a
// series that the rule's expression returns, so far as that can be proved.
func (c *claimant) canReturn(instance labels.Labels, common map[string]bool) bool {
	if c.rule.Expr() == nil {
		return true
	}
	c.ask()
	for _, name := range c.matched {
		if c.output.MustHave(name) && !c.sets(name) && !instance.Has(name) {
			return false
		}
	}
	can := true
	instance.Range(func(l labels.Label) {
		if !can || l.Name == labels.AlertName || l.Name == alertState || c.sets(l.Name) {
			return
		}
		if common[l.Name] && !c.output.MustHave(l.Name) {
			return
		}
		v, fixed := c.output.Value(l.Name)
		can = !c.output.CannotHave(l.Name) && (!fixed || v == l.Value)
	})
	return can
}

func (c *claimant) ask() {
	if c.asked {
		return
	}
	c.asked = true
	c.output = promexpr.OutputLabels(c.rule.Expr())
	parser.Inspect(c.rule.Expr(), func(n parser.Node, _ []parser.Node) error {
		if vs, ok := n.(*parser.VectorSelector); ok {
			for _, m := range vs.LabelMatchers {
				switch m.Name {
				case model.MetricNameLabel, labels.AlertName, alertState: // never or always there
				default:
					c.matched = append(c.matched, m.Name)
				}
			}
		}
		return nil
	})
	slices.Sort(c.matched)
	c.matched = slices.Compact(c.matched)
}
