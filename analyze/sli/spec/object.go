package spec

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/crywolf-dev/crywolf/rules"
	"github.com/crywolf-dev/crywolf/rules/nearest"
)

// An object is a mapping of a specification. One without a node is not there: it
// has no keys, and complains of nothing.
type object struct {
	r     *reader
	node  *yaml.Node
	where string // the path to it as messages show it, "" at the top
	keys  map[string]*yaml.Node
	vals  map[string]*yaml.Node
	said  map[string]bool // keys of which something is reported already
}

// there reports whether the object is.
func (o object) there() bool { return o.node != nil }

// maxMerges bounds merges of merges; an anchor may contain itself.
const maxMerges = 8

// object reads a mapping. A key that is not among those known is a slip only
// where it is plain which of them was meant: formats get new keys, and tools
// add their own.
func (r *reader) object(n *yaml.Node, where string, known ...string) object {
	n = resolved(n)
	if n.Kind != yaml.MappingNode {
		r.fault(r.file.NodeSpan(n), "", "%s must be a mapping of keys to values, not %s", called(where), describe(n))
		return object{r: r}
	}
	o := object{r: r, node: n, where: where, keys: map[string]*yaml.Node{}, vals: map[string]*yaml.Node{}, said: map[string]bool{}}
	o.read(n, known, 0)
	for i := 0; i+1 < min(len(n.Content), 2*maxKeys); i += 2 {
		key := n.Content[i]
		if len(known) == 0 || key.Kind != yaml.ScalarNode || slices.Contains(known, key.Value) {
			continue
		}
		meant := nearest.Plainly(key.Value, known)
		if meant == "" || o.vals[meant] != nil {
			continue
		}
		o.said[meant] = true
		r.fault(r.file.NodeSpan(key), "Did you mean "+strconv.Quote(meant)+"?", "unknown key %q in %s", shorten(key.Value), called(where))
	}
	return o
}

// read notes the keys of a mapping, and those that it merges unless they are
// there already.
func (o *object) read(n *yaml.Node, known []string, depth int) {
	o.r.visit(n, len(n.Content))
	if o.r.stopped || depth > maxMerges {
		return
	}
	var merged []*yaml.Node
	own := map[string]*yaml.Node{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, val := resolved(n.Content[i]), resolved(n.Content[i+1])
		switch {
		case key.Kind != yaml.ScalarNode:
			continue
		case key.ShortTag() == "!!merge":
			if merged = []*yaml.Node{val}; val.Kind == yaml.SequenceNode {
				merged = val.Content
			}
			continue
		case own[key.Value] != nil:
			o.r.fault(o.r.file.NodeSpan(key), "Remove one of the two.", "key %q of %s is already set on line %d",
				shorten(key.Value), called(o.where), o.r.file.NodeSpan(own[key.Value]).Start.Line)
		}
		if own[key.Value] != nil || o.keys[key.Value] == nil { // the last of a repeated one, as most programs do
			own[key.Value] = key
			o.keys[key.Value], o.vals[key.Value] = key, val
		}
	}
	for _, m := range merged {
		if m = resolved(m); m.Kind == yaml.MappingNode {
			o.read(m, known, depth+1)
		}
	}
}

// called is how a message speaks of an object.
func called(where string) string {
	if where == "" {
		return "the document"
	}
	return where
}

// path to a key, as messages show it.
func (o object) path(key string) string {
	if o.where == "" {
		return key
	}
	return o.where + "." + key
}

// get is the value of a key; nil where it is absent or null.
func (o object) get(key string) *yaml.Node {
	if n := o.vals[key]; !isNull(n) {
		return n
	}
	return nil
}

// at is where to point for a key: at the key, or where there is none at the
// whole.
func (o object) at(key string) rules.Span {
	if k := o.keys[key]; k != nil {
		return o.r.file.NodeSpan(k)
	}
	return o.r.file.NodeSpan(o.node)
}

// missing loses the SLI for want of a key, unless something was said of it.
func (o object) missing(key, what string) {
	if o.r.lost = true; o.there() && !o.said[key] {
		o.r.lose(o.at(key), "", "%s has no %s: %s", called(o.where), key, what)
	}
}

// text is a scalar's, whatever its type, as the programs that read it take it.
func (o object) text(key string) string {
	n := o.get(key)
	switch {
	case n == nil:
		return ""
	case n.Kind != yaml.ScalarNode:
		o.said[key] = true
		o.r.fault(o.r.file.NodeSpan(n), "", "%s must be text, not %s", o.path(key), describe(n))
		return ""
	}
	return n.Value
}

