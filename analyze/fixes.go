package analyze

import (
	"slices"
	"strings"

	"github.com/crywolf-dev/crywolf/rules"
	"github.com/crywolf-dev/crywolf/rules/fix"
	"github.com/crywolf-dev/crywolf/rules/nearest"
)

// tryFixes makes the fixes of each file in memory and takes those that are no
// good off their findings, and with them those of findings that nobody is to
// act on here: silenced ones, and those in generated files.
func tryFixes(findings []Finding) {
	files := map[*rules.File][]*rules.Fix{}
	for i := range findings {
		switch f := &findings[i]; {
		case f.Fix == nil:
		case f.File == nil, f.File.Origin != nil, f.Suppressed != nil:
			f.Fix = nil
		default:
			files[f.File] = append(files[f.File], f.Fix)
		}
	}
	refused := map[*rules.Fix]bool{}
	for f, fixes := range files {
		for _, r := range fix.Apply(f, fixes).Refused {
			refused[r.Fix] = true
		}
	}
	for i := range findings {
		if refused[findings[i].Fix] {
			findings[i].Fix = nil
		}
	}
}

// Compares reports whether the check of that id, or one of that quality,
// compares rules with each other, so that what it finds depends on all that was
// read; only for checks that come Last.
func (p *Pass) Compares(name string) bool {
	return slices.ContainsFunc(p.checks, func(c *Check) bool { return c.Whole && named(name, c.ID) })
}

// Meant is the id or quality that a word was beyond doubt meant to be, "" where
// there is none; only for checks that come Last.
func (p *Pass) Meant(word string) string {
	var known []string
	for id := range p.ran {
		quality, _, _ := strings.Cut(id, "/")
		known = append(known, id, quality)
	}
	slices.Sort(known)
	return nearest.Plainly(word, slices.Compact(known))
}

// maxCorrected bounds the corrections that are tried in a run.
const maxCorrected = 1000

// Corrected reports whether a suppression with another text would silence
// something by each of some names, or by all of its own where none are given;
// only for checks that come Last.
func (p *Pass) Corrected(s *Suppression, text string, names ...string) bool {
	if p.corrected++; p.corrected > maxCorrected {
		return false
	}
	c := directive(text)
	if c == nil || c.Bad != "" || c.Reason == "" || c.Expired(p.now) {
		return false
	}
	c.File, c.Comment = s.File, s.Comment
	c.aim()
	if len(names) == 0 {
		names = c.Checks
	}
	silences := map[string]bool{}
	for i := range p.reported {
		f := &p.reported[i]
		if f.File != s.File || f.Suppressed != nil || !c.covers(f) {
			continue
		}
		for _, n := range c.names(f) {
			silences[n] = true
		}
	}
	return !slices.ContainsFunc(names, func(n string) bool { return !silences[n] })
}
