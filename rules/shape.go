package rules

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

var (
	plainKeys = []string{"groups"}
	specKeys  = []string{"groups"}
)

// document reads one YAML document of whatever shape.
func (r *reader) document() {
	switch {
	case r.file.isPlain(r.root):
		r.file.Shape = ShapePlain
		r.plain()
	case r.root.Kind == yaml.MappingNode:
		r.kubernetes(r.root, 0)
	}
}

// isPlain judges whether a document is a rule file as Prometheus reads it. One
// that the user named needs groups: and nothing that speaks for another format;
// others must have rules, or nothing but empty groups.
func (f *File) isPlain(root *yaml.Node) bool {
	groups := get(root, "groups")
	if groups == nil {
		// A merge can bring the groups; only a named file is worth the trouble.
		if !f.Named || get(root, "<<") == nil {
			return false
		}
	}
	for _, other := range []string{"apiVersion", "kind", "rule_files", "tests"} {
		if get(root, other) != nil {
			return false
		}
	}
	if f.Named {
		return true
	}
	bare := true
	for i := 0; i < len(root.Content); i += 2 {
		if k := root.Content[i].Value; k != "groups" && k != "namespace" {
			bare = false
		}
	}
	if groups.Kind != yaml.SequenceNode {
		return bare && groups.ShortTag() == "!!null"
	}
	for _, g := range groups.Content {
		list := get(resolved(g), "rules")
		switch {
		case list == nil:
			bare = false
		case list.Kind == yaml.SequenceNode:
			for _, rule := range list.Content {
				if isRule(resolved(rule)) {
					return true
				}
			}
			bare = bare && len(list.Content) == 0
		default:
			bare = bare && list.ShortTag() == "!!null"
		}
	}
	return bare
}

func isRule(n *yaml.Node) bool {
	return get(n, "alert") != nil || get(n, "record") != nil || get(n, "expr") != nil
}

func (r *reader) plain() {
	var seen []string
	for _, e := range r.entries(r.root) {
		if r.stopped {
			return
		}
		r.repeated(e, plainKeys, &seen)
		switch e.name {
		case "groups":
			r.groups(e, "")
		case "namespace": // of Mimir's and Cortex's rule files
			r.field(e)
		default:
			r.unknown(e, "a rule file", plainKeys)
		}
	}
}

// maxListDepth bounds lists of lists of objects.
const maxListDepth = 4

// kubernetes reads PrometheusRule objects, by themselves or in a list.
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
	if kind != "PrometheusRule" || scalarAt(n, "apiVersion") == "" {
		return
	}
	r.file.Shape = ShapePrometheusRule
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
	var seen []string
	for _, e := range r.entries(spec) {
		if r.stopped {
			return
		}
		r.repeated(e, specKeys, &seen)
		if e.name == "groups" {
			r.groups(e, object)
		} else {
			r.unknown(e, "the spec of a PrometheusRule", specKeys)
		}
	}
}

// get finds the value of a mapping's key, without merges; nil if there is none.
func get(n *yaml.Node, key string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if k := resolved(n.Content[i]); k.Kind == yaml.ScalarNode && k.Value == key {
			return resolved(n.Content[i+1])
		}
	}
	return nil
}

func scalarAt(n *yaml.Node, key string) string {
	if v := get(n, key); v != nil && v.Kind == yaml.ScalarNode {
		return v.Value
	}
	return ""
}