// name is a text that must be there.
func (o object) name(key, what string) (string, rules.Span) {
	s := o.text(key)
	if s == "" {
		o.missing(key, what)
		return "", rules.Span{}
	}
	return s, o.r.file.NodeSpan(o.get(key))
}

// number is a finite one; ok is false where there is none.
func (o object) number(key string) (x float64, ok bool) {
	n := o.get(key)
	if n == nil {
		return 0, false
	}
	x, err := strconv.ParseFloat(n.Value, 64)
	if n.Kind != yaml.ScalarNode || err != nil || x-x != 0 {
		hint := ""
		if strings.HasSuffix(n.Value, "%") {
			hint = "Leave out the %."
		}
		o.said[key] = true
		o.r.fault(o.r.file.NodeSpan(n), hint, "%s must be a number, not %s", o.path(key), describe(n))
		return 0, false
	}
	return x, true
}

func (o object) flag(key string) bool {
	n := o.get(key)
	if n == nil {
		return false
	}
	if n.ShortTag() != "!!bool" {
		o.r.fault(o.r.file.NodeSpan(n), "", "%s must be true or false, not %s", o.path(key), describe(n))
		return false
	}
	return strings.EqualFold(n.Value, "true")
}

// object is that of a key; not there where the key is absent.
func (o object) object(key string, known ...string) object {
	n := o.get(key)
	if n == nil {
		return object{r: o.r}
	}
	if n.Kind != yaml.MappingNode {
		o.said[key] = true
	}
	return o.r.object(n, o.path(key), known...)
}

// need is the object of a key that must be there.
func (o object) need(key, what string, known ...string) object {
	if o.get(key) == nil {
		o.missing(key, what)
	}
	in := o.object(key, known...)
	if !in.there() {
		o.r.lost = true
	}
	return in
}

// list is that of a key, nulls left out.
func (o object) list(key string) (items []*yaml.Node) {
	n := o.get(key)
	switch {
	case n == nil:
		return nil
	case n.Kind != yaml.SequenceNode:
		o.said[key] = true
		o.r.fault(o.r.file.NodeSpan(n), `Start each of its items with "- ".`, "%s must be a list, not %s", o.path(key), describe(n))
		return nil
	}
	o.r.visit(n, len(n.Content))
	for _, c := range n.Content {
		if c = resolved(c); !isNull(c) && !o.r.stopped {
			items = append(items, c)
		}
	}
	return items
}

// labels are the texts of a mapping; of lists, which OpenSLO has, joined.
func (o object) labels(key string) map[string]string {
	m := o.object(key)
	out := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(m.vals)) {
		switch n := m.vals[name]; n.Kind {
		case yaml.ScalarNode:
			out[name] = n.Value
		case yaml.SequenceNode:
			var list []string
			o.r.visit(n, len(n.Content))
			for _, c := range n.Content {
				if c = resolved(c); c.Kind == yaml.ScalarNode && !o.r.stopped {
					list = append(list, c.Value)
				}
			}
			out[name] = strings.Join(list, ", ")
		}
	}
	return out
}

// only is the one of some keys that is there. Where it is none, or several, the
// SLI is lost.
func (o object) only(keys ...string) string {
	if !o.there() {
		o.r.lost = true
		return ""
	}
	var there []string
	said := false
	for _, k := range keys {
		said = said || o.said[k]
		if o.keys[k] != nil && o.vals[k] != nil {
			there = append(there, k)
		}
	}
	switch {
	case len(there) == 1:
		return there[0]
	case len(there) > 1:
		o.r.lose(o.at(there[1]), "Leave out all but one.", "%s has both %s and %s; it must have exactly one of %s", o.where, there[0], there[1], strings.Join(keys, ", "))
	case said:
		o.r.lost = true
	default:
		o.r.lose(o.unknown(), "", "%s has none of %s%s", o.where, strings.Join(keys, ", "), o.has())
	}
	return ""
}

// unknown is where to point for what an object lacks: at its only key, which
// may be what is wrong, or at the whole.
func (o object) unknown() rules.Span {
	if len(o.node.Content) == 2 {
		return o.r.file.NodeSpan(o.node.Content[0])
	}
	return o.r.file.NodeSpan(o.node)
}

// has tells the one key that an object has.
func (o object) has() string {
	if len(o.node.Content) == 2 && o.node.Content[0].Kind == yaml.ScalarNode {
		return fmt.Sprintf(", but %s", shorten(o.node.Content[0].Value))
	}
	return ""
}
