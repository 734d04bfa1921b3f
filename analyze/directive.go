package analyze

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// verbs of the directives and what each reaches.
var verbs = map[string]Reach{"disable": ReachRule, "disable-group": ReachGroup, "disable-file": ReachFile}

// Words that other linters have for it, and what they may be said of: a comment
// that begins so addresses crywolf, in the wrong words.
var (
	synonyms = []string{"ignore", "suppress", "silence", "mute", "skip", "snooze", "allow", "nolint", "noqa", "off"}
	objects  = []string{"this", "all", "rule", "group", "file", "line", "next-line"}
)

var (
	// addressed splits a comment that begins with crywolf's name: the name,
	// what sets it apart, the word after it, and the rest.
	addressed = regexp.MustCompile(`^((?i)crywolf)([ \t]*[:/=_-][ \t]*|[ \t]+)([A-Za-z][A-Za-z_/-]*)(.*)$`)
	separator = regexp.MustCompile(`[ \t,]+`)
)

// maxDirective bounds the comments that are read: more is no directive.
const maxDirective = 4096

// directive reads the text of a comment; nil where it is none. What is meant as
// one and is not is Bad, with the right form to write.
func directive(text string) *Suppression {
	if len(text) > maxDirective {
		return nil
	}
	m := addressed.FindStringSubmatch(text)
	if m == nil {
		return nil
	}
	word, rest := m[3], m[4]
	if rest != "" && !strings.ContainsAny(rest[:1], " \t:,") {
		return nil // another word
	}
	if reach, ok := verbs[word]; ok && m[1] == "crywolf" && strings.TrimSpace(m[2]) == "" {
		if prose(rest) {
			return nil
		}
		s := &Suppression{Reach: reach}
		s.arguments(word, rest)
		return s
	}
	return slip(strings.ReplaceAll(strings.ToLower(word), "_", "-"), rest)
}

// arguments reads what follows the verb: the checks, perhaps a day, and after a
// colon the reason.
func (s *Suppression) arguments(verb, rest string) {
	list, reason, _ := strings.Cut(rest, ":")
	s.Reason = strings.TrimSpace(reason)
	words := words(list)
	if i := slices.Index(words, "until"); i >= 0 {
		s.until(words[i+1:])
		words = words[:i]
	}
	for _, id := range words {
		if !slices.Contains(s.Checks, id) {
			s.Checks = append(s.Checks, id)
		}
	}
	if len(s.Checks) == 0 && s.Bad == "" {
		s.Bad, s.Write = "the suppression names no check", "crywolf "+verb+" quality/name: reason"
	}
	if s.Bad != "" && s.Write == "" {
		s.Write = form(verb, s.Checks, " until 2027-01-31", s.Reason)
	}
}

// until reads the last day on which the suppression holds.
func (s *Suppression) until(words []string) {
	switch {
	case len(words) == 0:
		s.Bad = "the suppression names no day after `until`"
	case len(words) > 1:
		s.Bad = "the suppression goes on after its last day with " + quote(words[1])
	default:
		day, err := time.Parse(time.DateOnly, words[0])
		if err != nil {
			s.Bad = quote(words[0]) + " is not a day of the calendar, written as year-month-day"
			return
		}
		s.Until = day
	}
}

// Expired reports whether the last day of the suppression is over, by UTC.
func (s *Suppression) Expired(now time.Time) bool {
	return !s.Until.IsZero() && !now.Before(s.Until.AddDate(0, 0, 1))
}

