package promexpr

import "testing"

func TestDialect(t *testing.T) {
	for text, want := range map[string]string{
		`sum(rate({app="shop"} |= "error" [5m])) > 1`:                                  "LogQL",
		`sum by (job) (count_over_time({app="shop"} | json | level="error" [5m])) > 1`: "LogQL",
		`count_over_time({app="shop"} != "ok" [1m]) > 0`:                               "LogQL",
		`bytes_rate({app="shop"}[5m]) > 1000`:                                          "LogQL",
		`sum(rate(x[5m])) default 0 > 1`:                                               "MetricsQL",
		`rate(x[5m]) keep_metric_names > 1`:                                            "MetricsQL",
		`WITH (f = {job="a"}) up{f} == 0`:                                              "MetricsQL",
		`share_gt_over_time(load[10m], 5) > 0.5`:                                       "MetricsQL",
		`label_set(up, "a", "b") == 0`:                                                 "MetricsQL",
		// PromQL with a mistake stays a mistake.
		`sum(rate(x[5m]) > 1`:         "",
		`sum by (job (up)`:            "",
		`rate(x[5m]) >> 1`:            "",
		`up == 0 orr absent(up)`:      "",
		`histogramm_quantile(0.9, x)`: "",
		`x{job="a"`:                   "",
		`x{default="a"} > `:           "",
	} {
		if _, err := Parse(text); err == nil {
			t.Errorf("%s is PromQL", text)
		}
		if got := Dialect(text); got != want {
			t.Errorf("%s is taken for %q, not %q", text, got, want)
		}
	}
}
