package impact

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/rules/promexpr"
)

func TestRewrite(t *testing.T) {
	for _, tc := range []struct {
		query         string
		events, other string // what becomes of it; "!" and a part of why not
	}{
		{`sum(rate(x_total{a="b"}[5m]))`, `sum(increase(x_total{a="b"}[1m] anchored))`, `sum(rate(x_total{a="b"}[1m] anchored))`},
		{`sum(irate(x_total[5m]))`, `sum(increase(x_total[1m] anchored))`, `sum(rate(x_total[1m] anchored))`},
		{`sum(increase(x_total[30d]))`, `sum(increase(x_total[1m] anchored))`, `!grows with its range`},
		{`sum(rate(x_total[5m])) or vector(0)`, `sum(increase(x_total[1m] anchored)) or vector(0)`, `sum(rate(x_total[1m] anchored)) or vector(0)`},
		{`sum(x_total)`, `sum(increase(x_total[1m] anchored))`, `sum(x_total)`},
		{`{__name__="x_total"}`, `increase({__name__="x_total"}[1m] anchored)`, `{__name__="x_total"}`},
		{`job:x:rate5m{job="a"}`, `job:x:rate5m{job="a"}`, `job:x:rate5m{job="a"}`},
		{`sum(in_flight)`, `!whether "in_flight" is a counter`, `sum(in_flight)`},
		{`sum(sum_over_time(probe_success[1h]))`, `sum(sum_over_time(probe_success[1m]))`, `!grows with its range`},
		{`avg_over_time(lag_seconds[1h])`, `!avg_over_time counts no events`, `avg_over_time(lag_seconds[1m])`},
		{`histogram_quantile(0.9, sum by (le) (increase(d_bucket[5m])))`,
			`histogram_quantile(0.9, sum by (le) (increase(d_bucket[1m] anchored)))`,
			`histogram_quantile(0.9, sum by (le) (increase(d_bucket[1m] anchored)))`},
		{`sum(increase(x_total[5m])) / sum(increase(y_total[5m]))`,
			`sum(increase(x_total[1m] anchored)) / sum(increase(y_total[1m] anchored))`,
			`sum(increase(x_total[1m] anchored)) / sum(increase(y_total[1m] anchored))`},
		{`sum(increase(x_total[5m])) / (300 * sum(rate(y_total[5m])))`, `!rates beside increases`, `!rates beside increases`},
		{`time() - max(done_timestamp_seconds)`, `!whether "done_timestamp_seconds"`, `time() - max(done_timestamp_seconds)`},
		{`max_over_time(rate(x_total[5m])[1h:])`, `!has a subquery`, `!has a subquery`},
		{`sum(rate(x_total[5m] offset 1h))`, `!has an offset`, `!has an offset`},
		{`sum(rate(x_total[5m] @ 0))`, `!has an @ modifier`, `!has an @ modifier`},
		{`predict_linear(free_bytes[6h], 3600)`, `!predict_linear`, `!predict_linear`},
	} {
		for _, events := range []bool{true, false} {
			want := tc.other
			if events {
				want = tc.events
			}
			e, err := promexpr.Parse(tc.query)
			require.NoError(t, err)
			before := e.String()
			got, err := (&rewriter{step: time.Minute, events: events}).rewrite(e)
			if want[0] == '!' {
				require.ErrorContains(t, err, want[1:], tc.query)
			} else {
				require.NoError(t, err, tc.query)
				require.Equal(t, want, got)
				_, err = promexpr.Parse(got)
				require.NoError(t, err)
			}
			require.Equal(t, before, e.String(), "the query itself was changed")
		}
	}
}
