package tmpl

import "strings"

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

// simple reports that the text is sure to parse.
func simple(text string) bool {
	for {
		i := strings.Index(text, "{{")
		if i < 0 {
			return true
		}
		a := plainAction(text[i:])
		if a.end == 0 {
			return false
		}
		text = text[i+a.end:]
	}
}

// simpleUses reads a text of plain actions; ok is false where there are others.
func simpleUses(text string) (uses []Use, ok bool) {
	for at := 0; ; {
		i := strings.Index(text[at:], "{{")
		if i < 0 {
			return uses, true
		}
		at += i
		a := plainAction(text[at:])
		if a.end == 0 {
			return nil, false
		}
		if a.name < a.used {
			uses = append(uses, Use{Name: text[at+a.name : at+a.used], Pos: at + a.use, End: at + a.used})
		}
		at += a.end
	}
}

// A plain is what an action of the simplest kinds says, in bytes from its
// start. Its end is 0 where it is of another kind; no label is used where name
// and used are the same.
type plain struct{ use, name, used, end int }

// plainAction reads an action that prints a label, all labels or the value,
// perhaps through one of Prometheus's number formats or printf.
func plainAction(s string) plain {
	a := plain{}
	at := len("{{")
	if at+1 < len(s) && s[at] == '-' && isSpace(s[at+1]) {
		at++
	}
	at = spaces(s, at)
	rest := s[at:]
	switch {
	case strings.HasPrefix(rest, "$labels"), strings.HasPrefix(rest, ".Labels"):
		a.use = at
		at += len("$labels")
		if at+1 < len(s) && s[at] == '.' && isNameStart(s[at+1]) {
			a.name = at + 1
			for at++; at < len(s) && isASCIIName(s[at]); at++ {
			}
			a.used = at
		}
	case strings.HasPrefix(rest, "$value"), strings.HasPrefix(rest, ".Value"):
		at += len("$value")
		if bar := spaces(s, at); bar < len(s) && s[bar] == '|' {
			if at = format(s, spaces(s, bar+1)); at < 0 {
				return plain{}
			}
		}
	case strings.HasPrefix(rest, "printf"):
		if at = printf(s, at); at < 0 {
			return plain{}
		}
		next := spaces(s, at)
		if next == at || !strings.HasPrefix(s[next:], "$value") && !strings.HasPrefix(s[next:], ".Value") {
			return plain{}
		}
		at = next + len("$value")
	default:
		return plain{}
	}
	next := spaces(s, at)
	if next > at && next < len(s) && s[next] == '-' {
		next++
	}
	if !strings.HasPrefix(s[next:], "}}") {
		return plain{}
	}
	a.end = next + len("}}")
	return a
}

// format reads what the value may be piped through, and returns where it ends;
// -1 where something else stands.
func format(s string, at int) int {
	end := at
	for end < len(s) && isASCIIName(s[end]) {
		end++
	}
	switch s[at:end] {
	case "humanize", "humanize1024", "humanizeDuration", "humanizePercentage":
		return end
	case "printf":
		return printf(s, at)
	}
	return -1
}

// printf reads the function and its format, a string without escapes.
func printf(s string, at int) int {
	at += len("printf")
	quote := spaces(s, at)
	if quote == at || quote >= len(s) || s[quote] != '"' {
		return -1
	}
	for i := quote + 1; i < len(s) && s[i] != '\\' && s[i] != '\n'; i++ {
		if s[i] == '"' {
			return i + 1
		}
	}
	return -1
}

func spaces(s string, at int) int {
	for at < len(s) && isSpace(s[at]) {
		at++
	}
	return at
}

// isSpace is of what text/template takes for space within actions.
func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

func isNameStart(c byte) bool { return isASCIIName(c) && (c < '0' || c > '9') }

func isASCIIName(c byte) bool { return isNameByte(c) && c < 0x80 }

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
