package rules

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/crywolf-dev/crywolf/rules/nearest"
)

var (
	plainKeys = []string{"groups"}
	specKeys  = []string{"groups"}
)

// document reads one YAML document of whatever shape.
func (r *reader) document() {
	switch {
	case isPlain(r.root, r.named):
		r.file.Shape = ShapePlain
		r.plain()
	case r.root.Kind == yaml.SequenceNode:
		r.bareGroups()
	case r.root.Kind == yaml.MappingNode && get(r.root, "kind") != nil:
		r.kubernetes(r.root, 0)
	case r.root.Kind == yaml.MappingNode:
		r.other(r.root)
	}
}

// isPlain judges whether a document is a rule file as Prometheus reads it. One
// that the user named needs groups: and nothing that speaks for another format;
// others must have rules, or nothing but empty groups.
func isPlain(root *yaml.Node, named bool) bool {
	groups := get(root, "groups")
	if groups == nil && !named && len(root.Content) <= 6 && get(root, "kind") == nil {
		// A slip in the very first word must not make rules go unseen.
		if groups = misspelt(root, "groups"); groups != nil && groups.Kind == yaml.SequenceNode {
			holds, _ := holdsRules(groups)
			return holds
		}
		return false
	}
	if groups == nil {
		// A merge can bring the groups; only a named file is worth the trouble.
		if !named || get(root, "<<") == nil {
			return false
		}
	}
	for _, other := range []string{"apiVersion", "kind", "rule_files", "tests"} {
		if get(root, other) != nil {
			return false
		}
	}
	if named {
		return true
	}
	bare := true
	for i := 0; i < len(root.Content); i += 2 {
		if k := root.Content[i].Value; k != "groups" && k != "namespace" {
			bare = false
		}
	}
	if groups.Kind == yaml.MappingNode && get(groups, "name") != nil && get(groups, "rules") != nil {
		return bare // a list without its dash
	}
	if groups.Kind != yaml.SequenceNode {
		return bare && groups.ShortTag() == "!!null"
	}
	holds, empty := holdsRules(groups)
	return holds || bare && empty
}

// holdsRules looks through a list of groups: is there a rule in one, or else
// are all of them empty?
func holdsRules(groups *yaml.Node) (holds, empty bool) {
	empty = true
	for _, g := range groups.Content {
		list := get(resolved(g), "rules")
		if list == nil {
			list = misspelt(resolved(g), "rules")
		}
		switch {
		case list == nil:
			empty = false
		case list.Kind == yaml.MappingNode:
			return isRule(list), false
		case list.Kind == yaml.SequenceNode:
			for _, rule := range list.Content {
				if isRule(resolved(rule)) {
					return true, false
				}
			}
			empty = empty && len(list.Content) == 0
		default:
			empty = empty && list.ShortTag() == "!!null"
		}
	}
	return false, empty
}

func isRule(n *yaml.Node) bool {
	return get(n, "alert") != nil || get(n, "record") != nil || get(n, "expr") != nil ||
		misspelt(n, "expr") != nil && (misspelt(n, "alert") != nil || misspelt(n, "record") != nil)
}

// misspelt finds the value of a key that is one slip away from another, or
// written in capitals.
func misspelt(n *yaml.Node, key string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if k := n.Content[i].Value; k != key && len(k) <= len(key)+2 && nearest.Plainly(k, []string{key}) == key {
			return resolved(n.Content[i+1])
		}
	}
	return nil
}

func (r *reader) plain() {
	var seen []string
	var groups *entry
	namespace := ""
	for _, e := range r.entries(r.root) {
		r.repeated(e, plainKeys, &seen)
		switch e.name {
		case "groups":
			groups = &e
		case "namespace": // of Mimir's and Cortex's rule files
			f, _, _ := r.field(e)
			namespace = f.Value.Text()
			r.namespace(f)
		default:
			r.unknown(e, r.root, "a rule file", plainKeys)
		}
	}
	if groups == nil || r.stopped {
		return
	}
	if namespace != "" {
		namespace += "/"
	}
	r.groups(*groups, namespace)
}

