package noise

import (
	"cmp"
	"slices"
	"time"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

// Load is what those on call had to bear, shift by shift.
//
// An incident is a set of firings of urgent rules, or of pages about them where
// notifications are known, such that each can be reached from each in steps of
// two that began within Options.IncidentGap and are alike: of one rule, or with
// the same value of one of Options.ServiceLabels (single linkage). It belongs to
// the shift in which its first one began.
type Load struct {
	Shifts    []Shift // those that are covered enough, in order
	FromPages bool    // incidents are of pages, not of firings

	Incidents     int     // in those shifts
	MeanIncidents float64 // by shift; 0 where there are none
	MaxIncidents  int     // in one shift
	Over          int     // shifts with more incidents than Options.IncidentLine
}

// A Shift is twelve hours of on call, by the clock on the wall.
type Shift struct {
	history.Interval
	CoveredSeconds float64

	Firings   int // of urgent rules
	Pages     int // notifications that call for attention anew, of urgent rules; 0 where notifications are not known
	Incidents int
}

func ratio[N int | int64 | float64](part, whole N) (float64, bool) {
	if whole == 0 {
		return 0, false
	}
	return float64(part) / float64(whole), true
}

// shifts of the window, covered enough or not.
func (h *Hours) shifts(w history.Interval) []history.Interval {
	var out []history.Interval
	first := h.local(w.Start)
	begin := func(k int) int64 { // of the k-th half day from the day before the first
		y, m, d := first.Date()
		clock := h.ShiftStart + time.Duration(k%2)*12*time.Hour
		return time.Date(y, m, d-1+k/2, int(clock/time.Hour), int(clock%time.Hour/time.Minute), 0, 0, h.location()).UnixMilli()
	}
	for k := 0; begin(k) < w.End; k++ {
		if i := (history.Interval{Start: begin(k), End: begin(k + 1)}); i.End > w.Start {
			out = append(out, i)
		}
	}
	return out
}

// load sets what those on call had to bear; firings are those that wake.
func (s *study) load(firings []begin) {
	l := &s.out.Load
	shifts := s.o.Hours.shifts(s.Coverage.Window)
	all := make([]Shift, len(shifts))
	for i, shift := range shifts {
		all[i] = Shift{Interval: shift, CoveredSeconds: s.covered.Seconds(shift)}
	}
	at := func(t int64) *Shift {
		i, _ := slices.BinarySearchFunc(all, t, func(shift Shift, t int64) int { return cmp.Compare(shift.End, t+1) })
		if i < len(all) && all[i].Start <= t {
			return &all[i]
		}
		return &Shift{} // outside of the window
	}
	for _, f := range firings {
		at(f.at).Firings++
	}
	if l.FromPages = s.Knows&history.KnowsNotifications != 0; l.FromPages {
		firings = nil
		for i := range s.Notifications {
			n := &s.Notifications[i]
			if !n.Calls() {
				continue
			}
			pages := false
			for _, instance := range n.Fresh {
				if s.wakes(instance) {
					pages = true
					firings = append(firings, begin{n.At, instance})
				}
			}
			if pages {
				at(n.At).Pages++
			}
		}
	}
	for _, start := range s.incidents(firings) {
		at(start).Incidents++
	}
	for _, shift := range all {
		whole := float64(shift.End-shift.Start) / 1000
		if shift.CoveredSeconds == 0 || shift.CoveredSeconds < s.o.ShiftCovered*whole {
			continue
		}
		l.Shifts = append(l.Shifts, shift)
		l.Incidents += shift.Incidents
		l.MaxIncidents = max(l.MaxIncidents, shift.Incidents)
		if float64(shift.Incidents) > s.o.IncidentLine {
			l.Over++
		}
	}
	l.MeanIncidents, _ = ratio(l.Incidents, len(l.Shifts))
}
