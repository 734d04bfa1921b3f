package promexpr

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/stretchr/testify/require"
)

// parsesAlike requires that ParseWith returns what Parse does, and reports
// whether matchers were made for it.
func parsesAlike(t testing.TB, text string) bool {
	made := 0
	got, gotErr := ParseWith(text, func(kind labels.MatchType, name, value string) (*labels.Matcher, error) {
		made++
		return labels.NewMatcher(kind, name, value)
	})
	want, wantErr := Parse(text)
	if wantErr != nil {
		require.EqualError(t, gotErr, wantErr.Error(), text)
		return false
	}
	require.NoError(t, gotErr, text)
	require.Equal(t, shape(want), shape(got), text)
	return made > 0
}

// shape is all of an expression: what it says and where.
func shape(e parser.Expr) string {
	var b strings.Builder
	b.WriteString(e.String())
	parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
		if n == nil {
			return nil
		}
		fmt.Fprintf(&b, "\n%v %s", n.PositionRange(), n)
		if vs, ok := n.(*parser.VectorSelector); ok {
			for _, m := range vs.LabelMatchers {
				b.WriteString(" " + m.String())
			}
		}
		return nil
	})
	return b.String()
}

func TestParseWithGenerated(t *testing.T) {
	made := 0
	r := rand.New(rand.NewPCG(5, 1))
	for range 20_000 {
		if parsesAlike(t, gen{r: r}.expr(r.IntN(6)).String()) {
			made++
		}
	}
	require.Greater(t, made, 2_000)
}

func TestParseWithCorpora(t *testing.T) {
	made := 0
	for _, text := range corpora(t) {
		if parsesAlike(t, text) {
			made++
		}
	}
	t.Logf("%d expressions have regular expressions made for them", made)
}

func TestParseWithOdd(t *testing.T) {
	for text, made := range map[string]bool{
		`x{a=~"b"}`: true,
		`x{a !~ 'b', c="d", e=~` + "`f`" + `} offset 5m`: true,
		`rate({a=~".+", b="=~"}[5m]) > 1`:                true,
		"x{a=~\"b\", # c=~\"d\"\n e!~\"f\"}":             true,
		`x == y{a=~"b"} != bool z{c!="d"}`:               true,
		`{"x", a=~"b"}`:                                  false, // a name that is no matcher of the text
		`{"x y"=~"b"}`:                                   true,
		`{a=~".*"}`:                                      false, // selects everything: an error
		`{a!~".+"}`:                                      false,
		`{a=~".*", b="c"}`:                               true,
		`x{a=~"("}`:                                      false, // not a regular expression
		`x{__name__=~"y"}`:                               false, // two names
		`{__name__=~"y"}`:                                true,
		`info(x, {a=~".*"})`:                             false,
		`x{a=~"b"`:                                       false,
		`x =~ "b"`:                                       false,
		`x{a=}`:                                          false,
		`x{a=`:                                           false,
		`x{a!`:                                           false,
		`x{a=~"b"} =~ {c=~"d"}`:                          false,
		`label_replace(x{a=~"{"}, "a", "=~{", "b", "(.*)")`: true,
		`x{a=~"\""}`: true,
	} {
		got := false
		require.NotPanics(t, func() { got = parsesAlike(t, text) }, text)
		if made {
			require.True(t, got, text)
		}
	}
}

// FuzzParseWith: whatever is parsed, or refused, the parser alone does the same.
func FuzzParseWith(f *testing.F) {
	for _, s := range []string{
		`x{a=~"b",c!~"d"} offset 5m`, `{"x", a=~"b"}`, `{a=~".*"}`, `info(x, {a=~".*"})`, "x{a=~`b` # =~\n}", `label_replace(x{a=~"{"}, "a", "=~{", "b", "(.*)")`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) <= 2000 {
			parsesAlike(t, s)
		}
	})
}
