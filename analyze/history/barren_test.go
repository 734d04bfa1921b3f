package history

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/rules"
	"github.com/crywolf-dev/crywolf/rules/promexpr"
)

func TestLacks(t *testing.T) {
	var text strings.Builder
	text.WriteString("groups:\n- name: g\n  rules:\n")
	record := func(name, expr string) { fmt.Fprintf(&text, "  - record: %s\n    expr: %s\n", name, expr) }
	record("a:one", "sum(gone)")
	record("a:two", "sum(a:one)")
	record("a:there", "sum(gone)") // made elsewhere, it seems
	record("a:either", "sum(gone)")
	record("a:either", "sum(here)")
	record("a:self", "a:self or sum(gone)")
	record("a:loop", "a:pool + a:pool")
	record("a:pool", "a:loop + a:loop")
	record("a:wide0", "sum(here)")
	for i := range 40 { // as many ways as there are grains of sand
		record(fmt.Sprintf("a:wide%d", i+1), fmt.Sprintf("a:wide%d + a:wide%d + a:wide%d", i, i, i))
	}
	set := rules.NewSet([]*rules.File{rules.Parse("r.yaml", []byte(text.String()), rules.Options{Named: true})})
	probes := ProbesOf(set.Rules())
	h := &History{}
	for _, ms := range probes.Matchers() {
		h.Probed = append(h.Probed, ms[0].Value == "here" || ms[0].Value == "a:there")
	}
	lacks := NewReview(nil, h, probes).Lacks(set.Recorders)
	for expr, want := range map[string]string{
		"a:one > 1":                     "a:one: gone",
		"a:two > 1":                     "a:two: gone",
		"a:there > 1":                   "",
		"a:either > 1":                  "",
		"a:self > 1":                    "",
		"a:loop > 1":                    "",
		"a:wide40 > 1":                  "",
		"here > 1":                      "",
		"gone > 1":                      "", // of which Silence tells
		"here / on () a:one > 1":        "a:one: gone",
		"here > 1 unless on () a:one":   "",
		"a:one > 1 or a:there > 1":      "",
		"absent(a:one)":                 "",
		"avg_over_time(a:one[1d]) > 1":  "a:one: gone",
		"a:unknown > 1":                 "",
		`{__name__=~"a:one|a:two"} > 1`: "",
	} {
		e, err := promexpr.Parse(expr)
		require.NoError(t, err)
		got := ""
		if lack, ok := lacks.Of(e); ok {
			got = promexpr.Name(lack.Reads) + ": " + promexpr.Name(lack.Needs)
		}
		require.Equal(t, want, got, expr)
	}
}
