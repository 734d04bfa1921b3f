package history

import (
	"cmp"
	"slices"
)

// A reading takes in episodes, instance by instance.
type reading struct {
	*meter
	out Measures

	stretches []Interval // of firing, over all instances
	edges     []edge
	instances int64   // milliseconds of firing, added up
	durations []int64 // milliseconds, of the timed firings

	fired        []*Episode // scratch
	firing, seen []Interval // scratch
}

// An edge is an instant at which the number of firing instances changes.
type edge struct {
	at    int64
	delta int
}

// lasts is the time from FiredAt to the end of the episode, as far as it lies
// in the window. What is open lasts to the window's end.
func (m *meter) lasts(e *Episode) Interval {
	end := e.EndedAt
	if e.End == EndOpen {
		end = m.window.End
	}
	return Interval{max(e.FiredAt, m.window.Start), min(end, m.window.End)}
}

// touches reports whether an episode's time from a beginning on lies at least
// in part within the window. Of an unknown end the last sample counts.
func (m *meter) touches(from int64, e *Episode) bool {
	if from >= m.window.End {
		return false
	}
	switch e.End {
	case EndOpen:
		return true
	case EndUnknown:
		return e.EndedAt >= m.window.Start
	}
	return e.EndedAt > m.window.Start
}

// begins reports whether the firing is known to have begun at FiredAt. It is
// not where the episode is older than the data, nor where data are missing
// between its beginning and its first firing sample.
func (m *meter) begins(e *Episode) bool {
	return e.Start == StartExact && m.noGap(Interval{e.ActiveAt, e.FiredAt})
}

// noGap reports whether no data are missing in the part of i that lies in the
// window.
func (m *meter) noGap(i Interval) bool {
	i = Interval{max(i.Start, m.window.Start), min(i.End, m.window.End)}
	return i.Start >= i.End || m.covered.holds(i)
}

// add takes in all episodes of one instance.
func (r *reading) add(instance []Episode) {
	n := len(instance)
	r.fired, r.firing, r.seen = slices.Grow(r.fired[:0], n), slices.Grow(r.firing[:0], n), slices.Grow(r.seen[:0], n)
	for i := range instance {
		e := &instance[i]
		if r.touches(e.ActiveAt, e) {
			r.out.Episodes++
			if !e.Fired() && e.End == EndResolved {
				r.out.PendingOnly++
			}
		}
		if e.Fired() {
			r.fired = append(r.fired, e)
		}
	}
	slices.SortStableFunc(r.fired, byFiring)
	var previous *Episode
	for _, e := range r.fired {
		if r.touches(e.FiredAt, e) {
			r.addFiring(e, previous)
		}
		previous = e
	}
	for _, i := range Union(r.firing...) {
		r.stretches = append(r.stretches, i)
		r.instances += r.covered.within(i)
	}
	for _, i := range Union(r.seen...) {
		r.edges = append(r.edges, edge{i.Start, 1}, edge{i.End, -1})
		if i.End == r.window.End {
			r.out.Open++
		}
	}
}

func (r *reading) addFiring(e, previous *Episode) {
	r.out.Firings++
	if r.out.FirstFiredAt == NoTime || e.FiredAt < r.out.FirstFiredAt {
		r.out.FirstFiredAt = e.FiredAt
	}
	r.out.LastFiredAt = max(r.out.LastFiredAt, e.FiredAt)

	begins := r.begins(e)
	if begins && e.FiredAt >= r.window.Start {
		r.out.FiringsBegun++
		if previous != nil && r.refires(previous, e) {
			r.out.Refires++
		}
	}
	switch lasted := e.EndedAt - e.FiredAt; {
	case begins && e.End == EndResolved:
		r.durations = append(r.durations, lasted)
		r.out.TransientOf++
		if lasted < transientUnder {
			r.out.Transient++
		}
	case lasted >= transientUnder:
		r.out.TransientOf++
	}

	firing := r.lasts(e)
	r.firing = append(r.firing, firing)
	if e.End != EndResolved { // its last sample was still firing
		firing.End = max(firing.End, min(e.EndedAt+1, r.window.End))
	}
	r.seen = append(r.seen, firing)
}

func (r *reading) refires(previous, e *Episode) bool {
	between := Interval{previous.EndedAt, e.FiredAt}
	return previous.End == EndResolved && between.Start >= r.window.Start &&
		between.Start <= between.End && between.End-between.Start <= refireWithin && r.noGap(between)
}

func (r *reading) finish() Measures {
	out := r.out
	seconds := func(ms int64) float64 { return float64(ms) / 1000 }
	out.CoveredSeconds = seconds(r.set.Milliseconds())
	out.FiringSeconds = seconds(Union(r.stretches...).Intersect(r.set).Milliseconds())
	out.InstanceSeconds = seconds(r.instances)
	out.MaxConcurrent = mostAtOnce(r.edges)

	out.Timed = len(r.durations)
	slices.Sort(r.durations)
	if n := len(r.durations); n > 0 {
		out.MedianSeconds = (seconds(r.durations[(n-1)/2]) + seconds(r.durations[n/2])) / 2
	}
	return out
}

// mostAtOnce is the greatest number of instances between any two edges. An
// instance that leaves as another comes does not overlap it.
func mostAtOnce(edges []edge) int {
	slices.SortFunc(edges, func(a, b edge) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.delta, b.delta))
	})
	most, now := 0, 0
	for _, e := range edges {
		now += e.delta
		most = max(most, now)
	}
	return most
}
