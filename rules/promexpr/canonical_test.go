package promexpr

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCanonical(t *testing.T) {
	for _, tc := range []struct{ in, want string }{
		{`sum(rate(x{b="1",a="2",a="2"}[5m])) BY (b, a, b)`, `sum by (a,b) (rate(x{a="2",b="1"}[5m]))`},
		{`{__name__="x"}`, `x`},
		{`{"x.y", a="b"}`, `{__name__="x.y",a="b"}`},
		{`{__name__="x",__name__="x"}`, `x`},
		{`{__name__="x",__name__=~"x|y"}`, `{__name__="x",__name__=~"x|y"}`},
		{`{__name__="sum"}`, `{__name__="sum"}`},
		{`5 < x`, `x > 5`},
		{`x > 0x5`, `x > 5`},
		{`x > 1_000`, `x > 1000`},
		{`x > 1m30s`, `x > 90`},
		{`60 * 60 * 24`, `86400`},
		{`x > 60 * 60 * 24`, `x > 86400`},
		{`-(5)`, `-5`},
		{`x > -5`, `x > (-5)`},
		{`-2 ^ 2`, `-4`},
		{`(-2) ^ 2`, `4`},
		{`x ^ -1`, `x ^ (-1)`},
		{`-x ^ 2`, `-(x ^ 2)`},
		{`+x`, `x`},
		{`timestamp(+x)`, `timestamp(+x)`},
		{`timestamp((x))`, `timestamp(x)`},
		{`x[60s]`, `x[1m]`},
		{`rate(x[90])`, `rate(x[1m30s])`},
		{`rate(x[1h] offset 86400)`, `rate(x[1h] offset 1d)`},
		{`x offset (5m - 1m) * 2`, `x offset 8m`},
		{`(x offset (5m - 1m)) * 2`, `(x offset 4m) * 2`},
		{`x offset -1m @ 1.5`, `x @ 1.5 offset -1m`},
		{`x @ start()`, `x @ start()`},
		{`max_over_time((x + y)[5m:30s])`, `max_over_time((x + y)[5m:30s])`},
		{`y + x`, `x + y`},
		{`b * on (a) group_right (c) a`, `a * on (a) group_left (c) b`},
		{`b / on (a) group_right (c) a`, `b / on (a) group_right (c) a`},
		{`b == bool on (a) group_right () a`, `a == bool on (a) group_left () b`},
		{`y + on (a) x`, `y + on (a) x`},
		{`sum(y) by (a) + on (a) sum(x) by (a)`, `sum by (a) (x) + on (a) sum by (a) (y)`},
		{`topk(1, y + x)`, `topk(1, y + x)`},
		{`y and x`, `y and x`},
		{`y == x`, `y == x`},
		{`absent(x{b="1",a="2",a="2"})`, `absent(x{a="2",a="2",b="1"})`},
		{`info(x, {__name__="y_info"})`, `info(x, {__name__="y_info"})`},
		{`label_replace(x, 'a', "$1", ` + "`b`" + `, "(.*)")`, `label_replace(x, "a", "$1", "b", "(.*)")`},
		{`x > Inf`, `x > Inf`},
		{`x < -Inf`, `x < (-Inf)`},
		{`x > bool NaN`, `x > bool NaN`},
		{`1 + time()`, `1 + time()`},
		{`time() + 1`, `1 + time()`},
		{`x + ignoring () y`, `x + y`},
		{`x + fill(0) y`, `x + fill_left (0) fill_right (0) y`},
		{`x[max_of(step(), 5m) * 2]`, `x[(max_of(step(), 300) * 2)]`},
	} {
		e, err := Parse(tc.in)
		require.NoError(t, err, tc.in)
		got := Canonical(e)
		require.Equal(t, tc.want, got, tc.in)
		again, err := Parse(got)
		require.NoError(t, err, got)
		require.Equal(t, got, Canonical(again))
	}
}
