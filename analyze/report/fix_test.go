package report

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/rules"
	"github.com/crywolf-dev/crywolf/rules/fix"
)

// TestFixesInFormats makes the fixes by what the formats say of them: it comes
// to what crywolf makes itself.
func TestFixesInFormats(t *testing.T) {
	lines := []string{
		"groups:", "- name: \U0001F525 # é", "  rules:",
		"  - {alert: \"é\U0001F525\", expr: up > 5, lables: {a: b}, for: \"5 minutes\"}", "  - alert: B", "    expr: up > 5",
		"    for: 5m", "    for: 5m",
	}
	check := &analyze.Check{ID: "sound/slips", Severity: analyze.Error, Whole: true, Run: func(p *analyze.Pass) {
		p.EachFile(func(f *rules.File) {
			for _, problem := range f.Problems {
				p.Report(analyze.Finding{File: f, Span: problem.Span, Key: problem.Detail, Message: problem.Message, Fix: problem.Fix})
			}
		})
	}}
	for name, eol := range map[string]string{"unix": "\n", "windows": "\r\n", "old mac": "\r"} {
		t.Run(name, func(t *testing.T) {
			for _, last := range []string{"", eol} {
				f := rules.Parse("a.yml", []byte(strings.Join(lines, eol)+last), rules.Options{Named: true})
				res, err := analyze.Run(t.Context(), analyze.NewFacts(rules.NewSet([]*rules.File{f}), analyze.Settings{}), analyze.Options{Checks: []*analyze.Check{check}})
				require.NoError(t, err)
				r := &Report{Command: "lint", Result: res}
				var all []*rules.Fix
				for _, found := range res.Findings {
					require.NotNil(t, found.Fix, found.Message)
					all = append(all, found.Fix)
				}
				require.Len(t, all, 3)
				want := string(fix.Apply(f, all).File.Source)

				var doc document
				require.NoError(t, json.Unmarshal([]byte(write(t, JSON{}, r)), &doc))
				require.Equal(t, 3, doc.Summary.Fixable)
				got := string(f.Source)
				for i := len(doc.Findings) - 1; i >= 0; i-- { // from the end, so that places stay true
					for _, e := range doc.Findings[i].Fix.Edits {
						got = got[:byteAt(got, e.Line, e.Column)] + e.Text + got[byteAt(got, e.EndLine, e.EndColumn):]
					}
				}
				require.Equal(t, want, got)

				var log sarifLog
				require.NoError(t, json.Unmarshal([]byte(write(t, SARIF{}, r)), &log))
				got = string(f.Source)
				for i := len(log.Runs[0].Results) - 1; i >= 0; i-- {
					for _, e := range log.Runs[0].Results[i].Fixes[0].Changes[0].Replacements {
						text := ""
						if e.Inserted != nil {
							text = e.Inserted.Text
						}
						d := e.Deleted
						got = got[:unitAt(got, d.StartLine, d.StartColumn)] + text + got[unitAt(got, d.EndLine, d.EndColumn):]
					}
				}
				require.Equal(t, want, got)
				require.Contains(t, write(t, Terminal{Width: 80}, r), "3 of these are fixed by `crywolf lint --fix`")
			}
		})
	}
}

// lineAt is the offset at which a line begins.
func lineAt(s string, line int) int {
	at := 0
	for ; line > 1; line-- {
		n := strings.IndexAny(s[at:], "\r\n")
		if n < 0 {
			return len(s)
		}
		at += n + 1
		if s[at-1] == '\r' && at < len(s) && s[at] == '\n' {
			at++
		}
	}
	return at
}

func byteAt(s string, line, column int) int { return lineAt(s, line) + column - 1 }

// unitAt is the offset of a column in UTF-16 code units.
func unitAt(s string, line, column int) int {
	at := lineAt(s, line)
	return at + len(string(utf16.Decode(utf16.Encode([]rune(s[at:]))[:column-1])))
}
