package tmpl

import (
	"regexp"
	"sort"
	"strconv"
	"strings"
)

// An Error says why a text is not a template that Prometheus accepts.
type Error struct {
	Pos int // byte of the text: the offending word where it could be told, else its action
	Msg string
}

func (e *Error) Error() string { return e.Msg }

var (
	errorPrefix = regexp.MustCompile(`^template: ` + templateName + `:(\d+): `)
	actionPlace = regexp.MustCompile(` (in action )?started at ` + templateName + `:(\d+)`)
	neverEnds   = regexp.MustCompile(`^(unclosed (action|comment)|unterminated )`)
	errorRune   = regexp.MustCompile(`U\+([0-9A-F]{4,6}) `)
	errorWord   = regexp.MustCompile(`"(?:[^"\\]|\\.)+"|<\w+>`)
)

// maxExact is the size of a text, in bytes, up to which the place of an error
// is sought within its line, at the cost of some twenty more parses.
const maxExact = 1 << 16

// newError places err, of which text/template tells the line alone.
func newError(text string, s *scanning, err error) *Error {
	raw := err.Error()
	line := 1
	if m := errorPrefix.FindStringSubmatch(raw); m != nil {
		line, _ = strconv.Atoi(m[1])
	}
	msg := errorPrefix.ReplaceAllString(raw, "")
	msg = strings.TrimPrefix(msg, "template: ")
	msg = actionPlace.ReplaceAllString(msg, " in the action begun on line $2")
	return &Error{Pos: errorPos(text, s, raw, msg, line), Msg: msg}
}

func errorPos(text string, s *scanning, raw, msg string, line int) int {
	switch {
	case msg == "unexpected EOF" && len(s.open) > 0:
		return s.open[len(s.open)-1].pos
	case s.unclosed >= 0 && neverEnds.MatchString(msg):
		return s.unclosed
	}
	start := lineStart(text, line)
	if len(text) > maxExact {
		return start
	}
	// The parser stops at the first error: any beginning of the text that holds
	// the place fails in the same words.
	end := start + sort.Search(len(text)-start, func(n int) bool {
		_, err := parseText(text[:start+n])
		return err != nil && err.Error() == raw
	})
	if w := offender(msg); w != "" {
		if i := strings.LastIndex(text[:end], w); i >= 0 {
			return i
		}
	}
	if i := strings.LastIndex(text[:end], "{{"); i >= 0 {
		return i
	}
	return start
}

// offender is the word or character that a message is about, "" where it names
// none.
func offender(msg string) string {
	if strings.HasPrefix(msg, "unexpected right paren") {
		return ")"
	}
	if m := errorRune.FindStringSubmatch(msg); m != nil {
		if r, err := strconv.ParseInt(m[1], 16, 32); err == nil {
			return string(rune(r))
		}
	}
	w := errorWord.FindString(msg)
	if s, err := strconv.Unquote(w); err == nil {
		return s
	}
	return strings.Trim(w, "<>")
}

// lineStart is the offset of the line, counted from 1 by \n alone.
func lineStart(text string, line int) int {
	pos := 0
	for ; line > 1; line-- {
		i := strings.IndexByte(text[pos:], '\n')
		if i < 0 {
			break
		}
		pos += i + 1
	}
	return pos
}
