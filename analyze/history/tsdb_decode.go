package history

import (
	"context"
	"fmt"
	"slices"

	"github.com/prometheus/prometheus/model/labels"
)

// decode turns the chunks and head samples of all identities into spells. An
// identity's evaluation interval is the commonest step of its samples; where
// there are too few of them, or where every other evaluation may have failed,
// it is that of its namesakes, or of all alerts.
func (r *reader) decode(ctx context.Context, blocks []*block) error {
	n := len(r.ids.labels)
	r.alerts = make([]alertSpells, n)
	m := &merger{blocks: blocks, window: r.window, warn: func(format string, args ...any) {
		r.warnings = append(r.warnings, fmt.Sprintf(format, args...))
	}}
	type waiting struct {
		id          int
		rs          [kinds]runs
		step, count int64
	}
	var (
		rs     [kinds]runs
		short  []waiting
		all    votes
		byName = map[string]*votes{}
		b      = spellBuilder{offsets: map[string]votes{}}
	)
	for id := range n {
		if id%64 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		var own votes
		name := r.ids.labels[id].Get(labels.AlertName)
		for k := range kinds {
			rs[k] = rs[k][:0]
			m.series(r.blocks[id][k], r.heads[id][k], &rs[k])
			own.addRuns(rs[k])
		}
		step, count := own.interval()
		if count > 0 {
			if byName[name] == nil {
				byName[name] = &votes{}
			}
			byName[name].add(step, count)
			all.add(step, count)
		}
		if count < certainSteps {
			w := waiting{id: id, step: step, count: count}
			for k := range kinds {
				w.rs[k] = append(runs(nil), rs[k]...)
			}
			short = append(short, w)
			continue
		}
		r.alerts[id] = b.add(name, &rs, step)
	}
	for _, w := range short {
		name, step := r.ids.labels[w.id].Get(labels.AlertName), int64(0)
		if v := byName[name]; v != nil {
			step, _ = v.interval()
		}
		if step == 0 {
			step, _ = all.interval()
		}
		if step == 0 {
			step = defaultInterval
		}
		if w.count >= enoughSteps && w.step != 2*step {
			step = w.step
		}
		if most, _ := all.interval(); step == 2*most {
			step = most // a rule that exceeds its limit fails for all of its alerts
		}
		r.alerts[w.id] = b.add(name, &w.rs, step)
	}
	for id, a := range r.alerts {
		usual := b.offsets[r.ids.labels[id].Get(labels.AlertName)]
		if usual.total() < enoughStarts {
			usual = b.allOffsets
		}
		// After a restart first samples come two intervals late, and then show
		// less than the offset, for several alerts at once.
		shiftOffset(a.spells, usual.largest())
	}
	return nil
}

// spellBuilder holds the memory that building an identity's spells takes.
type spellBuilder struct {
	parts      [kinds][]spell
	merged     []spell
	offsets    map[string]votes // by alert name
	allOffsets votes
}

func (b *spellBuilder) add(name string, rs *[kinds]runs, interval int64) alertSpells {
	for k := range kinds {
		b.parts[k] = spellsOf(rs[k], interval, kind(k) == kindState, b.parts[k][:0])
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
