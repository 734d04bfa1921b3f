package rules

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/crywolf-dev/crywolf/rules/nearest"
)

// A reader turns the nodes of one document into groups and problems.
type reader struct {
	file   *File
	root   *yaml.Node
	depth  int  // of the stream
	named  bool // the user named what is read
	budget int  // nodes that may yet be read

	// What is being read is for a chart of unknown making to make rules of.
	loose bool

	// What is being read is vmalert's, whose language, MetricsQL, has what PromQL
	// lacks.
	metricsQL bool
	foreign   string // the language of a group that asks no Prometheus, "" for the others

	rule     *Rule // being read
	problems int   // so far, listed or not
	stopped  bool  // the document was refused
}

// maxProblems bounds the list of problems of a document, which the same mistake
// all over a generated file would fill.
const maxProblems = 1000

func (r *reader) problem(p Problem) {
	if r.stopped {
		return
	}
	p.Rule = r.rule
	if r.problems++; r.problems <= maxProblems {
		r.file.Problems = append(r.file.Problems, p)
	}
}

// refuse gives up on the document.
func (r *reader) refuse(n *yaml.Node, kind ProblemKind, message string) {
	r.rule, r.problems = nil, 0 // so that it is listed
	r.problem(Problem{Kind: kind, Span: r.headSpan(n), Message: message})
	r.stopped = true
}

func (r *reader) nodeSpan(n *yaml.Node) Span { return r.file.span(n.Line, n.Column) }

// scalar makes a Scalar of a node with the text that was read from it.
func (r *reader) scalar(n *yaml.Node, text string) Scalar {
	f := r.file
	if f.mask != nil {
		raw := text
		if n.Kind == yaml.ScalarNode && n.Style&yaml.TaggedStyle == 0 {
			raw = n.Value // of a key, text is what it stands for already
		}
		if text, cuts := f.mask.text(f.Source, raw, n.Line, n.Column); text != raw {
			f.mask.raws[int32(n.Line)] = rawText{raw, cuts}
			return f.newScalar(n.Line, n.Column, text)
		}
	}
	return f.newScalar(n.Line, n.Column, text)
}

// open notes that the rule which is read may have more to it than is seen.
func (r *reader) open() {
	if r.rule != nil {
		r.rule.Open = true
	}
}

// rendered reports whether no template action is part of a scalar.
func (r *reader) rendered(n *yaml.Node) bool {
	return Scalar{file: r.file, start: int32(n.Line), stop: int32(n.Column)}.Rendered()
}

// text reads a scalar as Prometheus decodes one into a string: any scalar is
// its own text, whatever its type (no, 1, 2020-01-01), except null.
func (r *reader) text(n *yaml.Node, what string) (text string, null, ok bool) {
	if n.Kind != yaml.ScalarNode {
		r.problem(Problem{
			Kind: BadField, Span: r.headSpan(n),
			Message: fmt.Sprintf("%s must be text, not %s", what, describe(n)),
		})
		return "", false, false
	}
	if n.Style&yaml.TaggedStyle != 0 {
		// The YAML package knows whether the text fits the tag.
		var text string // apart from the result, which would be made on the heap for its sake
		if err := n.Decode(&text); err != nil {
			r.problem(Problem{Kind: BadValue, Span: r.nodeSpan(n), Message: strings.TrimPrefix(err.Error(), "yaml: ")})
			return "", false, false
		}
		return text, n.ShortTag() == "!!null", true
	}
	if n.Tag == "!!null" {
		return "", true, true
	}
	return n.Value, false, true
}

// isNull reports whether a node is null, which stands for an absent value.
func (r *reader) isNull(n *yaml.Node) bool {
	if n.ShortTag() != "!!null" {
		return false
	}
	if n.Style&yaml.TaggedStyle != 0 && n.Kind == yaml.ScalarNode {
		r.text(n, "") // reports a tag that the text does not fit
	}
	return true
}

// headSpan is where to point for a whole mapping or list: its first line.
func (r *reader) headSpan(n *yaml.Node) Span {
	if n.Kind == yaml.ScalarNode {
		return r.nodeSpan(n)
	}
	return r.file.span(n.Line, min(n.Column, lineEnd(r.file.view, n.Line)))
}

