package rules

import (
	"bytes"
	"slices"
)

// A Fix is a change of a file's text of which nobody can doubt that it is what
// was meant.
type Fix struct {
	Message string // what it does, as an order: "write `labels`"
	Edits   []Edit // in order of the text, apart from each other

	// Within is all that may read otherwise once the fix is made; where it is
	// zero, nothing may.
	Within Span
}

// An Edit replaces the text under a span; an empty span is a place to insert at.
type Edit struct {
	Span Span
	Text string
}

// Shared reports whether what stands at the span is part of a value with an
// anchor, which may be used elsewhere: an edit there changes all of its uses.
func (f *File) Shared(s Span) bool {
	return len(f.anchored) > maxAnchors || slices.ContainsFunc(f.anchored, func(a span) bool {
		return a.from <= s.Start.Offset && s.Start.Offset <= a.to || s.Start.Offset <= a.from && a.from < s.End.Offset
	})
}

// Templated reports whether the file is a template, which says only in part
// what will be read once it is rendered.
func (f *File) Templated() bool { return f.mask != nil }

// Literal is the span of the decoded bytes Text[start:end] where they stand in
// the file as they are, on one line: without escapes, folds or template
// actions. What replaces them is then read as it is written, if it means
// nothing to YAML. ok is false elsewhere, and where the scalar is Shared.
func (s Scalar) Literal(start, end int) (at Span, ok bool) {
	if s.file == nil || start < 0 || end <= start || end > len(s.Text()) || !s.Rendered() {
		return Span{}, false
	}
	at = s.Sub(start, end)
	from, to := at.Start.Offset, at.End.Offset
	return at, s.file.text[from:to] == s.Text()[start:end] && at.Start.Line == at.End.Line && !s.file.Shared(s.Span())
}

// WholeLines is the span of the lines on which a span lies, with their line
// breaks; ok is false where anything but white space shares them.
func (f *File) WholeLines(s Span) (lines Span, ok bool) {
	if s.IsZero() || s.End.Offset <= s.Start.Offset {
		return Span{}, false
	}
	last := lastLine(s)
	from, to := int(f.lines[s.Start.Line-1]), len(f.Source)
	if last < len(f.lines) {
		to = int(f.lines[last])
	}
	blank := len(bytes.TrimLeft(f.Source[from:s.Start.Offset], " \t")) == 0 &&
		len(bytes.TrimLeft(f.Source[min(s.End.Offset, to):to], " \t\r\n")) == 0
	return f.span(from, to), blank
}

// lastLine of a span, which may end at the very start of the line after it.
func lastLine(s Span) int {
	if s.End.Column == 1 && s.End.Line > s.Start.Line {
		return s.End.Line - 1
	}
	return s.End.Line
}
