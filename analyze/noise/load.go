package noise

import "github.com/crywolf-dev/crywolf/analyze/history"

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

// OverRatio is the share of shifts with more incidents than
// Options.IncidentLine; ok is false where no shift is covered enough.
func (l Load) OverRatio() (share float64, ok bool) { return ratio(l.Over, len(l.Shifts)) }

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
