// Package actionable holds the checks that ask whether whoever is woken will
// know what it is, whose it is and what to do.
package actionable

import (
	"fmt"
	"slices"
	"strings"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/rules"
)

// A want is what one check asks of alerts: that they meet a concern.
type want struct {
	concern   analyze.Concern
	noun      string // "an owner"
	advice    func(key string) string
	usualKind string // "label" or "annotation": where nobody meets the concern yet

	// adviceIfNone replaces the advice where not one alert of the house meets
	// the concern.
	adviceIfNone string
	// pointsIfNone is what each alert loses where not one alert of the house
	// meets the concern, as Finding.Points has it.
	pointsIfNone int
}

// report holds alerts to their house style, urgency by urgency: where most
// alerts meet the concern, those that do not are findings of their own. The
// urgencies that have no such majority share one finding, which speaks for all
// of them.
func (w want) report(p *analyze.Pass) {
	var unled []*analyze.Alert
	var without analyze.Usage
	var urgencies []analyze.Urgency
	if declared, ok := p.Style.Declared(w.concern); ok {
		w.declared(p, declared)
		return
	}
	for _, u := range w.concern.AskedOf() {
		usage := p.Style.Usage(w.concern, u)
		var lacking []*analyze.Alert
		p.EachAlert(func(a *analyze.Alert) {
			if a.Urgency == u && !a.Deadman && !a.Meets(w.concern) {
				lacking = append(lacking, a)
			}
		})
		if usage.Expected() {
			for _, a := range lacking {
				w.one(p, a, u, usage)
			}
			continue
		}
		if len(lacking) > 0 {
			unled = append(unled, lacking...)
			urgencies = append(urgencies, u)
			without = analyze.Usage{Have: without.Have + usage.Have, Of: without.Of + usage.Of}
		}
	}
	if len(unled) > 0 && without.Of >= analyze.HouseLeast {
		w.house(p, unled, urgencies, without)
	}
}

// declared holds alerts to what the configuration asks of them, whatever the
// others do.
func (w want) declared(p *analyze.Pass, d analyze.Declared) {
	key := w.key(p)
	p.EachAlert(func(a *analyze.Alert) {
		if a.Deadman || a.Meets(w.concern) || !slices.Contains(d.Required, a.Urgency) {
			return
		}
		p.Report(analyze.Finding{
			Rule: a.Rule, Span: a.Rule.NameField.Value.Span(),
			Message: fmt.Sprintf("%s `%s` names no %s (`%s`), which the configuration asks of all %s",
				noun(a.Urgency), a.Rule.Name(), w.noun, key, plural(a.Urgency)),
			Advice: w.advice(key),
		})
	})
}

func (w want) one(p *analyze.Pass, a *analyze.Alert, u analyze.Urgency, usage analyze.Usage) {
	kind, key := w.usualKind, w.key(p)
	if f, ok := w.example(p, u, key); ok {
		kind = f
	}
	p.Report(analyze.Finding{
		Rule: a.Rule, Span: a.Rule.NameField.Value.Span(), Inferred: true,
		Message: fmt.Sprintf("%s `%s` names no %s, as %s %s here do (%s `%s`)",
			noun(u), a.Rule.Name(), w.noun, usage, plural(u), kind, key),
		Advice:   w.advice(key),
		Evidence: []analyze.Number{{Name: "house_share_ratio", Value: float64(usage.Have) / float64(usage.Of)}},
	})
}

func (w want) house(p *analyze.Pass, lacking []*analyze.Alert, urgencies []analyze.Urgency, usage analyze.Usage) {
	first := lacking[0].Rule
	covers := make([]*rules.Rule, 0, len(lacking))
	for _, a := range lacking {
		covers = append(covers, a.Rule)
	}
	who := "pages and tickets"
	if len(urgencies) == 1 {
		who = plural(urgencies[0])
	}
	says, points, advice := fmt.Sprintf("none of the %d %s names %s", usage.Of, who, article(w.noun)), w.pointsIfNone, w.advice(w.key(p))
	if w.adviceIfNone != "" {
		advice = w.adviceIfNone
	}
	if usage.Have > 0 {
		points, advice = 0, w.advice(w.key(p)) // the check's own
		says = fmt.Sprintf("only %s %s name %s", usage, who, article(w.noun))
	}
	p.Report(analyze.Finding{
		File: first.File(), Span: first.NameField.Value.Span(), Inferred: true, Covers: covers, Key: "house", Points: points,
		Message:  says + "; this one stands for them all",
		Advice:   advice,
		Evidence: []analyze.Number{{Name: "house_share_ratio", Value: float64(usage.Have) / float64(usage.Of)}},
	})
}

// key is the one most used in the house, else the usual one.
func (w want) key(p *analyze.Pass) string { return p.Style.Key(w.concern) }

// example tells whether the house keeps the key as a label or an annotation.
func (w want) example(p *analyze.Pass, u analyze.Urgency, key string) (kind string, ok bool) {
	i := slices.IndexFunc(p.Alerts, func(a *analyze.Alert) bool {
		_, label := a.Rule.Label(key)
		_, annotation := a.Rule.Annotations.Get(key)
		return a.Urgency == u && (label || annotation)
	})
	if i < 0 {
		return "", false
	}
	if _, label := p.Alerts[i].Rule.Label(key); label {
		return "label", true
	}
	return "annotation", true
}

func noun(u analyze.Urgency) string {
	switch u {
	case analyze.UrgencyPage:
		return "page"
	case analyze.UrgencyTicket:
		return "ticket"
	}
	return "alert"
}

func plural(u analyze.Urgency) string {
	switch u {
	case analyze.UrgencyPage:
		return "pages"
	case analyze.UrgencyTicket:
		return "tickets"
	}
	return "alerts of " + string(u) + " urgency"
}

func article(noun string) string {
	if strings.ContainsAny(noun[:1], "aeiou") {
		return "an " + noun
	}
	return "a " + noun
}
