package promexpr

import "testing"

// FuzzCanonical: whatever parses has a normal form that parses and is its own
// normal form, and no other function fails on it.
func FuzzCanonical(f *testing.F) {
	for _, s := range []string{
		`sum by (job) (rate(x_total{code=~"5.."}[5m])) / sum by (job) (rate(x_total[5m])) > 0.05`,
		`absent(up{job="a",job!="b"} @ end() offset -5m)`,
		`histogram_quantile(0.9, sum by (le) (rate({"x.y", 'a b'="c"}[max_of(step(), 5m) * 2] anchored)))`,
		`x + on (a) group_right (b) fill (-Inf) -y ^ -2`,
		`max_over_time((x > bool 5)[1h:30s] @ 1609746000.123) or vector(-0)`,
		`count_values without (le) ("v", {__name__=~"a|b",__name__!=""}) atan2 1e-9`,
		`label_replace(x, "\xff", "$1", "b", "(.*)") offset (5m - 5m)`,
		`x[-5m + 10m:0.0005] < 0x1p-2 != bool NaN`,
		`info(x, {__name__="y"}) </ 5 >/ 6`,
		`sum({sum="1", inf="2"}) by (without, "nan")`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 2000 {
			return
		}
		e, err := Parse(s)
		if err != nil {
			return
		}
		form := Canonical(e)
		again, err := Parse(form)
		if err != nil {
			t.Fatalf("%q\nnormal form %q: %v", s, form, err)
		}
		if twice := Canonical(again); twice != form {
			t.Fatalf("%q\nnormal form        %q\nnormal form of that %q", s, form, twice)
		}
		Experimental(e)
		Bounds(e)
		AlwaysReturns(e)
		Selectors(e)
		SignalOf(e)
		Windows(e)
		BurnRates(e)
		EventCounts(e)
		UsesAge(e)
		UsesAbsence(e)
		OutputLabels(e).KeptBy()
	})
}
