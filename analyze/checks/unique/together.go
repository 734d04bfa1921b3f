package unique

import (
	"strings"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/rules"
	"github.com/crywolf-dev/crywolf/rules/promexpr"
)

// comparable reports whether two alerts, were they to say the same, would say
// it to the same people at one time: both disturb them alike, and they live
// together. Rungs of a ladder are meant to fire together and are not.
func comparable(p *analyze.Pass, a, b *analyze.Alert) bool {
	return a != nil && b != nil && a.Urgency == b.Urgency && disturbs(a) && disturbs(b) &&
		p.MayMeet(a.Rule, b.Rule) && owner(p, a) == owner(p, b) && !ladder(a, b) &&
		!inhibited(p, a.Rule) && !inhibited(p, b.Rule)
}

// leads reports whether an alert may speak for another that follows it: they
// live together. Whose they are does not matter: what a platform's alert
// brings about is often told to others.
func leads(p *analyze.Pass, first, then *analyze.Alert) bool {
	return first != nil && then != nil && disturbs(first) && disturbs(then) &&
		p.MayMeet(first.Rule, then.Rule) && !ladder(first, then) && !inhibited(p, then.Rule)
}

func disturbs(a *analyze.Alert) bool {
	return !a.Deadman && (a.Urgency == analyze.UrgencyPage || a.Urgency == analyze.UrgencyTicket)
}

// owner of an alert as it is written, "" for none.
func owner(p *analyze.Pass, a *analyze.Alert) string {
	if f, ok := p.Style.Field(a.Rule, analyze.ConcernOwner); ok {
		return f.Value.Text()
	}
	return ""
}

// ladder reports whether two alerts may be meant as steps of one: they go by
// one name, but for the severity in it, or look at the same series.
func ladder(a, b *analyze.Alert) bool {
	x, y := a.Rule.Name(), b.Rule.Name()
	if x == y || strings.HasPrefix(x, y) || strings.HasPrefix(y, x) {
		return true
	}
	if promexpr.SignalOf(a.Rule.Expr()).Expr == promexpr.SignalOf(b.Rule.Expr()).Expr {
		return true
	}
	for _, m := range a.Matches() {
		for _, o := range b.Matches() {
			if m.SLI == o.SLI && m.Fit.Measures() && o.Fit.Measures() {
				return true // the alerts on one objective's budget
			}
		}
	}
	return sameMetrics(a.Rule, b.Rule)
}

// sameMetrics reports whether two rules read the same metrics, so that they may
// well be steps over other windows or other statistics of one thing.
func sameMetrics(a, b *rules.Rule) bool {
	names := func(r *rules.Rule) map[string]bool {
		out := map[string]bool{}
		for _, s := range promexpr.Selectors(r.Expr()) {
			if s.Role == promexpr.RoleSubject {
				out[windowless(s.Name)] = true
			}
		}
		return out
	}
	x, y := names(a), names(b)
	for name := range x {
		if !y[name] {
			return false
		}
	}
	return len(x) > 0 && len(x) == len(y)
}

// windowless is a recorded metric's name without the operations and windows at
// its end: of job:errors:ratio_rate5m, job:errors.
func windowless(name string) string {
	if i := strings.LastIndexByte(name, ':'); i > strings.IndexByte(name, ':') {
		return name[:i]
	}
	return name
}

// inhibited reports whether Alertmanager keeps a rule's alerts back most of the
// time, because another fires: what is wanted is done.
func inhibited(p *analyze.Pass, r *rules.Rule) bool {
	m := p.Noise.Profile(r).Muted
	if m == nil {
		return false
	}
	share, ok := m.InhibitedRatio()
	return ok && share >= 0.5
}
