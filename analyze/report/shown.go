package report

import (
	"cmp"
	"net/url"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/rules"
)

// What the formats share that are read by other tools, beside a change.

// shown are the findings that such a format lists, in order of file and place.
func shown(r *Report) []*analyze.Finding {
	out := make([]*analyze.Finding, 0, len(r.Result.Findings))
	for i := range r.Result.Findings {
		out = append(out, &r.Result.Findings[i])
	}
	return out
}

// worst are the shown findings, the worst first: where a tool cuts the list,
// they are what is left.
func worst(r *Report) []*analyze.Finding {
	out := shown(r)
	slices.SortStableFunc(out, func(a, b *analyze.Finding) int { return cmp.Compare(b.Severity, a.Severity) })
	return out
}

// counted counts findings by severity.
func counted(fs []*analyze.Finding) map[analyze.Severity]int {
	n := map[analyze.Severity]int{}
	for _, f := range fs {
		n[f.Severity]++
	}
	return n
}

// mostText bounds a text that quotes rule files, in characters.
const mostText = 2000

// clip shortens text to a number of characters, marking that it did.
func clip(s string, most int) string {
	if len(s) <= most || utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s[:min(len(s), most*utf8.UTFMax)])[:most-1]) + ellipsis
}

// saying is what a finding says: the message, after the rule's name where the
// message leaves it out.
func saying(f *analyze.Finding) string {
	if f.Rule != nil && !strings.Contains(f.Message, f.Rule.Name()) {
		return "`" + f.Rule.Name() + "`: " + f.Message
	}
	return f.Message
}

// said is what a finding says and advises, as sentences in one line of visible
// characters.
func said(f *analyze.Finding) string {
	s := stop(clip(sanitize(capital(saying(f))), mostText))
	if f.Advice != "" {
		s += " " + stop(clip(sanitize(capital(f.Advice)), mostText))
	}
	return s
}

// stop ends a sentence.
func stop(s string) string {
	if s == "" || strings.ContainsAny(s[len(s)-1:], ".!?") {
		return s
	}
	return s + "."
}

// capital begins a sentence with a capital letter, unless it begins with a name
// from a rule or an expression.
func capital(s string) string {
	word, _, _ := strings.Cut(s, " ")
	if strings.Trim(word, "abcdefghijklmnopqrstuvwxyz-,:;") != "" || word == "" || word[0] < 'a' {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// home is the file that a finding is shown at: its own, else that of a rule it
// speaks for, else the first; nil only where there are no files. Tools for
// changes have no other place for it.
func (r *Report) home(f *analyze.Finding) *rules.File {
	switch {
	case f.File != nil:
		return f.File
	case len(f.Covers) > 0:
		return f.Covers[0].File()
	case len(r.Result.Set.Files) > 0:
		return r.Result.Set.Files[0]
	}
	return nil
}

// A region is what a finding is about, as far as it lies on its first line: a
// tool shows a finding beside a change only if the whole region is part of it.
type region struct {
	line     int
	from, to int // columns from 1, to the first after; 0 where unknown
}

// widestLine is the longest line whose columns are counted, in bytes; the lines
// of generated files can be as long as these are.
const widestLine = 1 << 16

// regionOf finds the region of a span, its columns in what the function counts
// in a text. A span that lies nowhere is the first line, and an empty one takes
// in the character after it.
func regionOf(f *rules.File, span rules.Span, count func([]byte) int) region {
	if f == nil || span.IsZero() {
		return region{line: 1}
	}
	at := region{line: span.Start.Line}
	line := f.Line(at.line)
	if line == nil || len(line) > widestLine {
		return at
	}
	start := min(span.Start.Column-1, len(line))
	end := len(line)
	if span.End.Line == span.Start.Line {
		end = max(start, min(span.End.Column-1, len(line)))
	}
	if end == start && start < len(line) {
		_, n := utf8.DecodeRune(line[start:])
		end += n
	}
	at.from = 1 + count(line[:start])
	at.to = at.from + count(line[start:end])
	return at
}

// codePoints and utf16Units count a text; a byte that is not UTF-8 is one.

func codePoints(b []byte) int { return utf8.RuneCount(b) }

func utf16Units(b []byte) int {
	n := 0
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		b = b[size:]
		n++
		if r > 0xffff {
			n++
		}
	}
	return n
}

// located is the path of a file within the repository, and whether it lies in
// there. Without a Locate it is as the user wrote it.
func (r *Report) located(p string) (string, bool) {
	switch {
	case p == rules.Stdin:
		return p, false
	case r.Locate != nil:
		return r.Locate(p)
	}
	p = path.Clean(p)
	return p, !path.IsAbs(p) && p != ".." && !strings.HasPrefix(p, "../")
}

// pathIn is the path of a file for tools that know paths of the repository
// alone: what lies outside stays as the user wrote it.
func (r *Report) pathIn(f *rules.File) string {
	if p, inside := r.located(f.Path); inside {
		return p
	}
	return f.Path
}

// uriOf writes a path as the path of a URI.
func uriOf(p string) string {
	parts := strings.Split(p, "/")
	for i, s := range parts {
		parts[i] = strings.ReplaceAll(url.PathEscape(s), ":", "%3A") // a relative one could look like a scheme
	}
	return strings.Join(parts, "/")
}

// pagesAt is where the reference of the checks is read.
const pagesAt = "https://github.com/crywolf-dev/crywolf/blob/main/docs/checks.md"

// Anchor is the name of a check's section in the reference.
func Anchor(id string) string { return strings.ReplaceAll(id, "/", "") }

func pageOf(id string) string { return pagesAt + "#" + url.PathEscape(Anchor(id)) }
