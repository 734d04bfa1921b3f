package alertmanager

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/analyze/history/logfile"
)

const (
	noticesMost = 1 << 22 // notifications that are kept in memory, at about 200 bytes each
	idMost      = 4096    // bytes of what names a receiver, an instance or a silence
)

// A notice is a notification, with the spells of its alerts.
type notice struct {
	history.Notification
	peer             int32
	firing, resolved []int32
}

// A recipient is an integration of a receiver, and of which group it is told.
type recipient struct {
	group, receiver, integration string
	index                        int
}

func (n *notice) to() recipient {
	return recipient{n.Group, n.Receiver, n.Integration, n.Index}
}

func (r *events) notified(peer int32, at int64, d *notification) error {
	g := d.GroupInfo
	if len(g.GroupID) > idMost || len(g.ReceiverName) > idMost || len(d.Integration.Name) > idMost {
		return fmt.Errorf("a notification with a name longer than %d bytes", idMost)
	}
	if g.GroupID == "" {
		if g.GroupKey == "" {
			return errors.New("a notification without groupInfo.groupId")
		}
		g.GroupID = history.GroupID(g.GroupKey)
	}
	n := notice{peer: peer}
	n.At, n.Reason = at, history.Reason(d.Reason)
	n.Group, n.Receiver, n.Integration = r.text(g.GroupID), r.text(g.ReceiverName), r.text(d.Integration.Name)
	n.Index = int(min(d.Integration.Index, 1<<16))
	for _, a := range d.Alerts {
		s, ends, err := r.spellOf(a.Details)
		if err != nil {
			return err
		}
		if sp := &r.spells[s]; a.Details.Resolved {
			sp.resolved(peer, at, ends)
			n.resolved = append(n.resolved, s)
		} else {
			sp.said = max(sp.said, at)
			n.firing = append(n.firing, s)
		}
	}
	if len(r.notices) == noticesMost {
		r.excess = fmt.Errorf("more than %d notifications; expected a shorter window", noticesMost)
		return logfile.ErrStop
	}
	slices.Sort(n.firing)
	slices.Sort(n.resolved)
	r.notices = append(r.notices, n)
	return nil
}

// text keeps one copy of each name.
func (r *events) text(name string) string {
	if kept, ok := r.texts[name]; ok {
		return kept
	}
	r.texts[name] = name
	return name
}

// notifications are those in a window, each once.
func (r *events) notifications(of []int32, w history.Interval) []history.Notification {
	slices.SortFunc(r.notices, func(a, b notice) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Group, b.Group), cmp.Compare(a.Receiver, b.Receiver),
			cmp.Compare(a.Integration, b.Integration), cmp.Compare(a.Index, b.Index), cmp.Compare(a.peer, b.peer),
			slices.Compare(a.firing, b.firing), slices.Compare(a.resolved, b.resolved))
	})
	told := map[recipient][]int32{} // the episodes that the last notification had firing
	var out []history.Notification
	for i := range r.notices {
		n := &r.notices[i]
		if i > 0 && n.same(&r.notices[i-1]) {
			continue
		}
		before := told[n.to()]
		firing := make([]int32, len(n.firing))
		for k, s := range n.firing {
			firing[k] = of[s]
			n.Firing = append(n.Firing, r.spells[s].alert)
			if _, had := slices.BinarySearch(before, of[s]); !had {
				n.Fresh = append(n.Fresh, r.spells[s].alert)
			}
		}
		for _, s := range n.resolved {
			n.Resolved = append(n.Resolved, r.spells[s].alert)
		}
		slices.Sort(firing)
		told[n.to()] = firing
		if n.At >= w.Start && n.At < w.End {
			out = append(out, n.Notification)
		}
	}
	return out
}

// same reports whether two lines are copies of one.
func (n *notice) same(o *notice) bool {
	return n.At == o.At && n.peer == o.peer && n.to() == o.to() && slices.Equal(n.firing, o.firing) && slices.Equal(n.resolved, o.resolved)
}

// history of what was taken in.
func (r *events) history(opts history.ReadOptions) *history.History {
	w := logfile.Fit(opts, r.first, r.last)
	episodes, of := r.unite()
	h := &history.History{
		Knows:    history.KnowsNotifications | history.KnowsMutes,
		Coverage: history.Coverage{Window: w, Gaps: history.Union(w).Subtract(r.lives.covered())},
		Warnings: r.problems.Warnings(),
	}
	for _, o := range episodes {
		if e, ok := o.in(w); ok {
			h.Episodes = append(h.Episodes, e)
		}
	}
	h.Notifications = r.notifications(of, w)
	h.Mutes = r.mutes(episodes, of, w)
	r.roster.Settle(h)
	return h
}
