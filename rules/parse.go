package rules

import (
	"bytes"
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"unicode/utf8"
	"unsafe"

	"go.yaml.in/yaml/v3"
)

// Options for loading. The zero value is what the command uses.
type Options struct {
	// Jobs is how many files are read at once, 0 for as many as there are CPUs
	// to run on.
	Jobs int
	// Named says that the user named what is parsed by itself, so that finding
	// no rules in it is a Problem. Load knows for itself.
	Named bool
}

// Parse reads one file of rules that is in memory already. The File keeps src,
// and parts of its text point into it: it must not be changed any more.
// Parse never fails: what is wrong with the file is in its Problems.
func Parse(path string, src []byte, opts Options) *File {
	f := &File{Path: path, Named: opts.Named, Source: src, lines: []int32{0}}
	if len(src) > MaxFileSize {
		f.refuse(0, fmt.Sprintf("the file is larger than %d MiB", MaxFileSize>>20), "Split the file.")
		f.Source = nil // not kept in memory
		return f
	}
	if !f.Named && !bytes.Contains(src, []byte("groups")) && !bytes.Contains(src, []byte("PrometheusRule")) {
		f.Source = nil // neither rules nor a mention of them: nothing to keep
		return f
	}
	f.text = unsafe.String(unsafe.SliceData(src), len(src))
	f.lines = lineStarts(src)
	if f.checkEncoding() {
		f.parse()
	}
	if len(f.Problems) == 0 && f.ruleCount() == 0 && (f.Named || f.Shape != ShapeUnknown) {
		f.noRules()
	}
	f.tidy()
	return f
}

// refuse reports that the file as a whole can't be read, but stays silent
// about a file that the user didn't name and that has nothing to do with rules.
func (f *File) refuse(offset int, message, hint string) {
	if f.Named || looksLikeRules(f.Source) {
		f.Problems = append(f.Problems, Problem{Kind: BadYAML, Span: f.span(offset, offset+1), Message: message, Hint: hint})
	}
}

var (
	groupsLine = regexp.MustCompile(`(?:^|[\r\n])[ \t]*groups:`)
	ruleLine   = regexp.MustCompile(`[\r\n][ \t]*-[ \t]+(?:alert|record):`)

	// What Prometheus's own templates never have: Helm's objects and
	// functions, its way to write a literal {{, a template action that starts a
	// line of the file, and Jinja statements.
	templateMark = regexp.MustCompile("\\{\\{[^}]*(?:\\.Values|\\.Release|\\.Chart|\\.Capabilities|\\binclude\\b)|\\{\\{-?[ ]*`|(?m:^\\{\\{)|\\{%")
)

// looksLikeRules judges by the text alone, for files that are not YAML.
func looksLikeRules(src []byte) bool {
	return groupsLine.Match(src) && ruleLine.Match(src)
}

// checkEncoding refuses what no YAML parser should see, at its place.
func (f *File) checkEncoding() bool {
	src := f.Source
	if bytes.HasPrefix(src, []byte("\xff\xfe")) || bytes.HasPrefix(src, []byte("\xfe\xff")) {
		f.refuse(0, "the file is in UTF-16", "Save it as UTF-8.")
		return false
	}
	marks := 0
	for i := 0; i < len(src); {
		c := src[i]
		if c >= utf8.RuneSelf {
			r, w := utf8.DecodeRune(src[i:])
			switch {
			case r == utf8.RuneError && w == 1:
				f.refuse(i, fmt.Sprintf("byte 0x%02x is not UTF-8", c), "Save the file as UTF-8.")
				return false
			case r < 0xA0 && r != 0x85 || r == 0xFFFE || r == 0xFFFF:
				f.refuse(i, fmt.Sprintf("control character %U is not allowed in YAML", r), "Remove it, or write it as an escape in double quotes.")
				return false
			}
			i += w
			continue
		}
		i++
		switch {
		case c == 0:
			f.refuse(i-1, "a NUL byte: the file is binary, or in UTF-16", "Save it as UTF-8 text.")
			return false
		case c < ' ' && c != '\t' && c != '\n' && c != '\r' || c == 0x7F:
			f.refuse(i-1, fmt.Sprintf("control character %U is not allowed in YAML", c), "Remove it, or write it as an escape in double quotes.")
			return false
		case c == ':' || c == ',' || c == '[' || c == '{' || c == '-' || c == '?':
			marks++
		}
	}
	if marks > maxYAMLMarks {
		f.refuse(0, fmt.Sprintf("the file has %d signs that can start a YAML node; at most %d are read", marks, maxYAMLMarks), "Split the file.")
		return false
	}
	return true
}

