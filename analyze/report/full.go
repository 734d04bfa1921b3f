package report

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/rules"
)

// full writes a finding out: place, severity and check on a line that tools
// can pick out, then the message, the source and the advice, and the reason
// where it is the first of its check.
func (s *sheet) full(f *analyze.Finding, why string) {
	s.place("", f)
	s.text("  ", "", f.Message)
	s.source(f.File, f.Span, "  ", severityColour(f.Severity))
	s.related(f)
	if len(f.Evidence) > 0 {
		s.text("  evidence: ", "", numbers(f.Evidence))
	}
	if f.Advice != "" {
		s.text("  → ", "", f.Advice)
	}
	if why != "" {
		s.text("  why: ", dim, why)
	}
}

// place writes where a finding is, how severe and of which check, on one line
// unless the path is too long for that.
func (s *sheet) place(indent string, f *analyze.Finding) {
	at, severity, id := place(f), f.Severity.String(), sanitize(f.Check)
	s.out.WriteString(indent)
	if columns(indent+at+severity+id)+4 > s.width {
		s.line(s.in(bold, at))
		s.line(indent, "  ", s.in(severityColour(f.Severity), severity), "  ", s.in(cyan, id))
		return
	}
	s.line(s.in(bold, at), "  ", s.in(severityColour(f.Severity), severity), "  ", s.in(cyan, id))
}

// source shows the line of a span with marks below, if there is one to show.
func (s *sheet) source(f *rules.File, span rules.Span, indent, code string) {
	number := strconv.Itoa(span.Start.Line)
	gutter := indent + padLeft(number, 5) + " │ "
	line, marks := excerpt(f, span, s.width-columns(gutter))
	if line == "" {
		return
	}
	s.line(s.in(dim, gutter), line)
	s.line(s.in(dim, indent+strings.Repeat(" ", 5)+" │ "), leading(marks), s.in(code, strings.TrimLeft(marks, " ")))
}

func leading(s string) string { return s[:len(s)-len(strings.TrimLeft(s, " "))] }

// mostRelated is how many other places one finding names.
const mostRelated = 4

func (s *sheet) related(f *analyze.Finding) {
	for i, rel := range f.Related {
		if i == mostRelated && len(f.Related) > mostRelated+1 {
			s.line("  ", s.in(dim, fmt.Sprintf("and %d more places", len(f.Related)-i)))
			return
		}
		at := where(rel.File, rel.Span)
		message := rel.Message
		if message == "" && rel.Rule != nil {
			message = rel.Rule.Name()
		}
		lead := "  see " + at + "  "
		switch {
		case columns("  see "+at) > s.width:
			s.line("  see")
			s.line("      ", at)
			lead = "      "
		case message == "" || columns(lead) > s.width*2/3:
			s.line(lead)
			lead = "      "
		}
		s.text(lead, dim, message)
	}
}

// place is path:line:column of a finding, columns in bytes, as compilers write
// it and editors read it.
func place(f *analyze.Finding) string { return where(f.File, f.Span) }

func where(f *rules.File, span rules.Span) string {
	if f == nil {
		return "(no file)"
	}
	path := sanitize(f.Path)
	if span.IsZero() {
		return path
	}
	return fmt.Sprintf("%s:%d:%d", path, span.Start.Line, span.Start.Column)
}

// brief is a finding in one line: its place, and as much of the message as
// there is room for, after the alert's name where the message leaves it out.
// Where the place takes up the line, the message has one of its own.
func (s *sheet) brief(indent string, f *analyze.Finding) {
	message := saying(f)
	const least = 36 // columns in which a message says something
	if at := place(f); s.width-columns(indent+at)-2 < least {
		s.line(indent, at)
		s.line(indent, "  ", s.in(dim, cut(sanitize(firstLine(message)), s.width-columns(indent)-2)))
		return
	}
	s.named(indent, place(f), message)
}

// named writes a place, and after it as much of some raw text as there is room
// for.
func (s *sheet) named(indent, at, raw string) {
	const least = 12 // columns of text that are worth having
	room := s.width - columns(indent+at) - 2
	if room < least {
		s.line(indent, at)
		return
	}
	s.line(indent, at, "  ", s.in(dim, cut(sanitize(firstLine(raw)), room)))
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(strings.TrimSpace(s), "\n")
	return s
}

// count writes a number with its noun, plural by an s; thousands are set apart.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return thousands(n) + " " + noun + "s"
}

func thousands(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
