package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/analyze/noise"
	"github.com/crywolf-dev/crywolf/analyze/score"
	"github.com/crywolf-dev/crywolf/rules"
)

// An active is an alert with what it did.
type active struct {
	card    *score.Card
	is      history.Measures
	silence history.Silence
	noise   *noise.Profile // nil where that was not studied

	findings []*analyze.Finding // that concern it, those of many alerts at once included
}

// A tally counts episodes and the alert names they carry.
type tally struct {
	episodes int
	names    []string // each once, most episodes first
}

// An activities sums up what a history tells.
type activities struct {
	alerts   []active // in the order of the cards
	episodes int      // of all alerts; those of nobody's are counted apart
	firings  int      // of all alerts
	perWeek  float64  // firings begun by the week of covered time; 0 where nothing is covered
	covered  bool

	ambiguous tally // episodes that fit several rules
	foreign   tally // episodes of alerts that no rule raises
}

// activity of a report; without a history nothing was done, so far as is known.
func activity(r *Report) activities {
	h := r.Result.History
	if h == nil {
		h = &history.Review{History: &history.History{}, Attribution: &history.Attribution{}}
	}
	byRule := map[*rules.Rule][]*analyze.Finding{}
	for i := range r.Result.Findings {
		f := &r.Result.Findings[i]
		for _, rule := range concerned(f) {
			byRule[rule] = append(byRule[rule], f)
		}
	}
	var all activities
	for i := range r.Cards {
		rule := r.Cards[i].Alert.Rule
		a := active{card: &r.Cards[i], is: h.Measures(rule), findings: byRule[rule]}
		if r.Result.History != nil {
			a.silence, _ = r.Result.Silence(a.card.Alert)
		}
		if r.Result.Noise != nil {
			a.noise = r.Result.Noise.Profile(rule)
		}
		all.alerts = append(all.alerts, a)
		all.episodes += a.is.Episodes
		all.firings += a.is.Firings
		if perWeek, ok := a.is.FiringsPerWeek(); ok {
			all.perWeek += perWeek
			all.covered = true
		}
	}
	ambiguous, foreign := map[string]int{}, map[string]int{}
	for _, e := range h.Episodes {
		name := h.Instances[e.Instance].Get("alertname")
		switch len(owners(r, e.Instance)) {
		case 0:
			foreign[name]++
		case 1:
		default:
			ambiguous[name]++
		}
	}
	all.ambiguous, all.foreign = tallyOf(ambiguous), tallyOf(foreign)
	return all
}

// concerned lists the rules that a finding is about.
func concerned(f *analyze.Finding) []*rules.Rule {
	var out []*rules.Rule
	if f.Rule != nil {
		out = append(out, f.Rule)
	}
	for _, r := range f.Covers {
		if r != f.Rule {
			out = append(out, r)
		}
	}
	return out
}

func tallyOf(byName map[string]int) tally {
	var t tally
	for name, n := range byName {
		t.episodes += n
		t.names = append(t.names, name)
	}
	slices.SortFunc(t.names, func(a, b string) int {
		return cmp.Or(cmp.Compare(byName[b], byName[a]), strings.Compare(a, b))
	})
	return t
}

// owners are the alerts that an instance may belong to: none for one that no
// rule raises, several for one of which it cannot be told. The review was made
// of the set's alerts, in their order.
func owners(r *Report, instance int32) []*analyze.Alert {
	var out []*analyze.Alert
	for _, i := range r.Result.History.Candidates(instance) {
		out = append(out, r.Result.Alerts[i])
	}
	return out
}

// coveredShare is the share of the window with data.
func coveredShare(c history.Coverage) float64 {
	window := c.Window.End - c.Window.Start
	if window <= 0 {
		return 0
	}
	return float64(c.Covered().Milliseconds()) / float64(window)
}
