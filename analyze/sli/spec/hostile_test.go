package spec

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/rules"
)

// bomb has lists of aliases of lists of aliases.
func bomb() string {
	var b strings.Builder
	b.WriteString("version: prometheus/v1\nservice: s\nx0: &x0 {name: a, objective: 99, sli: {raw: {error_ratio_query: up}}}\n")
	for i := range 6 {
		fmt.Fprintf(&b, "x%d: &x%d {<<: [%s]}\n", i+1, i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*x%d, ", i), 20), ", "))
	}
	b.WriteString("slos: [" + strings.Repeat("*x6, ", 1000) + "]\n")
	return b.String()
}

func sloth(queries ...string) string {
	var b strings.Builder
	b.WriteString("version: prometheus/v1\nservice: s\nslos:\n")
	for i, q := range queries {
		fmt.Fprintf(&b, "- {name: n%d, objective: 99, sli: {raw: {error_ratio_query: %s}}}\n", i, q)
	}
	return b.String()
}

// What is made to be slow, or to take memory, is refused in a message or two.
func TestHostile(t *testing.T) {
	long := "&q 'up" + strings.Repeat(" + up", 20_000) + "'"
	again := []string{"&q 'up" + strings.Repeat(" + up", 9_000) + "'"}
	for range 5_000 {
		again = append(again, "*q")
	}
	for _, c := range []struct{ name, src, message string }{
		{"size", "# prometheus/v1\n" + strings.Repeat("# more\n", MaxSize/7), "larger than 1 MiB"},
		{"depth", "version: prometheus/v1\nslos: " + strings.Repeat("[", 9000) + strings.Repeat("]", 9000), "nested deeper"},
		{"aliases", bomb(), "aliases make the file many times its size"},
		{"long query", sloth(long), "more than 10000 operators"},
		{"deep query", sloth("'" + strings.Repeat("(", 50_000) + "up'"), "nested deeper than 200"},
		{"huge query", sloth("'" + strings.Repeat("u", rules.MaxExprSize+1) + "'"), "at most"},
		{"queries by alias", sloth(append(again, "'up{'")...), "not PromQL"},
		{"mistakes", "version: prometheus/v1\nservice: s\nslos: [" + strings.Repeat("x,", 100_000) + "]", "more is wrong"},
		{"merge of itself", "version: prometheus/v1\nservice: s\nslos:\n- &a {<<: *a, name: x}\n", "no objective"},
		{"list of itself", "&a\n- *a\n", "no SLO specification"},
		{"one key again and again", "version: prometheus/v1\nservice: s\nslos:\n- {" + strings.Repeat("a: b,", 190_000) + "}\n", "more is wrong"},
		{"long queries", sloth(slices.Repeat([]string{"'" + strings.Repeat("a+", 9999) + "b'"}, 50)...), "too long to be read together"},
		{"bad documents", strings.Repeat("a: [\n---\n", 50_000), "nothing more is read"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			got := Parse("f", []byte(c.src), true)
			runtime.ReadMemStats(&after)
			require.NotEmpty(t, got.Problems)
			require.LessOrEqual(t, len(got.Problems), maxProblems+1)
			found := false
			for _, p := range got.Problems {
				found = found || strings.Contains(p.Message, c.message)
				require.Less(t, len(p.Message), 1000)
			}
			require.True(t, found, "%q is not among %d problems, such as %q", c.message, len(got.Problems), got.Problems[0].Message)
			require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(600<<20))
		})
	}
}

// FuzzParse: whatever a file holds, what is said of it is about a place in it,
// and what is read of it can be used.
func FuzzParse(f *testing.F) {
	for _, src := range []string{openSLO, openSLOThreshold, alpha, slothSource, slothKubernetes, pyrraRatio, pyrraOthers, raw, "\xff", "a: &a [*a]", "- - - -"} {
		f.Add(src)
	}
	for _, c := range mistakes {
		f.Add(c.src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		c := Parse("f", []byte(src), true)
		within := func(file *rules.File, at rules.Span) {
			if at.Start.Offset > at.End.Offset || at.End.Offset > len(src) || file == nil || at.Start.Line < 1 && !at.IsZero() {
				t.Fatalf("%+v", at)
			}
		}
		for _, p := range append(c.Problems, c.Passed...) {
			within(p.File, p.Span)
			if p.Message == "" {
				t.Fatal("a problem without a message")
			}
		}
		seen := map[string]bool{}
		for _, s := range c.SLIs {
			within(s.File, s.Span)
			if s.ID == "" || seen[s.ID] || s.Objective < 0 || s.Objective >= 1 || s.Window < 0 {
				t.Fatalf("%+v", s)
			}
			seen[s.ID] = true
			for _, q := range s.Queries() {
				within(q.File, q.Span)
				if q.Expr == nil || len(fill(q.Text)) != len(q.Text) {
					t.Fatalf("%+v", q)
				}
			}
			if (s.Good != nil || s.Bad != nil) && s.Total == nil && (s.Good == nil || s.Bad == nil) || s.Value != nil && s.Objective > 0 && s.Op == 0 {
				t.Fatalf("%+v", s)
			}
		}
	})
}
