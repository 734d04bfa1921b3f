package budget

import (
	"math"
	"time"
)

// Detection is how long after errors begin, and go on, the alert fires; ok is
// false where it never does. Ratio is the share of bad events, 0 to 1. In
// Prometheus it takes up to one scrape and one evaluation longer.
func (p Policy) Detection(ratio float64) (after time.Duration, ok bool) {
	f := p.Firings(ratio, Forever)
	if len(f) == 0 {
		return 0, false
	}
	return f[0].From, true
}

// Reset is how long the alert goes on firing after the errors have ended, in an
// incident of that error ratio and length; ok is false where it does not fire
// once they have.
func (p Policy) Reset(ratio float64, length time.Duration) (after time.Duration, ok bool) {
	for _, f := range p.Firings(ratio, length) {
		if f.To > length {
			after, ok = f.To-length, true
		}
	}
	return after, ok
}

// Silent is the largest error ratio at which the alert never fires, however
// long it lasts: every ratio above it does fire. It is 1 or more for an alert
// that can't fire.
func (p Policy) Silent() float64 {
	out := math.Inf(1)
	for _, a := range p.Any {
		out = min(out, a.threshold())
	}
	return out
}

// threshold is the error ratio that all clauses wait for.
func (a Alternative) threshold() float64 { return a.Highest().Threshold }

// Highest is the clause with the highest threshold: it decides at what error
// ratio the alternative holds.
func (a Alternative) Highest() Clause {
	out := a[0]
	for _, c := range a {
		if c.Threshold > out.Threshold {
			out = c
		}
	}
	return out
}

// CanFire reports whether there is an error ratio, of 1 at most, at which the
// alert fires.
func (p Policy) CanFire() bool {
	_, ok := p.Detection(1)
	return ok
}

// Short is the shortest window of the alternative: it decides how soon after
// the errors the alternative ends.
func (a Alternative) Short() time.Duration {
	out := a[0].Window
	for _, c := range a {
		out = min(out, c.Window)
	}
	return out
}

// Long is the longest window of the alternative.
func (a Alternative) Long() (out time.Duration) {
	for _, c := range a {
		out = max(out, c.Window)
	}
	return out
}

// An Objective is what is promised: over the window, a share of Budget of the
// events may be bad.
type Objective struct {
	Budget float64 // 1 less the share of good events that is promised, in (0, 1)
	Window time.Duration
}

// Spent is the share of the budget that errors of that ratio take in that time.
// It exceeds 1 where they take more than there is.
func (o Objective) Spent(ratio float64, d time.Duration) float64 {
	return ratio * float64(d) / (o.Budget * float64(o.Window))
}

// Exhaustion is how long errors of that ratio take to spend all of the budget.
func (o Objective) Exhaustion(ratio float64) time.Duration {
	d := float64(o.Window) * o.Budget / ratio
	if !(d < float64(Forever)) {
		return Forever
	}
	return time.Duration(math.Round(d))
}

// Burn is how many times faster than the objective allows errors of that ratio
// spend the budget.
func (o Objective) Burn(ratio float64) float64 { return ratio / o.Budget }

// SpentAtDetection is the share of the budget that is spent when the alert
// fires for errors of that ratio; ok is false where it does not.
func (p Policy) SpentAtDetection(o Objective, ratio float64) (share float64, ok bool) {
	after, ok := p.Detection(ratio)
	return o.Spent(ratio, after), ok
}

// Cheapest is the smallest share of the budget that an incident can have spent
// when the alert fires for it; ok is false where it can't fire.
//
// An alternative waits for W·T/r, in which r·W·T/r = W·T errors occur whatever
// r is, and then for `for`, in which r·for occur: least where r is hardly above
// the threshold. The share is W·T + T·for over the budget of the objective's
// window, W·T that of the clause that takes longest.
func (p Policy) Cheapest(o Objective) (share float64, ok bool) {
	share = math.Inf(1)
	for _, a := range p.Any {
		t := a.threshold()
		if !(Policy{Any: []Alternative{a}}).CanFire() {
			continue
		}
		longest := 0.0
		for _, c := range a {
			longest = max(longest, float64(c.Window)*c.Threshold)
		}
		share = min(share, o.Spent(1, time.Duration(longest))+o.Spent(t, p.hold()))
	}
	return share, !math.IsInf(share, 1)
}

// Silent is the largest error ratio at which none of the alerts ever fires.
// Without any, it is 1.
func Silent(ps []Policy) float64 {
	out := 1.0
	for _, p := range ps {
		out = min(out, p.Silent())
	}
	return out
}

// near absorbs the rounding of 14.4 * (1 - 0.999) and the like.
const near = 1 + 1e-9

// Unnoticed reports whether the whole budget can be spent, and more than it,
// with none of the alerts firing ever: at the ratio that it returns, which the
// budget lasts for less than the objective's window.
func (o Objective) Unnoticed(ps []Policy) (ratio float64, ok bool) {
	ratio = Silent(ps)
	return ratio, ratio > o.Budget*near
}

// Late reports whether an outage of everything has spent the whole budget
// before the first of the alerts fires, and what share it has spent by then.
func (o Objective) Late(ps []Policy) (share float64, ok bool) {
	share = math.Inf(1)
	for _, p := range ps {
		if s, fires := p.SpentAtDetection(o, 1); fires {
			share = min(share, s)
		}
	}
	return share, !math.IsInf(share, 1) && share > near
}
