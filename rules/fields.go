package rules

import (
	"fmt"

	"go.yaml.in/yaml/v3"
)

// An entry is one effective key of a mapping: its own, or merged into it.
type entry struct {
	key  *yaml.Node
	name string
	val  *yaml.Node // never an alias
}

// maxMergeDepth bounds merges of merges; an anchor may contain itself.
const maxMergeDepth = 20

// entries are the keys that Prometheus's YAML decoding gives a mapping: its own
// first, the last of a repeated one, then those of its merge keys, of which
// earlier ones win. A key that is null is no key.
func (r *reader) entries(n *yaml.Node) []entry {
	own, merge := r.own(n)
	if merge == nil {
		return own
	}
	taken := make(map[string]bool, len(own))
	for _, e := range own {
		// Keys such as 1 or true do not keep those of a merge away.
		if tag := resolved(e.key).ShortTag(); tag == "!!str" || tag == "!!binary" {
			taken[e.name] = true
		}
	}
	return r.merge(own, merge, taken, 0)
}

// own reads the mapping's own keys and finds its merge key's value.
func (r *reader) own(n *yaml.Node) (out []entry, merge *yaml.Node) {
	r.visit(len(n.Content))
	out = make([]entry, 0, len(n.Content)/2)
	first := r.duplicates(n)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if first != nil && first[keyID(key)] != i {
			continue // a later one replaces it
		}
		if key.Kind == yaml.ScalarNode && key.Value == "<<" && (key.Tag == "" || key.Tag == "!" || key.ShortTag() == "!!merge") {
			merge = n.Content[i+1]
			continue
		}
		name, ok := r.key(key)
		if !ok {
			continue
		}
		out = append(out, entry{key, name, resolved(n.Content[i+1])})
	}
	return out, merge
}

// Two keys are the same to the YAML package if their kind and text are.
type yamlKey struct {
	kind  yaml.Kind
	value string
}

func keyID(n *yaml.Node) yamlKey { return yamlKey{n.Kind, n.Value} }

// duplicates reports repeated keys, and if there are any tells the last index
// of each key.
func (r *reader) duplicates(n *yaml.Node) map[yamlKey]int {
	found := false
	if len(n.Content) <= 32 {
		for i := 2; i < len(n.Content) && !found; i += 2 {
			for j := 0; j < i; j += 2 {
				if n.Content[i].Value == n.Content[j].Value && n.Content[i].Kind == n.Content[j].Kind {
					found = true
					break
				}
			}
		}
		if !found {
			return nil
		}
	}
	last := make(map[yamlKey]int, len(n.Content)/2)
	for i := 0; i < len(n.Content); i += 2 {
		key := n.Content[i]
		if j, ok := last[keyID(key)]; ok {
			found = true
			if r.file.mask != nil { // one of them may be rendered
				r.file.mask.doubt(n.Content[i+1])
				last[keyID(key)] = i
				continue
			}
			r.problem(Problem{
				Kind: DuplicateKey, Span: r.nodeSpan(key), Detail: key.Value,
				Message: fmt.Sprintf("key %q is already set on line %d", key.Value, r.nodeSpan(n.Content[j]).Start.Line),
				Hint:    "Remove one of the two: Prometheus refuses the file.",
				Fix:     r.unrepeat(n, j, i),
			})
		}
		last[keyID(key)] = i
	}
	if !found {
		return nil
	}
	return last
}

// merge appends the keys of the mapping, or the mappings, that a merge key
// names, unless taken.
func (r *reader) merge(out []entry, source *yaml.Node, taken map[string]bool, depth int) []entry {
	if depth > maxMergeDepth {
		r.refuse(source, BadYAML, "an anchor contains itself, or merges are nested too deep")
		return out
	}
	from := []*yaml.Node{source}
	if source.Kind == yaml.SequenceNode {
		from = source.Content
	}
	for _, n := range from {
		m := resolved(n)
		if m.Kind != yaml.MappingNode {
			r.problem(Problem{
				Kind: BadField, Span: r.nodeSpan(n),
				Message: fmt.Sprintf("<< merges mappings, not %s", describe(m)),
				Hint:    "Write an alias of a mapping, or a list of such aliases.",
			})
			continue
		}
		own, nested := r.own(m)
		for _, e := range own {
			if !taken[e.name] {
				taken[e.name] = true
				out = append(out, e)
			}
		}
		if nested != nil && !r.stopped {
			out = r.merge(out, nested, taken, depth+1)
		}
	}
	return out
}

// key reads a key as text. Null keys are passed over as Prometheus does.
func (r *reader) key(n *yaml.Node) (string, bool) {
	k := resolved(n)
	if k == nil {
		return "", false
	}
	text, null, ok := r.text(k, "a key")
	if r.file.mask != nil {
		text, _ = r.file.mask.text(r.file.Source, text, k.Line, k.Column)
	}
	return text, ok && !null
}

// resolved follows an alias.
func resolved(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

// visit counts nodes read, which aliases can make many more than the file has.
func (r *reader) visit(nodes int) {
	if r.budget -= nodes; r.budget < 0 && !r.stopped {
		r.refuse(r.root, Limit, "aliases make the document many times its size")
	}
}

func describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	switch n.ShortTag() {
	case "!!null":
		return "nothing"
	case "!!int", "!!float":
		return "the number " + n.Value
	case "!!bool":
		return "the boolean " + n.Value
	}
	return fmt.Sprintf("the text %q", shorten(n.Value))
}

// shorten keeps messages to a line.
func shorten(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	cut := most
	for cut > 0 && s[cut]&0xC0 == 0x80 {
		cut--
	}
	return s[:cut] + "…"
}
