package report

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net/url"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	// Only for the official schema that is in it.
	_ "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/rules"
)

func TestSARIFGolden(t *testing.T) {
	golden(t, filepath.Join("testdata", "few.sarif.golden"), []byte(write(t, SARIF{}, reports(t)["few"])))
}

// sarifSchema is the official schema of SARIF 2.1.0, errata 01: a constant of a
// module that only the tests use.
func sarifSchema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	dir, err := exec.Command("go", "list", "-f", "{{.Dir}}", "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif").Output()
	require.NoError(t, err)
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(strings.TrimSpace(string(dir)), "schema.go"), nil, 0)
	require.NoError(t, err)
	var text string
	ast.Inspect(file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING && len(lit.Value) > len(text) {
			text = lit.Value
		}
		return true
	})
	text, err = strconv.Unquote(text)
	require.NoError(t, err)
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	require.NoError(t, c.AddResource("sarif.json", doc))
	schema, err := c.Compile("sarif.json")
	require.NoError(t, err)
	return schema
}

// TestSARIFMeetsSchema holds what is written to the official schema, and to
// what GitHub asks for beyond it.
func TestSARIFMeetsSchema(t *testing.T) {
	schema := sarifSchema(t)
	for name, r := range reports(t) {
		t.Run(name, func(t *testing.T) {
			text := write(t, SARIF{}, r)
			doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
			require.NoError(t, err)
			require.NoError(t, schema.Validate(doc))
			acceptable(t, text, len(r.Result.Findings))
		})
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(`{"version":"2.1.0","runs":[{"tool":{"driver":{"name":""}},"surprise":1}]}`))
	require.NoError(t, err)
	require.Error(t, schema.Validate(doc), "the schema refuses what it does not know")
}

// acceptable holds a log to GitHub's rules.
func acceptable(t *testing.T, text string, results int) sarifRun {
	t.Helper()
	var log sarifLog
	require.NoError(t, json.Unmarshal([]byte(text), &log))
	require.Len(t, log.Runs, 1)
	run := log.Runs[0]
	require.Len(t, run.Results, results)
	for _, c := range run.Tool.Driver.Rules {
		for _, s := range []string{c.ID, c.Name, c.Short.Text, c.Full.Text, c.Help.Text, c.Help.Markdown, c.Properties.Precision, c.Properties.Problem} {
			require.NotEmpty(t, s)
		}
		require.LessOrEqual(t, len([]rune(c.Full.Text)), 1024)
		require.LessOrEqual(t, len(c.Properties.Tags), 10)
	}
	prints, last := map[string]bool{}, "error"
	for _, res := range run.Results {
		require.Equal(t, res.RuleID, run.Tool.Driver.Rules[res.RuleIndex].ID)
		require.NotEmpty(t, res.Message.Text)
		require.NotContains(t, res.Message.Text, "](")
		require.Len(t, res.Locations, 1)
		at := res.Locations[0].Physical
		require.NotEmpty(t, at.Artifact.URI)
		_, err := url.Parse(at.Artifact.URI)
		require.NoError(t, err)
		require.Equal(t, at.Region.StartLine, at.Region.EndLine)
		require.LessOrEqual(t, at.Region.StartColumn, at.Region.EndColumn)
		print := res.Fingerprints["primaryLocationLineHash"]
		require.False(t, prints[print], "twice: %s", print)
		prints[print] = true
		require.LessOrEqual(t, rankOfLevel(res.Level), rankOfLevel(last), "worst first")
		last = res.Level
		for i, rel := range res.Related {
			require.Equal(t, i+1, rel.ID)
		}
	}
	return run
}

func rankOfLevel(s string) int { return map[string]int{"note": 1, "warning": 2, "error": 3}[s] }

