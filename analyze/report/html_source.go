package report

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/report/page"
	"github.com/crywolf-dev/crywolf/rules"
)

// A source is bounded, see docs/html.md.
const (
	mostSourceLines = 60
	mostLine        = 300 // characters of a line
	mostFindings    = 20  // of an alert
	mostSaid        = 600 // characters of a message or an advice
)

// sourceOf is the text of a rule with what is found on its lines, and the
// findings that concern it elsewhere.
func (s *sheaf) sourceOf(a *active) (*page.Source, []page.Finding) {
	rule := a.card.Alert.Rule
	f := rule.File()
	node := rule.Node()
	first, last := node.Start.Line, node.End.Line
	if node.End.Column <= 1 && last > first {
		last--
	}
	src := &page.Source{Place: short(fmt.Sprintf("%s:%d", s.pathIn(f), first))}
	if rest := last - first + 1 - mostSourceLines; rest > 0 {
		src.Cut = count(rest, "more line") + " of the rule are left out here."
		last = first + mostSourceLines - 1
	}
	indent := -1
	for n := first; n <= last; n++ {
		if line := f.Line(n); len(line) > 0 {
			if i := indentOf(line); i < len(line) && (indent < 0 || i < indent) {
				indent = i
			}
		}
	}
	indent = max(indent, 0)
	for n := first; n <= last; n++ {
		line := f.Line(n)
		src.Lines = append(src.Lines, page.Line{N: n, Text: bounded(string(line[min(indent, indentOf(line)):]), mostLine)})
	}
	var elsewhere []page.Finding
	for i, finding := range a.findings {
		if i == mostFindings {
			elsewhere = append(elsewhere, page.Finding{Check: "crywolf", Severity: "info", Message: count(len(a.findings)-i, "more finding") + ": `crywolf lint --verbose` has them."})
			break
		}
		said := findingText(finding)
		at := finding.Position().Line
		if finding.File == f && at >= first && at <= last && !finding.Span.IsZero() {
			line := &src.Lines[at-first]
			said.From, said.To = markedPart(f, finding.Span, indent, line.Text)
			line.Findings = append(line.Findings, said)
			continue
		}
		elsewhere = append(elsewhere, said)
	}
	if len(src.Lines) > 0 {
		src.Lines = slices.Clip(src.Lines)
	}
	return src, elsewhere
}

func indentOf(line []byte) int {
	for i, c := range line {
		if c != ' ' {
			return i
		}
	}
	return len(line)
}

func findingText(f *analyze.Finding) page.Finding {
	p := page.Finding{
		Check: sanitize(f.Check), Severity: f.Severity.String(),
		Message: bounded(stop(capital(f.Message)), mostSaid), Evidence: clip(sanitize(numbers(f.Evidence)), mostSaid),
	}
	if f.Advice != "" {
		p.Advice = bounded(stop(capital(f.Advice)), mostSaid)
	}
	return p
}

// markedPart is the part of a shown line that a span takes up, in UTF-16 code
// units; nothing where the line was changed to be shown.
func markedPart(f *rules.File, span rules.Span, indent int, shown string) (from, to int) {
	line := f.Line(span.Start.Line)
	if len(line) > mostLine*utf8.UTFMax || !plain(string(line)) {
		return 0, 0
	}
	indent = min(indent, indentOf(line))
	start := span.Start.Column - 1 - indent
	end := len(line) - indent
	if span.End.Line == span.Start.Line {
		end = span.End.Column - 1 - indent
	}
	if start < 0 || end <= start || end > len(shown) {
		return 0, 0
	}
	return start, end
}
