package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/history"
)

// measuring are the flags that say what alerts and SLIs are measured by.
type measuring struct {
	history, data, since, until string
}

func (m *measuring) register(fs *pflag.FlagSet) {
	fs.StringVar(&m.history, "history", "", "Prometheus data directory to take the history of alerts from, and the samples of SLIs")
	fs.StringVar(&m.data, "data", "", "Prometheus data directory to take the samples of SLIs from (default: that of --history)")
	fs.StringVar(&m.since, "since", "30d", "start of the window: a duration before its end, or a time")
	fs.StringVar(&m.until, "until", "", "end of the window: a time (default: where the data end)")
}

// source is what the samples are taken from, "" where nothing is measured.
func (m *measuring) source() string {
	if m.data != "" {
		return m.data
	}
	return m.history
}

func (m *measuring) window(c *cobra.Command) (history.ReadOptions, error) {
	for _, flag := range []string{"since", "until"} {
		if c.Flags().Changed(flag) && m.source() == "" {
			return history.ReadOptions{}, usage("--%s bounds what is read of --history or --data, and neither is given", flag)
		}
	}
	return parseWindow(m.since, m.until)
}

// measure adds to the facts what alerts did, where there is a history, and what
// the declared SLIs measured in that window.
func (m *measuring) measure(ctx context.Context, facts *analyze.Facts, opts history.ReadOptions) (window history.Interval, hints []string, err error) {
	bound := func(stored history.Interval) history.Interval { return bounded(stored, opts) }
	if m.history != "" {
		past, err := readHistory(ctx, m.history, opts, facts.Set)
		if err != nil {
			return window, nil, err
		}
		facts.History, facts.Introduced = past, newGitAges(ctx).introduced
		hints = slices.Clone(past.Warnings)
		bound = func(stored history.Interval) history.Interval { return overlap(stored, past.Coverage.Window) }
	} else {
		hints = append(hints, "without --history nobody knows what alerts did: no precision, recall or lag")
	}
	res, window, more, err := follow(ctx, m.source(), bound, facts.Catalog().SLIs)
	if err != nil {
		return window, nil, err
	}
	if window.Start >= window.End {
		return window, nil, fmt.Errorf("%s holds no samples in the window that --since and --until ask for", m.source())
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
