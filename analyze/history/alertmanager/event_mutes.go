package alertmanager

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/analyze/history/logfile"
)

// A span is from the first to the last line that says that an alert was kept
// back, for one cause, in one spell of the alert and, where it is an alert that
// inhibits, one spell of the cause. While neither changes the cause goes on, so
// that there is no flush in between that did not keep the alert back.
type span struct {
	spanKey
	first, last int64

	life   int32 // whose line was taken in last, and when
	at     int64
	flushs int64 // the longest time between two lines of one life: at least the time between flushes
}

type spanKey struct {
	alert, spell, cause, causeSpell int32
	since, causeSince               int64 // within the spells: see spell.since
}

// A cause is a silence, or an alert that inhibits.
type cause struct {
	causeKey
	fingerprint  uint64 // of an alert that inhibits
	starts, ends int64  // of a silence: as far as it is known; it may have been ended before
}

type causeKey struct {
	kind history.MuteKind
	id   string
}

func (r *events) silenced(life int32, at int64, s *silencedAlert) error {
	alert, err := r.alert(s.MutedAlert.Labels, uint64(s.MutedAlert.Fingerprint))
	if err != nil {
		return err
	}
	if len(s.Silence.ID) > idMost {
		return fmt.Errorf("the id of a silence is longer than %d bytes", idMost)
	}
	starts, err := logfile.Time(s.Silence.StartsAt)
	if err != nil {
		return fmt.Errorf("startsAt of the silence: %w", err)
	}
	ends, err := logfile.EndTime(s.Silence.EndsAt)
	if err != nil {
		return fmt.Errorf("endsAt of the silence: %w", err)
	}
	c := r.causeOf(history.Silenced, s.Silence.ID)
	r.causes[c].starts = starts
	r.causes[c].ends = max(r.causes[c].ends, ends)
	return r.muted(life, at, r.key(at, alert, c, noSpell))
}

func (r *events) inhibited(life int32, at int64, i *inhibitionOfAlert) error {
	alert, err := r.alert(i.MutedAlert.Labels, uint64(i.MutedAlert.Fingerprint))
	if err != nil {
		return err
	}
	for _, f := range i.InhibitingFingerprints {
		c := r.causeOf(history.Inhibited, fmt.Sprintf("%016x", uint64(f)))
		r.causes[c].fingerprint = uint64(f)
		spell := noSpell
		if by, ok := r.alertOf[uint64(f)]; ok {
			spell = r.spellWhen(by, at)
		}
		if err := r.muted(life, at, r.key(at, alert, c, spell)); err != nil {
			return err
		}
	}
	return nil
}

func (r *events) causeOf(kind history.MuteKind, id string) int32 {
	key := causeKey{kind, id}
	c, ok := r.causeAt[key]
	if !ok {
		c = int32(len(r.causes))
		r.causeAt[key] = c
		r.causes = append(r.causes, cause{causeKey: key, starts: history.NoTime, ends: history.NoTime})
	}
	return c
}

func (r *events) key(at int64, alert, cause, causeSpell int32) spanKey {
	key := spanKey{alert: alert, spell: r.spellWhen(alert, at), cause: cause, causeSpell: causeSpell}
	if key.spell != noSpell {
		key.since = r.spells[key.spell].since(at)
	}
	if causeSpell != noSpell {
		key.causeSince = r.spells[causeSpell].since(at)
	}
	return key
}

func (r *events) muted(life int32, at int64, key spanKey) error {
	if key.spell != noSpell && r.spells[key.spell].over(at) {
		return nil // the flush that tells of the end still looks at what keeps back
	}
	i, ok := r.spanAt[key]
	if !ok {
		if len(r.spans) == spellsMost {
			r.excess = fmt.Errorf("alerts were kept back more than %d times; expected a shorter window", spellsMost)
			return logfile.ErrStop
		}
		i = int32(len(r.spans))
		r.spanAt[key] = i
		r.spans = append(r.spans, span{spanKey: key, first: at, last: at, life: life, at: at})
	}
	s := &r.spans[i]
	if s.life == life {
		s.flushs = max(s.flushs, at-s.at)
	}
	s.first, s.last, s.life, s.at = min(s.first, at), max(s.last, at), life, at
	return nil
}

