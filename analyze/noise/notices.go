package noise

import (
	"maps"
	"slices"
	"sort"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

// Notices are the messages that Alertmanager sent, each to one receiver, however
// many integrations that has: of a rule, those that name one of its instances.
type Notices struct {
	Sent     int
	Pages    int // that call for attention anew, for an instance that was not in the one before; of those of Unknown, all with such an instance; of the whole, only those for an urgent rule
	Repeats  int // sent since repeat_interval was over
	Resolved int // that name no firing instance, of the rule's where it is a rule's
	Unknown  int // of which the source does not say why

	Hours     Hourly           // of Pages
	Receivers []ReceiverNotice // by name
}

// A ReceiverNotice is a receiver's part of Notices.
type ReceiverNotice struct {
	Receiver             string
	Sent, Pages, Repeats int
}

// NagRatio is the share of repeats among the messages whose reason is known;
// ok is false where there are none.
func (n *Notices) NagRatio() (share float64, ok bool) { return ratio(n.Repeats, n.Sent-n.Unknown) }

// A noticeCount counts notifications.
type noticeCount struct {
	Notices
	hours hourCount
	by    map[string]*ReceiverNotice
}

// add counts a notification, of which firing says whether it names something
// that fires, and fresh whether something is in it that was not before.
func (c *noticeCount) add(o *Options, n *history.Notification, firing, fresh bool) {
	r := c.by[n.Receiver]
	if r == nil {
		if c.by == nil {
			c.by = map[string]*ReceiverNotice{}
		}
		r = &ReceiverNotice{Receiver: n.Receiver}
		c.by[n.Receiver] = r
	}
	c.Sent++
	r.Sent++
	if n.Reason == history.ReasonUnknown {
		c.Unknown++
	}
	switch {
	case n.Reason == history.ReasonRepeat && firing:
		c.Repeats++
		r.Repeats++
	case n.Calls() && fresh:
		c.Pages++
		r.Pages++
		c.hours.add(&o.Hours, n.At)
	}
	if !firing {
		c.Resolved++
	}
}

func (c *noticeCount) finish(o *Options) *Notices {
	out := c.Notices
	out.Hours = c.hours.finish(o)
	for _, name := range slices.Sorted(maps.Keys(c.by)) {
		out.Receivers = append(out.Receivers, *c.by[name])
	}
	return &out
}

// notices counts the notifications of the window.
func (s *study) notices() {
	if s.Knows&history.KnowsNotifications == 0 {
		return
	}
	all, by := &noticeCount{}, make([]*noticeCount, len(s.rules))
	var firing, fresh, named set
	for i := range s.Notifications {
		n := &s.Notifications[i]
		if n.Also || n.At < s.Coverage.Window.Start || n.At >= s.Coverage.Window.End {
			continue
		}
		if s.heard(n) {
			all.add(s.o, n, len(n.Firing) > 0, slices.ContainsFunc(n.Fresh, s.wakes))
		}
		s.rulesOf(n.Firing, firing.clear(len(s.rules)))
		s.rulesOf(n.Fresh, fresh.clear(len(s.rules)))
		named.clear(len(s.rules))
		s.rulesOf(n.Firing, &named)
		s.rulesOf(n.Resolved, &named)
		for _, r := range named.list {
			if !s.is(r, n.At) {
				continue
			}
			if by[r] == nil {
				by[r] = &noticeCount{}
			}
			by[r].add(s.o, n, firing.has[r], fresh.has[r])
			if n.Calls() && fresh.has[r] {
				s.profile(r).Storms.page(n.At, s.o)
			}
		}
	}
	s.out.Notices = all.finish(s.o)
	for r := range s.rules {
		if by[r] != nil {
			s.profile(r).Notices = by[r].finish(s.o)
		}
	}
}

// heard reports whether a notification is for people.
func (s *study) heard(n *history.Notification) bool {
	if s.o.Machines == nil {
		return true
	}
	person := func(instance int32) bool {
		r, ok := s.Rule(instance)
		return !ok || !s.o.Machines(s.rules[r])
	}
	return slices.ContainsFunc(n.Firing, person) || slices.ContainsFunc(n.Resolved, person)
}

// page counts a page at a time, if a storm goes on or has just gone by.
func (s *Storms) page(at int64, o *Options) {
	i := sort.Search(len(s.Times), func(i int) bool { return s.Times[i].End+o.StormWithin.Milliseconds() >= at })
	if i < len(s.Times) && s.Times[i].Start <= at {
		s.Pages++
	}
}

// A set of rules, by index, in the order in which they came.
type set struct {
	has  []bool
	list []int
}

func (s *set) clear(n int) *set {
	if s.has == nil {
		s.has = make([]bool, n)
	}
	for _, i := range s.list {
		s.has[i] = false
	}
	s.list = s.list[:0]
	return s
}

func (s *set) add(i int) {
	if !s.has[i] {
		s.has[i] = true
		s.list = append(s.list, i)
	}
}

// rulesOf adds the rules of which instances surely are.
func (s *study) rulesOf(instances []int32, to *set) {
	for _, instance := range instances {
		if r, ok := s.Rule(instance); ok {
			to.add(r)
		}
	}
}
