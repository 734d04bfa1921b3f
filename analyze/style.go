package analyze

import (
	"fmt"
	"slices"
	"strings"

	"github.com/crywolf-dev/crywolf/rules"
)

// A Concern is something an alert tells whoever is woken.
type Concern string

const (
	ConcernSeverity    Concern = "severity"
	ConcernOwner       Concern = "owner"
	ConcernRunbook     Concern = "runbook"
	ConcernSummary     Concern = "summary"
	ConcernDescription Concern = "description"
)

// Concerns lists them in the documented order.
func Concerns() []Concern {
	return []Concern{ConcernSeverity, ConcernOwner, ConcernRunbook, ConcernSummary, ConcernDescription}
}

// keys under which a concern is met with, as label or annotation, most usual
// first. Spellings are folded: case, '-', '_' and '.' do not count.
var concernKeys = map[Concern][]string{
	ConcernSeverity: {"severity", "priority", "urgency", "alertseverity", "alertlevel", "sev", "slothseverity"},
	ConcernOwner: {"team", "owner", "owners", "supportgroup", "squad", "tribe", "ownerteam", "teamowner", "owningteam",
		"responsibleteam", "maintainer", "contact", "oncall", "featurecategory", "escalate"},
	ConcernRunbook: {"runbookurl", "runbook", "playbook", "playbookurl", "runbooklink", "runbookuri", "runbooklocation",
		"sop", "sopurl", "sopdoc", "documentation", "documentationurl", "docs", "docurl", "helpurl", "wiki", "wikiurl", "guide"},
	ConcernSummary:     {"summary", "title", "message", "meta", "subject", "shortdescription", "brief"},
	ConcernDescription: {"description", "message", "details", "detail", "meta", "longdescription", "impact", "info"},
}

func foldKey(k string) string {
	return strings.NewReplacer("-", "", "_", "", ".", "").Replace(strings.ToLower(k))
}

// Usage is how many alerts of one urgency meet a concern.
type Usage struct{ Have, Of int }

// Expected reports whether the house expects the concern of every alert of the
// urgency: at least two thirds of at least five alerts meet it. Below that
// there is no majority to hold the others to.
func (u Usage) Expected() bool { return u.Of >= 5 && u.Have*3 >= u.Of*2 }

// Share in words: "37 of 41".
func (u Usage) String() string { return fmt.Sprintf("%d of %d", u.Have, u.Of) }

// A Style is the house style of a run: which keys meet which concern, and what
// is usual. Without a configuration it is inferred from the rules.
type Style struct {
	keys  map[Concern][]string // keys in use, most used first
	usage map[Concern]map[Urgency]Usage
}

// Field finds where an alert meets a concern: its label or annotation, of a
// value that is not blank.
func (s *Style) Field(r *rules.Rule, c Concern) (rules.Field, bool) {
	for _, key := range s.keys[c] {
		for _, get := range []func(string) (rules.Field, bool){r.Label, r.Annotations.Get} {
			if f, ok := get(key); ok && strings.TrimSpace(f.Value.Text) != "" {
				return f, true
			}
		}
	}
	return rules.Field{}, false
}

// Keys in use for a concern, most used first; empty where nobody meets it.
func (s *Style) Keys(c Concern) []string { return s.keys[c] }

// Usage of a concern among the alerts of an urgency.
func (s *Style) Usage(c Concern, u Urgency) Usage { return s.usage[c][u] }

// inferKeys finds the keys in use for each concern.
func inferKeys(alerts []*rules.Rule) map[Concern][]string {
	counts := map[Concern]map[string]int{}
	count := func(f rules.Field) {
		folded := foldKey(f.Key.Text)
		for _, c := range Concerns() {
			if slices.Contains(concernKeys[c], folded) {
				if counts[c] == nil {
					counts[c] = map[string]int{}
				}
				counts[c][f.Key.Text]++
			}
		}
	}
	for _, r := range alerts {
		for _, f := range r.StaticLabels() {
			count(f)
		}
		for _, f := range r.Annotations {
			count(f)
		}
	}
	keys := map[Concern][]string{}
	for c, byKey := range counts {
		for k := range byKey {
			keys[c] = append(keys[c], k)
		}
		slices.SortFunc(keys[c], func(a, b string) int {
			if byKey[a] != byKey[b] {
				return byKey[b] - byKey[a]
			}
			return strings.Compare(a, b)
		})
	}
	return keys
}

// measure fills the usage of each concern per urgency. Deadman switches and
// alerts that notify nobody have no style to follow.
func (s *Style) measure(alerts []*Alert) {
	s.usage = map[Concern]map[Urgency]Usage{}
	for _, c := range Concerns() {
		s.usage[c] = map[Urgency]Usage{}
		for _, a := range alerts {
			if a.Deadman || a.Urgency == UrgencyNone {
				continue
			}
			u := s.usage[c][a.Urgency]
			u.Of++
			if s.Meets(a.Rule, c) {
				u.Have++
			}
			s.usage[c][a.Urgency] = u
		}
	}
}

// Meets reports whether the alert meets the concern, itself or by a label that
// its expression brings along.
func (s *Style) Meets(r *rules.Rule, c Concern) bool {
	if _, ok := s.Field(r, c); ok {
		return true
	}
	if c != ConcernOwner && c != ConcernSeverity {
		return false
	}
	return slices.ContainsFunc(expressionKeys(r), func(k string) bool {
		return slices.Contains(concernKeys[c], foldKey(k))
	})
}
