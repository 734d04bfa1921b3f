package promexpr

import (
	"testing"
	"time"

	"github.com/prometheus/prometheus/promql/parser"
	"github.com/stretchr/testify/require"
)

func TestSelectors(t *testing.T) {
	e := mustParse(t, `
	  histogram_quantile(0.9, sum by (le, job) (rate(a_bucket{job="j"}[5m])))
	    / on (job) group_left () (1 - max_over_time(b[10m:1m]))
	  > on (job) scalar(c) + d
	  and on (job) (e > 5 unless absent(f))
	  or g * on (pod) group_left (node) h_info`)
	got := map[string]Selector{}
	for _, s := range Selectors(e) {
		got[s.Name] = s
	}
	require.Len(t, got, 8)

	a := got["a_bucket"]
	require.Equal(t, RoleSubject, a.Role)
	require.Equal(t, "rate", a.Func())
	require.Equal(t, []string{"rate", "histogram_quantile"}, a.Funcs)
	require.Equal(t, 5*time.Minute, a.Range)
	require.True(t, a.Numerator && !a.Denominator && a.Compared)
	require.Len(t, a.Aggregations, 1)
	require.Equal(t, []string{"le", "job"}, a.Aggregations[0].Grouping)
	v, ok := a.Matches("job")
	require.True(t, ok)
	require.Equal(t, "j", v)
	require.Equal(t, map[string]string{"job": "j"}, a.FixedLabels())

	b := got["b"]
	require.True(t, b.Denominator && b.Complement && !b.Numerator)
	require.Equal(t, 10*time.Minute, b.Subquery)
	require.Zero(t, b.Range)

	require.Equal(t, RoleThreshold, got["c"].Role)
	require.Equal(t, RoleThreshold, got["d"].Role)
	require.Equal(t, RoleGuard, got["e"].Role)
	require.False(t, got["e"].Negated)
	require.Equal(t, RoleGuard, got["f"].Role)
	require.True(t, got["f"].Negated && got["f"].Absent)
	require.Equal(t, RoleSubject, got["g"].Role)
	require.Equal(t, RoleJoin, got["h_info"].Role)
	require.Equal(t, []string{"subject", "guard", "threshold", "join"},
		[]string{RoleSubject.String(), RoleGuard.String(), RoleThreshold.String(), RoleJoin.String()})

	require.Equal(t, RoleThreshold, Selectors(mustParse(t, `scalar(x) > y`))[0].Role)
	require.Equal(t, RoleJoin, Selectors(mustParse(t, `info(x, {__name__="y"})`))[1].Role)
	require.Empty(t, Selectors(mustParse(t, `{__name__=~"a|b"}`))[0].Name)
}

// TestSelectorsAreAll: every selector of the tree is there, in its order.
func TestSelectorsAreAll(t *testing.T) {
	for _, text := range corpora(t) {
		e := mustParse(t, text)
		var want, got []*parser.VectorSelector
		walk(e, func(n parser.Expr) {
			if vs, ok := n.(*parser.VectorSelector); ok {
				want = append(want, vs)
			}
		})
		for i, s := range Selectors(e) {
			got = append(got, s.Node)
			if i > 0 {
				require.Less(t, got[i-1].PosRange.Start, s.Node.PosRange.Start, text)
			}
		}
		require.Equal(t, len(want), len(got), text)
	}
}
