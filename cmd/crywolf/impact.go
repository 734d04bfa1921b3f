package main

import (
	"context"
	"fmt"

	"github.com/crywolf-dev/crywolf/analyze/config"
	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/analyze/history/source"
	"github.com/crywolf-dev/crywolf/analyze/impact"
	"github.com/crywolf-dev/crywolf/analyze/sli"
)

// refusedShown is how many SLIs that cannot be followed are named.
const refusedShown = 5

// readImpact follows the declared SLIs over the samples that are stored beside
// the history, in its window. It is nil where none of them can be followed.
func (s *sources) readImpact(ctx context.Context, cfg *config.Config, window history.Interval, slis []*sli.SLI, bar *progress) (*impact.Result, []string, error) {
	within := func(stored history.Interval) history.Interval { return overlap(stored, window) }
	res, _, hints, err := s.follow(ctx, s.options(cfg, history.ReadOptions{Window: window}, bar), within, slis)
	if err != nil || res == nil {
		return nil, hints, err
	}
	var refused []string
	for _, ind := range res.Indicators {
		if ind.Refused != "" {
			refused = append(refused, fmt.Sprintf("%s is not held against what alerts did: %s", ind.SLI.Called(), ind.Refused))
		}
	}
	all := len(refused) == len(res.Indicators)
	if n := len(refused); n > refusedShown {
		refused = append(refused[:refusedShown], fmt.Sprintf("%d more SLIs are not held against what alerts did", n-refusedShown))
	}
	hints = append(hints, refused...)
	if all {
		return nil, hints, nil
	}
	return res, hints, nil
}

// follow follows SLIs over the part of the stored samples' window that bound
// gives. Hints say what could not be read.
func (s *sources) follow(ctx context.Context, opts source.Options, bound func(history.Interval) history.Interval, slis []*sli.SLI) (res *impact.Result, window history.Interval, hints []string, err error) {
	from, ok := s.samples()
	if !ok {
		return nil, window, []string{noSamples}, nil
	}
	samples, err := source.OpenSamples(ctx, from, opts, impact.Selectors(slis))
	if err != nil {
		return nil, window, nil, err
	}
	defer samples.Close()
	window = bound(samples.Window)
	res, err = impact.Follow(ctx, samples, window, slis, impact.Options{})
	return res, window, samples.Warnings, err
}

func overlap(a, b history.Interval) history.Interval {
	return history.Interval{Start: max(a.Start, b.Start), End: min(a.End, b.End)}
}
