package alertmanager

import (
	"errors"
	"fmt"
	"slices"

	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/analyze/history/logfile"
)

// told takes in what a line says of an alert. Update says that it may stem from
// the alert being sent.
func (r *events) told(peer int32, at int64, d *alertDetails, update bool) error {
	s, ends, err := r.spellOf(d)
	if err != nil {
		return err
	}
	switch sp := &r.spells[s]; {
	case d.Resolved:
		sp.resolved(peer, at, ends)
	case update && ends != history.NoTime:
		sp.fires(peer, at, ends)
	default:
		sp.said = max(sp.said, at)
	}
	return nil
}

// spellOf is the spell that a line is about, and the end that it gives.
func (r *events) spellOf(d *alertDetails) (s int32, ends int64, err error) {
	if d == nil {
		return 0, 0, errors.New("names no alert")
	}
	starts, err := logfile.Time(d.StartsAt)
	if err != nil {
		return 0, 0, fmt.Errorf("startsAt: %w", err)
	}
	if starts == history.NoTime {
		return 0, 0, errors.New("an alert without startsAt")
	}
	if ends, err = logfile.EndTime(d.EndsAt); err != nil {
		return 0, 0, fmt.Errorf("endsAt: %w", err)
	}
	alert, err := r.alert(d.Labels, uint64(d.Fingerprint))
	if err != nil {
		return 0, 0, err
	}
	s, err = r.spell(alert, starts)
	return s, ends, err
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
	return r.notify(n)
}

// history of what was taken in.
func (r *events) history(opts history.ReadOptions) *history.History {
	w := logfile.Fit(opts, r.first, r.last)
	outcomes, of := r.unite()
	covered := r.lives.covered()
	h := &history.History{
		Knows:    history.KnowsNotifications | history.KnowsMutes,
		Coverage: history.Coverage{Window: w, Gaps: history.Union(w).Subtract(covered)},
		Episodes: episodes(outcomes, w),
		Warnings: r.problems.Warnings(),
	}
	h.Notifications = r.notifications(of, w, r.once)
	h.Mutes = r.mutes(outcomes, of, covered, w)
	r.roster.Settle(h)
	return h
}

// once drops copies of lines: those that are in two files.
func (r *events) once(n *notice, now, before *told) bool {
	if before == nil || before.at != now.at || before.peer != now.peer {
		return true
	}
	return !slices.Equal(now.firing, before.firing) || !slices.Equal(now.resolved, before.resolved)
}
