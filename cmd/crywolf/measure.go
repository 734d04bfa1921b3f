package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/config"
	"github.com/crywolf-dev/crywolf/analyze/history"
)

// noSamples says why SLIs are not measured.
const noSamples = "SLIs are not held against what alerts did: their samples are taken from a Prometheus data directory or server, and none is named (--data)"

// measure adds to the facts what alerts did, where there is a history, and what
// the declared SLIs measured in that window.
func (s *sources) measure(ctx context.Context, cfg *config.Config, names *naming, facts *analyze.Facts, opts history.ReadOptions, bar *progress) (window history.Interval, hints []string, err error) {
	bound := func(stored history.Interval) history.Interval { return bounded(stored, opts) }
	if len(s.named) > 0 {
		past, err := s.read(ctx, cfg, opts, facts.Set, bar)
		if err != nil {
			return window, nil, err
		}
		facts.History, facts.Introduced = past, newGitAges(ctx).introduced
		hints = append(slices.Clone(past.Warnings), splitChanged(ctx, names, past, facts.Set)...)
		bound = func(stored history.Interval) history.Interval { return overlap(stored, past.Coverage.Window) }
	} else {
		hints = append(hints, "without --history nobody knows what alerts did: no precision, recall or lag")
	}
	if facts.History != nil {
		opts = history.ReadOptions{Window: facts.History.Coverage.Window}
	}
	res, window, more, err := s.follow(ctx, s.options(cfg, opts, bar), bound, facts.Catalog().SLIs)
	bar.done()
	switch {
	case err != nil:
		return window, nil, err
	case res == nil:
		return facts.History.Coverage.Window, append(hints, more...), nil
	case window.Start >= window.End:
		return window, nil, fmt.Errorf("%s holds no samples in the window that --since and --until ask for", s)
	}
	facts.Impact = res
	for _, w := range more {
		if !slices.Contains(hints, w) {
			hints = append(hints, w)
		}
	}
	return window, hints, nil
}

// bounded is the part of a window that is asked for.
func bounded(w history.Interval, opts history.ReadOptions) history.Interval {
	if opts.Window.End != 0 {
		w.End = min(w.End, opts.Window.End)
	}
	start := opts.Window.Start
	if opts.Last > 0 && start == 0 {
		start = w.End - opts.Last
	}
	w.Start = max(w.Start, start)
	return w
}
