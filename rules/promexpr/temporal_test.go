package promexpr

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestWindows(t *testing.T) {
	for _, tc := range []struct {
		expr string
		want []time.Duration
	}{
		{`x > 5`, nil},
		{`rate(x[5m]) / rate(y[1h]) > 0.1 and rate(z[2m]) > 5`, []time.Duration{5 * time.Minute, time.Hour}},
		{`max_over_time(rate(x[5m])[1h:1m]) > 1`, []time.Duration{5 * time.Minute, time.Hour}},
		{`rate(x[5m + 5m]) > 1`, []time.Duration{10 * time.Minute}},
		{`rate(x[step()]) > 1`, nil},
		{`x > rate(y[5m])`, nil},
	} {
		require.Equal(t, tc.want, Windows(mustParse(t, tc.expr)), tc.expr)
	}
}

func TestTemporalShapes(t *testing.T) {
	text := func(s string, start, end int) string { return s[start:end] }
	for expr, want := range map[string]string{
		`time() - x > 5`:                  `time() - x`,
		`(time() - max(x)) / 60 > 5`:      `time() - max(x)`,
		`x - time() < 86400`:              `x - time()`,
		`vector(time()) - x > 5`:          `vector(time()) - x`,
		`y > 5 and time() - x > 5`:        "",
		`x - y > 5`:                       "",
		`time() - 5 > bool 7`:             "",
		`count(time() - x > 5) > 3`:       `time() - x`,
		`time() - timestamp(x) > 60 or y`: `time() - timestamp(x)`,
	} {
		pos, ok := UsesAge(mustParse(t, expr))
		require.Equal(t, want != "", ok, expr)
		if ok {
			require.Equal(t, want, text(expr, int(pos.Start), int(pos.End)))
		}
	}
	for expr, want := range map[string]bool{
		`absent(x)`: true, `absent_over_time(x[5m]) == 1`: true, `x unless absent(y)`: false, `up == 0 or absent(up)`: true,
	} {
		_, ok := UsesAbsence(mustParse(t, expr))
		require.Equal(t, want, ok, expr)
	}

	events := EventCounts(mustParse(t, `sum(increase(x[5m])) > 3 or changes(y[1h:1m]) > 1 and rate(z[5m]) > 1`))
	require.Len(t, events, 2)
	require.Equal(t, "increase", events[0].Func)
	require.Equal(t, 5*time.Minute, events[0].Window)
	require.Equal(t, "changes", events[1].Func)
	require.Equal(t, time.Hour, events[1].Window)
	require.Len(t, UsesInstantRate(mustParse(t, `irate(x[5m]) > 1 and irate(y[5m]) > 1`)), 1)
}

func TestBurnRates(t *testing.T) {
	minutes := func(n ...int) (out []time.Duration) {
		for _, m := range n {
			out = append(out, time.Duration(m)*time.Minute)
		}
		return out
	}
	for _, tc := range []struct {
		expr string
		want []time.Duration // short, long of each pair
	}{
		{`job:err:ratio_rate1h{job="a"} > (14.4 * 0.001) and job:err:ratio_rate5m{job="a"} > (14.4 * 0.001)`, minutes(5, 60)},
		{`sum by (c) (burnrate1h) > 1 and on (c) sum by (c) (burnrate5m) > 1 or sum by (c) (burnrate6h) > 1 and on (c) sum by (c) (burnrate30m) > 1`, minutes(5, 60, 30, 360)},
		{`(max(a:rate5m{s="x"} > 0.1) without (w) and max(a:rate1h{s="x"} > 0.1) without (w))`, minutes(5, 60)},
		{`sum(rate(e[5m])) / sum(rate(t[5m])) > 0.1 and sum(rate(e[1h])) / sum(rate(t[1h])) > 0.1`, minutes(5, 60)},
		{`rate(x[5m]) > 1 and rate(x[5m]) > 1`, nil},
		{`rate(x[5m]) > 1 and rate(y[1h]) > 1`, nil},
		{`rate(x[5m]) > 1 and rate(x[1h]) > 2`, nil},
		{`rate(x[5m]) and rate(x[1h])`, nil},
		{`x > 1 and y > 1`, nil},
	} {
		var got []time.Duration
		for _, b := range BurnRates(mustParse(t, tc.expr)) {
			got = append(got, b.Short, b.Long)
		}
		require.Equal(t, tc.want, got, tc.expr)
	}
}
