package tmpl

import (
	"strings"

	"github.com/grafana/regexp"
)

// Check reports the error that Parse would return, without the work where the
// text holds nothing but actions of the simplest kinds.
func Check(text string) error {
	if simple(text) {
		return nil
	}
	_, err := Parse(text)
	return err
}

// plainAction is an action that prints a label or the value, perhaps through
// one of Prometheus's number formats or printf.
var plainAction = regexp.MustCompile(`^\{\{(?:- )? *(?:(?:\$labels|\.Labels)\.[a-zA-Z_][a-zA-Z0-9_]*|(?:\$value|\.Value)(?: *\| *(?:humanize|humanize1024|humanizeDuration|humanizePercentage|printf "[^"\\]*"))?|printf "[^"\\]*" (?:\$value|\.Value)) *(?: -)?\}\}`)

// simple reports that the text is sure to parse.
func simple(text string) bool {
	for {
		i := strings.Index(text, "{{")
		if i < 0 {
			return true
		}
		m := plainAction.FindStringIndex(text[i:])
		if m == nil {
			return false
		}
		text = text[i+m[1]:]
	}
}

// MayRead reports whether a template could be one of whose Labels a predicate
// holds. It may say so wrongly; where it says no, no use of a label that Parse
// would find satisfies the predicate.
func MayRead(text string, of func(label string) bool) bool {
	for {
		i := strings.Index(text, "{{")
		if i < 0 {
			return false
		}
		text = text[i+2:]
		action := text
		if end := strings.Index(text, "}}"); end >= 0 {
			action = text[:end]
		}
		// A label is read as .name or as "name"; an escape or
		// index could name anything, and a string may go on beyond what looks like the action's end.
		if strings.ContainsAny(action, "\\`'") || strings.Count(action, `"`)%2 != 0 || strings.Contains(action, "index") {
			return true
		}
		for len(action) > 0 {
			if !isNameByte(action[0]) {
				action = action[1:]
				continue
			}
			n := 1
			for n < len(action) && isNameByte(action[n]) {
				n++
			}
			if of(action[:n]) {
				return true
			}
			action = action[n:]
		}
	}
}

func isNameByte(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c >= 0x80
}
