package main

import (
	"time"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/checks"
)

// options of a run of the chosen checks.
func (f *flags) options(chosen []*analyze.Check) (analyze.Options, error) {
	if f.failUnder < 0 || f.failUnder > 100 {
		return analyze.Options{}, usage("--fail-under is %g; it must be a score out of 100", f.failUnder)
	}
	now, err := parseNow(f.now)
	opts := analyze.Options{Checks: chosen, Now: now}
	for _, c := range checks.All() {
		opts.Known = append(opts.Known, c.ID)
	}
	return opts, err
}

// parseNow reads --now: a time, or the start of a day, UTC; zero where it was
// not given.
func parseNow(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, usage("--now is %q; it must be a time such as 2026-10-31T00:00:00Z or a day such as 2026-10-31", text)
}
