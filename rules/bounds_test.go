package rules

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const alertHead = "groups:\n- name: g\n  rules:\n  - alert: A\n    expr: "

func laughs() string {
	var b strings.Builder
	b.WriteString("groups:\n- name: g\n  rules:\n  - &r0 {alert: A, expr: up, labels: {<<: &m0 {a: b}}}\n  - alert: B\n    expr: up\n    labels:\n")
	for i := range 12 {
		list := strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*m%d, ", i), 10), ", ")
		fmt.Fprintf(&b, "      k%d: &m%d {<<: [%s]}\n", i, i+1, list)
	}
	b.WriteString("      <<: *m12\n")
	return b.String()
}

func groupBomb() string {
	var b strings.Builder
	b.WriteString("groups:\n- name: g\n  rules: &r\n  - &x {alert: A, expr: up}\n")
	b.WriteString(strings.Repeat("  - *x\n", 1000))
	for i := range 1000 {
		fmt.Fprintf(&b, "- {name: g%d, rules: *r}\n", i)
	}
	return b.String()
}

// A refused source costs time and memory in proportion to its size at most;
// the memory is checked here, an endless test would show the time.
func TestRefusals(t *testing.T) {
	// Bounds of crywolf's own, which say nothing of what Prometheus would do.
	ours := []string{"file size", "marks", "scalar size", "expression size", "parentheses", "signs", "chain", "flow depth", "laughs", "groups by alias", "UTF-16", "UTF-16 the other way"}
	quoted := "'" + strings.Repeat("a", MaxScalarSize+1) + "'"
	for _, c := range []struct {
		name, src    string
		line, column int
		message      string
	}{
		{"file size", strings.Repeat("# groups\n", MaxFileSize/9+1), 1, 1, "larger than 64 MiB"},
		{"marks", "groups: " + strings.Repeat("[{", maxYAMLMarks/2+1), 1, 1, "can start a YAML node"},
		{"scalar size", alertHead + quoted, 5, 11, "a value of 1048577 bytes"},
		{"expression size", alertHead + quoted[:MaxExprSize+2] + "'", 5, 5, "an expression of 131073 bytes"},
		{"parentheses", alertHead + "1 + " + strings.Repeat("(", 50_000) + "1" + strings.Repeat(")", 50_000), 5, 215, "nested deeper than 200"},
		{"signs", alertHead + "'" + strings.Repeat("-", 100_000) + "1'", 5, 12 + MaxExprParts, "more than 10000 operators"},
		{"chain", alertHead + strings.Repeat("1 or ", 20_000) + "1", 5, 11 + 2 + 5*MaxExprParts + 1, "more than 10000 operators"},
		{"flow depth", alertHead + strings.Repeat("[", 9000) + strings.Repeat("]", 9000), 5, 106, "nested deeper than 100 levels"},
		{"flow depth, deeper", alertHead + strings.Repeat("[", 90_000), 5, 5, "exceeded max depth"},
		{"block depth", alertHead + "\n" + strings.Repeat("- ", 90_000), 6, 1, "exceeded max depth"},
		{"laughs", laughs(), 1, 1, "aliases make the document many times its size"},
		{"groups by alias", groupBomb(), 1, 1, "aliases make the document many times its size"},
		{"cycle", "groups:\n- name: g\n  rules:\n  - &r\n    <<: *r\n    alert: A\n", 5, 9, "contains itself"},
		{"UTF-16", "\xff\xfeg\x00r\x00", 1, 1, "UTF-16"},
		{"UTF-16 the other way", "\xfe\xff\x00g\x00r", 1, 1, "UTF-16"},
		{"UTF-16 without a mark", "g\x00r\x00o\x00", 1, 2, "NUL byte"},
		{"NUL", alertHead + "a\x00b", 5, 12, "NUL byte"},
		{"control", alertHead + "a\x07b", 5, 12, "control character U+0007"},
		{"control, two bytes", alertHead + "a\u0081b", 5, 12, "control character U+0081"},
		{"not UTF-8", alertHead + "é\xffb", 5, 13, "byte 0xff is not UTF-8"},
		{"truncated UTF-8", alertHead + "\xc3", 5, 11, "byte 0xc3 is not UTF-8"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			f := Parse("x.yml", []byte(c.src), Options{Named: true})
			runtime.ReadMemStats(&after)
			require.NotEmpty(t, f.Problems)
			p := f.Problems[0]
			for _, other := range f.Problems { // among those of a bomb's other parts
				if strings.Contains(other.Message, c.message) {
					p = other
				}
			}
			kind := BadYAML
			if slices.Contains(ours, c.name) {
				kind = Limit
			}
			require.Equal(t, kind, p.Kind)
			require.Contains(t, p.Message, c.message)
			require.Equal(t, [2]int{c.line, c.column}, [2]int{p.Span.Start.Line, p.Span.Start.Column})
			spent := after.TotalAlloc - before.TotalAlloc
			require.Less(t, spent, uint64(128<<20+30*len(c.src)), "bytes allocated")
		})
	}
}

func TestManyProblemsAreCounted(t *testing.T) {
	var b strings.Builder
	b.WriteString("groups:\n- name: g\n  rules:\n")
	for range maxProblems + 7 {
		b.WriteString("  - {alert: A, expr: up, debug: true}\n")
	}
	f := Parse("x.yml", []byte(b.String()), Options{})
	require.Len(t, f.Problems, maxProblems+1)
	require.Equal(t, maxProblems+7, f.ruleCount(), "the rules are read all the same")
	require.Equal(t, "7 more problems in this document are not listed", f.Problems[0].Message)
}

// Sizes short of the bounds are read.
func TestBoundsAreInclusive(t *testing.T) {
	expr := "'" + strings.Repeat("(", MaxExprDepth) + "1" + strings.Repeat(")", MaxExprDepth) + strings.Repeat(" ", MaxExprSize-2*MaxExprDepth-1) + "'"
	f := Parse("x.yml", []byte(alertHead+expr), Options{})
	require.Empty(t, f.Problems)
	require.Len(t, f.Groups[0].Rules, 1)
	require.NotNil(t, f.Groups[0].Rules[0].Expr())
}
