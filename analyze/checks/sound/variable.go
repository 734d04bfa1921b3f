package sound

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/crywolf-dev/crywolf/rules"
	"github.com/crywolf-dev/crywolf/rules/nearest"
	"github.com/crywolf-dev/crywolf/rules/tmpl"
)

// maxVariables is how many misspelt variables of a template are set right.
const maxVariables = 20

var (
	undefined   = regexp.MustCompile(`^undefined variable "\$([A-Za-z]+)"$`)
	looksInside = regexp.MustCompile(`\b(?:index|range|slice)\b`)
)

// spellVariables is the fix for a template in which Prometheus's own variables
// are misspelt, and nothing else is wrong.
func spellVariables(s rules.Scalar) *rules.Fix {
	fix := &rules.Fix{Within: s.Span()}
	text, shift := s.Text(), 0
	for range maxVariables {
		var bad *tmpl.Error
		if !errors.As(tmpl.Check(text), &bad) {
			break
		}
		m := undefined.FindStringSubmatch(bad.Msg)
		if m == nil || !strings.HasPrefix(text[bad.Pos:], "$"+m[1]) {
			return nil
		}
		rest := text[bad.Pos+1+len(m[1]):]
		meant := variable(m[1])
		if meant == "" || isWordByte(rest) || meant == "value" && (strings.HasPrefix(rest, ".") || looksInside.MatchString(text)) {
			return nil // a map of values is Grafana's
		}
		from := bad.Pos - shift + 1
		at, ok := s.Literal(from, from+len(m[1]))
		if !ok || len(fix.Edits) > 0 && at.Start.Offset < fix.Edits[len(fix.Edits)-1].Span.End.Offset {
			return nil
		}
		fix.Edits = append(fix.Edits, rules.Edit{Span: at, Text: meant})
		text = text[:bad.Pos+1] + meant + rest
		shift += len(meant) - len(m[1])
	}
	if len(fix.Edits) == 0 || tmpl.Check(text) != nil {
		return nil
	}
	fix.Message = fmt.Sprintf("write `$%s`", fix.Edits[0].Text)
	return fix
}

func isWordByte(s string) bool {
	return s != "" && (s[0] == '_' || s[0] >= 0x80 || s[0] >= '0' && s[0] <= '9' || s[0] >= 'A' && s[0] <= 'Z' || s[0] >= 'a' && s[0] <= 'z')
}

// variable is the one of Prometheus's variables that a word was beyond doubt
// meant to be: it is one but for case, number, and letters that are missing, too
// many or swapped. A wrong letter leaves doubt: $valve may be somebody's own.
func variable(word string) string {
	word = strings.ToLower(word)
	found := ""
	for _, v := range []struct{ name, spelt string }{
		{"labels", "labels"}, {"labels", "label"}, {"value", "value"}, {"value", "values"},
		{"externalLabels", "externallabels"}, {"externalLabels", "externallabel"}, {"externalURL", "externalurl"},
	} {
		if nearest.Plainly(word, []string{v.spelt}) == "" || len(word) == len(v.spelt) && letters(word) != letters(v.spelt) {
			continue
		}
		if found != "" && found != v.name {
			return ""
		}
		found = v.name
	}
	return found
}

// letters of a word in order of the alphabet.
func letters(word string) string {
	b := []byte(word)
	slices.Sort(b)
	return string(b)
}
