package rules

import (
	"bytes"
	"fmt"
	"slices"
	"sort"
	"strings"

	"go.yaml.in/yaml/v3"
)

// holds reports whether an action that writes no constant stands between two
// offsets, and which is the first.
func (m *mask) holds(from, to int) (action, bool) {
	i := sort.Search(len(m.actions), func(i int) bool { return m.actions[i].to > from })
	for ; i < len(m.actions) && m.actions[i].from < to; i++ {
		if m.actions[i].kind != writesConstant {
			return m.actions[i], true
		}
	}
	return action{}, false
}

// opens reports whether actions write lines of their own into a rule, or right
// after it: further keys, perhaps.
func (m *mask) opens(view []byte, from, to int) bool {
	i := sort.Search(len(m.actions), func(i int) bool { return m.actions[i].from >= from })
	for ; i < len(m.actions); i++ {
		a := m.actions[i]
		if a.from >= to {
			// Nothing but actions may stand between the rule's end and this one.
			if !a.own || len(bytes.TrimSpace(view[to:max(to, a.line)])) > 0 {
				return false
			}
			to = a.to
		}
		if a.own && a.kind == writesValue {
			return true
		}
	}
	return false
}

// A rawText is a scalar's text as the view has it.
type rawText struct {
	text string
	cuts []cut
}

// A cut is filler of a raw text that the text has not.
type cut struct{ at, n int } // in the raw text

// text makes of a scalar's raw text, which stands in the view from an offset
// on, what the template writes as far as that is known: constants as they are
// written, other actions as they stand in the source.
func (m *mask) text(src []byte, raw string, from, to int) (string, []cut) {
	if strings.IndexByte(raw, m.filler) < 0 {
		return raw, nil
	}
	var b strings.Builder
	var cuts []cut
	at := 0 // in raw
	next := func(n int, write []byte) {
		i := strings.IndexByte(raw[at:], m.filler)
		if i < 0 || n == 0 {
			return
		}
		b.WriteString(raw[at : at+i])
		at += i
		n = min(n, len(raw)-at)
		if write == nil {
			cuts = append(cuts, cut{at, n})
		} else {
			b.Write(write[:n])
		}
		at += n
	}
	i := sort.Search(len(m.actions), func(i int) bool { return m.actions[i].to > from })
	for ; i < len(m.actions) && m.actions[i].from < to; i++ {
		switch a := m.actions[i]; {
		case a.comment && a.own:
		case a.kind == writesConstant:
			next(a.inner.from-a.from, nil)
			next(a.to-a.inner.to, nil)
		case !a.own || a.deep:
			next(a.to-a.start, src[a.start:a.to])
		}
	}
	b.WriteString(raw[at:])
	return b.String(), cuts
}

// places are where parts of the text, in order, stand in the raw text.
func (r rawText) places(parts []span) []span {
	out := make([]span, len(parts))
	offset := func(at int, end bool) int {
		for _, c := range r.cuts {
			if c.at > at || end && c.at == at {
				break
			}
			at += c.n
		}
		return at
	}
	for i, p := range parts {
		out[i] = span{offset(p.from, false), offset(p.to, true)}
		out[i].to = max(out[i].to, out[i].from)
		if p.from == p.to {
			out[i].to = out[i].from
		}
	}
	return out
}

// Conditions are the template conditions under which the rule is rendered,
// sorted; none for rules that are always there.
func (r *Rule) Conditions() []string {
	m := r.File().mask
	if m == nil {
		return nil
	}
	if m.unknown {
		return []string{fmt.Sprintf("whatever encloses offset %d", r.Node().Start.Offset)}
	}
	var out []string
	at := r.Node().Start.Offset
	for _, b := range m.blocks {
		if b.from <= at && at < b.to {
			out = append(out, b.condition)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Rendered reports whether Text is all of the value: false where it holds a
// template action that nobody has rendered, as it stands in the source.
func (s Scalar) Rendered() bool {
	if s.file == nil || s.file.mask == nil {
		return true
	}
	if s.file.mask.unsure[s.start] {
		return false
	}
	_, holds := s.file.mask.holds(int(s.start), s.end())
	return !holds
}

// templated is what an expression with template actions is made of.
const templated = "with template actions"

// unrendered says of a rule that its expression is left alone.
func (r *reader) unrendered(rule *Rule) {
	s := rule.ExprField.Value
	a, ok := r.file.mask.holds(int(s.start), s.end())
	if !ok {
		r.leave(rule.ExprField.Key.Span(), templated, "the expression depends on a template condition")
		return
	}
	at := r.file.span(a.from, min(a.to, lineEnd(r.file.Source, a.from)))
	r.leave(at, templated, "the expression holds a template action, "+shorten(r.file.text[at.Start.Offset:at.End.Offset]))
}

// doubt marks a value that a condition gives twice: which one will be rendered
// is not known.
func (m *mask) doubt(n *yaml.Node) {
	if n.Kind == yaml.ScalarNode {
		m.unsure[int32(n.Line)] = true
	}
	for _, c := range n.Content {
		m.unsure[int32(c.Line)] = true
	}
}
