package noise

import (
	"slices"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

// Flaps are the spells of flapping of a rule's instances. A firing that begins
// within Options.FlapWithin after the same instance's previous one ended is a
// quick re-fire. A spell begins with the first of as many firings as it takes
// for Options.FlapEnter quick re-fires in a row, and ends with the last one
// that came before Options.FlapLeave without any: high to enter, low to leave.
type Flaps struct {
	Spells    int // of single instances
	Outbreaks int // spells of all instances that overlap count once
	Days      int // different days, by the clock on the wall, on which a spell began
	Firings   int // within spells
	Refires   int // firings within spells but the first of each
	Of        int // all firings whose beginning is known
}

// Ratio is the share of firings within spells; ok is false where there were
// none at all.
func (f Flaps) Ratio() (share float64, ok bool) { return ratio(f.Firings, f.Of) }

// Storms are the times at which many instances of a rule began at once: the
// firings that lie in some stretch of Options.StormWithin in which at least
// Options.StormLeast different instances began. Stretches that overlap are one
// storm.
type Storms struct {
	Count   int
	Firings int // within storms
	Most    int // firings in one storm
	Days    int // different days, by the clock on the wall, on which a storm began
	Of      int // all firings whose beginning is known
	Times   []history.Interval

	// Pages are the notifications that called for attention anew, for the rule,
	// while a storm went on or within Options.StormWithin after; 0 where
	// notifications are not known.
	Pages int
}

// Ratio is the share of firings within storms; ok is false where there were
// none at all.
func (s Storms) Ratio() (share float64, ok bool) { return ratio(s.Firings, s.Of) }

// A Concentration says which values of a label firings come from.
type Concentration struct {
	Label    string
	Distinct int          // values, among the instances that fired
	Firings  int          // with the label
	Top      []ValueShare // the most frequent Options.TopValues, the greatest first
}

// A ValueShare is what part of firings has one value of a label.
type ValueShare struct {
	Value   string
	Firings int
	Ratio   float64 // of the firings with the label
}

// flaps of a rule's episodes, which are ordered by instance.
func (s *study) flaps(episodes []history.Episode) Flaps {
	var out Flaps
	var spells []history.Interval
	on := days{}
	enter, leave := s.o.FlapWithin.Milliseconds(), s.o.FlapLeave.Milliseconds()
	eachInstance(episodes, func(instance []history.Episode) {
		var (
			row   []*history.Episode // a first firing and its quick re-fires, as long as this is no spell
			spell history.Interval   // open while n > 0
			n     int                // firings of the spell
		)
		end := func() {
			if n > 0 {
				out.Spells++
				out.Firings += n
				out.Refires += n - 1
				spells = append(spells, spell)
				on.add(&s.o.Hours, spell.Start)
			}
			n, row = 0, row[:0]
		}
		var previous *history.Episode
		for i := range instance {
			e := &instance[i]
			if !e.Fired() {
				continue
			}
			began := s.covered.Began(e)
			if began {
				out.Of++
			}
			gap, known := int64(0), began && previous != nil && previous.End == history.EndResolved && previous.EndedAt <= e.FiredAt &&
				s.covered.Unbroken(history.Interval{Start: max(previous.EndedAt, s.Coverage.Window.Start), End: e.FiredAt})
			if known {
				gap = e.FiredAt - previous.EndedAt
			}
			previous = e
			switch {
			case n > 0 && known && gap <= leave:
				n++
				spell.End = max(e.FiredAt+1, e.EndedAt)
				continue
			case !known || gap > enter:
				end()
			}
			if !began {
				continue
			}
			if row = append(row, e); len(row) > s.o.FlapEnter {
				n = len(row)
				spell = history.Interval{Start: row[0].FiredAt, End: max(e.FiredAt+1, e.EndedAt)}
			}
		}
		end()
	})
	out.Outbreaks, out.Days = len(history.Union(spells...)), len(on)
	return out
}

// storms among begins of a rule, in any order.
func (s *study) storms(begins []begin) Storms {
	out := Storms{Of: len(begins)}
	if len(begins) < s.o.StormLeast {
		return out
	}
	slices.SortFunc(begins, byTime)
	within, on := s.o.StormWithin.Milliseconds(), days{}
	count := map[int32]int{} // begins of each instance among begins[from:i+1]
	from, taken := 0, 0      // begins before taken are in a storm, or can no longer be
	firings := 0             // of the storm that goes on
	for i, b := range begins {
		count[b.instance]++
		for begins[from].at < b.at-within {
			if k := begins[from].instance; count[k] == 1 {
				delete(count, k)
			} else {
				count[k]--
			}
			from++
		}
		if len(count) < s.o.StormLeast {
			continue
		}
		if n := len(out.Times); n > 0 && from < taken { // it overlaps the one before
			out.Times[n-1].End = b.at + 1
			firings += i + 1 - taken
		} else {
			out.Times = append(out.Times, history.Interval{Start: begins[from].at, End: b.at + 1})
			on.add(&s.o.Hours, begins[from].at)
			firings = i + 1 - from
			taken = from
		}
		out.Firings += i + 1 - taken
		taken = i + 1
		out.Most = max(out.Most, firings)
	}
	out.Count, out.Days = len(out.Times), len(on)
	return out
}
