package rules

import (
	"bytes"
	"fmt"

	"go.yaml.in/yaml/v3"
)

// maxBadDocuments are listed of one file: finding the place of what is wrong
// takes time.
const maxBadDocuments = 20

// ReadYAML reads a file that is no rule file, such as the specification of an
// SLO, as YAML documents. Of each node within them, Line is the offset at which
// it starts and Column that at which it ends, for NodeSpan and NodeScalar; of a
// scalar these leave out its anchor and its tag. A document that can't be read,
// or is not, is among the file's Problems and costs only itself. What a Helm
// template still has to write is none: such a file is a Problem of kind Limit.
//
// Bounds are those of rule files; the caller bounds the size. Nodes are no
// deeper than MaxYAMLDepth, but their aliases may lead to a node that contains
// them, and to any number of nodes. It keeps src.
func ReadYAML(path string, src []byte) (*File, []*yaml.Node) {
	f := Text(path, src)
	if !f.checkEncoding() {
		return f, nil
	}
	if f.isTemplate() {
		f.limit(int(f.lines[0]), "the file is a template, which is not read as it stands", renderFirst)
		return f, nil
	}
	docs, err := (&stream{file: f, to: len(src)}).roots()
	if err == nil {
		return f, docs
	}
	// The parser stops at the first mistake: each document by itself, then.
	docs = nil
	from, bad := 0, 0
	for _, to := range append(documentStarts(src), len(src)) {
		s := &stream{file: f, from: from, to: to}
		from = to
		more, err := s.roots()
		docs = append(docs, more...)
		if err == nil {
			continue
		}
		p := s.problem(err)
		if otherAction.Match(s.source()) {
			p.Kind, p.Hint = Limit, renderFirst
		}
		f.Problems = append(f.Problems, p)
		if bad++; bad == maxBadDocuments {
			f.limit(to, fmt.Sprintf("after %d documents that are not YAML nothing more is read", bad), "")
			break
		}
	}
	return f, docs
}

// roots are the documents of the stream, less those past a bound.
func (s *stream) roots() ([]*yaml.Node, error) {
	s.starts = yamlLineStarts(s.source())
	docs, err := decode(s.source())
	if err != nil {
		return nil, err
	}
	l := &layout{file: s.file, loc: newLocator(s.source(), s.from, s.starts), cursor: s.to} // no comments
	var out []*yaml.Node
	for _, doc := range docs {
		if len(doc.Content) == 0 {
			continue
		}
		if refused := l.place(doc.Content[0], 1); refused != nil {
			s.file.limit(refused.offset, refused.message, "")
			continue
		}
		out = append(out, doc.Content[0])
	}
	return out, nil
}

// documentStarts are the offsets of the lines that start a document after
// another one.
func documentStarts(src []byte) (starts []int) {
	content := false // seen in the document so far
	for at := 0; at < len(src); at = headerEnd(src, at) {
		line := src[at:lineEnd(src, at)]
		switch {
		case bytes.HasPrefix(line, []byte("---")) && (len(line) == 3 || isBlank(line[3])):
			if content {
				starts = append(starts, at)
			}
			content = len(bytes.TrimSpace(line[3:])) > 0
		case len(bytes.TrimSpace(line)) > 0 && line[0] != '#' && line[0] != '%':
			content = true
		}
	}
	return starts
}

// NodeSpan is the extent of a scalar from ReadYAML; of a mapping or a list, its
// first line.
func (f *File) NodeSpan(n *yaml.Node) Span {
	if n.Kind == yaml.ScalarNode || n.Kind == yaml.AliasNode {
		return f.span(n.Line, n.Column)
	}
	return f.span(n.Line, min(n.Column, lineEnd(f.view, n.Line)))
}

// NodeScalar is a scalar node from ReadYAML, with the way back from its text to
// the file.
func (f *File) NodeScalar(n *yaml.Node) Scalar { return f.newScalar(n.Line, n.Column, n.Value) }

// TooMuch says why an expression is not given to the parser, which it would
// take too long, and the offset in it that this is about; "" for any other.
func TooMuch(expr string) (why string, at int) {
	if len(expr) > MaxExprSize {
		return fmt.Sprintf("an expression of %d bytes; at most %d are read", len(expr), MaxExprSize), 0
	}
	l := lexExpr(expr)
	return l.refused, l.at
}
