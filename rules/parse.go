package rules

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"unsafe"
)

// Options for loading. The zero value is what the command uses.
type Options struct {
	// Jobs is how many files are read at once, 0 for as many as there are CPUs
	// to run on.
	Jobs int
	// Named says that the user named what is parsed by itself, so that finding
	// no rules in it is a Problem. Load knows for itself.
	Named bool
	// Skip leaves files and folders out of a walk; what the user named is read
	// all the same. The path is as in File.Path. nil leaves nothing out.
	Skip func(path string, dir bool) bool
	// Stdin is what "-" names.
	Stdin io.Reader

	shared *shared // by all files that are loaded together
}

// Parse reads one file of rules that is in memory already. The File keeps src,
// and parts of its text point into it: it must not be changed any more.
// Parse never fails: what is wrong with the file is in its Problems.
func Parse(path string, src []byte, opts Options) *File {
	f := &File{Path: path, Named: opts.Named, Source: src, lines: []int32{0}, shared: opts.shared, matchers: opts.shared.pool(), slab: &slab{size: len(src)}}
	if len(src) > MaxFileSize {
		f.limit(0, fmt.Sprintf("the file is larger than %d MiB", MaxFileSize>>20), "Split the file.")
		f.Source = nil // not kept in memory
		return f
	}
	if !f.Named && !mentionsRules(src) {
		f.passOverText(src)
		f.Source = nil // neither rules nor a mention of them: nothing to keep
		return f
	}
	f.text = unsafe.String(unsafe.SliceData(src), len(src))
	f.lines = lineStarts(src)
	if f.checkEncoding() {
		f.parse(f.isTemplate())
		if f.mask == nil && f.failsAsTemplate() {
			f = f.parseAsTemplate()
		}
	}
	if len(f.Problems) == 0 && f.ruleCount() == 0 {
		f.noRules()
	}
	f.tidy()
	f.shared.pack(f)
	f.shared, f.slab = nil, nil
	return f
}

// mentionsRules is a quick look for what every file with rules has, and most
// others have not.
func mentionsRules(src []byte) bool {
	return bytes.Contains(src, []byte("groups")) || bytes.Contains(src, []byte("PrometheusRule")) ||
		bytes.Contains(src, []byte("expr:")) && (bytes.Contains(src, []byte("alert:")) || bytes.Contains(src, []byte("record:"))) ||
		bytes.Contains(src, []byte("alert_rule_test:"))
}

// refuse reports that the file as a whole can't be read, but stays silent
// about a file that the user didn't name and that has nothing to do with rules.
func (f *File) refuse(offset int, message, hint string) {
	f.leave(BadYAML, offset, message, hint)
}

// limit says of a file that crywolf does not read it, though it may be sound.
func (f *File) limit(offset int, message, hint string) {
	f.leave(Limit, offset, message, hint)
}

func (f *File) leave(kind ProblemKind, offset int, message, hint string) {
	if f.Named || looksLikeRules(f.Source) {
		f.Problems = append(f.Problems, Problem{Kind: kind, Span: f.span(offset, offset+1), Message: message, Hint: hint})
	}
}

func (f *File) parse(template bool) {
	f.view = f.Source
	s := stream{file: f, to: len(f.Source), starts: f.lines}
	if template {
		if refused, at := f.maskActions(); refused != "" {
			f.limit(at, refused, renderFirst)
			return
		}
		s.starts = nil // the view has lines of its own
	}
	s.read(f.Named)
	f.shareLanguage()
	if len(f.Groups) > 0 {
		f.findOrigin()
	}
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

// noRules says why there are none, as a problem where there should be some.
func (f *File) noRules() {
	p := Problem{Kind: NoRules, Message: "no rules in the file"}
	if len(f.lines) > 1 || len(f.Source) > 0 {
		p.Span = f.span(int(f.lines[0]), int(f.lines[0])+len(f.Line(1)))
	}
	switch {
	case f.mask != nil && len(f.Passed) == 0 && f.Shape != ShapeUnknown:
		f.passOverTemplate()
		if f.Named {
			p.Message, p.Hint = "no Prometheus rules in the file, which is a template", renderFirst
			f.Problems = append(f.Problems, p)
		}
		return
	case f.Shape == ShapeTests:
		return // whoever named it, with a glob of the shell perhaps
	case len(f.Passed) > 0 && f.Named:
		p.Span, p.Message = f.Passed[0].Span, "no rules in the file: "+f.Passed[0].Message
	case len(f.Passed) > 0:
		return
	case f.Shape == ShapeUnknown && !f.Named:
		f.passOverText(f.Source)
		return
	case f.mask != nil:
		p.Message, p.Hint = "no Prometheus rules in the file, which is a template", renderFirst
	case f.Shape == ShapeUnknown:
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
		f.Source, f.view, f.mask, f.text, f.Comments = nil, nil, nil, "", nil // not looked at again
		f.lines = []int32{0}
	}
}
