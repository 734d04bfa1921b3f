package report

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/rules"
)

func TestSanitize(t *testing.T) {
	for in, want := range map[string]string{
		"plain {{ $labels.x }}":   "plain {{ $labels.x }}",
		"größe 温度 📏 e\u0301":      "größe 温度 📏 e\u0301",
		"a\tb\nc\rd":              `a\tb\nc\rd`,
		"\x1b[31m\a\x7f":          `\x1b[31m\x07\x7f`,
		"\u0085\u009b2J":          `\u0085\u009b2J`,
		"\u202egpj\u2066":         `\u202egpj\u2066`,
		"a\u200bb\ufeff\u00ad":    `a\u200bb\ufeff\u00ad`,
		"\u2028\u2029":            `\u2028\u2029`,
		"\U000e0041\U000e0101":    `\U000e0041\U000e0101`,
		"\xff\xc3":                `\xff\xc3`,
		"##[error]x ##vso[y] #[z": `\x23#[error]x \x23#vso[y] #[z`,
		"\u3164\u115f":            `\u3164\u115f`,
	} {
		require.Equal(t, want, sanitize(in))
	}
}

// harmless fails where text holds anything that a terminal would act on or not
// show, other than line breaks.
func harmless(t testing.TB, s string) {
	t.Helper()
	require.True(t, utf8.ValidString(s))
	for _, r := range s {
		if r != '\n' && (!unicode.IsGraphic(r) || unicode.Is(unseen, r)) {
			t.Fatalf("%U in %q", r, s)
		}
	}
}

// TestNoLineIsACommand: servers that run builds obey lines of a log.
func TestNoLineIsACommand(t *testing.T) {
	for _, color := range []bool{false, true} {
		s := newSheet(Terminal{Color: color})
		s.line("  ", s.in(bold, "::error::x"), " ::y")
		s.text("  ", dim, strings.Repeat("long ", 20)+"::add-mask::x "+strings.Repeat("long ", 20))
		got := colours.ReplaceAllString(s.out.String(), "")
		require.True(t, strings.HasPrefix(got, "  \\x3a:error::x ::y\n"), got)
		for _, l := range strings.Split(got, "\n") {
			require.False(t, strings.HasPrefix(strings.TrimSpace(l), "::"), l)
		}
	}
	r := lintReport(t, map[string]string{"\u00a0::error file=a::b.yaml": many()["services/part-00/alerts/rules.yaml"]})
	require.NotRegexp(t, `(?m)^\pZ*::`, write(t, Terminal{}, r))
}

func FuzzSanitize(f *testing.F) {
	for _, s := range []string{"", "a", "\x1b[2J", "\u202e", "\xff", "温度", "\u200d"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := sanitize(s)
		harmless(t, got)
		require.NotContains(t, got, "\n")
		require.Equal(t, got, sanitize(got))
	})
}

// FuzzTerminal feeds one hostile text into every place that rules and checks
// can fill.
func FuzzTerminal(f *testing.F) {
	for _, s := range []string{"a", "\x1b[2J\r\nx", "\u202e温度\u2066\t", "\xff\xfe", strings.Repeat("long ", 500), "e\u0301\u200d📏"} {
		f.Add(s, uint8(80))
	}
	f.Fuzz(func(t *testing.T, s string, width uint8) {
		set := parse(t, map[string]string{"rules/" + s: "groups:\n- name: g\n  rules:\n  - alert: " + s + "\n    expr: a > 1 # " + s + "\n" + s})
		check := &analyze.Check{
			ID: "quiet/" + s, Severity: analyze.Warning, Points: 5, Whole: true, Doc: analyze.Doc{Title: s, Why: s},
			Run: func(p *analyze.Pass) {
				p.EachFile(func(file *rules.File) {
					for line := 1; line <= min(file.Lines(), 20); line++ {
						span := spanOf(line, len(s)%7, len(s)%5)
						p.Report(analyze.Finding{
							File: file, Span: span, Message: s, Advice: s,
							Related: []analyze.Related{{File: file, Span: span, Message: s}},
						})
					}
				})
			},
		}
		r := reportOf(t, set, check)
		r.Hints = []string{s}
		for _, verbose := range []bool{false, true} {
			r.Verbose = verbose
			plain := write(t, Terminal{Width: int(width)}, r)
			harmless(t, plain)
			coloured := colours.ReplaceAllString(write(t, Terminal{Width: int(width), Color: true}, r), "")
			if plain != coloured {
				t.Fatalf("with colour the text differs at %q, %q", after(plain, coloured), after(coloured, plain))
			}
		}
	})
}

// spanOf is a span somewhere on a line, perhaps empty, perhaps past its end.
func spanOf(line, from, length int) rules.Span {
	at := rules.Position{Line: line, Column: 1 + from}
	end := rules.Position{Line: line, Column: 1 + from + length}
	return rules.Span{Start: at, End: end}
}

// after is a little of s from where it begins to differ from the other.
func after(s, other string) string {
	i := 0
	for i < min(len(s), len(other)) && s[i] == other[i] {
		i++
	}
	return s[max(0, i-20):min(len(s), i+40)]
}
