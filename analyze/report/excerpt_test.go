package report

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/rules"
)

func TestExcerpt(t *testing.T) {
	long := strings.Repeat("abcdefghij", 20)
	for name, c := range map[string]struct {
		line       string
		start, end int // bytes, from 0
		width      int
		want       [2]string
	}{
		"plain":           {"  expr: a > 1", 8, 13, 40, [2]string{"expr: a > 1", "      ^~~~~"}},
		"one byte":        {"expr: a", 6, 7, 40, [2]string{"expr: a", "      ^"}},
		"empty span":      {"expr: a", 4, 4, 40, [2]string{"expr: a", "    ^"}},
		"end of line":     {"expr:", 5, 5, 40, [2]string{"expr:", "     ^"}},
		"past the line":   {"expr:", 50, 60, 40, [2]string{"expr:", "     ^"}},
		"tab in between":  {"a:\tb", 3, 4, 40, [2]string{"a:  b", "    ^"}},
		"tab for indent":  {"\ta: b", 0, 1, 40, [2]string{"    a: b", "^~~~"}},
		"wide before":     {"温度: b", 8, 9, 40, [2]string{"温度: b", "      ^"}},
		"wide marked":     {"a: 温度", 3, 9, 40, [2]string{"a: 温度", "   ^~~~"}},
		"combining":       {"e\u0301: b", 5, 6, 40, [2]string{"e\u0301: b", "   ^"}},
		"part of one":     {"a: 温", 4, 5, 40, [2]string{"a: 温", "   ^~"}},
		"escapes":         {"a\x1b: b", 4, 5, 40, [2]string{`a\x1b: b`, "       ^"}},
		"escapes marked":  {"a: \u202e", 3, 6, 40, [2]string{`a: \u202e`, "   ^~~~~~"}},
		"cut on the left": {long + "X", 200, 201, 20, [2]string{"…cdefghijabcdefghijX", "                   ^"}},
		"cut on both":     {long + "X" + long, 200, 201, 20, [2]string{"…abcdefghijXabcdefg…", "           ^"}},
		"cut on right":    {"X" + long, 0, 1, 20, [2]string{"Xabcdefghijabcdefgh…", "^"}},
		"span too long":   {"a: " + long, 3, 203, 20, [2]string{"… abcdefghijabcdefg…", "  ^~~~~~~~~~~~~~~~~"}},
	} {
		t.Run(name, func(t *testing.T) {
			f := rules.Parse("x.yaml", []byte(c.line+"\n"), rules.Options{Named: true})
			line, marks := excerpt(f, spanOf(1, c.start, c.end-c.start), c.width)
			require.Equal(t, c.want, [2]string{line, marks})
			require.LessOrEqual(t, columns(line), c.width)
			require.LessOrEqual(t, columns(marks), c.width)
		})
	}
	t.Run("several lines", func(t *testing.T) {
		f := rules.Parse("x.yaml", []byte("a: b\n  c\n"), rules.Options{Named: true})
		line, marks := excerpt(f, rules.Span{Start: rules.Position{Line: 1, Column: 4}, End: rules.Position{Line: 2, Column: 4}}, 40)
		require.Equal(t, [2]string{"a: b", "   ^"}, [2]string{line, marks})
	})
	t.Run("a line of megabytes", func(t *testing.T) {
		f := rules.Parse("x.yaml", []byte("# "+strings.Repeat("温", 1<<20)), rules.Options{Named: true})
		line, _ := excerpt(f, spanOf(1, 2+3*(1<<19), 3), 40)
		require.LessOrEqual(t, columns(line), 40)
	})
	t.Run("nowhere", func(t *testing.T) {
		line, marks := excerpt(nil, rules.Span{}, 40)
		require.Empty(t, line+marks)
	})
}

func TestWrap(t *testing.T) {
	require.Equal(t, []string{"a bb", "ccc"}, wrap("a bb ccc", 5))
	require.Equal(t, []string{"abcde", "fgh i"}, wrap("abcdefgh i", 5))
	require.Equal(t, []string{"温度", "温"}, wrap("温度温", 5))
	require.Empty(t, wrap(" ", 5))
	most := wrap(strings.Repeat("word ", 1000), 20)
	require.Len(t, most, wrapLines)
	require.True(t, strings.HasSuffix(most[wrapLines-1], ellipsis))
	for _, l := range most {
		require.LessOrEqual(t, columns(l), 20)
	}
}
