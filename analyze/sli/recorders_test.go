package sli

import (
	"fmt"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/promql/parser"
	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/rules"
	"github.com/crywolf-dev/crywolf/rules/promexpr"
)

// Of the many rules that record one name, those are read which make what is
// selected; where none can be told apart, all are.
func TestManyRecorders(t *testing.T) {
	var src strings.Builder
	src.WriteString("groups:\n- name: g\n  rules:\n")
	for i := range 2 * manyRecorders {
		fmt.Fprintf(&src, "  - {record: 'job:x:ratio', labels: {shard: s%d}, expr: 'sum by (job, zone) (rate(x_total{job=\"j%d\"}[5m]))'}\n", i%2, i)
	}
	src.WriteString("  - {record: 'job:few:ratio', expr: 'sum by (job) (rate(y_total{job=\"a\"}[5m]))'}\n")
	set := rules.NewSet([]*rules.File{rules.Parse("a.yml", []byte(src.String()), rules.Options{})})
	require.Len(t, set.Recorders("job:x:ratio"), 2*manyRecorders)
	r := &recorders{rules: set.Recorders}
	for _, tc := range []struct {
		selector string
		want     int
	}{
		{`job:x:ratio{job="j3"}`, 1},
		{`job:x:ratio{job="j3",shard="s0"}`, 1}, // the fewer that one of them leaves
		{`job:x:ratio{shard="s0"}`, manyRecorders},
		{`job:x:ratio{job="none"}`, 0},
		{`job:x:ratio{zone="z"}`, 2 * manyRecorders},
		{`job:x:ratio{job=~"j3"}`, 2 * manyRecorders},
		{`job:x:ratio{job=""}`, 2 * manyRecorders},
		{`job:few:ratio{job="b"}`, 1}, // few: not looked at
		{`x_total`, 0},
	} {
		vs := selector(t, tc.selector)
		require.Len(t, r.matching(vs.Name, vs.LabelMatchers), tc.want, tc.selector)
	}
}

func selector(t *testing.T, text string) *parser.VectorSelector {
	e, err := promexpr.Parse(text)
	require.NoError(t, err)
	return e.(*parser.VectorSelector)
}
