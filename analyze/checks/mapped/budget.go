package mapped

import (
	"fmt"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/sli"
	"github.com/crywolf-dev/crywolf/analyze/sli/budget"
)

type budgetOptions struct {
	MinSpent float64 `yaml:"min_spent" doc:"share of an SLO's error budget below which an incident is too cheap for a page"`
}

// Budget returns the check for alerts that don't go with the error budget of
// the SLO that they guard.
func Budget() *analyze.Check {
	// The pages of the Workbook's table for "Alerting on SLOs" fire when 2 % and
	// 5 % of the budget are spent, and its first approach, which the chapter
	// dismisses as imprecise, at 0.02 %. A quarter of the least of the pages is
	// far from both: what is below it nobody can take for one of them.
	opts := &budgetOptions{MinSpent: 0.005}
	return &analyze.Check{
		ID: "mapped/budget",
		Doc: analyze.Doc{
			Title: "alert that does not go with the error budget",
			Why:   "An alert that is too eager wakes people for what the objective allows; one that is too calm lets it be broken in silence.",
			Text: `Only where SLOs are declared, with an objective and its window: alerts of page or ticket urgency on the share of
bad events of such an SLO, as far as the expression proves that. Found are those that wait for more than all events to be bad; pages that
fire for less than min_spent of the error budget; and, where all alerts of the SLO are loaded and could be read, errors that spend all of it and set off
none of them, or none until it is spent. The arithmetic supposes constant traffic and a constant share of bad events. Alerts on a part of the SLO's events, or on more, are left alone.`,
			SLOs: shopSLOs,
			Bad: `groups:
- name: checkout
  rules:
  - alert: CheckoutErrors
    expr: |
      sum(rate(http_requests_total{job="checkout", code=~"5.."}[5m]))
        / sum(rate(http_requests_total{job="checkout"}[5m])) > 0.001
    labels: {severity: page, team: checkout}
    annotations:
      summary: Orders fail
      runbook_url: https://runbooks.shop.test/CheckoutErrors
`,
			Good: `groups:
- name: checkout
  rules:
  - alert: CheckoutErrors
    expr: |
      (
        sum(rate(http_requests_total{job="checkout", code=~"5.."}[1h]))
          / sum(rate(http_requests_total{job="checkout"}[1h])) > 14.4 * 0.001
      ) and (
        sum(rate(http_requests_total{job="checkout", code=~"5.."}[5m]))
          / sum(rate(http_requests_total{job="checkout"}[5m])) > 14.4 * 0.001
      )
    labels: {severity: page, team: checkout}
    annotations:
      summary: Orders fail
      runbook_url: https://runbooks.shop.test/CheckoutErrors
  - alert: CheckoutErrorsSlowly
    expr: |
      sum(rate(http_requests_total{job="checkout", code=~"5.."}[3d]))
        / sum(rate(http_requests_total{job="checkout"}[3d])) > 0.001
    labels: {severity: ticket, team: checkout}
    annotations:
      summary: Orders fail now and then
`,
			References: []string{"https://sre.google/workbook/alerting-on-slos/"},
		},
		Severity: analyze.Warning, Points: 10, Whole: true, Options: opts,
		Run: func(p *analyze.Pass) { budgets(p, opts) },
	}
}

// A guard is an alert on the share of bad events of an SLO.
type guard struct {
	*analyze.Alert
	policy budget.Policy
}

// A watched is one SLO with the alerts that guard it.
type watched struct {
	slo       *sli.SLI
	objective budget.Objective
	guards    []guard
	all       bool // these are all that tell of it
}

func budgets(p *analyze.Pass, opts *budgetOptions) {
	if p.Catalog().Empty() {
		return
	}
	judged := map[*analyze.Alert]bool{}
	p.EachAlert(func(a *analyze.Alert) { judged[a] = true })
	var slos []watched
	dear := map[*analyze.Alert]bool{} // they spend enough of some SLO: the strictest of several for the same events
	for _, c := range p.Coverage() {
		g := watched{slo: c.SLI, objective: budget.Objective{Budget: c.SLI.Budget(), Window: c.SLI.Window}}
		if !(g.objective.Budget > 0) || g.objective.Window <= 0 {
			continue
		}
		g.guards, g.all = guardsOf(p, c)
		for _, a := range g.guards {
			if share, ok := a.policy.Cheapest(g.objective); !ok || share >= opts.MinSpent {
				dear[a.Alert] = true
			}
		}
		slos = append(slos, g)
	}
	for _, o := range slos {
		var able []guard
		for _, g := range o.guards {
			if !g.policy.CanFire() {
				o.all = false // it is meant to, and what the others leave is its part
			} else {
				able = append(able, g)
			}
			if judged[g.Alert] {
				alone(p, g, o.slo, o.objective, dear[g.Alert])
			}
		}
		if o.all && len(able) > 0 && !p.Partial() {
			together(p, able, o.slo, o.objective, judged)
		}
	}
}

// guardsOf are the alerts of the SLO of which it is proved what share of its
// events they look at, and whether these are all that tell of it.
func guardsOf(p *analyze.Pass, c analyze.Coverage) (out []guard, all bool) {
	total := ""
	if c.SLI.Total != nil {
		total = budget.TotalOf(c.SLI.Total.Expr, p.Records)
	}
	all = true
	for _, w := range c.Watches {
		if w.Alert.Deadman || !w.Match.Fit.Measures() || w.Alert.Urgency != analyze.UrgencyPage && w.Alert.Urgency != analyze.UrgencyTicket {
			continue
		}
		policy, ok := p.Policy(w.Alert)
		switch {
		case !ok, w.Match.Fit > sli.Same:
			ok = false
		case policy.Total != "": // in the same groups, too
			ok = policy.Total == total
		default: // a record, of which its generator says what SLO it is of
			ok = w.Match.Fit == sli.Named
		}
		if !ok {
			all = false
			continue
		}
		out = append(out, guard{w.Alert, policy})
	}
	return out, all
}

