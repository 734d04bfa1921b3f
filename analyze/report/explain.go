package report

import (
	"io"
	"strings"

	"github.com/crywolf-dev/crywolf/analyze"
)

// Explain writes the page of one check for a screen: its paragraphs are filled
// to the width, its examples stay as they are.
func Explain(w io.Writer, c *analyze.Check, on Screen) error {
	var page strings.Builder
	if err := CheckPage(&page, c); err != nil {
		return err
	}
	s := newSheet(Terminal(on))
	var paragraph []string
	flush := func() {
		s.fill("", strings.Join(paragraph, " "))
		paragraph = nil
	}
	fenced := false
	for line := range strings.Lines(page.String()) {
		line = strings.TrimSuffix(line, "\n")
		item, listed := strings.CutPrefix(line, "- ")
		switch {
		case strings.HasPrefix(line, "```"):
			flush()
			fenced = !fenced
			s.line(s.in(dim, line))
		case fenced:
			s.line(line)
		case line == "":
			flush()
			s.line()
		case strings.HasPrefix(line, "#"):
			s.line(s.in(bold, line))
		case listed:
			flush()
			s.fill("- ", item)
		default:
			paragraph = append(paragraph, line)
		}
	}
	flush()
	_, err := w.Write(s.out.Bytes())
	return err
}

// List writes a line for each check, or a few where the screen is narrow.
func List(w io.Writer, checks []*analyze.Check, on Screen) error {
	s := newSheet(Terminal(on))
	ids, severities := 0, 0
	for _, c := range checks {
		ids, severities = max(ids, columns(c.ID)), max(severities, columns(c.Severity.String()))
	}
	indent := ids + severities + 2*columnGap
	const least = 24 // columns in which a title is worth having
	for _, c := range checks {
		severity := padRight(c.Severity.String(), severities+columnGap)
		if s.width-indent < least {
			s.line(s.in(bold, c.ID), spaces(columnGap), s.in(severityColour(c.Severity), severity))
			s.text(spaces(columnGap), "", c.Doc.Title)
			continue
		}
		s.hanging(s.in(bold, padRight(c.ID, ids+columnGap))+s.in(severityColour(c.Severity), severity), indent, "", c.Doc.Title)
	}
	_, err := w.Write(s.out.Bytes())
	return err
}

// fill wraps text of crywolf's own, the first line after lead and the others as
// far in. Unlike text it leaves long words whole, which are addresses to copy.
func (s *sheet) fill(lead, text string) {
	room := min(s.width, prose) - columns(lead)
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && columns(line)+1+columns(word) > room {
			s.line(lead, line)
			lead, line = spaces(columns(lead)), ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	if line != "" {
		s.line(lead, line)
	}
}
