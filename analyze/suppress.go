package analyze

import (
	"bytes"
	"time"

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
//	# crywolf disable quality/name[, quality/name…] [until 2027-01-31]: reason
//
// with disable-group and disable-file for more than one rule. A quality stands
// for all of its checks.
type Suppression struct {
	File    *rules.File
	Comment rules.Comment
	Reach   Reach
	Checks  []string // ids and qualities, as written
	Reason  string
	Until   time.Time    // the last day on which it holds, UTC; zero: no end
	Rule    *rules.Rule  // what it covers, by its reach; nil where it covers nothing
	Group   *rules.Group // likewise
	Bad     string       // what is wrong with the directive itself, "" if nothing
	Write   string       // what to write instead of a Bad one
	Same    bool         // Write says all that the comment says, and no more
	Used    map[string]int
}

// suppressionsOf reads the directives of a file, in order.
func suppressionsOf(f *rules.File) []*Suppression {
	var out []*Suppression
	for _, c := range f.Comments {
		s := directive(c.Text)
		if s == nil {
			continue
		}
		s.File, s.Comment, s.Used = f, c, map[string]int{}
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
			if s.Reach == ReachRule && s.Rule == nil && covers(r.Node()) {
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

// names finds the words of the suppression that stand for the finding's check:
// its id, its quality.
func (s *Suppression) names(f *Finding) (named []string) {
	for _, c := range s.Checks {
		if c == f.Check || c == string(f.Quality()) {
			named = append(named, c)
		}
	}
	return named
}

// covers reports whether the finding stands in what the suppression reaches.
func (s *Suppression) covers(f *Finding) bool {
	switch s.Reach {
	case ReachFile:
		return true
	case ReachGroup:
		return s.Group != nil && (f.Rule != nil && f.Rule.Group == s.Group || within(f, s.Group.Node))
	default:
		return s.Rule != nil && (f.Rule == s.Rule || f.Rule == nil && within(f, s.Rule.Node()))
	}
}

func within(f *Finding, n rules.Span) bool {
	return !f.Span.IsZero() && n.Start.Offset <= f.Span.Start.Offset && f.Span.Start.Offset < n.End.Offset
}

// suppress marks the findings that a comment silences and counts what each
// word of each comment did. What is malformed, gives no reason or has expired
// silences nothing.
func suppress(findings []Finding, all []*Suppression, now time.Time) {
	byFile := map[*rules.File][]*Suppression{}
	for _, s := range all {
		if s.Bad == "" && s.Reason != "" && !s.Expired(now) {
			byFile[s.File] = append(byFile[s.File], s)
		}
	}
	for i := range findings {
		f := &findings[i]
		for _, s := range byFile[f.File] {
			named := s.names(f)
			if len(named) == 0 || !s.covers(f) {
				continue
			}
			for _, n := range named {
				s.Used[n]++
			}
			if f.Suppressed == nil {
				f.Suppressed = s
			}
		}
	}
}
