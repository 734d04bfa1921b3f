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

	// UrgencyUnknown is that of an alert whose severity a template writes that
	// nobody has rendered. It is judged as little as one that notifies nobody.
	UrgencyUnknown Urgency = "unknown"
)

// Urgencies lists those that are known, most urgent first.
func Urgencies() []Urgency { return []Urgency{UrgencyPage, UrgencyTicket, UrgencyInfo, UrgencyNone} }

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

// urgencySource is where the urgency of an alert was found.
type urgencySource int

const (
	fromConvention urgencySource = iota
	fromSettings
	fromRouting
)

// setUrgency finds the urgency of an alert of a severity: as the settings have
// it, else by where it is sent, else by what such a word means.
func (f *Facts) setUrgency(a *Alert, word string) {
	if u, ok := f.settings.Urgency[word]; ok {
		a.Urgency, a.urgencyFrom = u, fromSettings
		return
	}
	if word == "" && f.vocabulary.hides(a.Rule) {
		a.Urgency = UrgencyUnknown
		return
	}
	if f.settings.Routed != nil {
		if u, ok := f.settings.Routed(a.Rule); ok {
			a.Urgency, a.urgencyFrom = u, fromRouting
			return
		}
	}
	a.Urgency = f.vocabulary.urgency(word)
	a.UrgencyInferred = a.Urgency == UrgencyPage && f.vocabulary.inferred()
}

// UrgencyTold reports whether the urgency of an alert is known from a
// configuration rather than from what a word usually means.
func (f *Facts) UrgencyTold(a *Alert) bool {
	return a.urgencyFrom != fromConvention || f.vocabulary.declared != nil
}

// A vocabulary maps the severities of a run to urgencies, as a whole.
type vocabulary struct {
	declared map[string]Urgency // by the settings; nil where words are read as they are meant
	pages    bool               // some severity says page in so many words
	counts   map[string]int     // severity in lower case → alerts
	unstated int                // alerts with no severity
	hidden   int                // alerts whose severity is not known before a template is rendered
	keys     []string           // of severities
}

// hides reports whether a template writes the rule's severity, or may.
func (v vocabulary) hides(r *rules.Rule) bool {
	for _, key := range v.keys {
		if f, ok := r.Label(key); ok && !f.Value.Rendered() {
			return true
		}
	}
	return r.Open
}

func newVocabulary(alerts []*rules.Rule, severityKeys []string, declared map[string]Urgency) vocabulary {
	v := vocabulary{declared: declared, counts: map[string]int{}, keys: severityKeys}
	for _, r := range alerts {
		word := severityOf(r, severityKeys)
		if word == "" {
			if v.hides(r) {
				v.hidden++
			} else {
				v.unstated++
			}
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
		if f, ok := r.Label(key); ok && !strings.Contains(f.Value.Text(), "{{") {
			if word := strings.ToLower(strings.TrimSpace(f.Value.Text())); word != "" {
				return word
			}
		}
	}
	return ""
}

// urgency of a severity. A word that is not known is taken for a ticket: it
// notifies someone, and nothing says that it wakes them.
func (v vocabulary) urgency(word string) Urgency {
	if v.declared != nil {
		if u, ok := v.declared[word]; ok {
			return u
		}
		return UrgencyTicket
	}
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
func (v vocabulary) inferred() bool { return v.declared == nil && !v.pages }

// String says in a line how severities were read.
func (v vocabulary) String() string {
	if len(v.counts) == 0 && v.hidden > 0 {
		return "urgency: severities are written by templates, which are not rendered, so none is taken for a page"
	}
	if len(v.counts) == 0 {
		return "urgency: no alert carries a severity, so none is taken for a page"
	}
	by := map[Urgency][]string{}
	var unknown []string // to the settings
	for _, word := range slices.Sorted(maps.Keys(v.counts)) {
		if _, ok := v.declared[word]; !ok && v.declared != nil {
			unknown = append(unknown, word)
			continue
		}
		u := v.urgency(word)
		by[u] = append(by[u], word)
	}
	var parts []string
	for _, u := range Urgencies() {
		if len(by[u]) > 0 {
			parts = append(parts, fmt.Sprintf("%s = %s", few(by[u]), u))
		}
	}
	switch {
	case v.declared != nil && len(unknown) > 0:
		parts = append(parts, fmt.Sprintf("%s, not in it, taken for tickets", few(unknown)))
		fallthrough
	case v.declared != nil:
		return "urgency from the configuration: " + strings.Join(parts, "; ")
	}
	how := "a severity says page in so many words, so only that pages"
	if v.inferred() {
		how = "no severity says page, so critical does, by the mixins' convention"
	}
	return "urgency from severities: " + strings.Join(parts, "; ") + " (" + how + ")"
}

// few lists the first words.
func few(words []string) string {
	const most = 6
	if len(words) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(words[:most], ", "), len(words)-most)
	}
	return strings.Join(words, ", ")
}

// KnownSeverity reports whether a severity, in lower case, is a word of which
// is known what it usually means.
func KnownSeverity(word string) bool {
	for _, list := range severityWords {
		if slices.Contains(list, word) {
			return true
		}
	}
	return slices.Contains(pageWords, word) || slices.Contains(criticalWords, word)
}
