package history

import (
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/value"
	"github.com/prometheus/prometheus/tsdb/record"
	"github.com/prometheus/prometheus/tsdb/tombstones"
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
	logScan
	ids   *identities
	probe *probes

	slots  []headSeries
	byRef  map[uint64]int32 // slot, or candidate
	filter []uint64         // a bit for each wanted reference modulo its size: most samples end here

	evidence  [2][]headSeries // of series called up, and of any others
	following [2]int          // how many of them are still written

	from, to int64 // of all samples; from > to where there are none
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
	h := &headScan{
		ids: ids, probe: probe,
		byRef: map[uint64]int32{}, filter: make([]uint64, filterBits/64),
		from: maxTime, to: minTime,
	}
	h.take = h.record
	return h
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
