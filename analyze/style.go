package analyze

import (
	"cmp"
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

// AskedOf lists the urgencies of which alerts are asked to meet the concern
// where most others do: a runbook is for those who are woken.
func (c Concern) AskedOf() []Urgency {
	switch c {
	case ConcernSeverity:
		return []Urgency{UrgencyPage, UrgencyTicket, UrgencyInfo}
	case ConcernRunbook:
		return []Urgency{UrgencyPage}
	}
	return []Urgency{UrgencyPage, UrgencyTicket}
}

// UsualKey is the label or annotation by which most houses meet the concern.
func (c Concern) UsualKey() string {
	switch c {
	case ConcernOwner:
		return "team"
	case ConcernRunbook:
		return "runbook_url"
	}
	return string(c)
}

// brought reports whether a label that the expression brings along can meet
// the concern.
func (c Concern) brought() bool { return c == ConcernOwner || c == ConcernSeverity }

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

// foldKey spells a key in lower case, without '-', '_' and '.'.
func foldKey(k string) string {
	out := make([]byte, 0, len(k))
	for i := range len(k) {
		switch c := k[i]; {
		case c == '-' || c == '_' || c == '.':
		case 'A' <= c && c <= 'Z':
			out = append(out, c+'a'-'A')
		default:
			out = append(out, c)
		}
	}
	return string(out)
}

// Usage is how many alerts of one urgency meet a concern.
type Usage struct{ Have, Of int }

// A house expects what at least HouseShare of its alerts do, if there are at
// least HouseLeast of them.
const (
	HouseShare = 2.0 / 3
	HouseLeast = 5
)

// Expected reports whether the house expects the concern of every alert of the
// urgency. Below HouseShare there is no majority to hold the others to.
func (u Usage) Expected() bool {
	return u.Of >= HouseLeast && float64(u.Have) >= HouseShare*float64(u.Of)
}

// Share in words: "37 of 41".
func (u Usage) String() string { return fmt.Sprintf("%d of %d", u.Have, u.Of) }

// A Style is the house style of a run: which keys meet which concern, and what
// is usual. What no configuration declares is inferred from the rules.
type Style struct {
	keys     map[Concern][]string // keys in use, most used first, or those declared
	usage    map[Concern]map[Urgency]Usage
	declared map[Concern]Declared
}

func newStyle(alerts []*rules.Rule, declared map[Concern]Declared) *Style {
	s := &Style{keys: inferKeys(alerts), declared: declared}
	for c, d := range declared {
		s.keys[c] = d.Keys
	}
	return s
}

// Declared is what the configuration states for a concern; ok is false where
// it says nothing and the style is inferred.
func (s *Style) Declared(c Concern) (d Declared, ok bool) {
	d, ok = s.declared[c]
	return d, ok
}

// Expected reports whether every alert of the urgency is to meet the concern:
// because the configuration says so, or because most do.
func (s *Style) Expected(c Concern, u Urgency) bool {
	if d, ok := s.declared[c]; ok {
		return slices.Contains(d.Required, u)
	}
	return s.usage[c][u].Expected()
}

// Field finds where an alert meets a concern: its label or annotation, of a
// value that is not blank.
func (s *Style) Field(r *rules.Rule, c Concern) (rules.Field, bool) {
	for _, key := range s.keys[c] {
		for _, get := range []func(string) (rules.Field, bool){r.Label, r.Annotations.Get} {
			if f, ok := get(key); ok && strings.TrimSpace(f.Value.Text()) != "" {
				return f, true
			}
		}
	}
	return rules.Field{}, false
}

// Keys in use for a concern, most used first, or those declared; empty where
// nobody meets it.
func (s *Style) Keys(c Concern) []string { return s.keys[c] }

// Key for a concern that the house uses most, or names first; the usual one
// where nobody meets it.
func (s *Style) Key(c Concern) string {
	if keys := s.keys[c]; len(keys) > 0 {
		return keys[0]
	}
	return c.UsualKey()
}

// Usage of a concern among the alerts of an urgency.
func (s *Style) Usage(c Concern, u Urgency) Usage { return s.usage[c][u] }

// inferKeys finds the keys in use for each concern.
func inferKeys(alerts []*rules.Rule) map[Concern][]string {
	seen := map[string]int{} // key → alerts
	count := func(f rules.Field) { seen[f.Key.Text()]++ }
	for _, r := range alerts {
		for _, f := range r.StaticLabels() {
			count(f)
		}
		for _, f := range r.Annotations {
			count(f)
		}
	}
	keys := map[Concern][]string{}
	for key := range seen {
		folded := foldKey(key)
		for _, c := range Concerns() {
			if slices.Contains(concernKeys[c], folded) {
				keys[c] = append(keys[c], key)
			}
		}
	}
	for _, of := range keys {
		slices.SortFunc(of, func(a, b string) int {
			return cmp.Or(seen[b]-seen[a], strings.Compare(a, b))
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
			if a.Deadman || a.Urgency == UrgencyNone || a.Urgency == UrgencyUnknown {
				continue
			}
			u := s.usage[c][a.Urgency]
			u.Of++
			if a.Meets(c) {
				u.Have++
			}
			s.usage[c][a.Urgency] = u
		}
	}
}

// concerns says for each of Concerns whether an alert meets it.
type concerns [5]bool

func (s *Style) met(r *rules.Rule) (met concerns) {
	var brought []string
	for i, c := range Concerns() {
		_, met[i] = s.Field(r, c)
		met[i] = met[i] || r.Open // a template may bring it
		if met[i] || !c.brought() {
			continue
		}
		if brought == nil {
			brought = expressionKeys(r)
		}
		met[i] = slices.ContainsFunc(brought, func(k string) bool { return s.carries(c, k) })
	}
	return met
}

// carries reports whether a label that an expression brings along meets a
// concern.
func (s *Style) carries(c Concern, label string) bool {
	if d, ok := s.declared[c]; ok {
		return slices.Contains(d.Keys, label)
	}
	return slices.Contains(concernKeys[c], foldKey(label))
}
