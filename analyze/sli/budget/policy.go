// Package budget is the arithmetic of alerts on an error ratio: when they
// fire, what of the error budget is spent by then, and when they stop.
//
// An alert is read as a Policy: clauses "the share of bad events over the last
// W is above T", joined by "and" and "or". All that is computed of it supposes
// the same incident: traffic is constant; up to time 0 nothing fails, then a
// share r of the events does, in every series alike, until the incident is
// over, and nothing after it. Over a window W the share of bad events is then
//
//	r · |[t−W, t] ∩ [0, D]| / W
//
// for an incident of length D, so that a clause holds from W·T/r on until
// D + W·(1−T/r), provided that r > T and r·D > T·W. The formulas for detection
// time, reset time and budget spent are those of the chapter "Alerting on SLOs"
// of The Site Reliability Workbook (Beyer et al., 2018), whose figures are in
// the tests.
//
// Prometheus sees the incident in scrapes and asks in evaluations, and so it is
// later than the arithmetic by up to one of each; `for` and keep_firing_for,
// which count whole evaluations, are rounded up where the interval is known. A
// range of W holds one scrape interval less than W between its first and its
// last sample: windows of a few scrapes fire, and stop, that much earlier.
package budget

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/prometheus/prometheus/promql/parser/posrange"
)

// A Policy says when an alert fires, by the error ratio over windows.
type Policy struct {
	// Any are the alternatives of which one suffices, never none.
	Any []Alternative
	Timing

	// Gated says that the alert asks for some traffic besides: what is computed
	// holds while there is enough.
	Gated bool
	// Assumed says that the expression alone does not prove that its ratio is a
	// share of a total: its numerator and denominator are different metrics, or
	// its name alone tells. Who uses the policy has to know by other means.
	Assumed bool
	// Signal is the ratio in canonical form, windows left out: what is equal
	// there measures the same.
	Signal string
	// Total is what the ratio is a share of, in canonical form with its groups
	// and without its window; "" where that is not seen.
	Total string
}

// An Alternative holds while all of its clauses do; it has one at least.
type Alternative []Clause

// A Clause holds while the share of bad events over the window exceeds the
// threshold, or reaches it where it is inclusive.
type Clause struct {
	Window    time.Duration // > 0
	Threshold float64       // a share, > 0; what is 1 or more is never exceeded
	Inclusive bool          // >= rather than >
	Pos       posrange.PositionRange
}

// Timing is what a rule says besides its expression, and how often it is
// evaluated.
type Timing struct {
	For, KeepFiring time.Duration
	Interval        time.Duration // between evaluations; 0 where unknown
}

// hold is how long the condition must hold before the alert fires. Whether it
// has is looked at once in an interval.
func (t Timing) hold() time.Duration { return roundUp(t.For, t.Interval) }

// keep is how long the alert fires on after the condition ended.
func (t Timing) keep() time.Duration { return roundUp(t.KeepFiring, t.Interval) }

func roundUp(d, step time.Duration) time.Duration {
	if step <= 0 || d%step == 0 {
		return d
	}
	return d + step - d%step
}

// A Period is a stretch of time, counted from when the errors began.
type Period struct{ From, To time.Duration }

// Forever stands for the length of an incident that does not end, and for a
// time that never comes.
const Forever = time.Duration(math.MaxInt64)

// period is when the clause holds, in an incident of that error ratio and
// length. It begins after From and ends before To.
func (c Clause) period(ratio float64, length time.Duration) (Period, bool) {
	if !c.reached(ratio) {
		return Period{}, false
	}
	w := float64(c.Window)
	on := w * c.Threshold / ratio
	if length == Forever {
		return Period{time.Duration(on), Forever}, true
	}
	p := Period{time.Duration(on), length + time.Duration(w-on)}
	return p, p.From < length
}

// reached reports whether an error ratio that lasts satisfies the clause.
func (c Clause) reached(ratio float64) bool {
	return ratio > c.Threshold || c.Inclusive && ratio == c.Threshold
}

// period is when all clauses hold.
func (a Alternative) period(ratio float64, length time.Duration) (Period, bool) {
	out := Period{0, Forever}
	for _, c := range a {
		p, ok := c.period(ratio, length)
		if !ok {
			return Period{}, false
		}
		out.From, out.To = max(out.From, p.From), min(out.To, p.To)
	}
	return out, out.From < out.To
}

// holds are the periods in which the condition of the alert is true, in order
// and apart from each other.
func (p Policy) holds(ratio float64, length time.Duration) []Period {
	var all []Period
	for _, a := range p.Any {
		if s, ok := a.period(ratio, length); ok {
			all = append(all, s)
		}
	}
	slices.SortFunc(all, func(a, b Period) int { return cmp.Compare(a.From, b.From) })
	var out []Period
	for _, s := range all {
		if n := len(out); n > 0 && s.From <= out[n-1].To {
			out[n-1].To = max(out[n-1].To, s.To)
			continue
		}
		out = append(out, s)
	}
	return out
}

// Firings are the periods for which the alert fires, in an incident of that
// error ratio (0 to 1) and length (which may be Forever).
func (p Policy) Firings(ratio float64, length time.Duration) []Period {
	var out []Period
	for _, s := range p.holds(ratio, length) {
		if n := len(out); n > 0 && s.From < out[n-1].To { // it fires still
			out[n-1].To = later(s.To, p.keep())
			continue
		}
		if from := later(s.From, p.hold()); from < s.To {
			out = append(out, Period{from, later(s.To, p.keep())})
		}
	}
	return out
}

// later adds to a time, which may never come.
func later(t, d time.Duration) time.Duration {
	if t > Forever-d {
		return Forever
	}
	return t + d
}
