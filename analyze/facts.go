package analyze

import (
	"context"
	"runtime"
	"slices"
	"strconv"

	"github.com/grafana/dskit/concurrency"

	"github.com/crywolf-dev/crywolf/analyze/history"
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

	vocabulary vocabulary
	byRule     map[*rules.Rule]*Alert
	subjects   map[*rules.Rule]string // identity of every rule, for fingerprints
}

// NewFacts infers scopes, urgency and house style from the rules.
func NewFacts(set *rules.Set) *Facts {
	alerting := set.Alerts()
	f := &Facts{
		Set:      set,
		Style:    &Style{keys: inferKeys(alerting)},
		byRule:   make(map[*rules.Rule]*Alert, len(alerting)),
		subjects: make(map[*rules.Rule]string, len(alerting)),
	}
	severityKeys := f.Style.Keys(ConcernSeverity)
	f.vocabulary = newVocabulary(alerting, severityKeys)

	ordinals := map[[3]string]int{}
	for _, r := range set.Rules() {
		key := [3]string{scopeOf(r), r.Group.Name(), r.Name()}
		ordinal := ordinals[key]
		ordinals[key]++
		if r.Kind != rules.Alerting {
			f.subjects[r] = digest("record", key[0], key[1], key[2], strconv.Itoa(ordinal))
			continue
		}
		a := &Alert{
			Rule: r, Scope: key[0], Ordinal: ordinal, ID: alertID(key[0], key[1], key[2], ordinal),
			Urgency: f.vocabulary.urgency(severityOf(r, severityKeys)), Deadman: isDeadman(r),
		}
		f.Alerts = append(f.Alerts, a)
		f.byRule[r] = a
		f.subjects[r] = a.ID
	}
	f.Style.measure(f.Alerts)
	return f
}

// judge finds what each alert stands for.
func (f *Facts) judge(ctx context.Context) error {
	parts := slices.Collect(slices.Chunk(f.Alerts, shard))
	return concurrency.ForEachJob(ctx, len(parts), runtime.GOMAXPROCS(0), func(_ context.Context, i int) error {
		for _, a := range parts[i] {
			if a.Rule.Expr() != nil {
				a.Verdict = sli.Judge(a.Rule, f.Set.Recorders)
			}
		}
		return nil
	})
}

// Alert of an alerting rule.
func (f *Facts) Alert(r *rules.Rule) *Alert { return f.byRule[r] }

// UrgencyInferred reports whether "page" is known only by convention.
func (f *Facts) UrgencyInferred() bool { return f.vocabulary.inferred() }

// Assumptions says, in a line each, what was inferred for want of a
// configuration.
func (f *Facts) Assumptions() []string {
	if len(f.Alerts) == 0 {
		return nil
	}
	return []string{f.vocabulary.String()}
}

// Measured reports whether there is history enough to judge the alert by what
// it did.
func (f *Facts) Measured(r *rules.Rule) bool { return false }
