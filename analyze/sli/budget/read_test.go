package budget

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"github.com/crywolf-dev/crywolf/rules/promexpr"
)

func parse(t testing.TB, s string) parser.Expr {
	t.Helper()
	e, err := promexpr.Parse(s)
	if err != nil {
		t.Fatalf("%s: %v", s, err)
	}
	return e
}

// recorded is rules by the name that they record.
func recorded(t testing.TB, rules map[string][]string) Records {
	t.Helper()
	all := map[string][]parser.Expr{}
	for name, exprs := range rules {
		for _, e := range exprs {
			all[name] = append(all[name], parse(t, e))
		}
	}
	return func(name string, _ []*labels.Matcher) []parser.Expr { return all[name] }
}

const (
	fail  = `http_requests_total{job="shop",code=~"5.."}`
	good  = `http_requests_total{job="shop",code!~"5.."}`
	total = `http_requests_total{job="shop"}`
)

func share(part, of, window string) string {
	return fmt.Sprintf(`sum(rate(%s[%s])) / sum(rate(%s[%s]))`, part, window, of, window)
}

// rows are expressions with the policy that is read: its clauses as
// "window>threshold", joined by & and |, with what else is known of it.
var rows = []struct{ name, expr, want string }{
	{"one clause", share(fail, total, "5m") + " > 0.01", "5m>0.01"},
	{"at least", share(fail, total, "5m") + " >= 0.01", "5m>=0.01"},
	{"number on the left", "0.01 < " + share(fail, total, "5m"), "5m>0.01"},
	{"vector on the left", "vector(0.01) < " + share(fail, total, "5m"), "5m>0.01"},
	{"arithmetic", share(fail, total, "1h") + " > (14.4 * (1 - 0.999))", "1h>0.0144"},
	{"percent", "100 * " + share(fail, total, "5m") + " > 5", "5m>0.05"},
	{"percent of the numerator", "sum(rate(" + fail + "[5m])) * 100 / sum(rate(" + total + "[5m])) > 5", "5m>0.05"},
	{"a burn rate", "(" + share(fail, total, "1h") + ") / 0.001 > 14.4", "1h>0.0144"},
	{"good ones", share(good, total, "5m") + " < 0.99", "5m>0.01"},
	{"good ones, at most", share(good, total, "5m") + " <= 0.99", "5m>=0.01"},
	{"complement", "1 - " + share(good, total, "5m") + " > 0.01", "5m>0.01"},
	{"complement in percent", "100 * (1 - " + share(good, total, "5m") + ") > 1", "5m>0.01"},
	{"complement above the line", "(sum(rate(" + total + "[5m])) - sum(rate(" + good + "[5m]))) / sum(rate(" + total + "[5m])) > 0.01", "5m>0.01"},
	{"bad of bad and good", "sum(rate(e[5m])) / (sum(rate(e[5m])) + sum(rate(ok[5m]))) > 0.01", "5m>0.01"},
	{"histogram", "1 - sum(rate(d_bucket{le=\"0.5\"}[5m])) / sum(rate(d_count[5m])) > 0.05", "5m>0.05"},
	{"histogram by buckets alone", "sum(rate(d_bucket{le=\"0.5\"}[5m])) / sum(rate(d_bucket{le=\"+Inf\"}[5m])) < 0.95", "5m>0.05"},
	{"increase", "sum(increase(" + fail + "[5m])) / sum(increase(" + total + "[5m])) > 0.01", "5m>0.01"},
	{"by", "sum by (path) (rate(" + fail + "[5m])) / sum by (path) (rate(" + total + "[5m])) > 0.01", "5m>0.01"},
	{"each", "rate(errors_total[5m]) / rate(requests_total[5m]) > 0.01", "5m>0.01 assumed"},
	{"no errors yet", "(sum(rate(" + fail + "[5m])) or vector(0)) / sum(rate(" + total + "[5m])) > 0.01", "5m>0.01"},
	{"no division by zero", "sum(rate(" + fail + "[5m])) / (sum(rate(" + total + "[5m])) > 0) > 0.01", "5m>0.01"},
	{"two metrics", share(`errors_total`, `requests_total`, "5m") + " > 0.01", "5m>0.01 assumed"},
	{"several errors", "(sum(rate(a_errors_total[5m])) + sum(rate(b_errors_total[5m]))) / sum(rate(requests_total[5m])) > 0.01", "5m>0.01 assumed"},
	{"values told apart", `sum(rate(r{code="500"}[5m])) / sum(rate(r{code=~"200|500"}[5m])) > 0.1`, "5m>0.1"},
	{"probes", `1 - avg_over_time(probe_success{job="x"}[1h]) > 0.01`, "1h>0.01"},
	{"probes by count", `sum_over_time(probe_success[1h]) / count_over_time(probe_success[1h]) < 0.99`, "1h>0.01"},
	{"mean of probes", `avg by (job) (avg_over_time(up[10m])) < 0.9`, "10m>0.1"},
	{"two windows", share(fail, total, "1h") + " > 0.0144 and " + share(fail, total, "5m") + " > 0.0144", "1h>0.0144&5m>0.0144"},
	{"two of two", "(" + share(fail, total, "1h") + " > 0.0144 and " + share(fail, total, "5m") + " > 0.0144) or (" +
		share(fail, total, "6h") + " > 0.006 and " + share(fail, total, "30m") + " > 0.006)", "1h>0.0144&5m>0.0144|6h>0.006&30m>0.006"},
	{"and over or", "(" + share(fail, total, "1h") + " > 0.1 or " + share(fail, total, "6h") + " > 0.2) and " + share(fail, total, "5m") + " > 0.3",
		"1h>0.1&5m>0.3|6h>0.2&5m>0.3"},
	{"by their spelling alike", "1 - " + share(good, total, "1h") + " > 0.1 and " + share(good, total, "5m") + " < 0.9", "1h>0.1&5m>0.1"},
	{"a gate", share(fail, total, "5m") + " > 0.01 and sum(rate(" + total + "[5m])) > 1", "5m>0.01 gated"},
	{"a gate in front", "sum(rate(" + total + "[10m])) > 1 and " + share(fail, total, "5m") + " > 0.01", "5m>0.01 gated"},
	{"a gate below", "sum(rate(" + fail + "[5m])) / (sum(rate(" + total + "[5m])) > 1) > 0.01", "5m>0.01 gated"},
	{"a floor", "sum(rate(" + fail + "[5m])) / clamp_min(sum(rate(" + total + "[5m])), 1) > 0.01", "5m>0.01 gated"},
	{"Sloth", `(max(slo:sli_error:ratio_rate5m{sloth_id="a"} > (14.4 * 0.0009999999999999432)) without (sloth_window)
		and max(slo:sli_error:ratio_rate1h{sloth_id="a"} > (14.4 * 0.0009999999999999432)) without (sloth_window))
		or (max(slo:sli_error:ratio_rate30m{sloth_id="a"} > (6 * 0.0009999999999999432)) without (sloth_window)
		and max(slo:sli_error:ratio_rate6h{sloth_id="a"} > (6 * 0.0009999999999999432)) without (sloth_window))`,
		"5m>0.0144&1h>0.0144|30m>0.006&6h>0.006"},
	{"a budget that is recorded", `slo:sli_error:ratio_rate1h{sloth_id="a"} > on (sloth_id) group_left () (14.4 * slo:error_budget:ratio{sloth_id="a"})`, "1h>0.0144"},
	{"Pyrra", `http_requests:burnrate5m{slo="x"} > (14 * (1-0.99)) and http_requests:burnrate1h{slo="x"} > (14 * (1-0.99))`, "5m>0.14&1h>0.14 assumed"},
	{"the practice of naming", `job:slo_errors_per_request:ratio_rate36h{job="x"} > 0.001`, "1d12h>0.001 assumed"},
	{"a rule", `errors:share{job="shop"} > 0.01`, "10m>0.01"},
	{"the rule rather than its name", `renamed:ratio_rate5m > 0.01`, "10m>0.01"},
	{"a record of a burn rate", `shop:burnrate1h > 14.4`, "1h>0.0144"},
	{"two rules of one name", `twice:share > 0.01`, "5m>0.01"},
	{"records of sums", `shop:errors:rate5m / shop:requests:rate5m > 0.01`, "5m>0.01"},
	{"what a generator recorded, unread", `odd:burnrate5m > 0.01`, "5m>0.01 assumed"},

	{"can't fire, as Sloth writes it", `slo:sli_error:ratio_rate1h > 14.4 * 0.1`, "1h>1.44"},
	{"can't fire", share(fail, total, "5m") + " > 14.4 * 0.1", "5m>1.44"},
}