// mutes are the spans of one alert and kind in one episode, put together where
// no flush can lie between them.
func (r *events) mutes(episodes []outcome, of []int32, covered history.Intervals, w history.Interval) []history.Mute {
	type whole struct {
		span
		kind    history.MuteKind
		episode int32 // noSpell where it is not known
		by      []string
	}
	all := make([]whole, len(r.spans))
	flushs := map[int32]int64{} // per alert
	for i, s := range r.spans {
		if s.flushs > 0 {
			flushs[s.alert] = max(flushs[s.alert], s.flushs)
		}
		all[i] = whole{s, r.causes[s.cause].kind, noSpell, []string{r.causes[s.cause].id}}
		if s.spell != noSpell {
			all[i].episode = of[s.spell]
		} else {
			all[i].episode = episodeAt(episodes, s.alert, s.first)
		}
	}
	slices.SortFunc(all, func(a, b whole) int {
		return cmp.Or(cmp.Compare(a.alert, b.alert), cmp.Compare(a.kind, b.kind), cmp.Compare(a.episode, b.episode),
			cmp.Compare(a.first, b.first), cmp.Compare(a.last, b.last), slices.Compare(a.by, b.by), cmp.Compare(a.causeSpell, b.causeSpell))
	})
	// An alert that was seldom kept back says little of its own.
	usual := int64(0)
	if all := slices.Sorted(maps.Values(flushs)); len(all) > 0 {
		usual = all[len(all)/2]
	}
	var joined []whole
	for _, x := range all {
		k := len(joined) - 1
		if k < 0 || joined[k].alert != x.alert || joined[k].kind != x.kind || joined[k].episode != x.episode || !r.meet(&joined[k].span, &x.span, max(flushs[x.alert], usual), covered, episodes, of) {
			joined = append(joined, x)
			continue
		}
		one := &joined[k]
		one.by = append(one.by, x.by...)
		if x.last > one.last {
			one.last, one.cause, one.causeSpell = x.last, x.cause, x.causeSpell
		}
	}
	var out []history.Mute
	for _, x := range joined {
		i := history.Interval{Start: x.first, End: x.last + 1}
		if x.episode != noSpell && episodes[x.episode].end == history.EndResolved {
			i.End = min(i.End, episodes[x.episode].ends)
		}
		if i.Start, i.End = max(i.Start, w.Start), min(i.End, w.End); i.Start >= i.End {
			continue
		}
		slices.Sort(x.by)
		out = append(out, history.Mute{Instance: x.alert, Kind: x.kind, Interval: i, By: slices.Compact(x.by)})
	}
	return out
}

// episodeAt is the episode of an alert that an instant lies in, or else the
// last one before; noSpell where there is none. Episodes are ordered by alert
// and start.
func episodeAt(episodes []outcome, alert int32, at int64) int32 {
	i, found := slices.BinarySearchFunc(episodes, outcome{alert: alert, starts: at}, func(a, b outcome) int {
		return cmp.Or(cmp.Compare(a.alert, b.alert), cmp.Compare(a.starts, b.starts))
	})
	if !found {
		i--
	}
	if i < 0 || episodes[i].alert != alert {
		return noSpell
	}
	return int32(i)
}

// meet reports whether a span goes on where the one before it leaves off: with
// no flush in between, where the time between flushes is known, or else with no
// time in between in which neither cause was there. While no Alertmanager runs
// nothing is flushed, and once it runs again it takes group_wait and the time
// until the alert is sent again besides.
func (r *events) meet(a, b *span, flushs int64, covered history.Intervals, episodes []outcome, of []int32) bool {
	gap := b.first - a.last
	if gap <= 0 {
		return true
	}
	ran := covered.Intersect(history.Intervals{{Start: a.last, End: b.first}}).Milliseconds()
	if flushs > 0 && ran == gap {
		return gap <= flushs+flushs/2
	}
	if flushs > 0 && ran > 3*flushs {
		return false
	}
	_, ends := r.lasts(a, episodes, of)
	starts, _ := r.lasts(b, episodes, of)
	return starts <= ends
}

// lasts is from when to when the cause of a span was there.
func (r *events) lasts(s *span, episodes []outcome, of []int32) (starts, ends int64) {
	c := r.causes[s.cause]
	if c.kind == history.Silenced {
		return c.starts, c.ends
	}
	if s.causeSpell == noSpell {
		return s.first, s.last
	}
	e := episodes[of[s.causeSpell]]
	return e.starts, e.ends
}