// slip recognises a comment that was meant as a directive: it begins with
// crywolf's name and says what a directive says, in other words or with other
// signs. A sentence about crywolf is none.
func slip(word, rest string) *Suppression {
	list, reason, _ := strings.Cut(rest, ":")
	args := words(list)
	verb := "disable"
	switch {
	case verbs[word] != 0 || slices.Contains([]string{"disable-rule", "disable-line", "disable-next-line"}, word):
		if prose(rest) {
			return nil
		}
		if verbs[word] != 0 {
			verb = word
		}
	case synonym(word):
		if len(args) > 0 && !slices.Contains(objects, args[0]) && !checkList(args) {
			return nil
		}
		for v := range verbs {
			if _, reach, ok := strings.Cut(word, "-"); ok && v == "disable-"+reach {
				verb = v
			}
		}
	case nearVerb(word) != "":
		if !checkList(args) {
			return nil
		}
		verb = nearVerb(word)
	case isCheck(word):
		args = append([]string{word}, args...)
		if !checkList(args) || strings.TrimSpace(reason) == "" {
			return nil
		}
	default:
		return nil
	}
	until, all := "", strings.TrimSpace(reason) != ""
	if i := slices.Index(args, "until"); i >= 0 {
		var day Suppression
		if day.until(args[i+1:]); day.Bad == "" {
			until = " until " + args[i+1]
		}
		all = all && until != ""
		args = args[:i]
	}
	all = all && checkList(args)
	args = slices.DeleteFunc(args, func(a string) bool { return !isCheck(a) })
	return &Suppression{
		Bad:   "the comment looks like a suppression and is none, so it has no effect",
		Write: form(verb, args, until, strings.TrimSpace(reason)),
		Same:  all,
	}
}

// form is a directive as it should be written.
func form(verb string, checks []string, until, reason string) string {
	if len(checks) == 0 {
		checks = []string{"quality/name"}
	}
	if reason == "" {
		reason = "reason"
	}
	return "crywolf " + verb + " " + strings.Join(checks, ", ") + until + ": " + reason
}

// prose reports whether what follows the verb reads as a sentence: several
// words, none of which could be a check, and no colon.
func prose(rest string) bool {
	if strings.Contains(rest, ":") {
		return false
	}
	args := words(rest)
	return len(args) > 1 && !slices.ContainsFunc(args, isCheck)
}

// checkList reports whether words are checks, perhaps with a last day, and
// nothing else.
func checkList(args []string) bool {
	if i := slices.Index(args, "until"); i >= 0 {
		args = args[:i]
	}
	return len(args) > 0 && !slices.ContainsFunc(args, func(a string) bool { return !isCheck(a) })
}

// isCheck reports whether a word is a quality, or an id in one.
func isCheck(word string) bool {
	quality, name, slash := strings.Cut(word, "/")
	return slices.Contains(Qualities(), Quality(quality)) && (!slash || name != "")
}

// synonym reports whether another linter's word begins a word: ignore,
// ignore-file.
func synonym(word string) bool {
	head, tail, _ := strings.Cut(word, "-")
	return slices.Contains(synonyms, head) && (tail == "" || slices.Contains(objects, tail))
}

// nearVerb is the verb that a word is but for a slip of the pen, "" where there
// is none.
func nearVerb(word string) string {
	for v := range verbs {
		if near(word, v) {
			return v
		}
	}
	return ""
}

// near reports whether one word is another with one letter missing, too many,
// or wrong, or two swapped. What "disables" or is "disabled" is told of.
func near(word, of string) bool {
	if word == of+"s" || word == of+"d" || word == of || len(word) < len(of)-1 || len(word) > len(of)+1 {
		return false
	}
	i := 0
	for i < min(len(word), len(of)) && word[i] == of[i] {
		i++
	}
	a, b := word[i:], of[i:]
	cut := func(s string, n int) string { return s[min(n, len(s)):] }
	return cut(a, 1) == b || a == cut(b, 1) || cut(a, 1) == cut(b, 1) ||
		len(a) > 1 && len(b) > 1 && a[0] == b[1] && a[1] == b[0] && a[2:] == b[2:]
}

// words of a list, set apart by commas and white space.
func words(list string) []string {
	list = strings.Trim(list, " \t,")
	if list == "" {
		return nil
	}
	return separator.Split(list, -1)
}

func quote(s string) string { return "`" + s + "`" }