var silent = []struct{ name, expr string }{
	{"no comparison", share(fail, total, "5m")},
	{"equal", share(fail, total, "5m") + " == 1"},
	{"bool", share(fail, total, "5m") + " > bool 0.01"},
	{"few errors", share(fail, total, "5m") + " < 0.01"},
	{"always", share(fail, total, "5m") + " > 0"},
	{"other windows", "sum(rate(" + fail + "[5m])) / sum(rate(" + total + "[1h])) > 0.01"},
	{"rate over increase", "sum(rate(" + fail + "[5m])) / sum(increase(" + total + "[5m])) > 0.01"},
	{"irate", "sum(irate(" + fail + "[5m])) / sum(irate(" + total + "[5m])) > 0.01"},
	{"an hour ago", "sum(rate(" + fail + "[5m] offset 1h)) / sum(rate(" + total + "[5m] offset 1h)) > 0.01"},
	{"other groups", "sum by (job) (rate(" + fail + "[5m])) / on () group_left sum(rate(" + total + "[5m])) > 0.01"},
	{"a mean", "sum(rate(d_sum[5m])) / sum(rate(d_count[5m])) > 0.5"},
	{"a mean size", "sum(rate(d_bytes_total[5m])) / sum(rate(d_requests_total[5m])) > 0.5"},
	{"odds", share(fail, good, "5m") + " > 0.01"},
	{"no share, as the threshold tells", share("a_total", "b_total", "5m") + " > 3"},
	{"nothing over", share(total, total, "5m") + " > 0.5"},
	{"a rate", "sum(rate(" + fail + "[5m])) > 1"},
	{"a level", "queue_length / queue_limit > 0.9"},
	{"a gauge's mean", "avg_over_time(http_latency_seconds[5m]) > 0.5"},
	{"a quantile", "histogram_quantile(0.99, sum by (le) (rate(d_bucket[5m]))) > 0.5"},
	{"unless", share(fail, total, "5m") + " > 0.01 unless on () maintenance"},
	{"a condition of another kind", share(fail, total, "5m") + " > 0.01 and on () hour() > 8"},
	{"a gate that counts errors", share(fail, total, "1h") + " > 0.01 and sum(rate(" + fail + "[5m])) > 1"},
	{"a gate on something else", share(fail, total, "1h") + " > 0.01 and sum(rate(other_total[5m])) > 1"},
	{"two signals", share(fail, total, "1h") + " > 0.01 and " + share("a", "b", "5m") + " > 0.01"},
	{"two groups", "sum by (job) (rate(" + fail + "[5m])) / sum by (job) (rate(" + total + "[5m])) > 0.01 and " + share(fail, total, "1h") + " > 0.01"},
	{"two signals by name", `a:ratio_rate5m > 0.01 and b:ratio_rate1h > 0.01`},
	{"two jobs", `a:ratio_rate5m{job="a"} > 0.01 or a:ratio_rate5m{job="b"} > 0.01`},
	{"good and bad", share(good, total, "1h") + " < 0.9 and " + share(good, total, "5m") + " > 0.1"},
	{"a band", "0.5 > " + share(fail, total, "5m") + " > 0.01"},
	{"a moving line", share(fail, total, "5m") + " > " + share(fail, total, "1d")},
	{"sum of ratios", `sum by (cluster) (apiserver_request:burnrate1h) > 0.144`},
	{"mean of ratios", `avg(slo:sli_error:ratio_rate5m) > 0.01`},
	{"a mean of means", `avg_over_time(slo:sli_error:ratio_rate5m[1h]) > 0.01`},
	{"a subquery", "avg_over_time((" + share(fail, total, "5m") + ")[1h:1m]) > 0.01"},
	{"an unknown record", `job:errors:ratio > 0.01`},
	{"a window that the query sets", `latency:5m > 0.01`},
	{"a threshold that no rule records", `slo:sli_error:ratio_rate5m > 14.4 * unknown:error_budget:ratio`},
	{"a budget recorded twice", `slo:sli_error:ratio_rate5m > 14.4 * twice:error_budget:ratio`},
	{"rules that disagree", `disagree:share > 0.01`},
	{"a rule that is no ratio", `level:ratio_rate5m > 0.01`},
	{"what a generator recorded over other windows", `corrected:burnrate5m > 0.01`},
	{"a cycle", `round:share > 0.01`},
	{"a name in percent or a burn", `x:ratio_rate5m > 5`},
}

