package promapi

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/grafana/dskit/concurrency"
	"github.com/prometheus/prometheus/model/labels"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

const (
	hour = 60 * 60 * 1000 // milliseconds
	// sliceLength is what is asked for at once. It is a multiple of the two
	// hours at which Prometheus cuts chunks and blocks, so that none has to be
	// cut and compressed anew for the answer.
	sliceLength = 24 * hour
	slicesMost  = 1000
	sliceLeast  = 60 * 1000 // what a server may refuse for its size and still be asked for half
	halvings    = 3         // of what a server does not answer in time
)

// cut is a window in slices whose bounds are multiples of their length, which
// is longer for windows of years.
func cut(window history.Interval, length int64) (spans []history.Interval) {
	if n := (window.End - window.Start) / length; n >= slicesMost {
		length *= n/slicesMost + 1
	}
	for t := window.Start; t < window.End; {
		next := (t/length + 1) * length
		if t < 0 {
			next = t + length
		}
		next = min(next, window.End)
		spans = append(spans, history.Interval{Start: t, End: next})
		t = next
	}
	return spans
}

// A run reads the samples of a window, slice by slice.
type run struct {
	*server
	jobs

	spans    []history.Interval
	turns    []chan struct{} // closed when the slice of that index is handed over
	length   atomic.Int64    // the longest that the server is asked for at once
	stopping atomic.Bool

	mu      sync.Mutex
	missing []gap // in order
	done    int
}

// jobs are what a run is for.
type jobs struct {
	// selectors of what to read of a slice.
	selectors func(context.Context, history.Interval) ([][]*labels.Matcher, error)
	// take takes parts in, which lie after those before; one call at a time.
	take     func([]part) error
	progress func(done, total int)
}

// A gap is a span that could not be read.
type gap struct {
	history.Interval
	err error
}

// slices reads a window. Its error is a MissingError, unless the context's.
func (s *server) slices(ctx context.Context, window history.Interval, js jobs) error {
	r := &run{server: s, jobs: js, spans: cut(window, s.options.slice)}
	for range r.spans {
		r.turns = append(r.turns, make(chan struct{}))
	}
	r.length.Store(1 << 62)
	// The slices are begun in order, and the first that is not handed over yet
	// is always under way: waiting for its turn holds no slice up for ever, and
	// no more than Concurrency of them in memory.
	err := concurrency.ForEachJob(ctx, len(r.spans), s.options.Concurrency, func(ctx context.Context, i int) error {
		defer close(r.turns[i])
		return r.slice(ctx, i)
	})
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err == nil && len(r.missing) > 0 {
		err = r.incomplete()
	}
	return err
}

// slice reads one slice, in as many parts as the server needs, and hands each
// over when it is complete.
func (r *run) slice(ctx context.Context, i int) error {
	span := r.spans[i]
	if r.stopping.Load() {
		return r.miss(ctx, i, span, errStopped)
	}
	selectors, err := r.selectors(ctx, span)
	if err != nil {
		return r.miss(ctx, i, span, err)
	}
	slowest := int64(1 << 62) // what of this slice may be asked for at once
	for at := span.Start; at < span.End; {
		piece := history.Interval{Start: at, End: min(span.End, at+r.length.Load(), at+slowest)}
		length := piece.End - piece.Start
		parts, err := r.fetch(ctx, selectors, piece)
		switch v := verdictOf(err); {
		case err == nil:
		case v == tooLarge && length >= 2*sliceLeast:
			r.shorten(length / 2)
			continue
		case v == tooSlow && length > (span.End-span.Start)>>halvings && length >= 2*sliceLeast:
			slowest = length / 2
			continue
		default:
			return r.miss(ctx, i, history.Interval{Start: at, End: span.End}, err)
		}
		if err := r.turn(ctx, i); err != nil {
			return err
		}
		if err := r.take(parts); err != nil {
			return r.miss(ctx, i, history.Interval{Start: at, End: span.End}, err)
		}
		at = piece.End
	}
	if err := r.turn(ctx, i); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.done++
	r.progress(r.done, len(r.spans))
	return nil
}

// turn waits until all slices before this one are handed over.
func (r *run) turn(ctx context.Context, i int) error {
	if i > 0 {
		select {
		case <-ctx.Done():
		case <-r.turns[i-1]:
		}
	}
	// Slices that were called off did not wait for their turn.
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}

// shorten bounds what is asked for from now on.
func (r *run) shorten(length int64) {
	for {
		old := r.length.Load()
		if old <= length || r.length.CompareAndSwap(old, length) {
			return
		}
	}
}

// miss notes a span that could not be read. What is under way is read to its
// end, so that the error names all that is missing; nothing more is begun.
func (r *run) miss(ctx context.Context, i int, span history.Interval, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	r.stopping.Store(true)
	if err := r.turn(ctx, i); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if k := len(r.missing) - 1; k >= 0 && r.missing[k].End == span.Start && r.missing[k].err.Error() == err.Error() {
		r.missing[k].End = span.End
		return nil
	}
	r.missing = append(r.missing, gap{span, err})
	return nil
}

func (r *run) incomplete() error {
	e := &MissingError{Server: r.shown + r.tenantNote()}
	for _, g := range r.missing {
		e.Missing, e.Causes = append(e.Missing, g.Interval), append(e.Causes, g.err)
	}
	return e
}
