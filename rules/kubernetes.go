package rules

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/crywolf-dev/crywolf/rules/nearest"
)

// maxListDepth bounds lists of lists of objects.
const maxListDepth = 4

// kubernetes reads the objects that hold rules, by themselves or in a list.
func (r *reader) kubernetes(n *yaml.Node, depth int) {
	kind := scalarAt(n, "kind")
	if strings.HasSuffix(kind, "List") && depth < maxListDepth {
		if items := get(n, "items"); items != nil && items.Kind == yaml.SequenceNode {
			r.visit(len(items.Content))
			for _, c := range items.Content {
				if c = resolved(c); c.Kind == yaml.MappingNode && !r.stopped {
					r.kubernetes(c, depth+1)
				}
			}
		}
		return
	}
	version := scalarAt(n, "apiVersion")
	switch {
	case version == "":
		r.passOver(r.headSpan(n), article(shorten(kind))+" without an apiVersion")
	case kind == "PrometheusRule":
		r.file.Shape = ShapePrometheusRule
		r.ruleObject(n)
	case kind == "VMRule":
		r.file.Shape = ShapeVMRule
		r.metricsQL = true
		r.ruleObject(n)
		r.metricsQL = false
	case kind == "ConfigMap":
		r.configMap(n)
	default:
		if strings.HasPrefix(version, "loki.grafana.com/") {
			r.foreign = "LogQL"
		}
		r.other(n)
		r.foreign = ""
	}
}

// ruleObject reads the groups of a PrometheusRule or a VMRule.
func (r *reader) ruleObject(n *yaml.Node) {
	meta := get(n, "metadata")
	object := scalarAt(meta, "name")
	if ns := scalarAt(meta, "namespace"); ns != "" {
		object = ns + "/" + object
	}
	r.duplicates(n)
	spec := get(n, "spec")
	if spec == nil || !r.wantMapping(spec, "spec") {
		return
	}
	if r.file.mask == nil && isPatch(spec) {
		r.passOver(r.headSpan(n), "its rules have no expr: it patches rules that stand elsewhere")
		return
	}
	var seen []string
	for _, e := range r.entries(spec) {
		if r.stopped {
			return
		}
		r.repeated(e, specKeys, &seen)
		if e.name == "groups" {
			r.groups(e, object)
		} else {
			r.unknown(e, spec, "the spec of a "+scalarAt(n, "kind"), specKeys)
		}
	}
}

// isPatch judges whether an object is one of Kustomize's patches: it names
// rules, and none has an expression.
func isPatch(spec *yaml.Node) bool {
	groups := get(spec, "groups")
	if groups == nil || groups.Kind != yaml.SequenceNode {
		return false
	}
	found := false
	for _, g := range groups.Content {
		list := get(resolved(g), "rules")
		if list == nil {
			continue
		}
		for _, rule := range list.Content {
			if rule = resolved(rule); get(rule, "expr") != nil || get(rule, "<<") != nil {
				return false
			}
			if nearExpr(rule) {
				return false // a slip, rather
			}
			found = found || isRule(rule)
		}
	}
	return found
}

// nearExpr reports whether a rule has a key that is likely meant to be expr.
func nearExpr(rule *yaml.Node) bool {
	if rule.Kind != yaml.MappingNode {
		return false
	}
	for i := 0; i < len(rule.Content); i += 2 {
		if k := rule.Content[i].Value; !slices.Contains(ruleKeys, k) && nearest.To(k, ruleKeys) == "expr" {
			return true
		}
	}
	return false
}

// configMap reads the values that look like rule files.
func (r *reader) configMap(n *yaml.Node) {
	data := get(n, "data")
	before := len(r.file.Groups)
	if data != nil && data.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(data.Content); i += 2 {
			if v := data.Content[i+1]; v.Kind == yaml.ScalarNode && looksLikeRules([]byte(v.Value)) {
				r.nested(v)
			}
		}
	}
	if len(r.file.Groups) > before {
		r.file.Shape = ShapeConfigMap
	} else {
		r.passOver(r.headSpan(n), "a ConfigMap in which no rules were found")
	}
}