var loaded = map[string][]string{
	"slo:error_budget:ratio":   {"vector(1-0.999)"},
	"twice:error_budget:ratio": {"vector(0.1)", "vector(0.2)"},
	"errors:share":             {"sum by (job) (rate(r{code=\"5\"}[10m])) / sum by (job) (rate(r[10m]))"},
	"renamed:ratio_rate5m":     {"sum(rate(r{code=\"5\"}[10m])) / sum(rate(r[10m]))"},
	"shop:burnrate1h":          {"(" + share(fail, total, "1h") + ") / 0.001"},
	"twice:share":              {share(`r{job="a",code="5"}`, `r{job="a"}`, "5m"), share(`r{job="b",code="5"}`, `r{job="b"}`, "5m")},
	"disagree:share":           {share(`r{code="5"}`, `r`, "5m"), share(`r{code="5"}`, `r`, "10m")},
	"shop:errors:rate5m":       {"sum(rate(" + fail + "[5m]))"},
	"shop:requests:rate5m":     {"sum(rate(" + total + "[5m]))"},
	"odd:burnrate5m":           {"histogram_fraction(0, 1, sum(rate(d[5m])))"},
	"corrected:burnrate5m":     {"correction * sum(rate(e[5m])) / sum(rate(t[5m]))"},
	"level:ratio_rate5m":       {"a / b"},
	"round:share":              {"round:share * 2"},
}

