package promexpr

import (
	"math/rand/v2"
	"testing"

	"github.com/prometheus/prometheus/promql/parser"
	"github.com/stretchr/testify/require"
)

func TestExperimental(t *testing.T) {
	for _, tc := range []struct {
		expr string
		want []string // flag, what, text
	}{
		{`sum(rate(x[5m])) > 5`, nil},
		{`x offset -5m`, nil},
		{`x offset -(5m)`, nil},
		{`limitk(1, x)`, []string{FlagFunctions, "limitk", "limitk(1, x)"}},
		{`max_of(1, 2)`, []string{FlagFunctions, "max_of", "max_of(1, 2)"}},
		{`1 + mad_over_time(x[5m])`, []string{FlagFunctions, "mad_over_time", "mad_over_time(x[5m])"}},
		{`rate(x[5m + 1m])`, []string{FlagDurationExpr, "duration expression", "5m + 1m"}},
		{`rate(x[5m] anchored)`, []string{FlagExtendedRange, "anchored", "x"}},
		{`x + fill (0) y`, []string{FlagBinopFill, "fill", "x + fill (0) y"}},
	} {
		uses := Experimental(mustParse(t, tc.expr))
		if tc.want == nil {
			require.Empty(t, uses, tc.expr)
			continue
		}
		require.Len(t, uses, 1, tc.expr)
		u := uses[0]
		require.Equal(t, tc.want, []string{u.Flag, u.What, tc.expr[u.Pos.Start:u.Pos.End]})
	}
}

// TestExperimentalAgainstDefaults: the default parser refuses exactly what has
// experimental uses, each flag alone is what its uses need.
func TestExperimentalAgainstDefaults(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 5))
	g := gen{r: r}
	flags := map[string]parser.Options{
		FlagFunctions:     {EnableExperimentalFunctions: true},
		FlagDurationExpr:  {ExperimentalDurationExpr: true},
		FlagExtendedRange: {EnableExtendedRangeSelectors: true},
		FlagBinopFill:     {EnableBinopFillModifiers: true},
	}
	plain := parser.NewParser(parser.Options{})
	seen := map[string]int{}
	for range 15000 {
		// The generator's own text: printing a tree loses parentheses.
		text := g.vector(r.IntN(4))
		e, err := Parse(text)
		if err != nil {
			continue
		}
		uses := Experimental(e)
		_, err = plain.ParseExpr(text)
		require.Equal(t, err != nil, len(uses) > 0, "%s\nuses %v, error %v", text, uses, err)
		needs := map[string]bool{}
		for _, u := range uses {
			needs[u.Flag] = true
			require.LessOrEqual(t, 0, int(u.Pos.Start))
			require.Less(t, u.Pos.Start, u.Pos.End, text)
			require.LessOrEqual(t, int(u.Pos.End), len(text))
		}
		if len(needs) == 1 {
			flag := uses[0].Flag
			seen[flag]++
			_, err := parser.NewParser(flags[flag]).ParseExpr(text)
			require.NoError(t, err, "%s with %s alone", text, flag)
		}
	}
	t.Log("expressions with one flag:", seen)
	require.Len(t, seen, len(flags))
}
