package analyze

import (
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/prometheus/promql/parser"

	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/analyze/impact"
	"github.com/crywolf-dev/crywolf/analyze/noise"
	"github.com/crywolf-dev/crywolf/analyze/sli"
	"github.com/crywolf-dev/crywolf/rules"
)

// Facts is what a run knows before any check begins: alerts with their scope
// and urgency, the house style, what happened. It does not change after.
type Facts struct {
	Set     *rules.Set
	Alerts  []*Alert // in the order of the set
	Style   *Style
	History *history.Review // nil for a run without history

	// Impact is what the declared SLIs measured meanwhile; nil for a run without
	// stored samples or without SLIs.
	Impact *impact.Result

	// Noise is what the history amounts to for those on call; nil for a run
	// without history.
	Noise *noise.Noise

	// Introduced tells when a rule came to be, as far as anyone knows; nil
	// where nobody was asked.
	Introduced func(*rules.Rule) (when time.Time, ok bool)

	// Naming gives the path of a file under which findings about it are
	// identified, from that by which it was read; nil: the same.
	Naming func(path string) string

	settings   Settings
	mapper     *sli.Mapper
	naming     func() map[string]bool // the keys by which some alert names an SLO that is there
	obscure    *sync.Map              // by the name of a metric, whether it leads to a record that no rule makes
	unmapped   func() bool            // whether alerts or SLIs are not compared
	vocabulary vocabulary
	scopes     map[*rules.Rule]scope // those that are declared
	byRule     map[*rules.Rule]*Alert
	subjects   map[*rules.Rule]string // identity of every rule that is no alert, for fingerprints
	recordings *sli.Recordings
}

// manyAlerts is from how many alerts on less is kept of each.
const manyAlerts = 30_000

// NewFacts takes scopes, urgency and house style from the settings, and infers
// from the rules what they leave open.
func NewFacts(set *rules.Set, settings Settings) *Facts {
	alerting := set.Alerts()
	f := &Facts{
		Set:      set,
		Style:    newStyle(alerting, settings.Style),
		settings: settings,
		scopes:   declaredScopes(set, settings),
		byRule:   make(map[*rules.Rule]*Alert, len(alerting)),
		subjects: map[*rules.Rule]string{},

		recordings: sli.NewRecordings(set.Recorders),
		obscure:    &sync.Map{},
	}
	severityKeys := f.Style.Keys(ConcernSeverity)
	f.vocabulary = newVocabulary(alerting, severityKeys, settings.Urgency)

	alerts := make([]Alert, len(alerting))
	all := set.Rules()
	ordinals := f.ordinals(all)
	for _, r := range all {
		scope, ordinal := f.scopeOf(r).name, ordinals[r]
		if r.Kind != rules.Alerting {
			f.subjects[r] = digest("record", scope, r.Group.Name(), r.Name(), strconv.Itoa(ordinal))
			continue
		}
		a := &alerts[len(f.Alerts)]
		a.Rule, a.Scope, a.Ordinal, a.ID = r, scope, ordinal, alertID(scope, r.Group.Name(), r.Name(), ordinal)
		f.Alerts = append(f.Alerts, a)
		f.byRule[r] = a
	}
	f.mapper = sli.NewMapper(settings.Catalog, set.Recorders)
	f.naming = sync.OnceValue(func() map[string]bool { return namingKeys(f.Alerts, f.mapper) })
	f.unmapped = sync.OnceValue(func() bool { return unmapped(f.Alerts, f.mapper) })
	means := &meanings{judger: sli.NewJudger(set.Recorders, settings.Metrics...), mapper: f.mapper, forget: len(f.Alerts) > manyAlerts}
	eachShard(f.Alerts, func(part []*Alert) {
		for _, a := range part {
			f.setUrgency(a, severityOf(a.Rule, severityKeys))
			a.Deadman = isDeadman(a.Rule)
			a.meets = f.Style.met(a.Rule)
			a.means = means
		}
	})
	f.Style.measure(f.Alerts)
	return f
}

// Alert of an alerting rule.
func (f *Facts) Alert(r *rules.Rule) *Alert { return f.byRule[r] }

// Wakes reports whether a rule's alerts wake someone: pages, less those that are
// meant to fire always.
func (f *Facts) Wakes(r *rules.Rule) bool {
	a := f.byRule[r]
	return a != nil && a.Urgency == UrgencyPage && !a.Deadman
}

// HoursTold reports whether somebody said when people work and sleep.
func (f *Facts) HoursTold() bool { return f.settings.Hours != nil }

// StudyNoise is the Noise of a history, by the hours of the settings.
func (f *Facts) StudyNoise(past *history.Review) *noise.Noise {
	o := noise.Defaults()
	if f.settings.Hours != nil {
		o.Hours = *f.settings.Hours
	}
	o.Machines = func(r *rules.Rule) bool { return f.Alert(r).Deadman }
	return noise.Study(past, f.Set.Alerts(), f.Wakes, o)
}

// UrgencyInferred reports whether "page" is known only by convention.
func (f *Facts) UrgencyInferred() bool { return f.vocabulary.inferred() }

// Assumptions says, in a line each, what was inferred for want of a
// configuration.
func (f *Facts) Assumptions() []string {
	if len(f.Alerts) == 0 {
		return nil
	}
	routed := f.routed()
	if routed > 0 && routed == len(f.Alerts) {
		return nil
	}
	if routed > 0 {
		return []string{"of the others, " + f.vocabulary.String()}
	}
	if f.vocabulary.declared != nil {
		return nil
	}
	return []string{f.vocabulary.String()}
}

// Told says, in a line each, what a configuration said in place of what would
// else be inferred.
func (f *Facts) Told() []string {
	routed := f.routed()
	switch {
	case len(f.Alerts) == 0:
		return nil
	case routed > 0:
		return []string{fmt.Sprintf("urgency of %d of %d alerts from Alertmanager's configuration, by the kind of receiver that they reach", routed, len(f.Alerts))}
	case f.vocabulary.declared != nil:
		return []string{f.vocabulary.String()}
	}
	return nil
}

// routed counts the alerts whose urgency is that of where they are sent.
func (f *Facts) routed() int {
	n := 0
	for _, a := range f.Alerts {
		if a.urgencyFrom == fromRouting {
			n++
		}
	}
	return n
}

// enoughSeconds of covered history are needed before an alert is judged by
// what it did: a week, so that every hour of the week was seen once.
const enoughSeconds = 7 * 24 * 60 * 60

// Measured reports whether there is history enough to judge the alert by what
// it did.
func (f *Facts) Measured(r *rules.Rule) bool {
	if f.History == nil || f.History.Measures(r).CoveredSeconds < enoughSeconds {
		return false
	}
	silence, _ := f.History.Silence(r, f.Introduced)
	return silence != history.TooYoung && silence != history.Untold
}

// Silence says why an alert did not fire, and for want of which series where
// it could not have.
func (f *Facts) Silence(a *Alert) (history.Silence, *parser.VectorSelector) {
	return f.History.Silence(a.Rule, f.Introduced)
}
