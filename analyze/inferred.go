package analyze

import (
	"cmp"
	"slices"
	"strings"
)

// SeverityUse is how a severity is used in a run.
type SeverityUse struct {
	Word    string // in lower case; "" where an alert carries none, or one that a template computes
	Alerts  int
	Urgency Urgency // of all of them; "" where they differ
	Routed  bool    // by where they are sent
}

// Severities of the run, the most urgent first, then the most used.
func (f *Facts) Severities() []SeverityUse {
	keys := f.Style.Keys(ConcernSeverity)
	by := map[string]*SeverityUse{}
	for _, a := range f.Alerts {
		word := severityOf(a.Rule, keys)
		use := by[word]
		if use == nil {
			use = &SeverityUse{Word: word, Urgency: a.Urgency, Routed: true}
			by[word] = use
		}
		use.Alerts++
		use.Routed = use.Routed && a.urgencyFrom == fromRouting
		if use.Urgency != a.Urgency {
			use.Urgency = ""
		}
	}
	out := make([]SeverityUse, 0, len(by))
	for _, use := range by {
		out = append(out, *use)
	}
	slices.SortFunc(out, func(a, b SeverityUse) int {
		return cmp.Or(
			slices.Index(Urgencies(), a.Urgency)-slices.Index(Urgencies(), b.Urgency),
			b.Alerts-a.Alerts, strings.Compare(a.Word, b.Word))
	})
	return out
}

// KeyUse is how a key that meets a concern is used in a run.
type KeyUse struct {
	Key         string
	Labels      int // alerts that carry it as a label
	Annotations int
	Brought     int // alerts to which only the expression brings it
}

// KeysInUse are the keys by which alerts meet a concern, in the order of
// Style.Keys, and then those that expressions alone bring along.
func (f *Facts) KeysInUse(c Concern) []KeyUse {
	by := map[string]*KeyUse{}
	var out []*KeyUse
	use := func(key string) *KeyUse {
		if by[key] == nil {
			by[key] = &KeyUse{Key: key}
			out = append(out, by[key])
		}
		return by[key]
	}
	for _, key := range f.Style.Keys(c) {
		use(key)
	}
	set := len(out)
	for _, a := range f.Alerts {
		_, has := f.Style.Field(a.Rule, c)
		for _, key := range f.Style.Keys(c) {
			if _, ok := a.Rule.Label(key); ok {
				by[key].Labels++
			}
			if _, ok := a.Rule.Annotations.Get(key); ok {
				by[key].Annotations++
			}
		}
		if has || !c.brought() {
			continue
		}
		for _, key := range slices.Compact(slices.Sorted(slices.Values(expressionKeys(a.Rule)))) {
			if f.Style.carries(c, key) {
				use(key).Brought++
			}
		}
	}
	slices.SortFunc(out[set:], func(a, b *KeyUse) int { return cmp.Or(b.Brought-a.Brought, strings.Compare(a.Key, b.Key)) })
	list := make([]KeyUse, 0, len(out))
	for _, u := range out {
		list = append(list, *u)
	}
	return list
}

// SeverityUsage is how many alerts say how urgent they are, of all that are not
// deadman switches: before its severity is known, an alert has no urgency to
// be asked by.
func (f *Facts) SeverityUsage() Usage {
	var u Usage
	for _, a := range f.Alerts {
		if a.Deadman || !a.Rule.HasExpr() {
			continue
		}
		u.Of++
		if a.Meets(ConcernSeverity) {
			u.Have++
		}
	}
	return u
}
