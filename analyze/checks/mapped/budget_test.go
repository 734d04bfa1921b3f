package mapped_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/checks/mapped"
	"github.com/crywolf-dev/crywolf/analyze/sli/spec"
	"github.com/crywolf-dev/crywolf/rules"
)

// findBudget runs mapped/budget over alerts of page urgency, or of the urgency
// before a colon, beside a service with an SLO of 99.9 % over 30 days.
func findBudget(t *testing.T, c *analyze.Check, slos, src string) (messages []string) {
	t.Helper()
	set := rules.NewSet([]*rules.File{rules.Parse("rules.yaml", []byte(src), rules.Options{Named: true})})
	facts := analyze.NewFacts(set, analyze.Settings{Catalog: spec.Parse("slos.yaml", []byte(slos), true)})
	res, err := analyze.Run(t.Context(), facts, analyze.Options{Checks: []*analyze.Check{c}})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range res.Findings {
		if f.Check == c.ID {
			messages = append(messages, fmt.Sprintf("%s: %s", f.Rule.Name(), f.Message))
		}
	}
	return messages
}

func burning(window, threshold string) string {
	return fmt.Sprintf(`sum(rate(http_requests_total{job="checkout", code=~"5.."}[%s])) / sum(rate(http_requests_total{job="checkout"}[%s])) > %s`, window, window, threshold)
}

func TestBudget(t *testing.T) {
	const (
		fast   = "14.4 * 0.001"
		ticket = "ticket: "
	)
	slow := ticket + burning("3d", "0.001")
	for name, c := range map[string]struct {
		alerts []string // named A, B, …
		want   []string // parts of messages
	}{
		"the Workbook's": {[]string{
			"(" + burning("1h", fast) + " and " + burning("5m", fast) + ") or (" + burning("6h", "6 * 0.001") + " and " + burning("30m", "6 * 0.001") + ")",
			slow,
		}, nil},
		"its first approach":       {[]string{burning("10m", "0.001")}, []string{"A: page `A` fires for incidents that have spent 0.0231 % of the error budget of SLO checkout/availability"}},
		"a ticket may be cheap":    {[]string{ticket + burning("10m", "0.001")}, nil},
		"fast alone":               {[]string{burning("1h", fast)}, []string{"A: up to 1.44 % of bad events go unnoticed: in 2d2h they spend all of the error budget"}},
		"told at the keenest":      {[]string{burning("1h", fast), burning("6h", "0.006")}, []string{"B: up to 0.6 % of bad events go unnoticed: in 5d they"}},
		"can't fire":               {[]string{burning("1h", "1.44"), slow}, []string{"A: `A` can't fire: it waits for 144 % of the events of SLO checkout/availability to be bad, a burn rate of 1.44e+03"}},
		"a part can't":             {[]string{burning("1h", "1.44") + " or " + burning("6h", "0.006"), slow}, []string{"A: a part of `A` never holds"}},
		"with a long for":          {[]string{burning("5m", "0.001") + "\n    for: 1h"}, []string{"A: a total outage has spent 139 % of the error budget of SLO checkout/availability before `A`, the first of its alerts, fires after 1h", "A: page `A` fires for incidents that have spent 0.15 %"}},
		"another is not read":      {[]string{burning("1h", fast), `increase(http_requests_total{job="checkout", code=~"5.."}[1h]) > 100`}, nil},
		"of a part of the events":  {[]string{strings.ReplaceAll(burning("10m", "0.001"), `{job="checkout"`, `{job="checkout", path="/pay"`)}, nil},
		"over another total":       {[]string{strings.Replace(burning("10m", "0.001"), `total{job="checkout"}`, `total`, 1)}, nil},
		"in other groups":          {[]string{strings.ReplaceAll(burning("10m", "0.001"), "sum(", "sum by (path) (")}, nil},
		"what nobody is woken for": {[]string{"none: " + burning("10m", "0.001")}, nil},
	} {
		var b strings.Builder
		b.WriteString("groups:\n- name: g\n  rules:\n")
		for i, expr := range c.alerts {
			urgency := "page"
			if u, e, ok := strings.Cut(expr, ": "); ok && !strings.Contains(u, "(") {
				urgency, expr = u, e
			}
			hold := ""
			if e, f, ok := strings.Cut(expr, "\n"); ok {
				expr, hold = e, f+"\n"
			}
			fmt.Fprintf(&b, "  - alert: %c\n    expr: '%s'\n%s    labels: {severity: %s}\n", 'A'+i, expr, hold, urgency)
		}
		got := findBudget(t, mapped.Budget(), mapped.Budget().Doc.SLOs, b.String())
		if len(got) != len(c.want) || slices.ContainsFunc(c.want, func(w string) bool {
			return !slices.ContainsFunc(got, func(g string) bool { return strings.HasPrefix(g, w) })
		}) {
			t.Errorf("%s: got %q, want %q in\n%s", name, got, c.want, b.String())
		}
	}
}

