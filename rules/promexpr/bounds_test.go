package promexpr

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

func within(i Interval, v float64) bool {
	switch {
	case math.IsNaN(v):
		return i.NaN
	case math.IsInf(v, 0) && !i.Inf:
		return false
	case v == 0 && math.Signbit(v) && i.Lo >= 0:
		return false
	}
	return i.Lo <= v && v <= i.Hi
}

// TestBoundsSound checks that the engine returns no value outside of the
// bounds.
func TestBoundsSound(t *testing.T) {
	perRound := 1500
	values, proved := 0, 0
	for round := range *rounds {
		r := rand.New(rand.NewPCG(uint64(round), 3))
		o := newOracle(t, r)
		g := gen{r: r, counters: true}
		for range perRound {
			text := g.expr(r.IntN(5)).String()
			b := Bounds(mustParse(t, text))
			if b == anything {
				continue
			}
			proved++
			for _, ts := range times() {
				v, err := o.eval(t, text, ts)
				if err != nil {
					continue
				}
				for _, s := range v {
					if s.H != nil {
						continue
					}
					values++
					if !within(b, s.F) {
						t.Fatalf("%s\nreturned %v, outside of %+v", text, s.F, b)
					}
				}
			}
		}
	}
	t.Logf("%d expressions with bounds, %d values", proved, values)
	if values < 1000 {
		t.Error("too few values")
	}
}

func TestBounds(t *testing.T) {
	inf := math.Inf(1)
	for _, tc := range []struct {
		expr string
		want Interval
	}{
		{`x`, anything},
		{`5 * -2`, Interval{Lo: -10, Hi: -10}},
		{`rate(x[5m])`, nonNegative},
		{`sum(rate(x[5m])) * 100`, nonNegative},
		{`rate(x[5m]) / rate(y[5m])`, Interval{Lo: 0, Hi: inf, NaN: true, Inf: true}},
		{`rate(x[5m]) / (rate(y[5m]) > 0)`, Interval{Lo: 0, Hi: inf, Inf: true}},
		{`rate(x[5m]) / count(y)`, nonNegative},
		{`count(x) - 1`, nonNegative},
		{`1 - (x > bool 5)`, Interval{Lo: 0, Hi: 1}},
		{`x > 5`, Interval{Lo: math.Nextafter(5, inf), Hi: inf, Inf: true}},
		{`5 >= x`, Interval{Lo: -inf, Hi: 5, Inf: true}},
		{`abs(x)`, Interval{Lo: 0, Hi: inf, NaN: true, Inf: true}},
		{`hour() > bool 5`, Interval{Lo: 0, Hi: 1}},
		{`clamp_max(changes(x[5m]), 3)`, Interval{Lo: 0, Hi: 3}},
		{`-rate(x[5m])`, Interval{Lo: -inf, Hi: 0}},
		{`-count(x) * 0`, Interval{Lo: -tiny, Hi: 0}},
		{`max_over_time((rate(x[5m]))[1h:])`, nonNegative},
		{`quantile(0.5, rate(x[5m]))`, nonNegative},
		{`quantile(5, rate(x[5m]))`, anything},
	} {
		got := Bounds(mustParse(t, tc.expr))
		if tc.want.Lo == 0 && got.Lo == 0 {
			got.Lo = 0
		}
		require.Equal(t, tc.want, got, tc.expr)
	}
	require.True(t, nonNegative.Always(mustOp(t, "x >= 0"), 0))
	require.False(t, nonNegative.Always(mustOp(t, "x > 0"), 0))
	require.True(t, nonNegative.Never(mustOp(t, "x < 0"), 0))
	require.True(t, Interval{Lo: 0, Hi: 1}.Never(mustOp(t, "x > 1"), 1))
	require.False(t, anything.Always(mustOp(t, "x != 5"), 5))
	require.True(t, anything.Always(mustOp(t, "x != NaN"), math.NaN()))
	require.True(t, anything.Never(mustOp(t, "x == NaN"), math.NaN()))
}
