package history

import (
	"context"
	"fmt"
)

// decode turns the chunks and head samples of all identities into spells.
func (r *reader) decode(ctx context.Context, blocks []*block) error {
	m := &merger{blocks: blocks, window: r.window, warn: func(format string, args ...any) {
		r.warnings = append(r.warnings, fmt.Sprintf(format, args...))
	}}
	s := newSpelling(r.ids, true)
	var rs [kinds]runs
	for id := range r.ids.labels {
		if id%64 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		for k := range kinds {
			rs[k] = rs[k][:0]
			m.series(r.blocks[id][k], r.heads[id][k], &rs[k])
		}
		s.take(id, &rs)
	}
	r.alerts = s.finish()
	return nil
}
