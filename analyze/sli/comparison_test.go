package sli

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/rules"
)

// services are SLIs of one metric with no label by which an index could tell
// them apart.
func services(t *testing.T, n int) *Catalog {
	c := &Catalog{}
	for i := range n {
		c.SLIs = append(c.SLIs, &SLI{
			ID: fmt.Sprint("shop/", i), Name: fmt.Sprint(i), Service: "shop", Objective: 0.99,
			Bad:   query(t, fmt.Sprintf(`sum(rate(http_requests_total{job=~"shop%d-.*",code=~"5.."}[5m]))`, i)),
			Total: query(t, fmt.Sprintf(`sum(rate(http_requests_total{job=~"shop%d-.*"}[5m]))`, i)),
		})
	}
	return c
}

func alertsOn(t *testing.T, exprs ...string) *rules.Set {
	var b strings.Builder
	b.WriteString("groups:\n- name: g\n  rules:\n")
	for i, e := range exprs {
		fmt.Fprintf(&b, "  - alert: A%d\n    expr: '%s'\n", i, e)
	}
	set := rules.NewSet([]*rules.File{rules.Parse("rules.yaml", []byte(b.String()), rules.Options{})})
	require.Len(t, set.Alerts(), len(exprs))
	return set
}

func TestMapOfManySLIs(t *testing.T) {
	set := alertsOn(t, `sum by (job) (rate(http_requests_total{code=~"5..|429"}[5m])) > 1`)
	// A thousand are compared, in the order of the catalogue.
	catalog := services(t, 1000)
	out, all := NewMapper(catalog, set.Recorders).Map(set.Alerts()[0])
	require.True(t, all)
	require.Len(t, out, 1000)
	for i, m := range out {
		require.Same(t, catalog.SLIs[i], m.SLI)
		require.Equal(t, Wider, m.Fit)
	}
	// Of more nothing is claimed.
	out, all = NewMapper(services(t, 10_000), set.Recorders).Map(set.Alerts()[0])
	require.False(t, all)
	require.Empty(t, out)
}

// Matches are in the order of the catalogue also where the index has some of
// them.
func TestMatchesInOrder(t *testing.T) {
	c := &Catalog{}
	for i, job := range []string{`job=~"shop.*"`, `job="shop"`, `job="till"`} {
		c.SLIs = append(c.SLIs, &SLI{
			ID: fmt.Sprint(i), Name: fmt.Sprint(i), Bad: query(t, `sum(rate(failed_total{`+job+`}[5m]))`), Total: query(t, `sum(rate(orders_total[5m]))`),
		})
	}
	set := alertsOn(t, `sum(rate(failed_total{job="shop",region="eu"}[5m])) > 1`, `sum(rate(failed_total[5m])) > 1`)
	m := NewMapper(c, set.Recorders)
	out, _ := m.Map(set.Alerts()[1])
	require.Len(t, out, 3)
	for i, x := range out {
		require.Same(t, c.SLIs[i], x.SLI)
	}
}

// What would take very long is not compared, and nothing is claimed of it.
func TestMapOfHostileSelectors(t *testing.T) {
	// Values that are spelled out, held against long regular expressions.
	regex := strings.Repeat("(a|b.?)*", 200)
	c := &Catalog{}
	for i := range 50 {
		c.SLIs = append(c.SLIs, &SLI{
			ID: fmt.Sprint(i), Name: fmt.Sprint(i),
			Bad: query(t, fmt.Sprintf(`rate(failed_total{code=~"x%d%s"}[5m])`, i, regex)), Total: query(t, `rate(orders_total[5m])`),
		})
	}
	var spelled []string
	for i := range 200 {
		spelled = append(spelled, fmt.Sprint("v", i))
	}
	set := alertsOn(t, `rate(failed_total{code=~"`+strings.Join(spelled, "|")+`"}[5m]) > 1`)
	_, all := NewMapper(c, set.Recorders).Map(set.Alerts()[0])
	require.False(t, all)

	// An SLI of very many selectors.
	var bad, total []string
	for i := range 1500 {
		bad = append(bad, fmt.Sprintf(`m{a="%d"}`, i))
		total = append(total, fmt.Sprintf(`m{b="%d"}`, i))
	}
	c = &Catalog{SLIs: []*SLI{{ID: "s", Name: "s", Bad: query(t, strings.Join(bad, "+")), Total: query(t, strings.Join(total, "+"))}}}
	m := NewMapper(c, set.Recorders)
	require.False(t, m.Whole())
	_, all = m.Map(set.Alerts()[0])
	require.False(t, all)

	// An alert of more nodes than are read.
	set = alertsOn(t, strings.Repeat("-", 25_000)+`failed_total > 1`)
	if set.Alerts()[0].Expr() != nil {
		_, all = NewMapper(services(t, 1), set.Recorders).Map(set.Alerts()[0])
		require.False(t, all)
	}
}
