package history

import (
	"cmp"
	"math"
	"slices"
)

// A spell is a stretch over which one alert instance was seen in one state, at
// every evaluation, with one ActiveAt.
type spell struct {
	t0, t1 int64 // first and last sample
	stale  int64 // time of the stale marker that ended it; NoTime where the samples just stop
	active int64 // what ALERTS_FOR_STATE says, in milliseconds but to the second; NoTime where it says nothing
	firing bool

	guessed bool // stale is where the next evaluation was due; see evidence.mark
}

// end is the last instant the spell says anything about.
func (s spell) end() int64 {
	if s.stale != NoTime {
		return s.stale
	}
	return s.t1
}

// maxGap is the longest distance between two samples that an evaluation
// interval explains: one missed evaluation and some jitter. Prometheus writes
// no ALERTS at the first two evaluations after a start (rules.Group.run
// restores the state only after the second), so that a restart always takes
// three intervals or more.
func maxGap(interval int64) int64 { return interval * 5 / 2 }

// votes counts distances between neighbouring samples.
type votes []struct{ step, n int64 }

// distinctSteps bounds the work for series whose steps all differ; the common
// step is among the first in any series that has one.
const distinctSteps = 64

func (v *votes) add(step, n int64) {
	for i := range *v {
		if (*v)[i].step == step {
			(*v)[i].n += n
			return
		}
	}
	if len(*v) < distinctSteps {
		*v = append(*v, struct{ step, n int64 }{step, n})
	}
}

// addRuns counts a series's steps, those to its stale markers included: a
// marker is written by an evaluation too.
func (v *votes) addRuns(rs runs) {
	for i, r := range rs {
		if r.n > 1 {
			v.add(r.step, r.n-1)
		}
		if i > 0 && !rs[i-1].stale() {
			v.add(r.t0-rs[i-1].last(), 1)
		}
	}
}

// addInner counts the steps between samples of one value. Where a source gives
// no stale markers, only those of one ActiveAt are known to be of neighbouring
// evaluations: an alert that flaps at equal steps looks like one that is
// evaluated at those.
func (v *votes) addInner(rs runs) {
	for _, r := range rs {
		if r.n > 1 {
			v.add(r.step, r.n-1)
		}
	}
}

// most returns the commonest step, the shorter of equals, and how often it was
// seen. It is 0 where nothing was counted.
func (v votes) most() (step, n int64) {
	for _, e := range v {
		if e.n > n || e.n == n && e.step < step {
			step, n = e.step, e.n
		}
	}
	return step, n
}

// spellsOf cuts a series into spells: at stale markers, at gaps, and where
// byValue is set at changes of the value, which is then an ActiveAt. Without
// stale markers steps that differ from the interval are gaps, however even.
func spellsOf(rs runs, interval int64, byValue, marked bool, dst []spell) []spell {
	open := false
	var bits uint64
	var step int64 // of the run before, where it shows an evaluation interval of its own
	for _, r := range rs {
		if r.stale() {
			if open {
				dst[len(dst)-1].stale = r.t0
			}
			open, step = false, 0
			continue
		}
		own := int64(0)
		if marked && r.n > 2 { // equal steps thrice are no accident: the interval was another one here
			own = r.step
		}
		parts, part := int64(1), r
		if r.n > 1 && r.step > maxGap(max(interval, own)) {
			parts, part.n = r.n, 1
		}
		for i := range parts {
			part.t0 = r.t0 + i*r.step
			if open && (byValue && bits != r.bits || part.t0-dst[len(dst)-1].t1 > maxGap(max(interval, own, step))) {
				open = false
			}
			if !open {
				s := spell{t0: part.t0, stale: NoTime, active: NoTime}
				if byValue {
					s.active = activeAt(r.bits)
				}
				dst = append(dst, s)
				open, bits = true, r.bits
			}
			dst[len(dst)-1].t1 = part.last()
		}
		step = own
	}
	return dst
}

// activeAt reads a value of ALERTS_FOR_STATE: Unix seconds.
func activeAt(bits uint64) int64 {
	v := math.Float64frombits(bits)
	if !(v > -1e11 && v < 1e11) { // years 5138 and before; also NaN
		return NoTime
	}
	return int64(v) * 1000
}

// mergeSpells orders the spells of both states and tells each its ActiveAt,
// cutting it where that changes.
func mergeSpells(pending, firing, state []spell, dst []spell) []spell {
	base := len(dst)
	for i := range firing {
		firing[i].firing = true
	}
	for len(pending)+len(firing) > 0 {
		var s spell
		// A pending spell first where both begin together, which only happens
		// where two rules write one identity.
		if len(firing) == 0 || len(pending) > 0 && pending[0].t0 <= firing[0].t0 {
			s, pending = pending[0], pending[1:]
		} else {
			s, firing = firing[0], firing[1:]
		}
		for len(state) > 0 && state[0].t1 < s.t0 {
			state = state[1:]
		}
		for _, f := range state {
			if f.t0 > s.t1 {
				break
			}
			if s.active == NoTime {
				s.active = f.active
			} else if f.active != NoTime && f.active != s.active && f.t0 > s.t0 {
				before := s
				before.stale = NoTime
				before.t1 = f.t0 - 1
				for _, g := range state { // the samples of both series share their timestamps
					if g.t1 < f.t0 && g.t1 >= s.t0 {
						before.t1 = g.t1
					}
				}
				dst = append(dst, before)
				s.t0, s.active = f.t0, f.active
			}
		}
		dst = append(dst, s)
	}
	if byStart := func(a, b spell) int { return cmp.Compare(a.t0, b.t0) }; !slices.IsSortedFunc(dst[base:], byStart) {
		slices.SortStableFunc(dst[base:], byStart)
	}
	return dst
}

// maxOffset bounds the query_offset that a series is believed to show.
const maxOffset = 3600 * 1000

// offset is how far a spell's first sample lies before its ActiveAt, in whole
// seconds. A group's query_offset sets its samples back but not ActiveAt, so
// that for the first sample of a fresh alert this is the query_offset.
func (s spell) offset() (int64, bool) {
	d := s.active - second(s.t0)
	return d, s.active != NoTime && d >= 0 && d <= maxOffset
}

// shiftOffset moves spells from the timestamps of samples to those of
// evaluations.
func shiftOffset(ss []spell, offset int64) {
	if offset == 0 {
		return
	}
	for i := range ss {
		s := &ss[i]
		s.t0 += offset
		s.t1 += offset
		if s.stale != NoTime {
			s.stale += offset
		}
	}
}

// interval is the evaluation interval that the steps speak for: the commonest,
// or half of it where that is seen too, which is a rule that fails at every
// other evaluation. An interval that is half of the true one does no harm, since
// maxGap is more than twice as long.
func (v votes) interval() (step, n int64) {
	step, n = v.most()
	for _, e := range v {
		if e.step*2 == step && e.n*10 >= n {
			return e.step, n
		}
	}
	return step, n
}

// largest is the largest step among those seen in a tenth of all cases or more.
func (v votes) largest() (step int64) {
	for _, e := range v {
		if e.n*10 >= v.total() {
			step = max(step, e.step)
		}
	}
	return step
}

func (v votes) total() (n int64) {
	for _, e := range v {
		n += e.n
	}
	return n
}

// second rounds down to a whole second, as time.Time.Unix does.
func second(t int64) int64 {
	m := t % 1000
	if m < 0 {
		m += 1000
	}
	return t - m
}
