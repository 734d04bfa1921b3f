package tmpl

import (
	"fmt"
	"strings"
)

const (
	// maxDepth bounds how deep blocks nest: the parser calls itself for each.
	maxDepth = 1000
	// maxAssignments bounds the variables: the parser looks through all of them
	// for every one that is used.
	maxAssignments = 1000
)

// A scanning is what can be told of a text's actions before it is parsed.
type scanning struct {
	open     []block // blocks that no end closes
	unclosed int     // where an action, quote or comment begins that never ends; -1 if none does

	deep     int // where nesting first exceeded maxDepth; -1 if nowhere
	assigned int // where assignments first exceeded maxAssignments; -1 if nowhere
}

type block struct {
	pos   int // of the action that opens it
	depth int // what it adds to the nesting: 1, and 1 for each else-if
}

func (s *scanning) bounds() error {
	if s.deep >= 0 {
		return &Error{Pos: s.deep, Msg: fmt.Sprintf("blocks nest over %d deep; split the template", maxDepth)}
	}
	if s.assigned >= 0 {
		return &Error{Pos: s.assigned, Msg: fmt.Sprintf("over %d variables are declared or assigned; split the template", maxAssignments)}
	}
	return nil
}

// scan reads the actions of a text as text/template's lexer would. Where the
// text is not a template it may go astray, but only after the place at which
// the parser stops.
func scan(text string) *scanning {
	s := &scanning{unclosed: -1, deep: -1, assigned: -1}
	depth, assignments := 0, 0
	for pos := 0; ; {
		i := strings.Index(text[pos:], "{{")
		if i < 0 {
			return s
		}
		start := pos + i
		action, end := scanAction(text, start)
		if end < 0 {
			s.unclosed = action.unclosed
			return s
		}
		pos = end

		assignments += action.assignments
		if assignments > maxAssignments && s.assigned < 0 {
			s.assigned = start
		}
		switch action.keyword {
		case "if", "with", "range", "block", "define":
			s.open = append(s.open, block{start, 1})
			depth++
		case "else if", "else with":
			if n := len(s.open); n > 0 {
				s.open[n-1].depth++
				depth++
			}
		case "end":
			if n := len(s.open); n > 0 {
				depth -= s.open[n-1].depth
				s.open = s.open[:n-1]
			}
		}
		if depth > maxDepth && s.deep < 0 {
			s.deep = start
		}
	}
}

type action struct {
	keyword     string // its first word or, after else, the first two
	assignments int
	unclosed    int
}

// scanAction reads the action that begins at start and returns where it ends,
// -1 if it does not.
func scanAction(text string, start int) (a action, end int) {
	a.unclosed = start
	pos := start + len("{{")
	if rest := text[pos:]; len(rest) > 1 && rest[0] == '-' && strings.IndexByte(" \t\r\n", rest[1]) >= 0 {
		pos += 2
	}
	if strings.HasPrefix(text[pos:], "/*") {
		i := strings.Index(text[pos+2:], "*/")
		if i < 0 {
			return a, -1
		}
		pos += 2 + i + 2
		i = strings.Index(text[pos:], "}}")
		if i < 0 {
			return a, -1
		}
		return a, pos + i + 2
	}
	a.keyword = keyword(text[pos:])
	for pos < len(text) {
		switch c := text[pos]; c {
		case '"', '\'', '`':
			n := quoted(text[pos:])
			if n < 0 {
				a.unclosed = pos
				return a, -1
			}
			pos += n
			continue
		case '=', ',':
			a.assignments++
		case '}':
			if strings.HasPrefix(text[pos:], "}}") {
				return a, pos + 2
			}
		}
		pos++
	}
	return a, -1
}

func keyword(s string) string {
	first, rest := word(s)
	if first == "else" {
		if second, _ := word(rest); second != "" {
			return first + " " + second
		}
	}
	return first
}

func word(s string) (first, rest string) {
	s = strings.TrimLeft(s, " \t\r\n")
	n := 0
	for n < len(s) && s[n] >= 'a' && s[n] <= 'z' {
		n++
	}
	return s[:n], s[n:]
}

// quoted returns the length of the quoted string at the start of s, -1 if it
// does not end.
func quoted(s string) int {
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == s[0]:
			return i + 1
		case s[0] == '`':
		case s[i] == '\\':
			i++
		case s[i] == '\n':
			return -1
		}
	}
	return -1
}
