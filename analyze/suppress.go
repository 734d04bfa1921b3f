package analyze

import (
	"bytes"
	"slices"
	"strings"

	"github.com/crywolf-dev/crywolf/rules"
)

// Reach is how much of a file a suppression covers.
type Reach int

const (
	ReachRule Reach = iota + 1
	ReachGroup
	ReachFile
)

// A Suppression is a comment that silences checks:
//
//	# crywolf disable quality/name[, quality/name…]: reason
//
// with disable-group and disable-file for more than one rule.
type Suppression struct {
	File    *rules.File
	Comment rules.Comment
	Reach   Reach
	Checks  []string
	Reason  string
	Rule    *rules.Rule  // what it covers, by its reach; nil where it covers nothing
	Group   *rules.Group // likewise
	Bad     string       // what is wrong with the directive itself, "" if nothing
	Used    map[string]int
}

// suppressionsOf reads the directives of a file, in order.
func suppressionsOf(f *rules.File) []*Suppression {
	var out []*Suppression
	for _, c := range f.Comments {
		rest, ok := strings.CutPrefix(c.Text, "crywolf ")
		if !ok {
			continue
		}
		verb, args, _ := strings.Cut(strings.TrimSpace(rest), " ")
		s := &Suppression{File: f, Comment: c, Used: map[string]int{}}
		switch verb {
		case "disable":
			s.Reach = ReachRule
		case "disable-group":
			s.Reach = ReachGroup
		case "disable-file":
			s.Reach = ReachFile
		default:
			s.Bad = "unknown directive " + quote(verb) + "; there are disable, disable-group and disable-file"
			out = append(out, s)
			continue
		}
		ids, reason, _ := strings.Cut(args, ":")
		s.Reason = strings.TrimSpace(reason)
		for _, id := range strings.FieldsFunc(ids, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' }) {
			if !slices.Contains(s.Checks, id) {
				s.Checks = append(s.Checks, id)
			}
		}
		if len(s.Checks) == 0 {
			s.Bad = "names no check; write " + quote("crywolf "+verb+" quality/name: reason")
		}
		s.aim()
		out = append(out, s)
	}
	return out
}

// aim finds what the directive covers: the rule or group that it stands in, or
// right above, with nothing but comments and blank lines between.
func (s *Suppression) aim() {
	at := s.Comment.Span.Start.Line
	covers := func(n rules.Span) bool {
		return at <= lastLine(n) && (at >= n.Start.Line || s.nothingBetween(at, n.Start.Line))
	}
	for _, g := range s.File.Groups {
		if s.Reach == ReachGroup && s.Group == nil && covers(g.Node) {
			s.Group = g
		}
		for _, r := range g.Rules {
			if s.Reach == ReachRule && s.Rule == nil && covers(r.Node) {
				s.Rule = r
			}
		}
	}
}

// nothingBetween reports that all lines after one and before another are blank
// or comments, and the first holds nothing else either.
func (s *Suppression) nothingBetween(line, before int) bool {
	if !s.Comment.Own {
		return false
	}
	for n := line + 1; n < before; n++ {
		if text := bytes.TrimSpace(s.File.Line(n)); len(text) > 0 && text[0] != '#' {
			return false
		}
	}
	return true
}

// lastLine of a span that may end at the very start of the line after it.
func lastLine(s rules.Span) int {
	if s.End.Column == 1 && s.End.Line > s.Start.Line {
		return s.End.Line - 1
	}
	return s.End.Line
}

// covers reports whether the suppression silences the finding.
func (s *Suppression) covers(f *Finding) bool {
	if s.Bad != "" || s.Reason == "" || f.File != s.File || !slices.Contains(s.Checks, f.Check) {
		return false
	}
	switch s.Reach {
	case ReachFile:
		return true
	case ReachGroup:
		return s.Group != nil && (f.Rule != nil && f.Rule.Group == s.Group || within(f, s.Group.Node))
	default:
		return s.Rule != nil && (f.Rule == s.Rule || f.Rule == nil && within(f, s.Rule.Node))
	}
}

func within(f *Finding, n rules.Span) bool {
	return !f.Span.IsZero() && n.Start.Offset <= f.Span.Start.Offset && f.Span.Start.Offset < n.End.Offset
}

// suppress marks the findings that a comment silences and counts what each
// comment did.
func suppress(findings []Finding, all []*Suppression) {
	byFile := map[*rules.File][]*Suppression{}
	for _, s := range all {
		byFile[s.File] = append(byFile[s.File], s)
	}
	for i := range findings {
		f := &findings[i]
		for _, s := range byFile[f.File] {
			if s.covers(f) {
				s.Used[f.Check]++
				if f.Suppressed == nil {
					f.Suppressed = s
				}
			}
		}
	}
}

func quote(s string) string { return "`" + s + "`" }
