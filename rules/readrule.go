package rules

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/prometheus/common/model"
	"go.yaml.in/yaml/v3"
)

var ruleKeys = []string{"alert", "record", "expr", "for", "keep_firing_for", "labels", "annotations"}

// readRule appends a rule to its group, unless it is not known what kind of
// rule it is.
func (r *reader) readRule(g *Group, index int, n *yaml.Node) {
	rule := r.file.slab.rule()
	rule.Group, rule.Index = g, index
	rule.start, rule.end = int32(n.Line), int32(n.Column)
	r.rule = rule
	defer func() { r.rule = nil }()

	var alert, record, annotations Field
	seen := make([]string, 0, 8)
	for _, e := range r.entries(n) {
		r.repeated(e, ruleKeys, &seen)
		switch e.name {
		case "alert":
			alert, _, _ = r.field(e)
		case "record":
			record, _, _ = r.field(e)
		case "expr":
			rule.ExprField, _, _ = r.field(e)
		case "for":
			rule.ForField, rule.For = r.duration(e)
		case "keep_firing_for":
			rule.KeepFiringForField, rule.KeepFiringFor = r.duration(e)
		case "labels":
			rule.Labels = r.mapping(e)
		case "annotations":
			annotations.Key = r.scalar(resolved(e.key), e.name)
			rule.Annotations = r.mapping(e)
		default:
			if !r.metricsQL || !slices.Contains(vmRuleKeys, e.name) {
				r.unknown(e, n, "a rule", ruleKeys)
			}
		}
	}
	if r.stopped {
		return
	}
	rule.Open = rule.Open || r.file.mask != nil && r.file.mask.opens(r.file.view, n.Line, n.Column)
	switch {
	case alert.Value.Text() != "" && record.Value.Text() != "":
		r.problem(Problem{
			Kind: BadField, Span: record.Key.Span(), Detail: "record",
			Message: "a rule has either alert or record, not both",
			Hint:    "Make two rules of it.",
		})
	case alert.Value.Text() != "":
		rule.Kind, rule.NameField = Alerting, alert
	case record.Value.Text() != "":
		rule.Kind, rule.NameField = Recording, record
		r.checkRecording(rule, annotations)
	case !rule.Open:
		r.nameless(alert, record, n)
	}
	r.checkExpr(rule)
	r.checkLabels(rule.Labels)
	r.checkNames(rule.Annotations, "annotation")
	if rule.Kind != 0 {
		g.Rules = append(g.Rules, rule)
	}
}

func (r *reader) nameless(alert, record Field, n *yaml.Node) {
	span := r.headSpan(n)
	for _, f := range []Field{alert, record} {
		if f.IsSet() {
			span = f.Key.Span()
		}
	}
	r.problem(Problem{
		Kind: BadField, Span: span,
		Message: "a rule needs a name",
		Hint:    "Add alert: for an alerting rule, or record: for a recording rule.",
	})
}

// checkRecording reports what only alerting rules may have.
func (r *reader) checkRecording(rule *Rule, annotations Field) {
	misplaced := func(f Field) {
		if r.metricsQL { // vmalert ignores them
			return
		}
		r.problem(Problem{
			Kind: BadField, Span: f.Key.Span(), Detail: f.Key.Text(),
			Message: f.Key.Text() + " in a recording rule",
			Hint:    "Only alerting rules have it: remove the key.",
		})
	}
	if len(rule.Annotations) > 0 {
		misplaced(annotations)
	}
	if rule.For != 0 {
		misplaced(rule.ForField)
	}
	if rule.KeepFiringFor != 0 {
		misplaced(rule.KeepFiringForField)
	}
	name := rule.NameField.Value
	switch {
	case !name.Rendered():
	case !model.UTF8Validation.IsValidMetricName(name.Text()):
		r.problem(Problem{Kind: BadValue, Span: name.Span(), Message: fmt.Sprintf("%q is not a metric name", shorten(name.Text()))})
	case strings.ContainsAny(name.Text(), "{}"):
		r.problem(Problem{
			Kind: BadValue, Span: name.Span(),
			Message: "braces in the name of a recording rule",
			Hint:    "record: takes a metric name alone; labels go to labels:, expressions to expr:.",
		})
	}
}

func (r *reader) checkLabels(m Mapping) {
	r.checkNames(m, "label")
	for _, f := range m {
		if f.Key.Text() == model.MetricNameLabel {
			r.problem(Problem{
				Kind: BadValue, Span: f.Key.Span(), Detail: f.Key.Text(),
				Message: "the label __name__ can't be set by a rule",
			})
		}
		if !utf8.ValidString(f.Value.Text()) {
			r.problem(Problem{
				Kind: BadValue, Span: f.Value.Span(), Detail: f.Key.Text(),
				Message: fmt.Sprintf("the value of label %q is not UTF-8", shorten(f.Key.Text())),
			})
		}
	}
}

func (r *reader) checkNames(m Mapping, what string) {
	for _, f := range m {
		if f.Key.Rendered() && !model.UTF8Validation.IsValidLabelName(f.Key.Text()) {
			r.problem(Problem{
				Kind: BadValue, Span: f.Key.Span(), Detail: f.Key.Text(),
				Message: fmt.Sprintf("%q is not a name for a %s", shorten(f.Key.Text()), what),
			})
		}
	}
}
