package alertmanager

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/cespare/xxhash/v2"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

const (
	// Alertmanager tries again after pauses that grow to a minute, give or take
	// a half (cenkalti/backoff's DefaultMaxInterval and
	// DefaultRandomizationFactor).
	retryWithin = 90_000 // milliseconds
	// The first pauses are under 3 seconds; what says that it repeats does so by
	// then, unless repeat_interval is shorter still.
	retryOfRepeatWithin = 10_000
)

var reasonTexts = map[string]history.Reason{
	"first notification":      history.ReasonFirst,
	"new alerts added":        history.ReasonNewAlerts,
	"some alerts resolved":    history.ReasonNewResolved,
	"all alerts resolved":     history.ReasonAllResolved,
	"repeat interval elapsed": history.ReasonRepeat,
}

// line takes in a message.
func (r *webhooks) line(text []byte) error {
	m, err := parseMessage(text)
	if err != nil {
		return err
	}
	if len(m.Receiver) > idMost {
		return fmt.Errorf("the name of the receiver is longer than %d bytes", idMost)
	}
	n := notice{fires: m.Status != "resolved", body: m.sum()}
	n.At, n.Reason, n.Integration = m.at, reasonTexts[m.Reason], "webhook"
	n.Truncated = int(min(m.TruncatedAlerts, 1<<30))
	if m.at == 0 {
		if m.latest == 0 {
			return errors.New("has neither a time nor an alert")
		}
		r.untimed++
		n.At, n.Estimated = max(m.latest, r.floor), true
	}
	r.floor = max(r.floor, n.At)
	if !r.sees(n.At) {
		return nil
	}
	key := string(m.GroupKey)
	_ = json.Unmarshal(m.GroupKey, &key) // else it is a number, as in old versions
	if key != "" && key != "null" {
		n.Group = r.text(history.GroupID(key))
	}
	n.Receiver = r.text(m.Receiver)
	for i, a := range m.Alerts {
		alert, err := r.number(func(add func(name, value string)) {
			for name, value := range a.Labels {
				add(name, value)
			}
		})
		if err != nil {
			return err
		}
		s, err := r.spell(alert, m.starts[i])
		if err != nil {
			return err
		}
		if sp := &r.spells[s]; a.Status == "resolved" {
			sp.resolved(0, n.At, m.ends[i])
			n.resolved = append(n.resolved, s)
		} else {
			sp.updated = max(sp.updated, n.At)
			n.firing = append(n.firing, s)
		}
	}
	if len(n.resolved) > 0 {
		r.sendsEnds[n.Receiver] = true
	}
	return r.notify(n)
}

// sum tells bodies apart. Those that are sent again are the same to the letter,
// whatever the log adds to them.
func (m *message) sum() uint64 {
	var buf []byte
	text := func(s string) { buf = append(strconv.AppendInt(buf, int64(len(s)), 10), s...) }
	pairs := func(labels map[string]string) {
		for _, name := range slices.Sorted(maps.Keys(labels)) {
			text(name)
			text(labels[name])
		}
	}
	text(m.Status)
	text(m.ExternalURL)
	text(strconv.FormatUint(uint64(m.TruncatedAlerts), 10))
	for _, a := range m.Alerts {
		text(a.Status)
		text(a.StartsAt)
		text(a.EndsAt)
		text(a.GeneratorURL)
		pairs(a.Labels)
		pairs(a.Annotations)
	}
	return xxhash.Sum64(buf)
}

// look drops copies, and derives reasons that are not given.
func (r *webhooks) look(n *notice, _, before *told) bool {
	if r.copies(n) {
		return false
	}
	if n.Reason == history.ReasonUnknown {
		n.Reason = r.derive(n, before)
		n.Derived = n.Reason != history.ReasonUnknown
	}
	return true
}

// copies reports whether a message is the one before, sent again. Alertmanager
// has no other for the same recipient under way meanwhile.
func (r *webhooks) copies(n *notice) bool {
	c := r.recent[n.to()]
	r.recent[n.to()] = n
	if c == nil || c.Estimated != n.Estimated || c.body != n.body || c.said() != n.said() {
		return false
	}
	switch repeats := n.said() == history.ReasonRepeat; {
	case n.Estimated:
		return !repeats && n.said() != history.ReasonUnknown
	case repeats:
		return n.At-c.At <= retryOfRepeatWithin
	default:
		return n.At-c.At <= retryWithin
	}
}

// said is the reason that a message gives.
func (n *notice) said() history.Reason {
	if n.Derived {
		return history.ReasonUnknown
	}
	return n.Reason
}

// derive is the reason that follows from what was told before, as Alertmanager
// finds it in its notification log (notify.DedupStage). That knows alerts by
// their labels alone, so that one which resolves and fires again between two
// flushes is none that is new. Where ends are not sent at all, the same labels
// with another start are those of an alert that resolved in between.
func (r *webhooks) derive(n *notice, before *told) history.Reason {
	isNew := func(s int32) bool {
		_, had := slices.BinarySearch(before.alerts, r.spells[s].alert)
		return !had && (!before.truncated || r.spells[s].starts >= before.at)
	}
	ended := func(s int32) bool {
		_, had := slices.BinarySearch(before.ended, r.spells[s].alert)
		return !had
	}
	switch {
	case !n.fires && len(n.resolved) > 0:
		return history.ReasonAllResolved
	case len(n.firing) == 0:
		return history.ReasonUnknown // those that fire were left out
	case before == nil:
		if slices.ContainsFunc(n.firing, func(s int32) bool { return r.spells[s].starts > r.first }) {
			return history.ReasonFirst
		}
		return history.ReasonUnknown // it may repeat what was sent before the log begins
	case !before.fires:
		return history.ReasonFirst
	case slices.ContainsFunc(n.firing, isNew), len(n.Fresh) > 0 && !r.sendsEnds[n.Receiver]:
		return history.ReasonNewAlerts
	case n.Truncated > 0 || before.truncated:
		return history.ReasonUnknown
	case slices.ContainsFunc(n.resolved, ended):
		return history.ReasonNewResolved
	}
	return history.ReasonRepeat
}
