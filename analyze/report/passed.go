package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/crywolf-dev/crywolf/rules"
)

// eachPassed calls f with all that was passed over, in the order of the files.
func (r *Report) eachPassed(f func(*rules.File, *rules.Problem)) {
	for _, file := range r.Result.Set.Files {
		for i := range file.Passed {
			f(file, &file.Passed[i])
		}
	}
}

// unjudged says how many expressions were not judged, and what they are made
// of; "" where all were.
func (r *Report) unjudged() string {
	of := map[string]int{}
	total := 0
	r.eachPassed(func(_ *rules.File, p *rules.Problem) {
		if p.Rule != nil && p.Detail != "" {
			of[p.Detail]++
			total++
		}
	})
	if total == 0 {
		return ""
	}
	var parts []string
	for _, what := range slices.Sorted(maps.Keys(of)) {
		parts = append(parts, thousands(of[what])+" "+sanitize(what))
	}
	return fmt.Sprintf("%s of %s: %s", thousands(total), count(len(r.Result.Set.Rules()), "expression"), strings.Join(parts, ", "))
}

// passed lists what was passed over, and why.
func (s *sheet) passed(r *Report) {
	first := true
	r.eachPassed(func(f *rules.File, p *rules.Problem) {
		if first {
			s.line()
			s.line(s.in(bold, "Passed over"))
			first = false
		}
		at := p.Span.Start
		place := sanitize(f.Path)
		if at.Line > 0 {
			place = fmt.Sprintf("%s:%d:%d", place, at.Line, at.Column)
		}
		s.line("  ", place)
		s.text("    ", dim, p.Message)
	})
}
