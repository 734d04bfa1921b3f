package report

import (
	"bytes"
	"io"
	"regexp"
	"strings"
)

// Terminal writes for a person: worst first, calm, and short unless the report
// is Verbose. Text from rule files is sanitized; no line but one that holds
// nothing but a long path is wider than Width.
type Terminal struct {
	Width int  // columns; 0 stands for 80, and less than 40 for 40
	Color bool // colour by ANSI sequences; without it the text is the same
}

// Write implements Format.
func (t Terminal) Write(w io.Writer, r *Report) error {
	s := newSheet(t)
	switch {
	case r.Command == Map:
		s.mapping(mappingOf(r))
	case r.Command == Review && r.Result.History != nil:
		s.review(r)
	default:
		s.lint(r)
	}
	if s.err != nil {
		return s.err
	}
	_, err := w.Write(s.out.Bytes())
	return err
}

// A sheet is a terminal report in the making.
type sheet struct {
	out   bytes.Buffer
	width int
	paint
	err error // the first that a library gave
}

func newSheet(t Terminal) *sheet {
	if t.Width == 0 {
		t.Width = 80
	}
	return &sheet{width: max(t.Width, 40), paint: paint(t.Color)}
}

func (s *sheet) fail(err error) {
	if s.err == nil {
		s.err = err
	}
}

// line writes parts as one line. They are sanitized, cut and painted already.
func (s *sheet) line(parts ...string) {
	n := s.out.Len()
	for _, p := range parts {
		s.out.WriteString(p)
	}
	trimmed := bytes.TrimRight(s.out.Bytes()[n:], " ")
	s.out.Truncate(n + len(trimmed))
	if at := command.FindIndex(trimmed); at != nil {
		rest := string(trimmed[at[1]-1:])
		s.out.Truncate(n + at[1] - 2)
		s.out.WriteString(`\x3a` + rest)
	}
	s.out.WriteByte('\n')
}

// command is what a line of a log begins with that CI servers obey.
var command = regexp.MustCompile(`^(?:\pZ|\x1b\[[0-9;]*m)*::`)

// text wraps raw text, the first line after lead and the others as far in.
func (s *sheet) text(lead, code, raw string) {
	s.hanging(lead, columns(lead), code, raw)
}

// hanging is text whose lead is painted, and so is told how wide it is.
func (s *sheet) hanging(lead string, indent int, code, raw string) {
	for i, l := range wrap(sanitize(raw), max(min(s.width, prose)-indent, 20)) {
		if i > 0 {
			lead = strings.Repeat(" ", indent)
		}
		s.line(lead, s.in(code, l))
	}
}

// lines is how many lines the sheet holds.
func (s *sheet) lines() int { return bytes.Count(s.out.Bytes(), []byte{'\n'}) }

// fork is an empty sheet of the same make.
func (s *sheet) fork() *sheet { return &sheet{width: s.width, paint: s.paint} }
