package rules

import (
	"go.yaml.in/yaml/v3"
)

// A stream is a part of a file that is read as YAML documents by themselves:
// all of it, or the text of a value, such as that of a ConfigMap's key.
type stream struct {
	file     *File
	from, to int
	depth    int     // streams within streams
	starts   []int32 // offsets from from where YAML's lines start; found where nil
}

func (s *stream) source() []byte { return s.file.view[s.from:s.to] }

// read reads every document that the program which loads the file would read.
// What is wrong with a stream that neither was named nor looks like rules is
// passed over.
func (s *stream) read(named bool) {
	f := s.file
	if s.starts == nil {
		s.starts = yamlLineStarts(s.source())
	}
	quick := quickReaders.Get().(*quickYAML)
	defer quick.release()
	docs, err := quick.decode(s.source())
	if len(docs) == 0 {
		if err != nil {
			s.notYAML(err, named)
		}
		return
	}
	first := docs[0].Content[0]
	// Mimir reads every document of a file with namespaces, and Kubernetes every
	// object; Prometheus the first document, be it empty.
	plain := isPlain(first, named) && scalarAt(first, "namespace") == ""
	empty := first.ShortTag() == "!!null" || keyless(first)
	l := &layout{file: f, loc: newLocator(s.source(), s.from, s.starts), cursor: s.from}
	for i, doc := range docs {
		root := doc.Content[0]
		before := l.nodes
		if refused := l.place(root, 1); refused != nil {
			if i == 0 || !plain {
				f.limit(refused.offset, refused.message, "")
			}
			return
		}
		nodes := l.nodes - before
		r := &reader{file: f, root: root, depth: s.depth, named: named, budget: 4*nodes + min(maxAliasRatio*nodes, maxAliasNodes)}
		if i > 0 && (plain || empty && isPlain(root, named)) {
			f.Shape = ShapePlain
			if !f.vmalert { // which reads every document
				r.ignored()
				continue
			}
		}
		groups := len(f.Groups)
		r.document()
		r.unlisted()
		if r.stopped {
			f.Groups = f.Groups[:groups]
		}
	}
	f.misread += l.misread
	switch {
	case err == nil:
		l.comments(s.to)
	case plain, empty && named && len(f.Groups) == 0:
		p := s.problem(err)
		p.Kind = IgnoredDocument
		p.Message = "Prometheus ignores what follows the first YAML document, which is " + p.Message
		f.Problems = append(f.Problems, p)
	default:
		s.notYAML(err, named)
	}
}

func (s *stream) notYAML(err error, named bool) {
	f := s.file
	p := s.problem(err)
	template := f.mask != nil || brokenByTemplate.Match(f.Source)
	switch {
	case f.mask != nil:
		p.Kind, p.Hint = Limit, renderFirst
		p.Message += ", even with its template actions set aside"
	case template:
		p.Hint = renderFirst
	}
	if named || looksLikeRules(f.Source) && !template {
		f.Problems = append(f.Problems, p)
	} else {
		p.Kind = PassedOver
		f.Passed = append(f.Passed, p)
	}
}

// keyless reports whether a mapping has none but null keys, which are no keys.
func keyless(n *yaml.Node) bool {
	for i := 0; i < len(n.Content); i += 2 {
		if n.Content[i].ShortTag() != "!!null" {
			return false
		}
	}
	return n.Kind == yaml.MappingNode
}

// maxNested bounds streams within streams, each of which is read anew.
const maxNested = 3

// nested reads the text of a value as a stream of its own. Only in a literal
// block does the text stand as it is, each line indented by the same.
func (r *reader) nested(n *yaml.Node) {
	f := r.file
	if r.depth == maxNested {
		return
	}
	if n.Style&yaml.LiteralStyle == 0 {
		r.passOver(r.headSpan(n), "rules in a value that is not a literal block (|) are not read")
		return
	}
	s := stream{file: f, from: headerEnd(f.view, n.Line), to: n.Column, depth: r.depth + 1}
	if s.from >= s.to {
		return
	}
	s.unindentMarkers()
	s.read(false)
}

// unindentMarkers moves the marks between documents to where YAML wants them,
// the start of their line, in a view of the file's own.
func (s *stream) unindentMarkers() {
	f := s.file
	for at := s.from; at < s.to; at = headerEnd(f.view, at) {
		line := f.view[at:lineEnd(f.view, at)]
		n := spaces(line)
		if n == 0 || string(line[n:]) != "---" {
			continue
		}
		if &f.view[0] == &f.Source[0] {
			f.view = append([]byte(nil), f.view...)
			line = f.view[at : at+len(line)]
		}
		copy(line, "---")
		fill(line[3:], ' ')
	}
}

// passOver says what is not read, and why.
func (r *reader) passOver(at Span, message string) {
	r.file.Passed = append(r.file.Passed, Problem{Kind: PassedOver, Span: at, Message: message, Rule: r.rule})
}

// leave says of the rule that is read why its expression is not judged: what it
// is made of, in a word or two, and the reason as a sentence.
func (r *reader) leave(at Span, of, message string) {
	r.file.Passed = append(r.file.Passed, Problem{Kind: PassedOver, Span: at, Detail: of, Message: message, Rule: r.rule})
}
