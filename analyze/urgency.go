package analyze

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/crywolf-dev/crywolf/rules"
)

// Urgency is what an alert does to a person.
type Urgency string

const (
	UrgencyPage   Urgency = "page"   // wakes someone
	UrgencyTicket Urgency = "ticket" // is seen to in working hours
	UrgencyInfo   Urgency = "info"   // is looked at when someone looks
	UrgencyNone   Urgency = "none"   // notifies nobody: inhibitions, heartbeats
)

// Words that severities are made of. Each stands in one list.
var severityWords = map[Urgency][]string{
	UrgencyTicket: {"warning", "warn", "ticket", "task", "error", "major", "high", "medium", "notify",
		"p2", "p3", "s2", "s3", "sev2", "sev3", "sev-2", "sev-3"},
	UrgencyInfo: {"info", "informational", "information", "notice", "minor", "low", "debug",
		"p4", "p5", "s4", "s5", "sev4", "sev5", "sev-4", "sev-5"},
	UrgencyNone: {"none", "null", "off", "heartbeat"},
}

var (
	// pageWords say "page" in so many words: where one is in use, only they page.
	pageWords = []string{"page", "pager", "paging", "p0", "p1", "s0", "s1", "sev0", "sev1", "sev-0", "sev-1"}
	// criticalWords page by the convention of the monitoring mixins, where
	// nothing says page.
	criticalWords = []string{"critical", "crit", "fatal", "emergency", "disaster", "blocker"}
)

// A vocabulary maps the severities of a run to urgencies, as a whole.
type vocabulary struct {
	pages    bool           // some severity says page in so many words
	counts   map[string]int // severity in lower case → alerts
	unstated int            // alerts with no severity
}

func newVocabulary(alerts []*rules.Rule, severityKeys []string) vocabulary {
	v := vocabulary{counts: map[string]int{}}
	for _, r := range alerts {
		word := severityOf(r, severityKeys)
		if word == "" {
			v.unstated++
			continue
		}
		v.counts[word]++
		v.pages = v.pages || slices.Contains(pageWords, word)
	}
	return v
}

// severityOf is the rule's static severity in lower case, "" for none or one
// that a template computes.
func severityOf(r *rules.Rule, keys []string) string {
	for _, key := range keys {
		if f, ok := r.Label(key); ok && !strings.Contains(f.Value.Text, "{{") {
			if word := strings.ToLower(strings.TrimSpace(f.Value.Text)); word != "" {
				return word
			}
		}
	}
	return ""
}

// urgency of a severity. A word that is not known is taken for a ticket: it
// notifies someone, and nothing says that it wakes them.
func (v vocabulary) urgency(word string) Urgency {
	switch {
	case slices.Contains(pageWords, word):
		return UrgencyPage
	case slices.Contains(criticalWords, word) && !v.pages:
		return UrgencyPage
	}
	for _, u := range []Urgency{UrgencyInfo, UrgencyNone} {
		if slices.Contains(severityWords[u], word) {
			return u
		}
	}
	return UrgencyTicket
}

// inferred reports whether a page is known only by convention, not because a
// severity says so.
func (v vocabulary) inferred() bool { return !v.pages }

// String says in a line how severities were read.
func (v vocabulary) String() string {
	if len(v.counts) == 0 {
		return "urgency: no alert carries a severity, so none is taken for a page"
	}
	by := map[Urgency][]string{}
	for _, word := range slices.Sorted(maps.Keys(v.counts)) {
		u := v.urgency(word)
		by[u] = append(by[u], word)
	}
	var parts []string
	for _, u := range []Urgency{UrgencyPage, UrgencyTicket, UrgencyInfo, UrgencyNone} {
		if len(by[u]) > 0 {
			words := by[u]
			more := ""
			if len(words) > 6 {
				words, more = words[:6], fmt.Sprintf(" and %d more", len(words)-6)
			}
			parts = append(parts, fmt.Sprintf("%s = %s%s", strings.Join(words, ", "), u, more))
		}
	}
	how := "a severity says page in so many words, so only that pages"
	if v.inferred() {
		how = "no severity says page, so critical does, by the mixins' convention"
	}
	return "urgency from severities: " + strings.Join(parts, "; ") + " (" + how + ")"
}
