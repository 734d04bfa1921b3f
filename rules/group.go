package rules

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"go.yaml.in/yaml/v3"
)

var groupKeys = []string{"name", "interval", "query_offset", "limit", "rules", "labels", "partial_response_strategy"}

// Keys that other rulers know besides, which read the same files.
var (
	mimirGroupKeys = []string{"source_tenants", "evaluation_delay", "align_evaluation_time_on_interval", "remote_write"}
	vmGroupKeys    = []string{"type", "concurrency", "extra_filter_labels", "params", "headers", "notifier_headers",
		"tenant", "eval_offset", "eval_delay", "eval_alignment", "debug"}
	vmRuleKeys = []string{"debug", "update_entries_limit"}
)

// groups reads the value of groups: in a plain file or of spec.groups in an
// object. Names must be unique among them.
func (r *reader) groups(e entry, object string) {
	names := map[string]bool{}
	for i, n := range r.items(e.val, e.name) {
		if r.stopped {
			return
		}
		if !r.wantMapping(n, "a group") {
			continue
		}
		g := r.group(n, i)
		g.Object = object
		span := g.NameField.Value.Span()
		switch {
		case r.file.mask != nil: // what is there once it is rendered is not known
		case g.Name() == "":
			if !g.NameField.IsSet() {
				span = r.headSpan(n)
			}
			r.problem(Problem{Kind: BadValue, Span: span, Message: "a group needs a name", Hint: "Add name: to the group."})
		case names[g.Name()]:
			r.problem(Problem{
				Kind: BadValue, Span: span, Detail: g.Name(),
				Message: fmt.Sprintf("group name %q is used twice in the file", shorten(g.Name())),
				Hint:    "Give each group of a file its own name.",
			})
		}
		names[g.Name()] = true
		r.file.Groups = append(r.file.Groups, g)
	}
}

func (r *reader) group(n *yaml.Node, index int) *Group {
	g := &Group{File: r.file, Index: index, Node: r.nodeSpan(n)}
	language := r.metricsQL
	defer func() { r.metricsQL = language }()
	var list *entry
	seen := make([]string, 0, 8)
	for _, e := range r.entries(n) {
		r.repeated(e, groupKeys, &seen)
		switch e.name {
		case "name":
			g.NameField, _, _ = r.field(e)
		case "interval":
			g.IntervalField, g.Interval = r.duration(e)
		case "query_offset":
			g.QueryOffsetField, g.QueryOffset = r.duration(e)
		case "limit":
			g.LimitField, g.Limit = r.limit(e)
		case "labels":
			g.Labels = r.mapping(e)
			r.checkLabels(g.Labels)
		case "rules":
			list = &e
		case "partial_response_strategy":
			r.strategy(e)
			g.Reads += r.reads(e)
		default:
			switch {
			case slices.Contains(mimirGroupKeys, e.name):
				g.Reads += r.reads(e)
			case slices.Contains(vmGroupKeys, e.name):
				r.metricsQL, r.file.vmalert = true, true
				g.Reads += r.reads(e)
				if e.name == "type" {
					r.foreign = foreignType(scalarAt(n, "type"))
				}
			default:
				r.unknown(e, n, "a group", groupKeys)
			}
		}
	}
	defer func() { r.foreign = "" }()
	if list == nil {
		return g
	}
	items := r.items(list.val, "rules")
	r.file.slab.expect(len(items), fieldsOf(items))
	r.file.decoded = slices.Grow(r.file.decoded, min(2*len(items), r.file.slab.size/8)) // an expression and a description
	for i, n := range items {
		if r.stopped {
			return g
		}
		if r.wantMapping(n, "a rule") {
			r.readRule(g, i, n)
		}
	}
	return g
}

// fieldsOf counts the labels and annotations of rules.
func fieldsOf(rules []*yaml.Node) (n int) {
	for _, r := range rules {
		for i := 1; i < len(r.Content); i += 2 {
			if r.Content[i].Kind == yaml.MappingNode {
				n += len(r.Content[i].Content) / 2
			}
		}
	}
	return n
}

// duration reads a Prometheus duration, 0 where it is null or bad.
func (r *reader) duration(e entry) (Field, time.Duration) {
	f, null, ok := r.field(e)
	if !ok || null || !f.Value.Rendered() || r.metricsQL && fractional(f.Value.Text()) {
		return f, 0
	}
	d, err := model.ParseDuration(f.Value.Text())
	if err != nil {
		r.problem(Problem{
			Kind: BadValue, Span: f.Value.Span(), Detail: e.name,
			Message: fmt.Sprintf("%s must be a duration, not %q", e.name, shorten(f.Value.Text())),
			Hint:    "Write numbers with units from largest to smallest, such as 90s, 5m or 1h30m; units are ms, s, m, h, d, w and y.",
			Fix:     respell(f.Value),
		})
		return f, 0
	}
	return f, time.Duration(d)
}

func (r *reader) limit(e entry) (Field, int) {
	f, null, ok := r.field(e)
	if !ok || null || !f.Value.Rendered() {
		return f, 0
	}
	var limit int
	if err := e.val.Decode(&limit); err != nil {
		r.problem(Problem{
			Kind: BadValue, Span: f.Value.Span(), Detail: e.name,
			Message: fmt.Sprintf("limit must be a whole number, not %s", describe(e.val)),
		})
		return f, 0
	}
	return f, limit
}

// reads is a key of a group, and what it says, as it stands.
func (r *reader) reads(e entry) string {
	return e.name + ": " + string(r.file.Source[e.val.Line:max(e.val.Line, e.val.Column)]) + "\n"
}

// strategy is a key of Thanos, whose rulers read the same files.
func (r *reader) strategy(e entry) {
	f, null, ok := r.field(e)
	if !ok || null || !f.Value.Rendered() {
		return
	}
	switch f.Value.Text() {
	case "", "abort", "ABORT", "warn", "WARN":
	default:
		r.problem(Problem{
			Kind: BadValue, Span: f.Value.Span(), Detail: e.name,
			Message: fmt.Sprintf("partial_response_strategy must be abort or warn, not %q", shorten(f.Value.Text())),
		})
	}
}

// fractional reports whether a duration has a decimal point, which vmalert
// allows.
func fractional(text string) bool { return strings.Contains(text, ".") }

// foreignType names the language of a group of vmalert's that asks another
// database than one of metrics.
func foreignType(t string) string {
	switch t {
	case "graphite":
		return "Graphite's language"
	case "vlogs":
		return "LogsQL"
	}
	return ""
}
