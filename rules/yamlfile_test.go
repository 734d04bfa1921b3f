package rules

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// A document that is not YAML costs itself alone, and every place is that of
// the whole file.
func TestReadYAML(t *testing.T) {
	const src = "%YAML 1.1\n# first\n---\na: ä\n---\nb: [\n--- # third\nc: |\n  one\n  two\n--- {d: &x 'e''f'}\n...\n"
	f, docs := ReadYAML("x.yaml", []byte(src))
	require.Len(t, f.Problems, 1)
	require.Equal(t, BadYAML, f.Problems[0].Kind)
	require.Equal(t, 6, f.Problems[0].Span.Start.Line)
	require.Len(t, docs, 3)
	for i, want := range []struct {
		text, source string
		line, column int
	}{{"ä", "ä", 4, 4}, {"one\ntwo\n", "|\n  one\n  two", 8, 4}, {"e'f", "'e''f'", 11, 12}} {
		n := docs[i].Content[1]
		s := f.NodeScalar(n)
		require.Equal(t, want.text, s.Text())
		span := s.Span()
		require.Equal(t, span, f.NodeSpan(n))
		require.Equal(t, want.source, src[span.Start.Offset:span.End.Offset])
		require.Equal(t, want.line, span.Start.Line)
		require.Equal(t, want.column, span.Start.Column)
	}
	two := f.NodeScalar(docs[1].Content[1]).Sub(4, 7)
	require.Equal(t, "two", src[two.Start.Offset:two.End.Offset])
	require.Equal(t, "c: |", src[f.NodeSpan(docs[1]).Start.Offset:f.NodeSpan(docs[1]).End.Offset])
}

func TestReadYAMLRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		src  string
		kind ProblemKind
	}{
		"not UTF-8":        {"a: \xff", BadYAML},
		"UTF-16":           {"\xff\xfea", Limit},
		"template":         {"a: {{ .Values.x }}\n", Limit},
		"broken template":  {"a: {{ include }}\n b", Limit},
		"deep":             {"a: " + string(make([]byte, 0)) + repeat("[", 150) + repeat("]", 150), Limit},
		"bad":              {"a: [", BadYAML},
		"unknown anchor":   {"a: *x", BadYAML},
		"many bad":         {repeat("a: [\n---\n", 100), BadYAML},
		"a tab":            {"a:\n\tb: c\n", BadYAML},
		"several in a row": {"--- a\n--- b\n--- [\n", BadYAML},
	} {
		t.Run(name, func(t *testing.T) {
			f, _ := ReadYAML("x.yaml", []byte(c.src))
			require.NotEmpty(t, f.Problems)
			require.Equal(t, c.kind, f.Problems[0].Kind, f.Problems[0].Message)
			require.LessOrEqual(t, len(f.Problems), maxBadDocuments+1)
		})
	}
}

// FuzzReadYAML: where the whole source is YAML, its documents one by one are
// the same.
func FuzzReadYAML(f *testing.F) {
	for _, src := range []string{"a: b\n---\nc: d\n", "--- |\n a\n--- b\n", "%YAML 1.1\n---\na\n", "'a\n---'\n", "a: [\n--- b", "# x\n---\n---\n"} {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		file, docs := ReadYAML("x", []byte(src))
		for _, p := range file.Problems {
			if p.Span.Start.Offset > p.Span.End.Offset || p.Span.End.Offset > len(src) {
				t.Fatalf("problem %q at %+v", p.Message, p.Span)
			}
		}
		var within func(n *yaml.Node)
		within = func(n *yaml.Node) {
			span := file.NodeSpan(n)
			if span.Start.Offset > span.End.Offset || span.End.Offset > len(src) {
				t.Fatalf("%q at %+v", n.Value, span)
			}
			if n.Kind == yaml.ScalarNode {
				if s := file.NodeScalar(n); s.Text() != n.Value {
					t.Fatalf("%q reads as %q", n.Value, s.Text())
				}
			}
			for _, c := range n.Content {
				within(c)
			}
		}
		for _, d := range docs {
			within(d)
		}
	})
}

func repeat(s string, n int) string {
	out := ""
	for range n {
		out += s
	}
	return out
}
