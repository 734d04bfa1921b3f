package routing

import (
	"math/bits"
	"reflect"
	"strings"

	"github.com/prometheus/alertmanager/config"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/rules"
)

// A reach is what a notification does to a person. Of several, the greatest
// counts: what is not clear may be anything, up to a page.
type reach int

const (
	nobody  reach = iota // no integration at all
	chat                 // is looked at when someone looks
	tickets              // waits for working hours
	unclear              // a webhook, a mail: whatever stands behind it
	pager                // wakes someone
)

// kinds are the integrations of which is clear what they do. Every other is
// not: a mail may be read at once or never, and a webhook may be a pager.
var kinds = map[string]reach{
	"pagerduty_configs": pager, "opsgenie_configs": pager, "victorops_configs": pager,
	"jira_configs":  tickets,
	"slack_configs": chat, "discord_configs": chat, "msteams_configs": chat, "msteamsv2_configs": chat, "webex_configs": chat,
	"telegram_configs": chat, "wechat_configs": chat, "rocketchat_configs": chat, "mattermost_configs": chat,
}

// reachOf a receiver: of its integrations, the one that does most.
func reachOf(r config.Receiver) reach {
	most := nobody
	v := reflect.ValueOf(r)
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ",")
		if v.Field(i).Kind() != reflect.Slice || v.Field(i).Len() == 0 {
			continue
		}
		kind, ok := kinds[name]
		if !ok {
			kind = unclear
		}
		most = max(most, kind)
	}
	return most
}

// Urgency is what the alerts of a rule do to a person; ok is false where that
// is not sure: where they reach a receiver of unclear kind, or where the way
// to it depends on a label that only the running alert has. So is every label
// that the rule itself does not set: the expression, or the Prometheus that
// evaluates it, may add it.
func (t *Tree) Urgency(r *rules.Rule) (u analyze.Urgency, ok bool) {
	if !t.notifies() {
		return "", false
	}
	ends := t.root.ends(r)
	if bits.OnesCount(uint(ends)) != 1 {
		return "", false
	}
	switch {
	case ends.has(pager):
		return analyze.UrgencyPage, true
	case ends.has(tickets):
		return analyze.UrgencyTicket, true
	case ends.has(chat):
		return analyze.UrgencyInfo, true
	case ends.has(nobody):
		return analyze.UrgencyNone, true
	}
	return "", false
}

// notifies reports whether any route leads to anyone. A configuration that
// does not is a stub, of which nothing follows.
func (t *Tree) notifies() bool { return t.root.notifies() }

func (r *route) notifies() bool {
	if r.goes != nobody {
		return true
	}
	for _, child := range r.routes {
		if child.notifies() {
			return true
		}
	}
	return false
}

// ends are the reaches that an alert may come to, as a set; unmatched among
// them where it may not take the route at all.
type ends uint

const unmatched ends = 1 << 8

func (e ends) has(r reach) bool { return e&(1<<r) != 0 }

// with are the ends of an alert that takes two routes.
func (e ends) with(other ends) ends {
	var out ends
	for a := nobody; a <= pager; a++ {
		for b := nobody; b <= pager; b++ {
			if e.has(a) && other.has(b) {
				out |= 1 << max(a, b)
			}
		}
	}
	return out
}

// ends of a rule's alerts that come to a route, as Alertmanager walks them:
// depth first, from the left, on to the next route where one says continue,
// and to the route's own receiver where no child matches.
func (r *route) ends(rule *rules.Rule) ends {
	var out ends
	switch r.matches(rule) {
	case no:
		return unmatched
	case maybe:
		out = unmatched
	}
	walking := unmatched // what has been reached where children are still tried
	for _, child := range r.routes {
		got := child.ends(rule)
		taken := got &^ unmatched
		if taken == 0 {
			continue
		}
		both := walking.with(taken)
		if walking&unmatched != 0 {
			both |= taken
		}
		switch {
		case !child.goesOn && got&unmatched == 0:
			out |= both
			walking = 0
		case !child.goesOn:
			out |= both
		case got&unmatched == 0:
			walking = both
		default:
			walking |= both
		}
		if walking == 0 {
			break
		}
	}
	if walking&unmatched != 0 {
		out |= 1 << r.goes
	}
	return out | walking&^unmatched
}

type answer int

const (
	no answer = iota
	maybe
	yes
)

// matches reports whether a rule's alerts take the route.
func (r *route) matches(rule *rules.Rule) answer {
	all := yes
	for _, m := range r.matchers {
		value, known := labelOf(rule, m.Name)
		switch {
		case !known:
			all = maybe
		case !m.Matches(value):
			return no
		}
	}
	return all
}

// labelOf an alert, as far as the rule alone settles it.
func labelOf(r *rules.Rule, name string) (value string, known bool) {
	if name == "alertname" {
		return r.Name(), !strings.Contains(r.Name(), "{{") // in a file that is a template itself
	}
	f, ok := r.Label(name)
	if !ok || f.Value.Text() == "" || strings.Contains(f.Value.Text(), "{{") {
		return "", false
	}
	return f.Value.Text(), true
}
