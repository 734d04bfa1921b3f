package history

import (
	"slices"

	"github.com/crywolf-dev/crywolf/rules"
)

// A split is what is known of a rule that became something else within the
// window.
type split struct {
	at     int64
	after  Coverage
	before Measures
}

// Split has rules that changed within the window judged by what they are now:
// from the instant given, in Unix milliseconds, on. What they did until then is
// told by Before. Changes outside of the window are none. It is called before a
// review is read.
func (r *Review) Split(changes map[*rules.Rule]int64) {
	r.changed = map[*rules.Rule]split{}
	w := r.Coverage.Window
	for rule, at := range changes {
		if at <= w.Start {
			continue
		}
		at = min(at, w.End)
		own, _ := r.EpisodesOf(rule)
		after := r.Coverage.part(Interval{at, w.End})
		m := newMeter(after)
		r.measures[rule], r.outbreaks[rule] = m.measure(own), m.outbreaks(own)
		r.changed[rule] = split{at, after, newMeter(r.Coverage.part(Interval{w.Start, at})).measure(own)}
	}
}

// Changed is when a rule became what it is, if that lies in the window.
func (r *Review) Changed(rule *rules.Rule) (at int64, ok bool) {
	s, ok := r.changed[rule]
	return s.at, ok
}

// Before are the measures of a rule that changed in the window until it did;
// zero where it did not.
func (r *Review) Before(rule *rules.Rule) Measures { return r.changed[rule].before }

// CoverageOf is the part of the window by which a rule is judged: all of it,
// unless the rule changed.
func (r *Review) CoverageOf(rule *rules.Rule) Coverage {
	if s, ok := r.changed[rule]; ok {
		return s.after
	}
	return r.Coverage
}

// Judged are the episodes by which a rule is judged, in the order of
// History.Episodes: its own, of a rule that changed those that began since, and
// likewise those that may be its own or another rule's. They are not to be
// changed, as those of EpisodesOf.
func (r *Review) Judged(rule *rules.Rule) (own, doubtful []Episode) {
	own, doubtful = r.EpisodesOf(rule)
	if s, ok := r.changed[rule]; ok {
		older := func(e Episode) bool { return e.ActiveAt < s.at }
		own, doubtful = slices.DeleteFunc(slices.Clone(own), older), slices.DeleteFunc(slices.Clone(doubtful), older)
	}
	return own, doubtful
}

// part of a coverage that lies in a window.
func (c Coverage) part(window Interval) Coverage {
	out := Coverage{Window: window}
	for _, g := range c.Gaps {
		if g = (Interval{max(g.Start, window.Start), min(g.End, window.End)}); g.Start < g.End {
			out.Gaps = append(out.Gaps, g)
		}
	}
	return out
}
