package report

import (
	"fmt"

	"github.com/crywolf-dev/crywolf/analyze"
)

// fewFindings is the most that are written out one by one: two screens.
const fewFindings = 10

// screen is how many lines the findings of a run may take when there are many:
// with the summary below, a screen or two.
const screen = 56

// A depth is how much is said of each check when findings are folded.
type depth struct {
	excerpt  bool // the first finding with its source and advice
	examples int  // findings in a line each
	why      bool
	gap      bool // an empty line between checks
}

// depths from rich to poor; the first with which everything fits is taken.
var depths = []depth{
	{excerpt: true, examples: 3, why: true, gap: true},
	{excerpt: true, examples: 1, why: true, gap: true},
	{examples: 3, why: true, gap: true},
	{examples: 2, why: true, gap: true},
	{examples: 1, why: true, gap: true},
	{examples: 1, why: true},
	{examples: 1},
	{},
}

func (s *sheet) lint(r *Report) {
	gs := groups(r)
	if r.Verbose {
		defer s.passed(r)
	}
	switch {
	case len(gs) == 0:
		s.nothing(r)
		s.notes(r)
		return
	case r.Verbose || len(r.Result.Findings) <= fewFindings:
		s.all(gs)
	default:
		s.folded(gs)
	}
	s.summary(r, gs)
}

// nothing says what was read.
func (s *sheet) nothing(r *Report) {
	code := green
	if len(r.Result.Alerts) == 0 {
		code = yellow
	}
	s.text("", code, nothing(r))
}

// all writes every finding out, check by check.
func (s *sheet) all(gs []*group) {
	for _, g := range gs {
		why := g.why()
		for _, f := range g.findings {
			s.full(f, why)
			s.line()
			why = ""
		}
	}
}

// folded writes what there is room for of each check.
func (s *sheet) folded(gs []*group) {
	for i, d := range depths {
		part := s.fork()
		for _, g := range gs {
			of := d
			if g.severity == analyze.Error && i > 0 {
				of = depths[i-1] // what is broken keeps a little more room
			}
			part.group(g, of)
		}
		if part.lines() <= screen || i == len(depths)-1 {
			s.out.Write(part.out.Bytes())
			if !d.gap {
				s.line()
			}
			return
		}
	}
}

// severityWidth is that of the longest severity and the space after it.
const severityWidth = len("warning") + 2

func (s *sheet) group(g *group, d depth) {
	head := count(len(g.findings), "finding")
	id := sanitize(g.id)
	room := s.width - severityWidth - columns(id) - columns(head) - 4
	title := ""
	if room > 12 {
		title = cut(sanitize(g.title()), room)
	}
	s.line(
		s.in(severityColour(g.severity), padRight(g.severity.String(), severityWidth)), s.in(bold, id), "  ",
		s.in(bold, head), "  ", title,
	)
	if d.why && g.why() != "" {
		s.text(spaces(severityWidth), dim, g.why())
	}
	rest := g.findings
	if d.excerpt {
		f := rest[0]
		s.line("  ", place(f))
		s.text("    ", "", f.Message)
		s.source(f.File, f.Span, "  ", severityColour(f.Severity))
		if f.Advice != "" {
			s.text("    → ", "", f.Advice)
		}
		rest = rest[1:]
	}
	if len(g.findings) == 1 && !d.excerpt && d.examples > 0 { // it has the room of its examples
		s.line("  ", place(rest[0]))
		s.text("    ", "", rest[0].Message)
		rest = nil
	}
	if len(rest) == d.examples+1 { // "1 more" takes the line that it could have had
		d.examples++
	}
	for _, f := range rest[:min(d.examples, len(rest))] {
		s.brief("  ", f)
	}
	if more := len(rest) - d.examples; more > 0 && (d.examples > 0 || d.excerpt) {
		s.line(s.in(dim, fmt.Sprintf("  … and %s more", thousands(more))))
	}
	if d.gap {
		s.line()
	}
}
