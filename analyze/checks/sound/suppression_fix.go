package sound

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/rules"
)

// reword is the fix for a comment that was meant as a suppression: it has to say
// the same, and to silence something by each check that it names.
func reword(p *analyze.Pass, s *analyze.Suppression) *rules.Fix {
	if !s.Same || !p.Corrected(s, s.Write) {
		return nil
	}
	return editComment(s, fmt.Sprintf("write `# %s`", s.Write), 0, len(s.Comment.Text), s.Write)
}

// rename is the fix for a check's name that is misspelt: the right one has to
// silence something.
func rename(p *analyze.Pass, s *analyze.Suppression, name string) *rules.Fix {
	meant := p.Meant(name)
	from, to, _, ok := listed(s, name)
	if meant == "" || !ok || slices.Contains(s.Checks, meant) {
		return nil
	}
	text := s.Comment.Text
	if !p.Corrected(s, text[:from]+meant+text[to:], meant) {
		return nil
	}
	return editComment(s, fmt.Sprintf("write `%s`", meant), from, to, meant)
}

// takeOut is the fix for a name that silences nothing: it goes, or with all
// others of its kind the comment does.
func takeOut(p *analyze.Pass, s *analyze.Suppression, unused []string, name string) *rules.Fix {
	if s.File.Named || s.File.Templated() {
		return nil
	}
	if len(unused) == len(s.Checks) && !slices.ContainsFunc(unused, p.Compares) {
		return remove(s)
	}
	from, to, next, ok := listed(s, name)
	if p.Compares(name) || len(s.Checks) < 2 || !ok {
		return nil
	}
	text := s.Comment.Text
	if next > to { // of another name
		to = next
	} else {
		from = len(strings.TrimRight(text[:from], " \t,"))
	}
	return editComment(s, fmt.Sprintf("take `%s` out of the comment", name), from, to, "")
}

// remove is the fix that takes a comment out, with its line if it has one of its
// own.
func remove(s *analyze.Suppression) *rules.Fix {
	f, at := s.File, s.Comment.Span
	if f.Templated() || inExpr(s) {
		return nil
	}
	if lines, own := f.WholeLines(at); own {
		at = lines
	} else {
		code := bytes.TrimRight(f.Source[:at.Start.Offset], " \t")
		at.Start = f.Position(len(code))
	}
	return &rules.Fix{Message: "remove the comment", Edits: []rules.Edit{{Span: at}}}
}

// editComment replaces a part of a comment's text.
func editComment(s *analyze.Suppression, message string, from, to int, text string) *rules.Fix {
	f, span := s.File, s.Comment.Span
	source := string(f.Source[span.Start.Offset:span.End.Offset])
	at := strings.Index(source, s.Comment.Text)
	if at < 0 || inExpr(s) {
		return nil
	}
	at += span.Start.Offset
	return &rules.Fix{Message: message, Edits: []rules.Edit{{
		Span: rules.Span{Start: f.Position(at + from), End: f.Position(at + to)}, Text: text,
	}}}
}

// inExpr reports whether the comment stands in an expression, and so in the text
// of a value.
func inExpr(s *analyze.Suppression) bool {
	at := s.Comment.Span.Start.Offset
	for _, g := range s.File.Groups {
		for _, r := range g.Rules {
			e := r.ExprField.Value.Span()
			header := e.Start.Line == s.Comment.Span.Start.Line && strings.IndexByte("|>", s.File.Source[e.Start.Offset]) >= 0
			if e.Start.Offset < at && at < e.End.Offset && !header {
				return true
			}
		}
	}
	return false
}

// listed finds a name in the list of a suppression's text: where it is, and
// where the name after it begins, the same as to where it is the last. It has to
// be there once.
func listed(s *analyze.Suppression, name string) (from, to, next int, ok bool) {
	list, _, _ := strings.Cut(s.Comment.Text, ":")
	isSpace := func(c byte) bool { return c == ' ' || c == '\t' || c == ',' }
	found := 0
	for at := 0; at < len(list); {
		if isSpace(list[at]) {
			at++
			continue
		}
		end := at
		for end < len(list) && !isSpace(list[end]) {
			end++
		}
		word := list[at:end]
		switch {
		case word == name:
			from, to, next = at, end, end
			found++
		case found > 0 && next == to && word != "until" && slices.Contains(s.Checks, word):
			next = at
		}
		at = end
	}
	return from, to, next, found == 1
}
