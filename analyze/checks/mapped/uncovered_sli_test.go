package mapped_test

import (
	"testing"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/checks/mapped"
	"github.com/crywolf-dev/crywolf/analyze/sli/spec"
	"github.com/crywolf-dev/crywolf/rules"
)

// What Sloth calls a page may be one under whatever severity, unless somebody
// says that it isn't.
func TestSlothsPageUnderAnotherSeverity(t *testing.T) {
	alert := func(severity string) string {
		return `groups:
- name: shop
  rules:
  - alert: Errors
    expr: slo:sli_error:ratio_rate5m{sloth_id="shop-errors"} > 0.01
    labels: {sloth_id: shop-errors, sloth_service: shop, sloth_slo: errors, sloth_severity: ` + severity + `, severity: oncall}
`
	}
	const slos = `version: prometheus/v1
service: shop
slos:
- name: errors
  objective: 99
  sli: {raw: {error_ratio_query: 'sum(rate(e[{{.window}}])) / sum(rate(a[{{.window}}]))'}}
`
	for _, x := range []struct {
		severity string
		told     map[string]analyze.Urgency
		want     int
	}{
		{"page", nil, 0}, {"ticket", nil, 1}, {"page", map[string]analyze.Urgency{"oncall": analyze.UrgencyTicket}, 1},
	} {
		set := rules.NewSet([]*rules.File{rules.Parse("rules.yaml", []byte(alert(x.severity)), rules.Options{Named: true})})
		facts := analyze.NewFacts(set, analyze.Settings{Catalog: spec.Parse("slos.yaml", []byte(slos), true), Urgency: x.told})
		res, err := analyze.Run(t.Context(), facts, analyze.Options{Checks: []*analyze.Check{mapped.UncoveredSLI()}})
		if err != nil {
			t.Fatal(err)
		}
		if len(res.Findings) != x.want {
			t.Errorf("%s, %v: got %d findings, want %d", x.severity, x.told, len(res.Findings), x.want)
		}
	}
}