// namespace reports one that an earlier document of the file has, which Mimir
// refuses.
func (r *reader) namespace(f Field) {
	name := f.Value.Text()
	if slices.Contains(r.file.namespaces, name) {
		r.problem(Problem{
			Kind: BadValue, Span: f.Value.Span(), Detail: name,
			Message: fmt.Sprintf("namespace %q is defined by an earlier document of the file", shorten(name)),
			Hint:    "Move the groups there, or give the namespace another name.",
		})
	}
	r.file.namespaces = append(r.file.namespaces, name)
}

// bareGroups reads a list of groups or of rules at the top, as templates and
// Jsonnet include them.
func (r *reader) bareGroups() {
	if holds, _ := holdsRules(r.root); holds {
		r.file.Shape = ShapeGroups
		r.groups(entry{name: "the file", val: r.root}, "")
		return
	}
	r.other(r.root)
}

// other reads a document that is no rule file itself: unit tests, and what
// holds rules further down, such as the values of a Helm chart.
func (r *reader) other(n *yaml.Node) {
	if tests := get(n, "tests"); tests != nil && tests.Kind == yaml.SequenceNode && (get(n, "rule_files") != nil || isTest(tests)) {
		r.file.Shape = ShapeTests
		r.unitTests(tests)
		return
	}
	before := len(r.file.Groups)
	r.embedded(n, 0)
	if len(r.file.Groups) > before {
		r.file.Shape = ShapeEmbedded
	} else {
		r.passOver(r.headSpan(n), describeDocument(n))
	}
}

// maxEmbedDepth is how far down rules are looked for.
const maxEmbedDepth = 12

// embedded reads the groups, lists of rules and rule files in a document.
func (r *reader) embedded(n *yaml.Node, depth int) {
	if depth > maxEmbedDepth || r.stopped {
		return
	}
	switch n.Kind {
	case yaml.ScalarNode:
		if n.Style&yaml.LiteralStyle != 0 && looksLikeRules([]byte("\n"+n.Value)) {
			r.nested(n)
		}
	case yaml.SequenceNode:
		if isRuleList(n) {
			r.looseRules(n, nil)
			return
		}
		for _, c := range n.Content {
			if c.Kind != yaml.AliasNode { // it is read where it stands
				r.embedded(c, depth+1)
			}
		}
	case yaml.MappingNode:
		if depth > 0 && get(n, "apiVersion") != nil {
			if kind := scalarAt(n, "kind"); kind == "PrometheusRule" || kind == "VMRule" || kind == "ConfigMap" {
				r.kubernetes(n, depth)
				return
			}
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			r.embeddedValue(n, n.Content[i], n.Content[i+1], depth)
		}
	}
}

func (r *reader) embeddedValue(in, key, val *yaml.Node, depth int) {
	switch {
	case val.Kind == yaml.AliasNode:
	case key.Value == "groups" && val.Kind == yaml.SequenceNode:
		if holds, _ := holdsRules(val); holds {
			r.groups(entry{key, key.Value, val}, "")
		}
	case key.Value == "rules" && isRuleList(val):
		r.looseRules(val, in)
	default:
		r.embedded(val, depth+1)
	}
}

// isRuleList reports whether a node is a list of nothing but rules.
func isRuleList(n *yaml.Node) bool {
	if n.Kind != yaml.SequenceNode || len(n.Content) == 0 {
		return false
	}
	for _, c := range n.Content {
		if c = resolved(c); get(c, "expr") == nil || get(c, "alert") == nil && get(c, "record") == nil {
			return false
		}
	}
	return true
}

// looseRules reads a list of rules that something else makes a group of, by the
// name that stands beside it if any. What keys it may add is not known.
func (r *reader) looseRules(n, in *yaml.Node) {
	g := &Group{File: r.file, Node: r.nodeSpan(n)}
	if name := get(in, "name"); name != nil && name.Kind == yaml.ScalarNode {
		g.NameField.Value = r.scalar(name, name.Value)
	}
	r.loose = true
	for i, c := range r.items(n, "rules") {
		if !r.stopped && r.wantMapping(c, "a rule") {
			r.readRule(g, i, c)
		}
	}
	r.loose = false
	r.file.Groups = append(r.file.Groups, g)
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
