package alertmanager

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/analyze/history/logfile"
)

// What is kept in memory at most.
const (
	spellsMost  = 1 << 23 // episodes, at about 150 bytes each
	noticesMost = 1 << 22 // notifications, at about 200 bytes each
	idMost      = 4096    // bytes of what names a receiver, an Alertmanager or a silence
)

// A book takes down what logs tell of alerts and notifications.
type book struct {
	roster   *history.Roster
	problems logfile.Problems
	bound    history.Interval // what lies at or after its end is not read
	excess   error            // why there is no history

	first, last int64 // of all lines, Unix milliseconds
	taken       int   // lines of this file that are what they should be

	spells  []spell
	spellAt map[spellKey]int32
	current []int32 // per alert: the spell that the last line about it was of; noSpell: none yet
	newest  []int32 // per alert: the spell that was met last

	notices []notice
	texts   map[string]string // each name once
}

func newBook(bound history.Interval) *book {
	return &book{
		roster: history.NewRoster(), bound: bound, first: logfile.Latest, last: logfile.Earliest,
		spellAt: map[spellKey]int32{}, texts: map[string]string{},
	}
}

// read takes in a file, line by line.
func (b *book) read(ctx context.Context, path, format string, line func([]byte) error) error {
	b.taken = 0
	err := b.problems.Lines(ctx, path, format, func(_ int, text []byte) error { return line(text) })
	switch {
	case err != nil:
		return err
	case b.excess != nil:
		return fmt.Errorf("%s: %w", path, b.excess)
	case b.taken == 0 && b.problems.Any(path):
		return fmt.Errorf("%s: is not %s: %w", path, format, b.problems.First(path))
	}
	return nil
}

// sees takes in the time of a line and reports whether it is to be read.
func (b *book) sees(at int64) bool {
	b.taken++
	if at >= b.bound.End {
		return false
	}
	b.first, b.last = min(b.first, at), max(b.last, at)
	return true
}

// number is that of an alert.
func (b *book) number(each func(add func(name, value string))) (int32, error) {
	n, err := b.roster.Number(each)
	if err != nil {
		return 0, err
	}
	for len(b.current) < b.roster.Len() {
		b.current, b.newest = append(b.current, noSpell), append(b.newest, noSpell)
	}
	return n, nil
}

// spell is that of an alert with a start.
func (b *book) spell(alert int32, starts int64) (int32, error) {
	if s := b.current[alert]; s >= 0 && b.spells[s].starts == starts {
		return s, nil
	}
	key := spellKey{alert, starts}
	s, ok := b.spellAt[key]
	if !ok {
		if len(b.spells) == spellsMost {
			b.excess = fmt.Errorf("more than %d episodes; expected a shorter window", spellsMost)
			return 0, logfile.ErrStop
		}
		s = int32(len(b.spells))
		b.spellAt[key] = s
		b.spells = append(b.spells, spell{alert: alert, starts: starts, before: b.newest[alert],
			until: history.NoTime, updated: history.NoTime, said: history.NoTime, ends: history.NoTime, endSaid: history.NoTime})
		b.newest[alert] = s
	}
	b.current[alert] = s
	return s, nil
}

// spellWhen is the spell that an alert was in at an instant: the one that lines
// were about, or, where those are of later, the last one to begin by then;
// noSpell where none had begun.
func (b *book) spellWhen(alert int32, at int64) int32 {
	const enough = 100 // of those that were met last
	if s := b.current[alert]; s == noSpell || b.spells[s].starts <= at {
		return s
	}
	best := noSpell
	for i, n := b.newest[alert], 0; i != noSpell && n < enough; i, n = b.spells[i].before, n+1 {
		if starts := b.spells[i].starts; starts <= at && (best == noSpell || starts > b.spells[best].starts) {
			best = i
		}
	}
	return best
}

// notify takes in a notification.
func (b *book) notify(n notice) error {
	if len(b.notices) == noticesMost {
		b.excess = fmt.Errorf("more than %d notifications; expected a shorter window", noticesMost)
		return logfile.ErrStop
	}
	slices.Sort(n.firing)
	slices.Sort(n.resolved)
	n.order = int32(len(b.notices))
	b.notices = append(b.notices, n)
	return nil
}

// text keeps one copy of each name.
func (b *book) text(name string) string {
	if kept, ok := b.texts[name]; ok {
		return kept
	}
	b.texts[name] = name
	return name
}

// chronological sorts files by the time of their first line that has one, so
// that the parts of a log that was rotated are read in their order.
func chronological(ctx context.Context, paths []string, format string, timeOf func(line []byte) (int64, error)) ([]string, error) {
	const tries = 100
	type part struct {
		path  string
		first int64
	}
	var parts []part
	for _, path := range logfile.Paths(paths) {
		p := part{path, logfile.Latest}
		var unheard logfile.Problems // they come again
		err := unheard.Lines(ctx, path, format, func(number int, line []byte) error {
			if at, err := timeOf(line); err == nil && at != history.NoTime {
				p.first = at
				return logfile.ErrStop
			}
			if number >= tries {
				return logfile.ErrStop
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		parts = append(parts, p)
	}
	slices.SortStableFunc(parts, func(a, b part) int { return cmp.Compare(a.first, b.first) })
	out := make([]string, len(parts))
	for i, p := range parts {
		out[i] = p.path
	}
	return out, nil
}

// episodes are those in a window.
func episodes(outcomes []outcome, w history.Interval) []history.Episode {
	var out []history.Episode
	for _, o := range outcomes {
		if e, ok := o.in(w); ok {
			out = append(out, e)
		}
	}
	return out
}
