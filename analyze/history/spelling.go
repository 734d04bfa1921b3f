package history

import (
	"slices"

	"github.com/prometheus/prometheus/model/labels"
)

// A spelling turns the series of alerts into spells. An identity's evaluation
// interval is the commonest step of its samples; where there are too few of
// them, or where every other evaluation may have failed, it is that of its
// namesakes, or of all alerts.
type spelling struct {
	ids    *identities
	marked bool          // whether the source gives stale markers
	alerts []alertSpells // by identity
	short  []waiting
	all    votes
	byName map[string]*votes
	build  spellBuilder
}

// waiting are the series of an identity whose interval the others are to tell.
type waiting struct {
	id          int
	rs          [kinds]runs
	step, count int64
}

func newSpelling(ids *identities, marked bool) *spelling {
	return &spelling{
		ids: ids, marked: marked, alerts: make([]alertSpells, len(ids.labels)),
		byName: map[string]*votes{}, build: spellBuilder{marked: marked, offsets: map[string]votes{}},
	}
}

func (s *spelling) name(id int) string { return s.ids.labels[id].Get(labels.AlertName) }

// take takes in the series of an identity, which it does not keep.
func (s *spelling) take(id int, rs *[kinds]runs) {
	var own votes
	if s.marked {
		for k := range kinds {
			own.addRuns(rs[k])
		}
	} else {
		own.addInner(rs[kindState])
	}
	name := s.name(id)
	step, count := own.interval()
	if count > 0 {
		if s.byName[name] == nil {
			s.byName[name] = &votes{}
		}
		s.byName[name].add(step, count)
		s.all.add(step, count)
	}
	if count >= certainSteps {
		s.alerts[id] = s.build.add(name, rs, step)
		return
	}
	w := waiting{id: id, step: step, count: count}
	for k := range kinds {
		w.rs[k] = append(runs(nil), rs[k]...)
	}
	s.short = append(s.short, w)
}

// finish returns the spells by identity, once all are taken in.
func (s *spelling) finish() []alertSpells {
	for _, w := range s.short {
		step := int64(0)
		if v := s.byName[s.name(w.id)]; v != nil {
			step, _ = v.interval()
		}
		if step == 0 {
			step, _ = s.all.interval()
		}
		if step == 0 {
			step = defaultInterval
		}
		if w.count >= enoughSteps && w.step != 2*step {
			step = w.step
		}
		if most, _ := s.all.interval(); step == 2*most {
			step = most // a rule that exceeds its limit fails for all of its alerts
		}
		s.alerts[w.id] = s.build.add(s.name(w.id), &w.rs, step)
	}
	for id, a := range s.alerts {
		usual := s.build.offsets[s.name(id)]
		if usual.total() < enoughStarts {
			usual = s.build.allOffsets
		}
		// After a restart first samples come two intervals late, and then show
		// less than the offset, for several alerts at once.
		shiftOffset(a.spells, usual.largest())
	}
	return s.alerts
}

// spellBuilder holds the memory that building an identity's spells takes.
type spellBuilder struct {
	marked     bool
	parts      [kinds][]spell
	merged     []spell
	offsets    map[string]votes // by alert name
	allOffsets votes
}

func (b *spellBuilder) add(name string, rs *[kinds]runs, interval int64) alertSpells {
	for k := range kinds {
		b.parts[k] = spellsOf(rs[k], interval, kind(k) == kindState, b.marked, b.parts[k][:0])
	}
	b.merged = mergeSpells(b.parts[kindPending], b.parts[kindFiring], b.parts[kindState], b.merged[:0])
	v := b.offsets[name]
	for _, s := range b.merged {
		if d, ok := s.offset(); ok {
			v.add(d, 1)
			b.allOffsets.add(d, 1)
		}
	}
	b.offsets[name] = v
	return alertSpells{slices.Clone(b.merged), interval}
}
