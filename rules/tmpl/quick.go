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

// Uses returns what Parse(text).Labels() would, and its error, without the work
// where the text holds nothing but actions of the simplest kinds.
func Uses(text string) ([]Use, error) {
	if uses, ok := simpleUses(text); ok {
		return uses, nil
	}
	t, err := Parse(text)
	if err != nil {
		return nil, err
	}
	return t.Labels(), nil
}

// plainAction is an action that prints a label (its first group: the use, its
// second: the name), all labels or the value, perhaps through one of Prometheus's number
// formats or printf.
var plainAction = regexp.MustCompile(`^\{\{(?:- )? *(?:((?:\$labels|\.Labels)\.([a-zA-Z_][a-zA-Z0-9_]*))|\$labels|\.Labels|(?:\$value|\.Value)(?: *\| *(?:humanize|humanize1024|humanizeDuration|humanizePercentage|printf "[^"\\]*"))?|printf "[^"\\]*" (?:\$value|\.Value)) *(?: -)?\}\}`)

// simple reports that the text is sure to parse.
func simple(text string) bool {
	_, ok := simpleUses(text)
	return ok
}

// simpleUses reads a text of plain actions; ok is false where there are others.
func simpleUses(text string) (uses []Use, ok bool) {
	for at := 0; ; {
		i := strings.Index(text[at:], "{{")
		if i < 0 {
			return uses, true
		}
		at += i
		m := plainAction.FindStringSubmatchIndex(text[at:])
		if m == nil {
			return nil, false
		}
		if m[2] >= 0 {
			uses = append(uses, Use{Name: text[at+m[4] : at+m[5]], Pos: at + m[2], End: at + m[3]})
		}
		at += m[1]
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