// alone judges an alert by itself.
func alone(p *analyze.Pass, g guard, s *sli.SLI, o budget.Objective, dear bool) {
	for _, a := range g.policy.Any {
		if (budget.Policy{Any: []budget.Alternative{a}}).CanFire() {
			continue
		}
		c := a.Highest()
		what := fmt.Sprintf("`%s` can't fire", g.Rule.Name())
		if g.policy.CanFire() {
			what = fmt.Sprintf("a part of `%s` never holds", g.Rule.Name())
		}
		p.Report(analyze.Finding{
			Rule: g.Rule, Span: g.Rule.NodeSpan(c.Pos), Key: "cannot " + s.ID,
			Message: fmt.Sprintf("%s: it waits for %s of the events of %s to be bad, a burn rate of %.3g", what, percent(c.Threshold), s.Called(), o.Burn(c.Threshold)),
			Advice:  fmt.Sprintf("with an objective of %s, the burn rate is %.3g at most: ask for less", percent(1-o.Budget), o.Burn(1)),
			Evidence: []analyze.Number{
				{Name: "threshold_ratio", Value: c.Threshold}, {Name: "budget_ratio", Value: o.Budget},
			},
			Related: declared(s),
		})
		return
	}
	if g.Urgency != analyze.UrgencyPage || dear {
		return
	}
	share, _ := g.policy.Cheapest(o)
	lowest := g.policy.Any[0].Highest()
	for _, a := range g.policy.Any {
		if c := a.Highest(); c.Threshold < lowest.Threshold {
			lowest = c
		}
	}
	p.Report(analyze.Finding{
		Rule: g.Rule, Span: g.Rule.NodeSpan(lowest.Pos), Key: "cheap " + s.ID, Inferred: g.UrgencyInferred,
		Message: fmt.Sprintf("page `%s` fires for incidents that have spent %s of the error budget of %s", g.Rule.Name(), percent(share), s.Called()),
		Advice:  "page on a burn rate over a longer window, as 14.4 over an hour, which is 2 % of a month's budget, beside a short one",
		Evidence: []analyze.Number{
			{Name: "spent_ratio", Value: share}, {Name: "threshold_ratio", Value: lowest.Threshold}, {Name: "budget_ratio", Value: o.Budget},
		},
		Related: declared(s),
	})
}

// together judges what the alerts of an SLO leave out between them. It is told
// at the one that comes nearest to noticing.
func together(p *analyze.Pass, guards []guard, s *sli.SLI, o budget.Objective, judged map[*analyze.Alert]bool) {
	var all []budget.Policy
	keen, quick := guards[0], guards[0]
	for _, g := range guards {
		all = append(all, g.policy)
		if g.policy.Silent() < keen.policy.Silent() {
			keen = g
		}
		a, _ := g.policy.Detection(1)
		if b, _ := quick.policy.Detection(1); a < b {
			quick = g
		}
	}
	if ratio, ok := o.Unnoticed(all); ok && judged[keen.Alert] {
		p.Report(analyze.Finding{
			Rule: keen.Rule, Span: keen.Rule.ExprField.Value.Span(), Key: "unnoticed " + s.ID, Inferred: keen.UrgencyInferred,
			Severity: analyze.Info, // a slow leak is left to reports by many who know what they do
			Message: fmt.Sprintf("up to %s of bad events go unnoticed: in %v they spend all of the error budget of %s, and neither `%s` nor any other of its alerts fires",
				percent(ratio), rounded(o.Exhaustion(ratio)), s.Called(), keen.Rule.Name()),
			Advice: fmt.Sprintf("add a ticket on a burn rate of 1: more than %s over three days", percent(o.Budget)),
			Evidence: []analyze.Number{
				{Name: "unnoticed_ratio", Value: ratio}, {Name: "budget_ratio", Value: o.Budget}, {Name: "exhaustion_seconds", Value: o.Exhaustion(ratio).Seconds()},
			},
			Related: declared(s),
		})
	}
	if share, ok := o.Late(all); ok && judged[quick.Alert] {
		after, _ := quick.policy.Detection(1)
		p.Report(analyze.Finding{
			Rule: quick.Rule, Span: quick.Rule.ExprField.Value.Span(), Key: "late " + s.ID, Inferred: quick.UrgencyInferred,
			Message: fmt.Sprintf("a total outage has spent %s of the error budget of %s before `%s`, the first of its alerts, fires after %v",
				percent(share), s.Called(), quick.Rule.Name(), rounded(after)),
			Advice: "page on a burn rate over an hour, which notices an outage within minutes, with no `for`",
			Evidence: []analyze.Number{
				{Name: "spent_ratio", Value: share}, {Name: "detection_seconds", Value: after.Seconds()}, {Name: "budget_ratio", Value: o.Budget},
			},
			Related: declared(s),
		})
	}
}

func declared(s *sli.SLI) []analyze.Related {
	return []analyze.Related{{File: s.File, Span: s.Span, Message: "the objective"}}
}

func percent(share float64) string { return fmt.Sprintf("%.3g %%", 100*share) }
