package config

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/rules"
	"github.com/crywolf-dev/crywolf/rules/nearest"
)

// maxNodes is how many nodes are read, those that aliases lead to included:
// some thousand entries, and no more of a file that is made to be slow.
const maxNodes = 50_000

// A decoder reads nodes into the types of the document. It knows no key by
// itself: they come from the tags of the types and from the checks.
type decoder struct {
	file     *rules.File
	lines    []string
	checks   []*analyze.Check
	problems []Problem
	budget   int // nodes that may yet be read
}

// A scalar reads itself from a node that is one.
type scalar interface {
	decode(d *decoder, n *yaml.Node, where string)
	schema(checks []*analyze.Check) object
}

// An enum has a few words to choose from.
type enum interface {
	words(checks []*analyze.Check) []string
}

// What is placed remembers where it stands, for what is wrong with it as a
// whole.
type placed interface{ place(position) }

var checkOptionsType = reflect.TypeFor[checkOptions]()

// value reads a node into v, which is addressable.
func (d *decoder) value(n *yaml.Node, v reflect.Value, where string) {
	if d.budget--; d.budget < 0 {
		if d.budget == -1 {
			d.report(n, "the file has more than %d entries, with what its aliases stand for; split it, or use globs", maxNodes)
		}
		return
	}
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if s, ok := v.Addr().Interface().(scalar); ok {
		if d.want(n, yaml.ScalarNode, where) {
			s.decode(d, n, where)
		}
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		if p, ok := v.Addr().Interface().(placed); ok {
			p.place(d.place(n))
		}
		if d.want(n, yaml.MappingNode, where) {
			d.object(n, where, fieldsOf(v))
		}
	case reflect.Map:
		if d.want(n, yaml.MappingNode, where) {
			d.mapping(n, v, where)
		}
	case reflect.Slice:
		if d.want(n, yaml.SequenceNode, where) {
			d.list(n, v, where)
		}
	default:
		if d.want(n, yaml.ScalarNode, where) {
			d.plain(n, v, where)
		}
	}
}

// A field is one key of an object and where its value goes.
type field struct {
	name     string
	value    reflect.Value
	required bool
	doc      string
}

// fieldsOf a struct, in its order, those of embedded structs among them.
func fieldsOf(v reflect.Value) []field {
	var out []field
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if f.Anonymous {
			out = append(out, fieldsOf(v.Field(i))...)
			continue
		}
		if f.Tag.Get("yaml") == "" {
			continue
		}
		out = append(out, field{name: f.Tag.Get("yaml"), value: v.Field(i), required: f.Tag.Get("required") != "", doc: f.Tag.Get("doc")})
	}
	return out
}

// optionsOf the entry of a check: what every check has, and its own, which
// point into the check.
func optionsOf(entry reflect.Value, c *analyze.Check) []field {
	fields := fieldsOf(entry)
	if c.Options != nil {
		fields = append(fields, fieldsOf(reflect.ValueOf(c.Options).Elem())...)
	}
	return fields
}

func (d *decoder) object(n *yaml.Node, where string, fields []field) {
	var names []string
	for _, f := range fields {
		names = append(names, f.name)
	}
	seen := map[string]bool{}
	d.pairs(n, where, func(key, value *yaml.Node) {
		i := slices.Index(names, key.Value)
		if i < 0 {
			d.unknown(key, "unknown key", "known keys are", names, where)
			return
		}
		seen[key.Value] = true
		d.value(value, fields[i].value, join(where, key.Value))
	})
	for _, f := range fields {
		if f.required && !seen[f.name] {
			d.report(n, "%s has no %s: %s", orFile(where), f.name, f.doc)
		}
	}
}

// mapping reads a mapping whose keys are the user's, or words of an enum.
func (d *decoder) mapping(n *yaml.Node, v reflect.Value, where string) {
	v.Set(reflect.MakeMap(v.Type()))
	var known []string
	noun := v.Type().Key().Name()
	if e, ok := reflect.New(v.Type().Key()).Interface().(enum); ok {
		known = e.words(d.checks)
		noun = strings.TrimSuffix(noun, "ID")
	}
	d.pairs(n, where, func(key, value *yaml.Node) {
		if known != nil && !slices.Contains(known, key.Value) {
			hint := "there are"
			if noun == "check" {
				known, hint = checkIDs(d.checks), "`crywolf explain` lists them; for example"
			}
			d.unknown(key, "there is no "+noun, hint, known, where)
			return
		}
		if key.Value == "" {
			d.report(key, "a key of %s is empty", orFile(where))
			return
		}
		entry := reflect.New(v.Type().Elem()).Elem()
		at := join(where, key.Value)
		if entry.Type() == checkOptionsType {
			if d.want(d.follow(value), yaml.MappingNode, at) {
				i := slices.IndexFunc(d.checks, func(c *analyze.Check) bool { return c.ID == key.Value })
				d.object(d.follow(value), at, optionsOf(entry, d.checks[i]))
			}
		} else {
			d.value(value, entry, at)
		}
		name := reflect.ValueOf(key.Value).Convert(v.Type().Key())
		if word, ok := name.Interface().(severityName); ok {
			name = reflect.ValueOf(severityName(strings.ToLower(strings.TrimSpace(string(word)))))
			if v.MapIndex(name).IsValid() {
				d.report(key, "%s stands here in another spelling; case does not count", at)
			}
		}
		v.SetMapIndex(name, entry)
	})
}

