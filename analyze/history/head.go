package history

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/value"
	"github.com/prometheus/prometheus/tsdb/record"
	"github.com/prometheus/prometheus/tsdb/tombstones"
	"github.com/prometheus/prometheus/tsdb/wlog"
)

// headScan reads the samples that are in no block yet out of the write-ahead
// log, for the wanted series only.
//
// The log alone is complete: the head logs every sample before it takes it, a
// checkpoint keeps those at or after the head's start of all segments that it
// replaces, and the chunks in chunks_head hold the same samples once more, so
// that a replay need not build them again (tsdb.Head.Init skips what they
// have). The one exception is a log that Prometheus cut short because of
// corruption: then chunks_head may hold samples that the log lost. A chunk
// snapshot likewise only repeats the log. Out-of-order samples are in a log of
// their own, wbl, which refers to the series of the first.
//
// Samples that blocks hold by now are still in the log for some time: they
// come twice, and are merged by timestamp.
type headScan struct {
	ids   *identities
	probe *probes

	slots  []headSeries
	byRef  map[uint64]int32 // slot, or candidate
	filter []uint64         // a bit for each wanted reference modulo its size: most samples end here

	evidence  [2][]headSeries // of series called up, and of any others
	following [2]int          // how many of them are still written

	from, to int64 // of all samples; from > to where there are none
	warnings []string
}

// A headSeries is what the log holds of one series reference.
type headSeries struct {
	id      int32 // identity; -1 where it is evidence of the server's life
	kind    kind
	rs      runs
	out     []sample // earlier than what rs ends with, as wbl has them
	deleted tombstones.Intervals
}

type sample struct {
	t    int64
	bits uint64
}

const (
	filterBits = 1 << 20
	candidate  = -1 // in byRef: a series called up that is not followed yet

	upSeries    = 0
	otherSeries = 1

	evidencePerHead = 16 // series of either sort that are followed at a time
)

func newHeadScan(ids *identities, probe *probes) *headScan {
	return &headScan{
		ids: ids, probe: probe,
		byRef: map[uint64]int32{}, filter: make([]uint64, filterBits/64),
		from: maxTime, to: minTime,
	}
}

// readHead scans the checkpoint, the log and the out-of-order log of a data
// directory. An fs.ErrNotExist means that files vanished while it read: a
// running server truncates its log. With patient set it is returned, so that
// the caller can start again, else it becomes a warning.
func (h *headScan) readHead(ctx context.Context, dir string, patient bool) error {
	wal := filepath.Join(dir, "wal")
	if _, err := os.Stat(wal); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	first := -1
	checkpoint, index, err := lastCheckpoint(wal)
	if err != nil {
		return err
	}
	if checkpoint != "" {
		if err := h.readLog(ctx, checkpoint, -1, patient); err != nil {
			return err
		}
		first = index + 1
	}
	if err := h.readLog(ctx, wal, first, patient); err != nil {
		return err
	}
	// Segments are deleted one by one, once a new checkpoint stands for them:
	// without one none of those that were read can have been incomplete.
	if now, _, err := lastCheckpoint(wal); err != nil || now != checkpoint {
		if patient {
			return fmt.Errorf("%s: %w: another checkpoint was written meanwhile", wal, fs.ErrNotExist)
		}
		h.warn("%s: the log was truncated while it was being read: some of it may be missing", wal)
	}
	wbl := filepath.Join(dir, "wbl")
	if _, err := os.Stat(wbl); err != nil {
		return nil
	}
	return h.readLog(ctx, wbl, -1, patient)
}

// lastCheckpoint returns the path and number of the last checkpoint; the path
// is empty where there is none.
func lastCheckpoint(wal string) (string, int, error) {
	path, index, err := wlog.LastCheckpoint(wal)
	if err != nil && !errors.Is(err, record.ErrNotFound) {
		return "", 0, fmt.Errorf("looking for a checkpoint in %s: %w", wal, err)
	}
	return path, index, nil
}