// Sloth's alerts for an objective of 90 %, of which the quickest half asks for
// 144 % of bad events.
func TestBudgetOfSloth(t *testing.T) {
	const slos = `version: prometheus/v1
service: shop
slos:
- name: latency
  objective: 90
  sli:
    raw: {error_ratio_query: 'something_of_its_own[{{.window}}]'}
  alerting: {name: Slow, page_alert: {}, ticket_alert: {}}
`
	half := func(long, short string, burn string) string {
		clause := func(w string) string {
			return `max(slo:sli_error:ratio_rate` + w + `{sloth_id="shop-latency", sloth_service="shop", sloth_slo="latency"} > (` + burn + ` * 0.1)) without (sloth_window)`
		}
		return "(" + clause(short) + " and " + clause(long) + ")"
	}
	src := `groups:
- name: sloth-slo-alerts-shop-latency
  rules:
  - alert: Slow
    expr: '` + half("1h", "5m", "14.4") + " or " + half("6h", "30m", "6") + `'
    labels: {sloth_severity: page, severity: page}
  - alert: Slow
    expr: '` + half("1d", "2h", "3") + " or " + half("3d", "6h", "1") + `'
    labels: {sloth_severity: ticket, severity: ticket}
`
	want := []string{"Slow: a part of `Slow` never holds: it waits for 144 % of the events of SLO shop/latency to be bad, a burn rate of 14.4"}
	if got := findBudget(t, mapped.Budget(), slos, src); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// One page for two objectives on the same events is as calm as the stricter asks.
func TestBudgetOfTwoObjectives(t *testing.T) {
	slo := func(name, objective string) string {
		return `- name: ` + name + `
  objective: ` + objective + `
  sli:
    events:
      error_query: sum(rate(orders_total{ok="false"}[{{.window}}]))
      total_query: sum(rate(orders_total[{{.window}}]))
`
	}
	src := `groups:
- name: shop
  rules:
  - alert: OrdersFail
    expr: sum(rate(orders_total{ok="false"}[5m])) / sum(rate(orders_total[5m])) > 0.05
    for: 5m
    labels: {severity: page}
`
	cheap := func(got []string) bool {
		return slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, "fires for incidents that have spent 0.116 %") })
	}
	const head = "version: prometheus/v1\nservice: shop\nslos:\n"
	if got := findBudget(t, mapped.Budget(), head+slo("loose", "99"), src); !cheap(got) {
		t.Errorf("for the loose one alone: got %q", got)
	}
	if got := findBudget(t, mapped.Budget(), head+slo("loose", "99")+slo("strict", "99.9"), src); cheap(got) {
		t.Errorf("for both: got %q", got)
	}
}

func TestBudgetExamples(t *testing.T) {
	c := mapped.Budget()
	if got := findBudget(t, c, c.Doc.SLOs, c.Doc.Bad); len(got) != 1 {
		t.Errorf("the bad example: got %q", got)
	}
	if got := findBudget(t, c, c.Doc.SLOs, c.Doc.Good); len(got) != 0 {
		t.Errorf("the good example: got %q", got)
	}
}
