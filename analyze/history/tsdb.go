package history

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
)

// ReadOptions say what to read.
type ReadOptions struct {
	// Window is the time to read, in Unix milliseconds. A bound that is zero
	// is where the data begin or end.
	Window Interval
	// Last bounds the window to so many milliseconds before its end, or before
	// the end of the data where those end sooner. It counts where Window.Start
	// is zero; 0 bounds nothing.
	Last int64
	// Probes are sets of matchers: for each the history says whether any
	// series that satisfies all of its matchers exists in the window.
	Probes [][]*labels.Matcher
}

const (
	// A running Prometheus deletes files at most every few minutes; whoever
	// meets that twice in a row has another reason.
	readAttempts = 8
	retryAfter   = 20 * time.Millisecond // times the attempt

	defaultInterval = 60 * 1000 // Prometheus's default evaluation_interval
	enoughSteps     = 30        // steps of one length from which an interval is believed
	certainSteps    = 300       // steps from which even twice the namesakes' interval is
	enoughStarts    = 10        // starts of alerts of one name from which its query_offset is believed
)

// ReadTSDB reads what alerts did out of a Prometheus data directory: its blocks
// and its write-ahead log, or whichever of the two it has. A Prometheus may be
// running on it. Nothing is ever written there.
//
// Episodes come from the raw samples of ALERTS and ALERTS_FOR_STATE, so that
// stale markers give exact ends. Times are those of evaluations: where a
// query_offset sets samples back, they are moved forth again. An episode that
// was firing when the window or the data begin has FiredAt at its first sample.
//
// Coverage comes from series other than alerts (see block.evidence), and from
// alerts where those are missing. A directory with nothing but alerts has gaps
// wherever there was none. What cannot be read is left out and named in
// Warnings; an error means that there is no history at all.
func ReadTSDB(ctx context.Context, dir string, opts ReadOptions) (*History, error) {
	if fi, err := os.Stat(dir); err != nil {
		return nil, fmt.Errorf("reading a Prometheus data directory: %w", err)
	} else if !fi.IsDir() {
		return nil, fmt.Errorf("%s: is a file; expected a Prometheus data directory, with blocks or a wal folder in it", dir)
	}
	window := opts.Window
	if window.Start == 0 {
		window.Start = minTime
	}
	if window.End == 0 {
		window.End = maxTime
	}
	window = Interval{max(window.Start, minTime), min(window.End, maxTime)}
	if window.Start >= window.End {
		return nil, fmt.Errorf("the window ends at %d, which is not after its start at %d", window.End, window.Start)
	}
	for attempt := 1; ; attempt++ {
		h, err := readTSDB(ctx, dir, window, opts, attempt < readAttempts)
		if !errors.Is(err, fs.ErrNotExist) || attempt == readAttempts {
			return h, err
		}
		select { // what deletes files is about to be done
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(time.Duration(attempt) * retryAfter):
		}
	}
}

// reader is one attempt at reading a directory.
type reader struct {
	assembly
	blocks [][kinds][]blockSeries // by identity
	heads  [][kinds][]*headSeries
}

func readTSDB(ctx context.Context, dir string, window Interval, opts ReadOptions, patient bool) (*History, error) {
	r := &reader{assembly: assembly{ids: newIdentities(), window: window}}
	probe := newProbes(opts.Probes)

	// The log before the blocks: what moves from one to the other meanwhile is
	// then read twice, and not missed.
	head := newHeadScan(r.ids, probe)
	if err := head.readHead(ctx, dir, patient); err != nil {
		return nil, err
	}
	blocks, warnings, err := openBlocks(dir, window, patient)
	if err != nil {
		return nil, err
	}
	defer closeBlocks(blocks)
	if len(blocks) == 0 && len(warnings) == 0 {
		names, err := blockNames(dir)
		if err != nil {
			return nil, err
		}
		if _, err := os.Stat(filepath.Join(dir, "wal")); err != nil && len(names) == 0 {
			return nil, fmt.Errorf("%s: no blocks and no wal folder in it; expected a Prometheus data directory (--storage.tsdb.path)", dir)
		}
	}
	r.warnings = append(head.warnings, warnings...)
	if opts.Last > 0 && opts.Window.Start == 0 {
		window = last(window, opts.Last, head, blocks)
		r.window = window
	}

	for i, b := range blocks {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		err := b.alertSeries(ctx, r.ids, window, func(id int32, k kind, ref storage.SeriesRef, chks []chunkRef) {
			r.grow()
			r.blocks[id][k] = append(r.blocks[id][k], blockSeries{ref, int32(i), chks})
		})
		if err == nil {
			err = probe.block(ctx, b.index, window)
		}
		if err == nil {
			err = b.evidence(ctx, window, r.see)
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			r.warnings = append(r.warnings, fmt.Sprintf("block %s: %v; the rest of it was left out", b.Dir(), err))
		}
	}
	r.grow()
	for i := range head.slots {
		s := &head.slots[i]
		r.heads[s.id][s.kind] = append(r.heads[s.id][s.kind], s)
	}
	up := head.evidence[upSeries]
	if len(up) == 0 {
		up = head.evidence[otherSeries]
	}
	for _, s := range up {
		r.see(s.rs)
	}
	if err := r.decode(ctx, blocks); err != nil {
		return nil, err
	}
	h := r.history(head.from, head.to)
	inHead := head.from <= head.to && head.from < h.Coverage.Window.End && head.to >= h.Coverage.Window.Start
	h.Probed = probe.results(inHead)
	return h, nil
}

// grow makes room for the identities that are known by now.
func (r *reader) grow() {
	n := len(r.ids.labels)
	r.blocks = append(r.blocks, make([][kinds][]blockSeries, n-len(r.blocks))...)
	r.heads = append(r.heads, make([][kinds][]*headSeries, n-len(r.heads))...)
}

// last narrows a window to its last so many milliseconds of data. Where there
// are no more than those, it still begins where the data do.
func last(window Interval, length int64, head *headScan, blocks []*block) Interval {
	begin, end := head.from, head.to+1
	if head.from > head.to {
		begin, end = maxTime, minTime
	}
	for _, b := range blocks {
		begin, end = min(begin, b.MinTime()), max(end, b.MaxTime())
	}
	if start := min(window.End, end) - length; start > begin {
		window.Start = start
	}
	return window
}
