package report

import (
	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/rules"
)

// fixable counts the findings with a fix.
func (r *Report) fixable() (n int) {
	for i := range r.Result.Findings {
		if r.Result.Findings[i].Fix != nil {
			n++
		}
	}
	return n
}

// sarifFixOf is the finding's fix, if it has one. Unlike the region of a finding,
// that of an edit is exact, over however many lines.
func (r *Report) sarifFixOf(f *analyze.Finding) (fix sarifFix, ok bool) {
	if f.Fix == nil || f.File == nil {
		return fix, false
	}
	change := sarifChange{Artifact: r.artifact(f.File)}
	for _, e := range f.Fix.Edits {
		from, to := e.Span.Start, e.Span.End
		if max(from.Column, to.Column) > widestLine {
			return fix, false
		}
		rep := sarifReplacement{Deleted: sarifRegion{
			StartLine: from.Line, StartColumn: utf16Column(f.File, from), EndLine: to.Line, EndColumn: utf16Column(f.File, to),
		}}
		if e.Text != "" {
			rep.Inserted = &sarifContent{e.Text}
		}
		change.Replacements = append(change.Replacements, rep)
	}
	return sarifFix{
		Description: sarifMessage{Text: linkless(stop(clip(sanitize(capital(f.Fix.Message)), mostText)))},
		Changes:     []sarifChange{change},
	}, true
}

// utf16Column is the column of a place, from 1, in UTF-16 code units.
func utf16Column(f *rules.File, at rules.Position) int {
	line := f.Line(at.Line)
	return 1 + utf16Units(line[:min(at.Column-1, len(line))])
}