// readLog reads the segments of a log from number first on, or all.
func (h *headScan) readLog(ctx context.Context, dir string, first int, patient bool) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	var segments []int
	for _, e := range entries { // in the order of their names, which are padded numbers
		if n, err := strconv.Atoi(e.Name()); err == nil && n >= first && !e.IsDir() {
			segments = append(segments, n)
		}
	}
	for i, n := range segments {
		if err := ctx.Err(); err != nil {
			return err
		}
		if lost := i > 0 && n != segments[i-1]+1 || i == 0 && first >= 0 && n != first; lost {
			if patient {
				return fmt.Errorf("%s: segments before %08d: %w", dir, n, fs.ErrNotExist)
			}
			h.warn("%s: segments before %08d are missing: what they held was not read", dir, n)
		}
		err := h.readSegment(wlog.SegmentName(dir, n), i == len(segments)-1)
		if errors.Is(err, fs.ErrNotExist) && !patient {
			h.warn("%v: the segment was deleted while it was being read", err)
			err = nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (h *headScan) warn(format string, args ...any) {
	h.warnings = append(h.warnings, fmt.Sprintf(format, args...))
}

// readSegment reads one segment. Records never cross segments, so that damage
// costs the rest of this one only. A record that ends early at the end of the
// last segment is one that the server is about to finish, or never did.
func (h *headScan) readSegment(path string, last bool) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	r := wlog.NewReader(bufio.NewReaderSize(f, 1<<17))
	bad := 0
	for r.Next() {
		if err := h.record(r.Record()); err != nil {
			if bad++; bad == 1 {
				h.warn("%s: a record that ends at byte %d cannot be read: %v; it was skipped", path, r.Offset(), err)
			}
		}
	}
	err = r.Err()
	if err == nil {
		return nil
	}
	if fi, serr := f.Stat(); last && (errors.Is(err, io.ErrUnexpectedEOF) || serr == nil && r.Offset() >= fi.Size()) {
		return nil
	}
	h.warn("%s: damaged at byte %d: %v; the rest of the segment was not read", path, r.Offset(), err)
	return nil
}

func (h *headScan) record(rec []byte) error {
	if len(rec) == 0 {
		return nil
	}
	switch record.Type(rec[0]) {
	case record.Series:
		return eachSeries(rec, h.series)
	case record.Samples, record.SamplesV2:
		return eachSample(rec, h.sample)
	case record.Tombstones:
		return h.tombstones(rec)
	}
	return nil // histograms, exemplars, metadata, and what later versions add
}

func (h *headScan) series(ref uint64, name, encoded []byte) {
	h.probe.series(name, encoded)
	var k kind
	switch string(name) {
	case alertsName:
		k = kindNone
	case stateName:
		k = kindState
	case "up":
		if _, ok := h.byRef[ref]; !ok {
			h.want(ref, candidate)
		}
		return
	default:
		return
	}
	if _, ok := h.byRef[ref]; ok {
		return // checkpoints and restarts repeat series
	}
	b := labels.NewScratchBuilder(8)
	eachLabel(encoded, func(n, v []byte) { b.Add(string(n), string(v)) })
	b.Sort()
	lset := b.Labels()
	if k == kindNone {
		k = kindOf(lset)
	}
	if k == kindNone {
		return
	}
	h.slots = append(h.slots, headSeries{id: h.ids.of(lset), kind: k})
	h.want(ref, int32(len(h.slots)-1))
}

func (h *headScan) want(ref uint64, slot int32) {
	h.byRef[ref] = slot
	h.filter[ref%filterBits/64] |= 1 << (ref % 64)
}

func (h *headScan) sample(ref uint64, t int64, bits uint64) {
	if t < minTime || t > maxTime {
		return
	}
	h.from, h.to = min(h.from, t), max(h.to, t)
	if h.filter[ref%filterBits/64]>>(ref%64)&1 == 0 {
		h.foreign(ref, t, bits)
		return
	}
	slot, ok := h.byRef[ref]
	switch {
	case !ok:
		h.foreign(ref, t, bits)
	case slot == candidate:
		if bits != value.StaleNaN {
			h.follow(upSeries, ref, t, bits)
		}
	case slot < 0:
		h.followed(slot, t, bits)
	default:
		h.slots[slot].add(t, bits)
	}
}

// foreign takes a sample of a series that nobody asked for; some of these are
// followed as evidence that the server was alive.
func (h *headScan) foreign(ref uint64, t int64, bits uint64) {
	if h.following[otherSeries] < evidencePerHead && bits != value.StaleNaN && len(h.evidence[otherSeries]) < 64*evidencePerHead {
		h.follow(otherSeries, ref, t, bits)
	}
}

// follow starts to keep a series as evidence, if not enough of them are kept.
// Its slot is -2 and down: even ones are called up, odd ones are not.
func (h *headScan) follow(sort int, ref uint64, t int64, bits uint64) {
	if h.following[sort] >= evidencePerHead {
		return
	}
	h.following[sort]++
	h.evidence[sort] = append(h.evidence[sort], headSeries{id: -1})
	slot := int32(-2 - (2*(len(h.evidence[sort])-1) + sort))
	h.want(ref, slot)
	h.followed(slot, t, bits)
}

func (h *headScan) followed(slot int32, t int64, bits uint64) {
	i := int(-2 - slot)
	s := &h.evidence[i%2][i/2]
	stale := bits == value.StaleNaN
	if was := len(s.rs) > 0 && s.rs[len(s.rs)-1].stale(); was != stale {
		if stale {
			h.following[i%2]--
		} else {
			h.following[i%2]++
		}
	}
	if !stale {
		bits = 0 // only the times matter
	}
	s.add(t, bits)
}

// add takes a sample in the order of the log. What goes back in time was
// refused by the head or is of the out-of-order log.
func (s *headSeries) add(t int64, bits uint64) {
	if len(s.rs) > 0 && t <= s.rs.last() {
		if t < s.rs.last() {
			s.out = append(s.out, sample{t, bits})
		}
		return
	}
	s.rs.add(t, bits)
}

// tombstones takes deletions. One of all time stands for a series that moved
// to a block of its own (tsdb.Head.truncateSeries), which deletes nothing.
func (h *headScan) tombstones(rec []byte) error {
	var dec record.Decoder
	stones, err := dec.Tombstones(rec, nil)
	if err != nil {
		return err
	}
	for _, st := range stones {
		slot, ok := h.byRef[uint64(st.Ref)]
		if !ok || slot < 0 {
			continue
		}
		for _, iv := range st.Intervals {
			if iv.Mint <= minTime && iv.Maxt >= maxTime {
				continue
			}
			h.slots[slot].deleted = h.slots[slot].deleted.Add(iv)
		}
	}
	return nil
}
