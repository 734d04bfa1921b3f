package rules

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestYAMLErrorsAtTheirPlace(t *testing.T) {
	const base = "# c\n\ngroups:\n- name: g\n  rules:\n  - alert: A\n    expr: up\n    labels:\n      a: b\n    annotations:\n      c: d\n  - alert: B\n    expr: up\n"
	for _, c := range []struct {
		old, new string
		line     int
		at       string
	}{
		{"      a: b\n", "      a: b: c\n", 9, "a: b: c"},
		{"      a: b\n", "\ta: b\n", 9, "\t"},
		{"      a: b\n", "      a: 'b\n", 9, "a: 'b"},
		{"      a: b\n", "      a: \"b\\q\"\n", 9, `a: "b\q"`},
		{"    expr: up\n    labels", "   expr: up\n    labels", 7, "expr: up"},
		{"    expr: up\n    labels", "     expr: up\n    labels", 7, "expr: up"},
		{"      a: b\n", "      a: [b\n", 9, "a: [b"},
		{"      a: b\n", "      a: &x *b\n", 9, "a: &x *b"},
		{"      a: b\n", "      a: *b\n", 9, "*b"},
		{"      a: b\n", "      a: @b\n", 9, "a: @b"},
		{"- name: g\n", "- name: g\n x: y\n", 5, "x: y"},
		{"  - alert: B", " - alert: B", 12, "- alert: B"},
		{"  - alert: B", "   - alert: B", 12, "- alert: B"},
		{"      a: b\n", "      a: !x!y b\n", 9, "a: !x!y b"},
		{"      a: b\n", "      a: b\n      }\n", 10, "}"},
		{"      a: b\n", "      }- x\n", 9, "}- x"},
		{"      a: b\n", "      a: 'b' c\n", 9, "a: 'b' c"},
		{"      a: b\n", "      a: ]\n", 9, "a: ]"},
		{"      a: b\n", "      - x\n      a: b\n", 10, "a: b"},
		{"      a: b\n", "      a: b\n      - x\n", 10, "- x"},
		{"      a: b\n", "      a: " + strings.Repeat("[", 10_001) + "\n", 9, ""},
	} {
		src := strings.Replace(base, c.old, c.new, 1)
		f := Parse("x.yml", []byte(src), Options{})
		require.Len(t, f.Problems, 1, "%q", c.new)
		p := f.Problems[0]
		require.Equal(t, BadYAML, p.Kind, "%q", c.new)
		require.Equal(t, c.line, p.Span.Start.Line, "%q: %s", c.new, p.Message)
		if c.at != "" {
			require.Equal(t, c.at, slice(f, p.Span), "%q", c.new)
		}
	}
}
