package source

import (
	"context"
	"fmt"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"

	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/analyze/history/promapi"
)

// HoldsSamples reports whether stored samples can be had of a source.
func (s Source) HoldsSamples() bool { return s.Kind == TSDB || s.Kind == Prometheus }

// Samples are stored series of a source, to be queried until Close.
type Samples struct {
	storage.Queryable
	Window   history.Interval // of what is there, or was asked for
	Warnings []string         // what the samples lack
	Close    func()
}

// reach is how long before a window samples are asked of a server, for
// expressions that look back from its start.
const reach = 24 * time.Hour

// OpenSamples opens the series of a source that any of the selectors selects. Of
// a server they are fetched in the window of the options, and held in memory.
func OpenSamples(ctx context.Context, s Source, opts Options, selectors [][]*labels.Matcher) (*Samples, error) {
	switch s.Kind {
	case TSDB:
		stored, err := history.OpenSamples(ctx, s.Target, selectors)
		if err != nil {
			return nil, err
		}
		return &Samples{stored, stored.Window, stored.Warnings, stored.Close}, nil
	case Prometheus:
		r := &reading{Options: opts}
		client, err := r.client()
		if err != nil {
			return nil, err
		}
		ask := opts.ReadOptions
		ask.Probes = nil
		if ask.Window.Start != 0 {
			ask.Window.Start -= reach.Milliseconds()
		} else if ask.Last > 0 {
			ask.Last += reach.Milliseconds()
		}
		stored, err := promapi.ReadSamples(ctx, promapi.Options{
			URL: s.Target, HTTP: client, Tenants: opts.Tenants, ReadOptions: ask, Progress: r.progress("samples of " + s.String()),
		}, selectors)
		if err != nil {
			return nil, err
		}
		window := stored.Window
		window.Start += reach.Milliseconds()
		return &Samples{stored, window, stored.Warnings, func() {}}, nil
	}
	return nil, fmt.Errorf("%s: %s has no samples", s, s.Kind.facts().what)
}
