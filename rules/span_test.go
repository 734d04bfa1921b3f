package rules

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPosition(t *testing.T) {
	f := Parse("x.yml", []byte(bom+"groups:\r\n- né: 1\r# x\n\nlast"), Options{Named: true})
	for _, c := range []struct{ offset, line, column int }{
		{-1, 1, 1}, {0, 1, 1}, {3, 1, 1}, {4, 1, 2}, {10, 1, 8}, {11, 1, 9}, {12, 2, 1},
		{15, 2, 4}, {17, 2, 6}, {20, 2, 9}, {21, 3, 1}, {25, 4, 1}, {26, 5, 1}, {29, 5, 4}, {30, 5, 5}, {99, 5, 5},
	} {
		p := f.Position(c.offset)
		require.Equal(t, [2]int{c.line, c.column}, [2]int{p.Line, p.Column}, "offset %d", c.offset)
	}
	for i, want := range []string{"groups:", "- né: 1", "# x", "", "last"} {
		require.Equal(t, want, string(f.Line(i+1)))
	}
	require.Equal(t, 5, f.Lines())
	require.Nil(t, f.Line(0))
	require.Nil(t, f.Line(6))
}

func TestZeroValues(t *testing.T) {
	require.True(t, Scalar{}.Span().IsZero())
	require.True(t, Scalar{}.Sub(0, 1).IsZero())
	require.False(t, Field{}.IsSet())
}

func TestSub(t *testing.T) {
	src := "groups:\n- name: g\n  rules:\n  - alert: A\n" +
		"    expr: >-\n      up\n      == 0\n\n      or b\n" +
		"    labels:\n      a: \"x\\ty\\\n        z\"\n      b: 'it''s'\n"
	f := Parse("x.yml", []byte(src), Options{})
	require.Empty(t, f.Problems)
	r := f.Groups[0].Rules[0]
	expr := r.ExprField.Value
	require.Equal(t, "up == 0\nor b", expr.Text())
	require.Equal(t, ">-\n      up\n      == 0\n\n      or b", slice(f, expr.Span()))
	for _, c := range []struct {
		scalar     Scalar
		start, end int
		want       string
		line       int
	}{
		{expr, 0, 2, "up", 6},
		{expr, 3, 5, "==", 7},
		{expr, 0, 7, "up\n      == 0", 6},
		{expr, 8, 10, "or", 9},
		{expr, 11, 12, "b", 9},
		{expr, 12, 12, "", 9},
		{expr, 11, 99, "b", 9},
		{expr, 5, 3, "", 7},
	} {
		s := c.scalar.Sub(c.start, c.end)
		require.Equal(t, c.want, slice(f, s), "%d:%d", c.start, c.end)
		require.Equal(t, c.line, s.Start.Line)
	}
	a, _ := r.Labels.Get("a")
	require.Equal(t, "x\tyz", a.Value.Text())
	require.Equal(t, `\t`, slice(f, a.Value.Sub(1, 2)))
	require.Equal(t, "y\\\n        z", slice(f, a.Value.Sub(2, 4)))
	b, _ := r.Labels.Get("b")
	require.Equal(t, "''", slice(f, b.Value.Sub(2, 3)))
	require.Equal(t, "s", slice(f, b.Value.Sub(3, 4)))
	require.Equal(t, "it''s", slice(f, b.Value.Sub(0, 4)))
}

// What comes by an alias or a merge is where it was written.
func TestAliasesPointToTheirAnchors(t *testing.T) {
	src := `groups:
- name: g
  rules:
  - alert: A
    expr: &e up == 0
    labels: &l
      severity: page
      team: ops
    annotations: &n {runbook: x, summary: s}
  - alert: B
    expr: *e
    labels:
      severity: ticket
      <<: *l
    annotations:
      <<: [{summary: first}, *n]
      k: v
`
	f := Parse("x.yml", []byte(src), Options{})
	require.Empty(t, f.Problems)
	b := f.Groups[0].Rules[1]
	require.Equal(t, 5, b.ExprField.Value.Span().Start.Line)
	require.Equal(t, "up == 0", slice(f, b.ExprField.Value.Span()))
	require.Equal(t, "expr", slice(f, b.ExprField.Key.Span()))
	require.Equal(t, 11, b.ExprField.Key.Span().Start.Line)
	lines := map[string]int{}
	for _, field := range append(b.StaticLabels(), b.Annotations...) {
		lines[field.Key.Text()+"="+field.Value.Text()] = field.Value.Span().Start.Line
	}
	require.Equal(t, map[string]int{
		"severity=ticket": 13, "team=ops": 8, "summary=first": 16, "runbook=x": 9, "k=v": 17,
	}, lines)
	require.Equal(t, [2]int{10, 17}, [2]int{b.Node().Start.Line, b.Node().End.Line})
	require.Equal(t, 5, b.Node().Start.Column)
	require.Equal(t, [2]int{2, 17}, [2]int{f.Groups[0].Node.Start.Line, f.Groups[0].Node.End.Line})
}

func TestPrometheusRuleObjects(t *testing.T) {
	object := func(name string) string {
		return "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {name: " + name + ", namespace: shop}\nspec:\n  groups:\n" +
			"  - name: g\n    limit: 3\n    query_offset: 1m\n    partial_response_strategy: warn\n    labels: {a: b}\n    rules:\n    - {record: one, expr: 1}\n"
	}
	list := `{"apiVersion": "v1", "kind": "List", "items": [
	{"apiVersion": "v1", "kind": "ConfigMap"},
	{"apiVersion": "monitoring.coreos.com/v1", "kind": "PrometheusRule", "metadata": {"name": "l"}, "spec": {"groups": [{"name": "h", "rules": [{"alert": "L", "expr": "up == 0"}]}]}}
]}`
	f := Parse("x.yml", []byte(object("one")+"---\n"+object("two")+"---\nkind: Other\n---\n"+list), Options{})
	require.Empty(t, f.Problems)
	require.Equal(t, ShapePrometheusRule, f.Shape)
	var got []string
	for _, g := range f.Groups {
		got = append(got, g.Object+" "+g.Name()+" "+g.Rules[0].Expr().String())
	}
	require.Equal(t, []string{"shop/one g 1", "shop/two g 1", "l h up == 0"}, got)
	require.Equal(t, 3, f.Groups[0].Limit)
}
