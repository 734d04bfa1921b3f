package alertmanager

import (
	"cmp"
	"slices"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

// A notice is a notification, with the spells of its alerts.
type notice struct {
	history.Notification
	order            int32 // of all notices, in the order of lines
	peer             int32 // the Alertmanager that sent it
	firing, resolved []int32
	body             uint64 // tells the texts of messages apart
	fires            bool   // says that some alert fires, whether it names it or not
}

// A recipient is an integration of a receiver, and of which group it is told.
type recipient struct {
	group, receiver, integration string
	index                        int
}

func (n *notice) to() recipient {
	return recipient{n.Group, n.Receiver, n.Integration, n.Index}
}

// told is what a recipient was last told: episodes, in order.
type told struct {
	at               int64
	firing, resolved []int32
	alerts, ended    []int32 // those that fire, and those that resolved
	fires, truncated bool
	peer             int32
}

// notifications are those in a window. Of says which episode each spell belongs
// to. Look is asked about each notice in the order of time, with what was told
// before it, nil where nothing was; it may fill in the reason, or drop it by
// false.
func (b *book) notifications(of []int32, w history.Interval, look func(n *notice, now, before *told) bool) []history.Notification {
	slices.SortFunc(b.notices, func(a, b notice) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Group, b.Group), cmp.Compare(a.Receiver, b.Receiver),
			cmp.Compare(a.Integration, b.Integration), cmp.Compare(a.Index, b.Index), cmp.Compare(a.peer, b.peer), cmp.Compare(a.order, b.order))
	})
	last := map[recipient]*told{}
	rounds := map[recipient]*round{}
	var out []history.Notification
	for i := range b.notices {
		n := &b.notices[i]
		before := last[n.to()]
		now := &told{at: n.At, firing: episodesOf(n.firing, of), resolved: episodesOf(n.resolved, of), fires: n.fires, truncated: n.Truncated > 0, peer: n.peer}
		for _, s := range n.firing {
			n.Firing = append(n.Firing, b.spells[s].alert)
			if before.lacks(of[s], b.spells[s].starts) {
				n.Fresh = append(n.Fresh, b.spells[s].alert)
			}
		}
		for _, s := range n.resolved {
			n.Resolved = append(n.Resolved, b.spells[s].alert)
		}
		now.alerts, now.ended = slices.Sorted(slices.Values(n.Firing)), slices.Sorted(slices.Values(n.Resolved))
		if !look(n, now, before) {
			continue
		}
		last[n.to()] = now
		of := recipient{group: n.Group, receiver: n.Receiver}
		if r := rounds[of]; r.joins(n, now) {
			n.Also = true
			r.sent = append(r.sent, n.to())
		} else {
			rounds[of] = &round{first: n, told: now, sent: []recipient{n.to()}}
		}
		if n.At >= w.Start && n.At < w.End {
			out = append(out, n.Notification)
		}
	}
	return out
}

// A round is what one flush of a group sends to the integrations of a receiver.
type round struct {
	first *notice
	told  *told
	sent  []recipient
}

// roundMost is how long after the first integration a later one may be sent the
// same: Alertmanager tries again until the next flush, by default in five
// minutes (group_interval).
const roundMost = 5 * 60 * 1000

// joins reports whether a notification is of the round.
func (r *round) joins(n *notice, now *told) bool {
	return r != nil && n.At-r.first.At <= roundMost && n.Reason == r.first.Reason && n.Estimated == r.first.Estimated &&
		slices.Equal(now.firing, r.told.firing) && slices.Equal(now.resolved, r.told.resolved) && !slices.Contains(r.sent, n.to())
}

func episodesOf(spells, of []int32) []int32 {
	out := make([]int32, len(spells))
	for i, s := range spells {
		out[i] = of[s]
	}
	slices.Sort(out)
	return out
}

// lacks reports whether what was told did not have an episode firing. What left
// alerts out may have left it out, unless it had not begun.
func (t *told) lacks(episode int32, starts int64) bool {
	if t == nil {
		return true
	}
	_, had := slices.BinarySearch(t.firing, episode)
	return !had && (!t.truncated || starts >= t.at)
}
