package main

import (
	"context"
	"fmt"

	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/analyze/impact"
	"github.com/crywolf-dev/crywolf/analyze/sli"
)

// refusedShown is how many SLIs that cannot be followed are named.
const refusedShown = 5

// readImpact follows the declared SLIs over the samples that are stored beside
// the history, in its window. It is nil where none of them can be followed.
func readImpact(ctx context.Context, source string, window history.Interval, slis []*sli.SLI) (*impact.Result, []string, error) {
	res, _, hints, err := follow(ctx, source, func(stored history.Interval) history.Interval { return overlap(stored, window) }, slis)
	if err != nil {
		return nil, nil, err
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
func follow(ctx context.Context, source string, bound func(history.Interval) history.Interval, slis []*sli.SLI) (res *impact.Result, window history.Interval, hints []string, err error) {
	samples, err := history.OpenSamples(ctx, source, impact.Selectors(slis))
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
