package history

import (
	"cmp"
	"slices"
	"time"

	"github.com/prometheus/prometheus/promql/parser"

	"github.com/crywolf-dev/crywolf/rules"
)

// A Review is a history whose instances are assigned to rules and measured.
type Review struct {
	*History
	*Attribution

	probes    *Probes
	measures  map[*rules.Rule]Measures
	outbreaks map[*rules.Rule]int
	shared    map[*rules.Rule]bool    // rules that some ambiguous instance may belong to
	instances map[*rules.Rule][]int32 // those that may be a rule's, in order
	none      Measures                // of a rule that never did anything
	changed   map[*rules.Rule]split   // rules that became something else within the window
}

// Silence says why an alert did not fire in the window.
type Silence uint8

const (
	Fired      Silence = iota // it did
	Quiet                     // its series were there, and gave no cause
	CannotFire                // what it selects does not exist
	TooYoung                  // the rule is younger than the window
	Untold                    // some episodes may or may not be its own
	Unseen                    // no source looked at its series: it may have had none, or fired unsent
)

// NewReview assigns the instances of a history to alerting rules and measures
// them. Probes are those that the history was read with.
func NewReview(rs []*rules.Rule, h *History, probes *Probes) *Review {
	r := &Review{
		History: h, Attribution: Attribute(rs, h), probes: probes,
		measures: map[*rules.Rule]Measures{}, outbreaks: map[*rules.Rule]int{}, shared: map[*rules.Rule]bool{},
		instances: map[*rules.Rule][]int32{},
	}
	for instance := range int32(len(h.Instances)) {
		for _, i := range r.Candidates(instance) {
			r.instances[rs[i]] = append(r.instances[rs[i]], instance)
		}
	}
	m := newMeter(h.Coverage)
	r.none = m.measure(nil)
	for _, rule := range rs {
		if own, _ := r.EpisodesOf(rule); len(own) > 0 {
			r.measures[rule] = m.measure(own)
			r.outbreaks[rule] = m.outbreaks(own)
		}
	}
	for _, candidates := range r.Ambiguous {
		for _, i := range candidates {
			r.shared[rs[i]] = true
		}
	}
	return r
}

// OutbreaksPerWeek is how often a rule broke out by the week of covered time;
// ok is false where nothing was covered. See Outbreaks.
func (r *Review) OutbreaksPerWeek(rule *rules.Rule) (perWeek float64, ok bool) {
	return ratio(float64(r.outbreaks[rule]), r.Measures(rule).CoveredSeconds/secondsInWeek)
}

// Measures of a rule, over the covered time of the window. Episodes that may
// belong to several rules are nobody's.
func (r *Review) Measures(rule *rules.Rule) Measures {
	if m, ok := r.measures[rule]; ok {
		return m
	}
	return r.none
}

// EpisodesOf are the episodes of a rule, in the order of History.Episodes, and
// those that may be its own or another rule's. They are not to be changed: they
// may be those of the history itself.
func (r *Review) EpisodesOf(rule *rules.Rule) (own, doubtful []Episode) {
	all := r.History.Episodes
	for _, instance := range r.instances[rule] {
		from, _ := slices.BinarySearchFunc(all, instance, func(e Episode, i int32) int { return cmp.Compare(e.Instance, i) })
		to := from
		for to < len(all) && all[to].Instance == instance {
			to++
		}
		if _, sure := r.Rule(instance); sure {
			own = with(own, all[from:to])
		} else {
			doubtful = with(doubtful, all[from:to])
		}
	}
	return own, doubtful
}

// with appends episodes. The first are not copied: most rules have but one
// instance.
func with(episodes, more []Episode) []Episode {
	if len(episodes) == 0 {
		return slices.Clip(more)
	}
	return append(episodes, more...)
}

// Silence says why a rule did not fire. Where its series do not exist it also
// gives a selector that matched none. Introduced is when the rule came to be,
// as far as anyone knows.
func (r *Review) Silence(rule *rules.Rule, introduced func(*rules.Rule) (time.Time, bool)) (Silence, *parser.VectorSelector) {
	switch m := r.Measures(rule); {
	case m.Firings > 0:
		return Fired, nil
	case r.shared[rule] || rule.Expr() == nil:
		return Untold, nil
	case m.Episodes > 0:
		return Quiet, nil
	}
	if introduced != nil {
		if t, ok := introduced(rule); ok && t.UnixMilli() > r.Coverage.Window.Start && !r.older(rule.File(), introduced) {
			return TooYoung, nil
		}
	}
	absent := r.absent(rule.Expr())
	switch {
	case absent != nil:
		return CannotFire, absent
	case r.Knows&KnowsPending == 0 && r.Before(rule).Firings == 0:
		return Unseen, nil
	}
	return Quiet, nil
}

// older reports that a file's rules are older than what is told of them: one of
// them fired before it is said to have come to be. So it is where rules were
// moved to another repository, or their history was squashed.
func (r *Review) older(f *rules.File, introduced func(*rules.Rule) (time.Time, bool)) bool {
	for _, g := range f.Groups {
		for _, rule := range g.Rules {
			m := r.Measures(rule)
			if m.Firings == 0 {
				continue
			}
			if t, ok := introduced(rule); ok && m.FirstFiredAt < t.UnixMilli() {
				return true
			}
		}
	}
	return false
}
