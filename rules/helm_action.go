package rules

import (
	"bytes"
	"regexp"
	"strconv"
)

type actionKind int

const (
	writesValue actionKind = iota + 1
	writesConstant
	writesNothing // comments, conditions, assignments
)

// An action is one {{ … }} of a template.
type action struct {
	kind     actionKind
	from, to int
	// What a constant writes, in the source.
	inner   span
	comment bool
	// Own says that nothing else stands on its lines; deep, that these lines
	// are part of a block scalar, indented to a column.
	own, deep bool
	column    int
	line      int // where its line starts
	start     int // where its filler starts
}

var (
	actionWord = regexp.MustCompile(`^(?:if|else|end|with|range|define|block|break|continue)\b|^\$[A-Za-z0-9_]*(?:, *\$[A-Za-z0-9_]+)? *:?=`)
	// What Prometheus's own templates start with: left for them.
	prometheusAction = regexp.MustCompile(`^\{\{-? *\$(labels|value|externalLabels|externalURL)\b`)
	indentTo         = regexp.MustCompile(`\| *n?indent +(\d+)`)
)

// An actionLexer finds the actions of a template, one by one: Go's, and those
// of Jinja where the template has its statements.
type actionLexer struct {
	src   []byte
	pos   int
	own   map[string]bool // variables of Prometheus's that are the template's
	jinja bool
	raw   bool // within {% raw %}
}

// next returns the action after the last one; its end is -1 where it is never
// closed.
func (l *actionLexer) next() (action, bool) {
	for ; l.pos+1 < len(l.src); l.pos++ {
		if l.src[l.pos] != '{' {
			continue
		}
		switch c := l.src[l.pos+1]; {
		case c == '{' && !l.raw:
			return l.action(l.pos), true
		case l.jinja && c == '%', l.jinja && c == '#' && !l.raw:
			if a := l.statement(l.pos, c); a.kind != 0 {
				return a, true
			}
		}
	}
	return action{}, false
}

func (l *actionLexer) action(from int) action {
	end := actionEnd(l.src, from)
	if end < 0 {
		return action{kind: writesValue, from: from, to: -1}
	}
	l.pos = end
	return readAction(l.src, from, end, l.own, l.jinja)
}

// statement reads {% … %} and {# … #} of Jinja. {% raw %} and comments write
// nothing for sure.
func (l *actionLexer) statement(from int, mark byte) action {
	n := bytes.Index(l.src[from+2:], []byte{mark, '}'})
	if n < 0 {
		if l.raw {
			return action{}
		}
		return action{kind: writesNothing, from: from, to: -1}
	}
	to := from + 2 + n + 2
	word := string(bytes.Trim(l.src[from+2:to-2], "-+ \t\r\n"))
	if l.raw && word != "endraw" {
		return action{}
	}
	l.pos = to
	a := action{kind: writesNothing, from: from, to: to}
	if l.raw = word == "raw"; l.raw || word == "endraw" || mark == '#' {
		a.kind, a.comment, a.inner = writesConstant, true, span{to, to}
	}
	return a
}

// actionEnd is the offset after the }} that closes the action opened at i, -1
// where there is none.
func actionEnd(src []byte, i int) int {
	i += 2
	rest := bytes.TrimLeft(src[i:], "- \t\r\n")
	if bytes.HasPrefix(rest, []byte("/*")) {
		start := len(src) - len(rest)
		if n := bytes.Index(rest, []byte("*/")); n >= 0 {
			if closing := bytes.Index(src[start+n:], []byte("}}")); closing >= 0 {
				return start + n + closing + 2
			}
		}
		return -1
	}
	for i < len(src) {
		switch c := src[i]; {
		case c == '"' || c == '\'' || c == '`':
			end := quoteEnd(src, i)
			if end < 0 {
				return -1
			}
			i = end
		case c == '}' && i+1 < len(src) && src[i+1] == '}':
			return i + 2
		default:
			i++
		}
	}
	return -1
}

// quoteEnd is the offset after the quote that closes the one at i.
func quoteEnd(src []byte, i int) int {
	quote := src[i]
	for i++; i < len(src); i++ {
		switch {
		case src[i] == quote:
			return i + 1
		case src[i] == '\\' && quote != '`':
			i++
		case src[i] == '\n' && quote != '`':
			return -1
		}
	}
	return -1
}

// declaration gives a template variable a value, by the name of one of
// Prometheus's.
var declaration = regexp.MustCompile(`\{\{[^{}]*\$(labels|value|externalLabels|externalURL) *(?:, *\$\w+ *)?:?=[^=~]`)

// ownVariables are the names of Prometheus's that the template itself gives a
// value, so that they are not Prometheus's in it.
func ownVariables(src []byte) map[string]bool {
	own := map[string]bool{}
	for _, m := range declaration.FindAllSubmatch(src, -1) {
		own[string(m[1])] = true
	}
	return own
}

// readAction tells what kind of action stands between two offsets; one that is
// Prometheus's has no kind.
func readAction(src []byte, from, to int, own map[string]bool, jinja bool) action {
	text := src[from:to]
	if m := prometheusAction.FindSubmatch(text); m != nil && !own[string(m[1])] && !isWholeValue(src, from) {
		return action{}
	}
	a := action{kind: writesValue, from: from, to: to}
	trims := text[2] == '-' || text[len(text)-3] == '-'
	start, end := from+2, to-2
	if src[start] == '-' {
		start++
	}
	if end > start && src[end-1] == '-' {
		end--
	}
	for start < end && isSpace(src[start]) {
		start++
	}
	for end > start && isSpace(src[end-1]) {
		end--
	}
	inner := src[start:end]
	switch {
	case !trims && bytes.HasPrefix(inner, []byte("/*")): // it writes nothing, for sure
		a.kind, a.comment, a.inner = writesConstant, true, span{to, to}
	case bytes.HasPrefix(inner, []byte("/*")) || len(inner) == 0 || actionWord.Match(inner):
		a.kind = writesNothing
	case !trims && len(inner) >= 2 && (inner[0] == '`' || inner[0] == '"' || inner[0] == '\'' && jinja) && quoteEnd(src, start) == end &&
		bytes.IndexByte(inner, '\\') < 0 && bytes.IndexByte(inner, '\n') < 0:
		a.kind, a.inner = writesConstant, span{start + 1, end - 1}
	}
	return a
}

// isWholeValue reports whether what stands at an offset starts a value without
// quotes, as nothing of Prometheus's can: to YAML it is a brace.
func isWholeValue(src []byte, at int) bool {
	line := src[max(at-200, 0):at]
	return keyBefore.Match(line[1+bytes.LastIndexAny(line, "\r\n"):])
}

var keyBefore = regexp.MustCompile(`^[ -]*[\w."'/{}$ -]+: +$`)

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// indents is how deep an action indents itself, 0 where it doesn't say.
func (a action) indents(src []byte) int {
	if m := indentTo.FindSubmatch(src[a.from:a.to]); m != nil {
		if n, err := strconv.Atoi(string(m[1])); err == nil {
			return n
		}
	}
	return 0
}