func (d *decoder) list(n *yaml.Node, v reflect.Value, where string) {
	v.Set(reflect.MakeSlice(v.Type(), 0, len(n.Content)))
	for i, item := range n.Content {
		entry := reflect.New(v.Type().Elem()).Elem()
		d.value(item, entry, fmt.Sprintf("%s[%d]", where, i))
		v.Set(reflect.Append(v, entry))
	}
}

// plain reads an option of a check. Options are amounts: none is below 0.
func (d *decoder) plain(n *yaml.Node, v reflect.Value, where string) {
	switch v.Kind() {
	case reflect.Int, reflect.Int64, reflect.Float64:
		x, ok := d.number(n, v.Kind() != reflect.Float64, where)
		switch {
		case !ok:
		case x < 0 || x > 1e15:
			d.report(n, "%s is %s; it must be 0 or more", where, shorten(n.Value))
		case v.Kind() == reflect.Float64:
			v.SetFloat(x)
		default:
			v.SetInt(int64(x))
		}
	case reflect.Bool:
		if n.ShortTag() != "!!bool" {
			d.report(n, "%s must be true or false, not %s", where, describe(n))
			return
		}
		v.SetBool(strings.EqualFold(n.Value, "true"))
	case reflect.String:
		if d.isText(n, where) {
			v.SetString(n.Value)
		}
	default:
		panic("no way to read a " + v.Type().String()) // a test reads every option
	}
}

// number reads a finite number, a whole one if asked to.
func (d *decoder) number(n *yaml.Node, whole bool, where string) (float64, bool) {
	kind := "a number"
	if whole {
		kind = "a whole number"
	}
	var x float64
	tag := n.ShortTag()
	if tag != "!!int" && tag != "!!float" || n.Decode(&x) != nil || x-x != 0 || whole && x != float64(int64(x)) {
		d.report(n, "%s must be %s, not %s", where, kind, describe(n))
		return 0, false
	}
	return x, true
}

func (d *decoder) isText(n *yaml.Node, where string) bool {
	if tag := n.ShortTag(); tag != "!!str" && tag != "!!timestamp" {
		hint := ""
		if tag != "!!null" {
			hint = "; write it in quotes"
		}
		d.report(n, "%s must be text, not %s%s", where, describe(n), hint)
		return false
	}
	return true
}

// pairs calls f with every key of a mapping that is one, once.
func (d *decoder) pairs(n *yaml.Node, where string, f func(key, value *yaml.Node)) {
	lines := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := d.follow(n.Content[i]), n.Content[i+1]
		switch first, repeated := lines[key.Value]; {
		case key.Kind != yaml.ScalarNode:
			d.report(n.Content[i], "a key of %s must be text, not %s", orFile(where), describe(key))
			continue
		case key.ShortTag() == "!!merge":
			d.report(n.Content[i], "<< is not read here; write the keys out, or use an alias for the whole value")
			continue
		case repeated:
			d.report(n.Content[i], "%s stands twice, first on line %d", join(where, key.Value), first)
			continue
		}
		lines[key.Value] = n.Content[i].Line
		f(key, value)
	}
}

func (d *decoder) follow(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

func (d *decoder) want(n *yaml.Node, kind yaml.Kind, where string) bool {
	if n.Kind == kind {
		return true
	}
	what := map[yaml.Kind]string{yaml.ScalarNode: "a single value", yaml.MappingNode: "a mapping of keys to values", yaml.SequenceNode: "a list"}[kind]
	d.report(n, "%s must be %s, not %s", orFile(where), what, describe(n))
	return false
}

// unknown reports a word that is none of those known.
func (d *decoder) unknown(n *yaml.Node, what, list string, known []string, where string) {
	message := fmt.Sprintf("%s %q", what, shorten(n.Value))
	if where != "" {
		message += " in " + where
	}
	if best := nearest.To(n.Value, known); best != "" {
		message += fmt.Sprintf("; did you mean %q?", best)
	} else {
		message += "; " + list + " " + strings.Join(known, ", ")
	}
	d.report(n, "%s", message)
}

// describe says what a node is, in the user's words.
func describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	case yaml.ScalarNode:
		if n.ShortTag() == "!!null" {
			return "nothing"
		}
	}
	return strconv.Quote(shorten(n.Value))
}

// join makes the path to a key as messages show it.
func join(where, key string) string {
	if strings.ContainsFunc(key, func(r rune) bool {
		return r != '_' && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9')
	}) {
		key = strconv.Quote(shorten(key))
	}
	if where == "" {
		return key
	}
	return where + "." + shorten(key)
}

func orFile(where string) string {
	if where == "" {
		return "the file"
	}
	return where
}

// shorten a word of the file for a message.
func shorten(s string) string {
	const most = 60
	if r := []rune(s[:min(len(s), 4*most)]); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
