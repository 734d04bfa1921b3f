package promexpr

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestHostile: what a loader lets through, nested a few hundred deep or long
// as a file, costs no more than its length squared.
func TestHostile(t *testing.T) {
	nest := func(open, in, end string, n int) string { return strings.Repeat(open, n) + in + strings.Repeat(end, n) }
	for _, s := range []string{
		nest("(", "x", ")", 200),
		nest("-(", "x", ")", 200),
		nest("sum by (a, b) (", "x", ")", 200),
		nest("abs(", "x", ")", 200),
		nest("(1 > bool ", "2", ")", 200),
		nest("(", "x", " > 5)", 200),
		nest("clamp_min(x, scalar(", "x", "))", 200),
		nest("(x + ", "x", ")", 200),
		nest("max_over_time((", "x", ")[5m:])", 100),
		nest("label_replace(", "x", `, "a", "$1", "b", "(.*)")`, 200),
		nest("(y or ", "x", ")", 200),
		"z" + strings.Repeat(" + x", 1000),
		"x" + strings.Repeat(" and x > 5", 700),
		"sum by (" + strings.Repeat("b,a,", 2000) + "c) (x)",
		"x{" + strings.Repeat(`b="1",a!="2",`, 2000) + "}",
		"x[" + nest("(", "5m", " + 1s)", 200) + "]",
	} {
		e, err := Parse(s)
		require.NoError(t, err, s[:20])
		form := Canonical(e)
		require.Equal(t, form, Canonical(mustParse(t, form)))
		Experimental(e)
		Bounds(e)
		AlwaysReturns(e)
		Selectors(e)
		SignalOf(e)
		Windows(e)
		BurnRates(e)
		EventCounts(e)
		UsesAge(e)
		OutputLabels(e).KeptBy()
	}
}