// field reads an entry whose value is a scalar.
func (r *reader) field(e entry) (f Field, null, ok bool) {
	f.Key = r.scalar(resolved(e.key), e.name)
	text, null, ok := r.text(e.val, e.name)
	if !ok {
		f.Value = r.file.newScalar(e.val.Line, e.val.Line, "")
		return f, false, false
	}
	f.Value = r.scalar(e.val, text)
	return f, null, true
}

// unknown reports a key of a mapping that does not belong.
func (r *reader) unknown(e entry, in *yaml.Node, where string, known []string) {
	if !r.rendered(resolved(e.key)) {
		r.open()
		return
	}
	if r.loose {
		r.open()
		return
	}
	p := Problem{
		Kind: BadField, Span: r.nodeSpan(resolved(e.key)), Detail: e.name,
		Message: fmt.Sprintf("unknown key %q in %s", shorten(e.name), where),
		Fix:     r.rename(e, in, known),
	}
	if best := nearest.To(e.name, known); best != "" {
		p.Hint = fmt.Sprintf("Did you mean %q?", best)
	} else {
		p.Hint = "Known keys are " + strings.Join(known, ", ") + "."
	}
	r.problem(p)
}

// repeated reports a key of a mapping with fixed keys that comes back under
// another guise, such as an alias; entries finds the rest.
func (r *reader) repeated(e entry, known []string, seen *[]string) {
	if !slices.Contains(known, e.name) {
		return // it has its own problem
	}
	if slices.Contains(*seen, e.name) && r.file.mask == nil {
		r.problem(Problem{
			Kind: DuplicateKey, Span: r.nodeSpan(resolved(e.key)), Detail: e.name,
			Message: fmt.Sprintf("key %q is already set", e.name),
		})
	}
	*seen = append(*seen, e.name)
}

// mapping reads labels or annotations.
func (r *reader) mapping(e entry) Mapping {
	if !r.wantMapping(e.val, e.name) {
		return nil
	}
	entries := r.entries(e.val)
	out := r.file.slab.mapping(len(entries))
	var at map[string]int // of many; few are looked through
	if len(entries) > 16 {
		at = make(map[string]int, len(entries))
	}
	for _, e := range entries {
		if r.stopped {
			return nil
		}
		f, _, ok := r.field(e)
		if !ok {
			continue
		}
		i, ok := at[f.Key.Text()]
		if at == nil {
			i = slices.IndexFunc(out, func(o Field) bool { return o.Key.Text() == f.Key.Text() })
			ok = i >= 0
		}
		if ok { // the same key under an alias, or merged
			out[i] = f
			continue
		}
		if at != nil {
			at[f.Key.Text()] = len(out)
		}
		out = append(out, f)
	}
	return out
}

// wantMapping reports whether a node is a mapping, and complains unless it is
// null, which stands for an absent one.
func (r *reader) wantMapping(n *yaml.Node, what string) bool {
	if n.Kind == yaml.ScalarNode && !r.rendered(n) {
		r.passOver(r.headSpan(n), what+" is written by a template action")
		return false
	}
	if n.Kind != yaml.MappingNode && !r.isNull(n) {
		r.problem(Problem{
			Kind: BadField, Span: r.headSpan(n),
			Message: fmt.Sprintf("%s must be a mapping, not %s", what, describe(n)),
		})
	}
	return n.Kind == yaml.MappingNode
}

// items are the elements of a list, nulls left out as Prometheus does.
func (r *reader) items(n *yaml.Node, what string) []*yaml.Node {
	if n.Kind != yaml.SequenceNode {
		if n.Kind == yaml.ScalarNode && !r.rendered(n) {
			r.passOver(r.headSpan(n), what+" is written by a template action")
			return nil
		}
		if !r.isNull(n) {
			r.problem(Problem{
				Kind: BadField, Span: r.headSpan(n),
				Message: fmt.Sprintf("%s must be a list, not %s", what, describe(n)),
				Hint:    `Start each of its items with "- ".`,
			})
		}
		return nil
	}
	r.visit(len(n.Content))
	var out []*yaml.Node
	for _, c := range n.Content {
		if c = resolved(c); !r.isNull(c) {
			out = append(out, c)
		}
	}
	return out
}
