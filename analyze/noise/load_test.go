package noise

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

// slowIncidents looks at each pair of begins, until nothing more is joined.
func (w *world) slowIncidents(o Options, begins []begin) []int64 {
	h := w.review.History
	alike := func(a, b begin) bool {
		if max(a.at-b.at, b.at-a.at) > o.IncidentGap.Milliseconds() {
			return false
		}
		ra, _ := w.review.Rule(a.instance)
		rb, _ := w.review.Rule(b.instance)
		if ra == rb {
			return true
		}
		return slices.ContainsFunc(o.ServiceLabels, func(name string) bool {
			value := h.Instances[a.instance].Get(name)
			return value != "" && value == h.Instances[b.instance].Get(name)
		})
	}
	group := make([]int, len(begins))
	for i := range group {
		group[i] = i
	}
	for again := true; again; {
		again = false
		for i, a := range begins {
			for k, b := range begins {
				if alike(a, b) && group[i] < group[k] {
					group[k], again = group[i], true
				}
			}
		}
	}
	first := map[int]int64{}
	for i, b := range begins {
		if at, ok := first[group[i]]; !ok || b.at < at {
			first[group[i]] = b.at
		}
	}
	var out []int64
	for _, at := range first {
		out = append(out, at)
	}
	slices.Sort(out)
	return out
}

func TestLoadTwin(t *testing.T) {
	o := Defaults()
	o.Location = berlin(t)
	for seed := range uint64(15) {
		w := randomWorld(t, seed, 6, 4, 15)
		var begins []begin
		for _, r := range w.rules {
			if w.wakes(r) {
				for _, e := range w.begun(r) {
					begins = append(begins, begin{e.FiredAt, e.Instance})
				}
			}
		}
		starts := w.slowIncidents(o, begins)
		l := w.study(o).Load
		require.False(t, l.FromPages)
		var want Load
		covered := w.review.Coverage.Covered()
		for _, shift := range o.shifts(w.review.Coverage.Window) {
			s := Shift{Interval: shift}
			for at := shift.Start; at < shift.End; at += minute {
				if slices.ContainsFunc(covered, func(i history.Interval) bool { return i.Start <= at && at < i.End }) {
					s.CoveredSeconds += 60
				}
			}
			for _, b := range begins {
				if shift.Start <= b.at && b.at < shift.End {
					s.Firings++
				}
			}
			for _, at := range starts {
				if shift.Start <= at && at < shift.End {
					s.Incidents++
				}
			}
			if s.CoveredSeconds >= float64(shift.End-shift.Start)/2000 {
				want.Shifts = append(want.Shifts, s)
				want.Incidents += s.Incidents
				want.MaxIncidents = max(want.MaxIncidents, s.Incidents)
				if s.Incidents > 2 {
					want.Over++
				}
			}
		}
		want.MeanIncidents = float64(want.Incidents) / float64(len(want.Shifts))
		require.Equal(t, want, l)
	}
}

// An incident that goes from service to service is one, as is a whole fleet's.
func TestIncidentsChain(t *testing.T) {
	w := randomWorld(t, 1, 4, 4, 3)
	s := newStudy(w.review, w.rules, w.wakes, Defaults())
	instance := func(rule, i int32) int32 { return rule*4 + i } // of service (rule+i)%3
	got := s.incidents([]begin{
		{start, instance(0, 0)}, {start + 4*minute, instance(2, 1)}, // both of s0
		{start + 8*minute, instance(2, 3)}, // the same rule
		{start + 20*minute, instance(0, 0)},
		{start + 22*minute, instance(2, 2)}, // another service, another instance
	})
	require.Equal(t, []int64{start, start + 20*minute, start + 22*minute}, got)
}
