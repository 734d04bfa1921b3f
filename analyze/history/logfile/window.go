package logfile

import (
	"fmt"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

// Bound is the window of a reading, its open bounds at the edges of time.
func Bound(opts history.ReadOptions) (history.Interval, error) {
	w := opts.Window
	if w.Start == 0 {
		w.Start = Earliest
	}
	if w.End == 0 {
		w.End = Latest
	}
	if w.Start >= w.End {
		return w, fmt.Errorf("the window ends at %d, which is not after its start at %d", w.End, w.Start)
	}
	return w, nil
}

// Fit is the window of data that were found from first to last, both of them
// included: a bound that is open is where they begin or end. It is empty where
// there are none and a bound is open.
func Fit(opts history.ReadOptions, first, last int64) history.Interval {
	w := opts.Window
	if first > last {
		if w.Start == 0 || w.End == 0 {
			return history.Interval{}
		}
		return w
	}
	if w.End == 0 {
		w.End = last + 1
	}
	if w.Start == 0 {
		w.Start = first
		if opts.Last > 0 {
			w.Start = max(w.Start, min(w.End, last+1)-opts.Last)
		}
	}
	if w.Start >= w.End { // all data lie beyond the window
		return history.Interval{}
	}
	return w
}
