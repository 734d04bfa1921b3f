package promexpr

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/prometheus/prometheus/promql/parser"
	"github.com/stretchr/testify/require"
)

func TestComparisons(t *testing.T) {
	for _, tc := range []struct {
		expr string
		want []string
	}{
		{`x`, nil},
		{`x > 5`, []string{`x > 5`}},
		{`5 < x`, []string{`x > 5`}},
		{`(60 * 2 >= bool x)`, []string{`x <= 120 bool`}},
		{`5 < x < 10 and y > 1`, []string{`5 < x < 10`, `x > 5`}},
		{`x > 5 or y < -1`, []string{`x > 5`, `y < -1`}},
		{`x == 1 unless on (a) y`, []string{`x == 1`}},
		{`x > y`, []string{`x > y?`}},
		{`x > scalar(y)`, []string{`x > scalar(y)?`}},
		{`scalar(y) > x`, []string{`x < scalar(y)?`}},
		{`time() > bool 5`, []string{`time() > 5 bool`}},
		{`5 > bool time()`, []string{`time() < 5 bool`}},
		{`count(x > 5)`, nil},
		{`count(x > 5) > 2`, []string{`count(x > 5) > 2`}},
	} {
		var got []string
		for _, c := range Comparisons(mustParse(t, tc.expr)) {
			s := fmt.Sprintf("%s %s %v", c.Subject, c.Op, c.Threshold)
			if !c.Constant {
				s = fmt.Sprintf("%s %s %s?", c.Subject, c.Op, c.Limit)
			}
			if c.Bool {
				s += " bool"
			}
			got = append(got, s)
		}
		require.Equal(t, tc.want, got, tc.expr)
	}
}

func TestSpine(t *testing.T) {
	var got []string
	for _, s := range Spine(mustParse(t, `((sum(x) > 5 and y) or (1 - z) < 3 unless w)`)) {
		got = append(got, s.String())
	}
	require.Equal(t, []string{"sum(x)", "1 - z"}, got)
}

func TestSignalOf(t *testing.T) {
	for _, tc := range []struct {
		expr, signal string
		cuts         []Cut
	}{
		{`x`, `x`, nil},
		{`sum(rate(x[5m])) BY (job) > 5`, `sum by (job) (rate(x[5m]))`, []Cut{{parser.GTR, 5}}},
		{`5 < sum by (job) (rate(x[5m]))`, `sum by (job) (rate(x[5m]))`, []Cut{{parser.GTR, 5}}},
		{`80 < x < 90`, `x`, []Cut{{parser.LSS, 90}, {parser.GTR, 80}}},
		{`x > 5 and y > 1`, `x and (y > 1)`, []Cut{{parser.GTR, 5}}},
		{`x > 5 or y > 7`, `x or y`, []Cut{{parser.GTR, 5}, {parser.GTR, 7}}},
		{`x > y`, `x > y`, nil},
		{`x > bool 5`, `x > bool 5`, nil},
		{`(x > bool 5) == 1`, `x > bool 5`, []Cut{{parser.EQLC, 1}}},
		{`(x + y > 5) * 2`, `((x + y) > 5) * 2`, nil},
		{`x + y > 5`, `x + y`, []Cut{{parser.GTR, 5}}},
	} {
		s := SignalOf(mustParse(t, tc.expr))
		require.Equal(t, tc.signal, s.Expr, tc.expr)
		require.Equal(t, tc.cuts, s.Cuts, tc.expr)
	}
	s := SignalOf(mustParse(t, `x < 3`))
	op, ok := s.Op()
	require.True(t, ok)
	require.Equal(t, parser.ItemType(parser.LSS), op)
	v, ok := s.Threshold()
	require.True(t, ok)
	require.Equal(t, 3.0, v)
}

// TestSignalRejoins: a signal with its only cut put back is the expression.
func TestSignalRejoins(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 8))
	g := gen{r: r}
	o := newOracle(t, r)
	checked := 0
	for range 600 {
		text := "(" + g.vector(r.IntN(3)) + ") " + pick(r, ">", "<", ">=", "==", "!=") + " " + g.number()
		e, err := Parse(text)
		if err != nil {
			continue
		}
		s := SignalOf(e)
		if len(s.Cuts) != 1 {
			continue
		}
		back := "(" + s.Expr + ") " + s.Cuts[0].Op.String() + " " + string(appendNumber(nil, s.Cuts[0].Threshold))
		for _, ts := range times()[1:2] {
			a, errA := o.eval(t, text, ts)
			b, errB := o.eval(t, back, ts)
			require.Equal(t, errA == nil, errB == nil, "%s\n%s", text, back)
			if errA == nil && o.repeatable(t, text, ts) {
				require.NoError(t, sameResult(a, b), "%s\n%s", text, back)
				checked += len(a)
			}
		}
	}
	require.Greater(t, checked, 50)
}