func (f *File) parse() {
	docs, err := decode(f.Source)
	if len(docs) == 0 {
		if err != nil && (f.Named || looksLikeRules(f.Source)) {
			f.notYAML(err)
		}
		return
	}
	first := docs[0].Content[0]
	single := f.isPlain(first) && scalarAt(first, "namespace") == ""
	l := &layout{file: f, loc: newLocator(f.Source, f.lines)}
	for i, doc := range docs {
		root := doc.Content[0]
		before := l.nodes
		if refused := l.place(root, 1); refused != nil {
			if i == 0 || !single {
				f.refuse(refused.offset, refused.message, "")
			}
			return
		}
		nodes := l.nodes - before
		r := &reader{file: f, root: root, budget: 4*nodes + min(maxAliasRatio*nodes, maxAliasNodes)}
		if i > 0 && single {
			r.ignored()
			continue
		}
		groups := len(f.Groups)
		r.document()
		r.unlisted()
		if r.stopped {
			f.Groups = f.Groups[:groups]
		}
	}
	f.misread = l.misread
	switch {
	case err == nil:
		l.comments(len(f.Source))
	case single:
		p := f.yamlProblem(err)
		p.Kind = IgnoredDocument
		p.Message = "Prometheus ignores what follows the first YAML document, which is " + p.Message
		f.Problems = append(f.Problems, p)
	case f.Named || looksLikeRules(f.Source):
		f.notYAML(err)
	}
}

func (f *File) notYAML(err error) {
	p := f.yamlProblem(err)
	if templateMark.Match(f.Source) {
		if !f.Named {
			return
		}
		p.Hint = "It looks like a template: render it first, and check the result."
	}
	f.Problems = append(f.Problems, p)
}

func (r *reader) unlisted() {
	if n := r.problems - maxProblems; n > 0 && !r.stopped {
		r.file.Problems = append(r.file.Problems, Problem{
			Kind: BadYAML, Span: r.headSpan(r.root),
			Message: fmt.Sprintf("%d more problems in this document are not listed", n),
		})
	}
}

func (r *reader) ignored() {
	if r.root.ShortTag() == "!!null" {
		return
	}
	r.problem(Problem{
		Kind: IgnoredDocument, Span: r.headSpan(r.root),
		Message: "Prometheus reads the first YAML document of a file only; this one is ignored",
		Hint:    "Move its groups to the first document, or to a file of their own.",
	})
}

func (f *File) noRules() {
	p := Problem{Kind: NoRules, Message: "no rules in the file"}
	if len(f.lines) > 1 || len(f.Source) > 0 {
		p.Span = f.span(int(f.lines[0]), int(f.lines[0])+len(f.Line(1)))
	}
	if f.Shape == ShapeUnknown {
		p.Message = "no Prometheus rules in the file"
		p.Hint = "Rules are read from files with groups: at the top, and from PrometheusRule objects."
	}
	f.Problems = append(f.Problems, p)
}

func (f *File) ruleCount() int {
	n := 0
	for _, g := range f.Groups {
		n += len(g.Rules)
	}
	return n
}

// tidy brings problems and comments in the order of the text, and drops those
// that an alias found twice.
func (f *File) tidy() {
	slices.SortStableFunc(f.Problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Span.Start.Offset, b.Span.Start.Offset), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Message, b.Message))
	})
	f.Problems = slices.CompactFunc(f.Problems, func(a, b Problem) bool {
		return a.Kind == b.Kind && a.Span == b.Span && a.Message == b.Message
	})
	slices.SortStableFunc(f.Comments, func(a, b Comment) int {
		return cmp.Compare(a.Span.Start.Offset, b.Span.Start.Offset)
	})
	f.Comments = slices.Compact(f.Comments)
	if f.Shape == ShapeUnknown && len(f.Problems) == 0 {
		f.Source, f.text, f.Comments = nil, "", nil // not looked at again
		f.lines = []int32{0}
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
