// Package tmpl tells what the templates in an alert's labels and annotations
// say, without executing them: whether Prometheus accepts them, and what of
// the alert they use.
package tmpl

import (
	"fmt"
	"strings"
	"text/template/parse"
)

// definitions are what Prometheus puts before the text of every label and
// annotation (rules.AlertingRule.Eval).
const definitions = "{{$labels := .Labels}}{{$externalLabels := .ExternalLabels}}" +
	"{{$externalURL := .ExternalURL}}{{$value := .Value}}"

// expansionError is how a value begins in place of which Prometheus could not
// expand the template.
const expansionError = "<error expanding template: "

// A Use is one place in a template that reads a label or the value.
type Use struct {
	Name     string // the label's name; "" for the value
	Pos, End int    // bytes of the template's text, End exclusive

	// Guarded reports that the template does not rely on it: it is tested by
	// if, with, and or or, or stands in a branch that such a test of some
	// label decides, or it cannot be told whether it is printed at all. Never
	// so for the value, which no alert is without.
	Guarded bool

	// Tested reports that it decides a branch there and is not itself printed.
	Tested bool
}

// A Template is the text of one label or annotation. It is immutable and safe
// for concurrent use.
type Template struct {
	text           string
	constant       bool   // holds no action
	fixed          bool   // holds no action that prints
	prefix, suffix string // what every successful expansion begins and ends with

	found findings
}

// Parse parses the text of a label or annotation as Prometheus does when it
// loads a rule. The error, if any, is an *Error. Blocks nested over a thousand
// deep and texts with over a thousand assignments, which Prometheus would
// take, are refused.
func Parse(text string) (*Template, error) {
	if !strings.Contains(text, "{{") {
		return &Template{text: text, constant: true, fixed: true, prefix: text}, nil
	}
	scanned := scan(text)
	if err := scanned.bounds(); err != nil {
		return nil, err
	}
	trees, err := parseText(text)
	if err != nil {
		return nil, newError(text, scanned, err)
	}
	t := &Template{text: text}
	t.readAffixes(trees[templateName].Root)
	t.found = findUses(trees)
	return t, nil
}

// templateName stands where Prometheus has "__alert_" and the alert's name.
const templateName = "__alert_"

// parseText returns the trees of the text and of the templates it defines.
func parseText(text string) (trees map[string]*parse.Tree, err error) {
	defer func() {
		if r := recover(); r != nil {
			trees, err = nil, fmt.Errorf("template: %s:1: cannot be read: %v", templateName, r)
		}
	}()
	return parse.Parse(templateName, definitions+text, "", "", functions())
}

// Text is what was parsed.
func (t *Template) Text() string { return t.text }

// IsConstant reports whether the text has no action in it at all, so that it
// expands to itself.
func (t *Template) IsConstant() bool { return t.constant }

// Matches reports whether the template could expand to value, as far as the
// text before its first and after its last action tells. Where it says false
// it certainly could not.
func (t *Template) Matches(value string) bool {
	if t.constant {
		return value == t.text
	}
	if strings.HasPrefix(value, expansionError) {
		return true
	}
	if t.fixed {
		return value == t.prefix
	}
	return len(value) >= len(t.prefix)+len(t.suffix) &&
		strings.HasPrefix(value, t.prefix) && strings.HasSuffix(value, t.suffix)
}

// Affixes are the constant text that every successful expansion begins and
// ends with. For a constant template all of it is the prefix.
func (t *Template) Affixes() (prefix, suffix string) { return t.prefix, t.suffix }

// Labels are the places that certainly read a label of the alert's expression,
// in order of Pos. Places where the labels are read as a whole, or by a name
// that only execution tells, are not among them: see WholeLabels.
func (t *Template) Labels() []Use { return t.found.labels }

// WholeLabels reports whether the template uses, or may use, labels other than
// those that Labels names: it prints or ranges over all of them, or looks one
// up by a computed name.
func (t *Template) WholeLabels() bool { return t.found.whole }

// UsesValue are the places that certainly read the value of the alert's
// expression, in order of Pos.
func (t *Template) UsesValue() []Use { return t.found.value }

// UsesQuery reports whether the template runs queries of its own.
func (t *Template) UsesQuery() bool { return t.found.query }

// UsesExternalLabels reports whether the template reads, or may read, the
// server's external labels.
func (t *Template) UsesExternalLabels() bool { return t.found.external }

func (t *Template) readAffixes(root *parse.ListNode) {
	nodes := root.Nodes
	first := 0
	for ; first < len(nodes); first++ {
		if text, ok := nodes[first].(*parse.TextNode); ok {
			t.prefix += string(text.Text)
		} else if !silent(nodes[first]) {
			break
		}
	}
	if first == len(nodes) {
		t.fixed = true
		return
	}
	for last := len(nodes) - 1; last > first; last-- {
		if text, ok := nodes[last].(*parse.TextNode); ok {
			t.suffix = string(text.Text) + t.suffix
		} else if !silent(nodes[last]) {
			break
		}
	}
}

// silent reports whether the node only declares or assigns a variable.
func silent(n parse.Node) bool {
	action, ok := n.(*parse.ActionNode)
	return ok && len(action.Pipe.Decl) > 0
}