// TestRegion compares columns with Go's own UTF-16 of what is before and within
// the span.
func TestRegion(t *testing.T) {
	src := "groups:\n- name: g\n  rules:\n  - alert: Größe📏\n    expr: |\n      größe > 1\n        and 温度 > 2\n    annotations: {a: \"📏\xc3\xa9\"}\n"
	f := rules.Parse("a.yaml", []byte(src), rules.Options{})
	for line := 1; line <= f.Lines(); line++ {
		text := string(f.Line(line))
		for from := range text {
			for to := range text[from:] {
				span := rules.Span{Start: rules.Position{Line: line, Column: from + 1}, End: rules.Position{Line: line, Column: from + to + 1}}
				within := text[from : from+to]
				if to == 0 {
					within = string([]rune(text[from:])[:1])
				}
				want := region{line: line, from: 1 + len(utf16.Encode([]rune(text[:from])))}
				want.to = want.from + len(utf16.Encode([]rune(within)))
				require.Equal(t, want, regionOf(f, span, utf16Units), "%q", within)
				points := regionOf(f, span, codePoints)
				require.Equal(t, 1+len([]rune(text[:from])), points.from)
				require.Equal(t, len([]rune(within)), points.to-points.from)
			}
		}
	}
	multi := rules.Span{Start: rules.Position{Line: 6, Column: 7}, End: rules.Position{Line: 7, Column: 12}}
	require.Equal(t, region{line: 6, from: 7, to: 16}, regionOf(f, multi, utf16Units), "of several lines the first, to its end")
	require.Equal(t, region{line: 1}, regionOf(f, rules.Span{}, utf16Units))
	require.Equal(t, region{line: 1}, regionOf(nil, multi, utf16Units))
	require.Equal(t, region{line: 99}, regionOf(f, spanOf(99, 1, 1), utf16Units))
	require.Equal(t, region{line: 1, from: 8, to: 8}, regionOf(f, spanOf(1, 40, 3), utf16Units), "past the end of the line")
	long := rules.Parse("a.yaml", []byte("groups: [] # "+strings.Repeat("x", widestLine)), rules.Options{})
	require.Equal(t, region{line: 1}, regionOf(long, spanOf(1, 40, 3), utf16Units))
}

func TestSARIFPaths(t *testing.T) {
	for path, want := range map[string]sarifArtifact{
		"rules/a.yaml":           {"rules/a.yaml", sarifRoot},
		"./rules//a.yaml":        {"rules/a.yaml", sarifRoot},
		"größe/a b%2e#?.yaml":    {"gr%C3%B6%C3%9Fe/a%20b%252e%23%3F.yaml", sarifRoot},
		"c:/a.yaml":              {"c%3A/a.yaml", sarifRoot},
		"/srv/a.yaml":            {"file:///srv/a.yaml", ""},
		"../a.yaml":              {"../a.yaml", ""},
		rules.Stdin:              {"%3Cstdin%3E", ""},
		"rules/\x1b[31m\xff.yml": {"rules/%1B%5B31m%FF.yml", sarifRoot},
	} {
		r := lintReport(t, map[string]string{path: fewRules})
		require.Equal(t, want, r.physical(r.Result.Set.Files[0], rules.Span{}).Artifact)
	}
	r := lintReport(t, map[string]string{"a.yaml": fewRules})
	r.Locate = func(p string) (string, bool) { return "deep/" + p, true }
	require.Equal(t, "deep/a.yaml", r.physical(r.Result.Set.Files[0], rules.Span{}).Artifact.URI)
}

// TestSARIFLimits: beyond what GitHub takes, the worst are kept and the rest is
// said, in number and in bytes.
func TestSARIFLimits(t *testing.T) {
	flood := func(n int, message func(i int) string) *Report {
		r := lintReport(t, map[string]string{"a.yaml": fewRules})
		f := r.Result.Set.Files[0]
		r.Result.Findings = nil
		for i := range n {
			sev := analyze.Info
			if i%100 == 99 {
				sev = analyze.Error
			}
			r.Result.Findings = append(r.Result.Findings, analyze.Finding{
				Check: "quiet/hasty", File: f, Severity: sev, Message: message(i), Fingerprint: fmt.Sprint(i),
			})
		}
		return r
	}
	r := flood(sarifResults+700, func(int) string { return "short" })
	run := acceptable(t, write(t, SARIF{}, r), sarifResults)
	require.Equal(t, "error", run.Results[256].Level)
	require.Equal(t, "note", run.Results[257].Level)
	require.Contains(t, run.Invocations[0].Notifications[0].Message.Text, "700 findings less severe left out")

	state := uint64(7)
	random := func(int) string {
		var b strings.Builder
		for b.Len() < mostText {
			state = state*6364136223846793005 + 1442695040888963407
			b.WriteString(strconv.FormatUint(state>>3, 36))
		}
		return b.String()
	}
	text := write(t, SARIF{}, flood(12_000, random))
	require.LessOrEqual(t, compressed([]byte(text)), sarifBytes)
	acceptable(t, text, 6_000)
}