func (p Policy) describe() string {
	var out []string
	for _, a := range p.Any {
		var all []string
		for _, c := range a {
			op := ">"
			if c.Inclusive {
				op = ">="
			}
			all = append(all, fmt.Sprintf("%v%s%v", model.Duration(c.Window), op, math.Round(c.Threshold*1e9)/1e9))
		}
		out = append(out, strings.Join(all, "&"))
	}
	s := strings.Join(out, "|")
	if p.Gated {
		s += " gated"
	}
	if p.Assumed {
		s += " assumed"
	}
	return s
}

func TestPolicyOf(t *testing.T) {
	records := recorded(t, loaded)
	for _, row := range rows {
		p, ok := PolicyOf(parse(t, row.expr), Timing{For: time.Minute}, records)
		if got := p.describe(); !ok || got != row.want {
			t.Errorf("%s: got %q %v, want %q", row.name, got, ok, row.want)
		}
		if ok && (p.For != time.Minute || p.Signal == "") {
			t.Errorf("%s: got %+v", row.name, p)
		}
	}
	for _, row := range silent {
		if p, ok := PolicyOf(parse(t, row.expr), Timing{}, records); ok {
			t.Errorf("%s: got %q, want nothing", row.name, p.describe())
		}
	}
	if _, ok := PolicyOf(nil, Timing{}, nil); ok {
		t.Error("no expression is a policy")
	}
}

