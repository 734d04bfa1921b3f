package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/prometheus/common/model"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/score"
)

// A saving is what would have been spared had one finding been seen to before
// the window began. It is counted from what happened, never estimated.
type saving struct {
	card    *score.Card
	finding *analyze.Finding

	relief
	points int // that the alert's score would be higher
}

// A relief is a number of firings that would not have been.
type relief struct {
	perWeek float64 // by the week of covered time
	because string  // how that is known, "" where nothing is spared

	// excess marks firings beyond a budget: that many are too many, but what
	// would have spared them was not measured.
	excess bool

	// repeats marks notifications that repeat an earlier one, in place of
	// firings: there are more of them, and each costs less.
	repeats bool
}

// firings a week that would not have been.
func (r relief) firings() float64 {
	if r.repeats {
		return 0
	}
	return r.perWeek
}

// A remedy counts what seeing to a finding of an alert would have spared.
type remedy func(a active, f *analyze.Finding) relief

// remedies by check. A check that has none may still give points back.
var remedies = map[string]remedy{
	"quiet/transient":    outwaited,
	"quiet/no-for":       outwaited,
	"quiet/frequent":     overBudget,
	"quiet/flapping":     keptFiring,
	"quiet/nagging":      nagged,
	"quiet/always-on":    allOfThem("it"),
	"sound/always-fires": allOfThem("it fires whatever happens, and"),
	"unique/identical":   allOfThem("another alert says the same; this one"),
}

// outwaited: a `for` five minutes longer than it is spares exactly the firings
// that lasted less than five minutes, since their condition would not have held
// for long enough.
func outwaited(a active, _ *analyze.Finding) relief {
	begun, ok := a.is.FiringsPerWeek()
	if !ok || a.is.FiringsBegun == 0 || a.is.Transient == 0 {
		return relief{}
	}
	spared := begun * float64(min(a.is.Transient, a.is.FiringsBegun)) / float64(a.is.FiringsBegun)
	which := fmt.Sprintf("of its %s firings a week, %s were", rate(begun), rate(spared))
	if rate(begun) == rate(spared) {
		which = fmt.Sprintf("all of its %s firings a week were", rate(begun))
	}
	return relief{perWeek: spared, because: which + " over within five minutes; a `for` five minutes longer passes over them"}
}

// keptFiring: with the keep_firing_for beyond which more is hardly better, many
// firings go on from the one before, and all of them last the longer.
func keptFiring(a active, _ *analyze.Finding) relief {
	begun, ok := a.is.FiringsPerWeek()
	if !ok || a.noise == nil || a.noise.Keep == nil || a.noise.Keep.Knee < 0 {
		return relief{}
	}
	p := a.noise.Keep.Points[a.noise.Keep.Knee]
	return relief{perWeek: begun * p.Ratio, because: fmt.Sprintf(
		"with keep_firing_for: %s, %d of its %s go on from the one before; together they fire %s longer",
		model.Duration(p.Value), p.Spared, count(a.noise.Keep.Of, "firing"), human(p.CostSeconds))}
}

// nagged: a repeat tells nothing new. How many are left with another
// repeat_interval was not measured.
func nagged(a active, f *analyze.Finding) relief {
	perWeek := evidence(f, "repeats_per_week")
	if perWeek == 0 || a.noise == nil || a.noise.Notices == nil {
		return relief{}
	}
	return relief{perWeek: perWeek, excess: true, repeats: true, because: fmt.Sprintf(
		"%s of its %s repeat an earlier one", thousands(a.noise.Notices.Repeats), count(a.noise.Notices.Sent, "notification"))}
}

// overBudget: within its budget an alert breaks out as often as that, and each
// outbreak is one firing at least.
func overBudget(_ active, f *analyze.Finding) relief {
	outbreaks, budget := evidence(f, "outbreaks_per_week"), evidence(f, "budget_per_week")
	if outbreaks <= budget {
		return relief{}
	}
	return relief{perWeek: outbreaks - budget, excess: true, because: fmt.Sprintf(
		"it breaks out %s times a week; its budget is %s", rate(outbreaks), rate(budget))}
}

// allOfThem: an alert that tells nothing is deleted, or made to fire only when
// something is wrong, and none of its firings were worth having.
func allOfThem(subject string) remedy {
	return func(a active, _ *analyze.Finding) relief {
		begun, ok := a.is.FiringsPerWeek()
		share, covered := a.is.FiringShare()
		if !ok || !covered || a.is.Firings == 0 {
			return relief{}
		}
		return relief{perWeek: begun, because: fmt.Sprintf("%s was firing %s of the time", subject, percent(share))}
	}
}

func evidence(f *analyze.Finding, name string) float64 {
	for _, n := range f.Evidence {
		if n.Name == name {
			return n.Value
		}
	}
	return 0
}

// savings are the best of each alert, the greatest first. Findings that speak
// for many alerts at once are none of them.
func savings(all activities) []saving {
	var out []saving
	for _, a := range all.alerts {
		var best saving
		for _, f := range a.findings {
			if f.Rule != a.card.Alert.Rule {
				continue
			}
			s := saving{card: a.card, finding: f}
			if remedy := remedies[f.Check]; remedy != nil {
				s.relief = remedy(a, f)
			}
			s.points = regained(a.findings, s.settles(a))
			if best.finding == nil || s.prefer(best) {
				best = s
			}
		}
		if best.perWeek > 0 || best.points > 0 {
			out = append(out, best)
		}
	}
	slices.SortStableFunc(out, saving.compare)
	return out
}

// prefer reports whether to name s and not another saving of the same alert: it
// is the greater, where a measured one is held to be as good as an excess up to
// twice as great.
func (s saving) prefer(o saving) bool {
	if s.excess != o.excess && s.firings() > 0 && o.firings() > 0 {
		if s.excess {
			return s.perWeek > 2*o.perWeek
		}
		return 2*s.perWeek >= o.perWeek
	}
	return s.compare(o) < 0
}

// compare puts the greater saving first: by whole firings a week, since less
// than one is nothing that anybody would notice, then by points.
func (s saving) compare(o saving) int {
	return cmp.Or(
		cmp.Compare(math.Floor(o.firings()), math.Floor(s.firings())),
		cmp.Compare(o.points, s.points),
		cmp.Compare(o.perWeek, s.perWeek),
	)
}

// settles lists the findings that are gone once the saving is made: its own,
// and those of a budget that what is left keeps to. An outbreak is a firing, so
// there are no more outbreaks left than firings.
func (s saving) settles(a active) []*analyze.Finding {
	gone := []*analyze.Finding{s.finding}
	begun, ok := a.is.FiringsPerWeek()
	if !ok || s.excess || s.perWeek == 0 {
		return gone
	}
	for _, f := range a.findings {
		if budget := evidence(f, "budget_per_week"); f != s.finding && budget > 0 && begun-s.perWeek <= budget {
			gone = append(gone, f)
		}
	}
	return gone
}

// regained is by how much the score of an alert with the given findings would
// be higher without some of them. A finding within a quality that is past its
// cap anyway gives less back than its points.
func regained(all, gone []*analyze.Finding) int {
	lost := func(skip []*analyze.Finding) int {
		by := map[analyze.Quality]int{}
		for _, f := range all {
			if !slices.Contains(skip, f) {
				by[f.Quality()] += f.Points
			}
		}
		total := 0
		for q, n := range by {
			total += min(n, score.Cap(q))
		}
		return min(total, score.Full)
	}
	return lost(nil) - lost(gone)
}
