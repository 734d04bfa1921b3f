package history

import (
	"cmp"
	"slices"
)

// Merge is what several sources of one kind tell together, such as the servers
// of a pair that evaluate the same rules: an alert is active while any of them
// says so, and data are missing where all of them miss them. What the sources
// have in Notifications and the like adds up; none of it is looked at for
// doubles, since of a cluster of Alertmanagers only the one that sends tells.
func Merge(hs ...*History) *History {
	if len(hs) == 1 {
		return hs[0]
	}
	return merge(hs...)
}

func merge(hs ...*History) *History {
	out := &History{Coverage: unionCoverage(hs)}
	places := out.adopt(hs, false)
	for i, h := range hs {
		for _, e := range h.Episodes {
			if e.End == EndOpen && h.Coverage.Window.End < out.Coverage.Window.End {
				e.End = EndUnknown // the others may say
			}
			e.Instance = places[i][e.Instance]
			out.Episodes = append(out.Episodes, e)
		}
		if len(out.Probed) == 0 {
			out.Probed = slices.Clone(h.Probed)
		} else {
			for k := range out.Probed {
				out.Probed[k] = out.Probed[k] || k >= len(h.Probed) || h.Probed[k]
			}
		}
		out.note(h, places[i])
	}
	slices.SortStableFunc(out.Episodes, byBeginning)
	out.Episodes = unite(out.Episodes)
	out.sortNotes()
	return out
}

// Combine adds to a history what sources of other kinds know beside it. Its
// episodes and coverage stay as they are.
func Combine(h *History, others ...*History) *History {
	if len(others) == 0 {
		return h
	}
	all := append([]*History{h}, others...)
	out := &History{Coverage: h.Coverage, Probed: h.Probed}
	places := out.adopt(all, true)
	for _, e := range h.Episodes {
		e.Instance = places[0][e.Instance]
		out.Episodes = append(out.Episodes, e)
	}
	slices.SortStableFunc(out.Episodes, byBeginning)
	for i, o := range all {
		out.note(o, places[i])
	}
	out.sortNotes()
	return out
}

// adopt takes over the instances of histories, those with the same labels once,
// and returns for each history the new places of its instances. Apart says
// that each keeps its own origins.
func (h *History) adopt(hs []*History, apart bool) [][]int32 {
	places := make([][]int32, len(hs))
	at := map[string]int32{}
	var key []byte
	for i, o := range hs {
		places[i] = make([]int32, len(o.Instances))
		for from, origin := range o.origins() {
			for k := from; k < origin.End; k++ {
				key = o.Instances[k].Bytes(key)
				place, ok := at[string(key)]
				if !ok {
					place = int32(len(h.Instances))
					at[string(key)] = place
					h.Instances = append(h.Instances, o.Instances[k])
				}
				places[i][k] = place
			}
			if apart {
				origin.End = int32(len(h.Instances))
				h.Origins = append(h.Origins, origin)
			}
		}
	}
	return places
}

// note takes over what a history knows beside episodes.
func (h *History) note(o *History, places []int32) {
	h.Knows |= o.Knows
	move := func(in []int32) []int32 {
		out := make([]int32, len(in))
		for i, instance := range in {
			out[i] = places[instance]
		}
		slices.Sort(out)
		return out
	}
	for _, n := range o.Notifications {
		n.Firing, n.Resolved, n.Fresh = move(n.Firing), move(n.Resolved), move(n.Fresh)
		h.Notifications = append(h.Notifications, n)
	}
	for _, m := range o.Mutes {
		m.Instance = places[m.Instance]
		h.Mutes = append(h.Mutes, m)
	}
	for _, r := range o.Responses {
		r.Instances = move(r.Instances)
		h.Responses = append(h.Responses, r)
	}
	h.Silences = append(h.Silences, o.Silences...)
	for _, w := range o.Warnings {
		if !slices.Contains(h.Warnings, w) {
			h.Warnings = append(h.Warnings, w)
		}
	}
}

// sortNotes puts notes in their order, whichever source they come from.
func (h *History) sortNotes() {
	slices.SortStableFunc(h.Notifications, func(a, b Notification) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Group, b.Group), cmp.Compare(a.Receiver, b.Receiver),
			cmp.Compare(a.Integration, b.Integration), cmp.Compare(a.Index, b.Index))
	})
	slices.SortStableFunc(h.Mutes, func(a, b Mute) int {
		return cmp.Or(cmp.Compare(a.Instance, b.Instance), cmp.Compare(a.Start, b.Start), cmp.Compare(a.Kind, b.Kind))
	})
	slices.SortStableFunc(h.Responses, func(a, b Response) int {
		return cmp.Or(cmp.Compare(a.TriggeredAt, b.TriggeredAt), cmp.Compare(a.ID, b.ID))
	})
	slices.SortStableFunc(h.Silences, func(a, b StandingSilence) int {
		return cmp.Or(cmp.Compare(a.StartsAt, b.StartsAt), cmp.Compare(a.ID, b.ID))
	})
}

// unionCoverage is missing what none of the histories has.
func unionCoverage(hs []*History) Coverage {
	var c Coverage
	var covered []Interval
	for i, h := range hs {
		w := h.Coverage.Window
		if i == 0 {
			c.Window = w
		} else if w.Start < w.End {
			c.Window = Interval{min(c.Window.Start, w.Start), max(c.Window.End, w.End)}
		}
		covered = append(covered, h.Coverage.Covered()...)
	}
	at := c.Window.Start
	for _, i := range Union(covered...) {
		if i.Start > at {
			c.Gaps = append(c.Gaps, Interval{at, i.Start})
		}
		at = i.End
	}
	if at < c.Window.End {
		c.Gaps = append(c.Gaps, Interval{at, c.Window.End})
	}
	return c
}

func byBeginning(a, b Episode) int {
	return cmp.Or(cmp.Compare(a.Instance, b.Instance), cmp.Compare(a.ActiveAt, b.ActiveAt))
}

// unite makes one episode of those of one instance that overlap or meet. They
// are ordered by their beginnings.
func unite(es []Episode) []Episode {
	var out []Episode
	for _, e := range es {
		k := len(out) - 1
		if k < 0 || out[k].Instance != e.Instance || out[k].End != EndOpen && e.ActiveAt > out[k].EndedAt {
			out = append(out, e)
			continue
		}
		one := &out[k]
		if e.ActiveAt == one.ActiveAt && e.Start == StartExact {
			one.Start = StartExact
		}
		if e.Fired() && (!one.Fired() || e.FiredAt < one.FiredAt) {
			one.FiredAt = e.FiredAt
		}
		switch {
		case one.End == EndOpen:
			one.EndedAt = max(one.EndedAt, e.EndedAt)
		case e.End == EndOpen || e.EndedAt > one.EndedAt:
			one.End, one.EndedAt = e.End, max(one.EndedAt, e.EndedAt)
		case e.EndedAt == one.EndedAt && e.End == EndResolved:
			one.End = EndResolved
		}
	}
	return out
}

// Within is the part of a history that lies in a window, which is to lie within
// the window that the history has.
func (h *History) Within(window Interval) *History {
	out := *h
	out.Coverage = h.Coverage.part(window)
	m := newMeter(out.Coverage)
	out.Episodes = nil
	for _, e := range h.Episodes {
		if m.touches(e.ActiveAt, &e) {
			out.Episodes = append(out.Episodes, e)
		}
	}
	return &out
}