// Records that multiply, and "and" over "or" that does, end.
func TestHostile(t *testing.T) {
	double := func(name string, _ []*labels.Matcher) []parser.Expr {
		var n int
		if _, err := fmt.Sscanf(name, "r%d", &n); err != nil {
			return nil
		}
		return []parser.Expr{parse(t, fmt.Sprintf("r%d + r%d", n+1, n+1))}
	}
	clause := "(" + share(fail, total, "5m") + " > 0.1 or " + share(fail, total, "1h") + " > 0.1)"
	for name, s := range map[string]string{
		"records": "r0 / r0 > 0.5", "number": "a:ratio_rate5m > r0",
		"and over or": clause + strings.Repeat(" and "+clause, 40),
		"or":          clause + strings.Repeat(" or "+clause, 400),
		"minus":       strings.Repeat("1 - (", 400) + share(good, total, "5m") + strings.Repeat(")", 400) + " > 0.1",
		"terms":       "(" + strings.Repeat("rate(a[5m]) + ", 4000) + "rate(b[5m])) / rate(c[5m]) > 0.1",
	} {
		if p, ok := PolicyOf(parse(t, s), Timing{}, double); ok {
			t.Errorf("%s: got %d alternatives", name, len(p.Any))
		}
	}
}

// What a ratio is a share of is told by its text, groups and all.
func TestTotal(t *testing.T) {
	sum := "sum(rate(" + total + "[1h]))"
	want := TotalOf(parse(t, sum), nil)
	for expr, same := range map[string]bool{
		share(fail, total, "5m") + " > 0.1":                                                      true,
		"1 - " + share(good, total, "5m") + " > 0.1":                                             true,
		share(fail, `http_requests_total{job=~"shop"}`, "5m") + " > 0.1":                         false,
		"sum by (path) (rate(" + fail + "[5m])) / sum by (path) (rate(" + total + "[5m])) > 0.1": false,
		"max by (job) (" + share(fail, total, "5m") + ") > 0.1":                                  false,
		share(fail, "http_requests_total", "5m") + " > 0.1":                                      false,
		`slo:sli_error:ratio_rate1h > 0.1`:                                                       false,
		"sum(increase(" + fail + "[5m])) / sum(increase(" + total + "[5m])) > 0.1":               true,
		share(fail, total, "5m") + " > 0.1 and " + share(fail, total, "1h") + " > 0.1":           true,
		share(fail, total, "5m") + " > 0.1 and sum by (job) (rate(" + total + "[5m])) > 1":       true,
	} {
		p, ok := PolicyOf(parse(t, expr), Timing{}, nil)
		if !ok || (p.Total == want) != same {
			t.Errorf("%s: got %v, %q, and the total %q", expr, ok, p.Total, want)
		}
	}
	for _, expr := range []string{"up", "sum(rate(a[5m])) - sum(rate(b[5m]))", "sum(a)"} {
		if got := TotalOf(parse(t, expr), nil); got != "" {
			t.Errorf("%s: got %q", expr, got)
		}
	}
}

// Whatever is read makes sense: windows and thresholds are positive, and the
// arithmetic agrees with itself.
func FuzzPolicyOf(f *testing.F) {
	for _, row := range rows {
		f.Add(row.expr)
	}
	for _, row := range silent {
		f.Add(row.expr)
	}
	records := recorded(f, loaded)
	f.Fuzz(func(t *testing.T, s string) {
		e, err := promexpr.Parse(s)
		if err != nil {
			return
		}
		p, ok := PolicyOf(e, Timing{For: time.Minute}, records)
		if !ok {
			return
		}
		for _, a := range p.Any {
			for _, c := range a {
				if c.Window <= 0 || !(c.Threshold > 0) || math.IsInf(c.Threshold, 0) {
					t.Errorf("read as %+v", c)
				}
			}
		}
		if after, ok := p.Detection(1); ok != p.CanFire() || ok && after < time.Minute {
			t.Errorf("fires after %v, %v", after, ok)
		}
		if p.CanFire() != (p.Silent() < 1) && p.Silent() != 1 {
			t.Errorf("silent up to %v, can fire: %v", p.Silent(), p.CanFire())
		}
		if reset, ok := p.Reset(1, 24*time.Hour); ok && reset <= 0 {
			t.Errorf("resets after %v", reset)
		}
	})
}
