// Package alertmanager reads what Alertmanager records: the log of its event
// recorder, logs of what its webhook receiver was sent, and its silences.
package alertmanager

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/analyze/history/logfile"
)

const eventFormat = "a log of Alertmanager's event recorder"

// ReadEvents reads logs of Alertmanager's event recorder (0.34 and later; JSON,
// an event a line; zipped or not): those of all peers of a cluster, and of each
// the parts that were rotated away. Their order does not matter, and what is in
// two of them counts once.
//
// An episode is what Alertmanager holds under one fingerprint and start; where
// two of one alert overlap, as when two Prometheus servers send it, they are
// one. Its beginning is when Prometheus says that the alert began to fire, so
// that ActiveAt is FiredAt and nothing is known of pending; it ends at the
// evaluation at which it was gone, by Prometheus's clock, to the millisecond.
// Where Prometheus stopped sending without a word, Alertmanager lets the alert
// time out: that is no end but one of EndUnknown, at the last time that it was
// sent. What Alertmanager cannot tell apart stays so: a resolution and a new
// beginning that never reached it are none.
//
// Notifications are those that were delivered, at the time of delivery. A Mute
// runs from the first to the last of consecutive flushes that left the alert
// out; both are as fine as group_interval. Alertmanager writes a line about it
// at every flush, and each peer does.
//
// Coverage is from the first line to the last, less the times in which no
// Alertmanager ran: from the end of one, or its last line where it died, to the
// next start. In it, no line means no event.
func ReadEvents(ctx context.Context, paths []string, opts history.ReadOptions) (*history.History, error) {
	bound, err := logfile.Bound(opts)
	if err != nil {
		return nil, err
	}
	r := &events{
		roster: history.NewRoster(), names: map[string]int32{}, spellAt: map[spellKey]int32{},
		spanAt: map[spanKey]int32{}, causeAt: map[causeKey]int32{}, alertOf: map[uint64]int32{}, texts: map[string]string{},
		bound: bound, first: logfile.Latest, last: logfile.Earliest,
	}
	paths, err = r.chronological(ctx, paths)
	if err != nil {
		return nil, err
	}
	for _, path := range paths {
		r.lives.begin()
		r.taken = 0
		err := r.problems.Lines(ctx, path, eventFormat, func(_ int, line []byte) error { return r.line(line) })
		if err != nil {
			return nil, err
		}
		if r.excess != nil {
			return nil, fmt.Errorf("%s: %w", path, r.excess)
		}
		if r.taken == 0 && r.problems.Any(path) {
			return nil, fmt.Errorf("%s: is not %s: none of its lines is an event; the first: %w", path, eventFormat, r.problems.First())
		}
	}
	return r.history(opts), nil
}

// IsEventLog reports whether a file that begins like this is a log of
// Alertmanager's event recorder. The beginning may be zipped, and cut off
// anywhere.
func IsEventLog(first []byte) bool {
	for _, s := range logfile.Shapes(first) {
		if !s.Has("@timestamp") {
			continue
		}
		for _, name := range eventNames {
			if s.Has("data." + name) {
				return true
			}
		}
	}
	return false
}

// chronological sorts files by their first event, so that the parts of a
// rotated log are read in their order.
func (r *events) chronological(ctx context.Context, paths []string) ([]string, error) {
	type part struct {
		path  string
		first int64
	}
	var parts []part
	for _, path := range logfile.Paths(paths) {
		p := part{path: path, first: logfile.Latest}
		var unheard logfile.Problems // they come again
		tries := 0
		err := unheard.Lines(ctx, path, eventFormat, func(_ int, line []byte) error {
			var e struct {
				Timestamp string `json:"@timestamp"`
			}
			tries++
			if err := json.Unmarshal(line, &e); err == nil {
				if at, err := logfile.Time(e.Timestamp); err == nil && at != history.NoTime {
					p.first = at
					return logfile.ErrStop
				}
			}
			if tries == 100 {
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

// events takes in lines. All that it keeps is the same in whichever order files
// come, except for what belongs to which spell; see current.
type events struct {
	roster   *history.Roster
	problems logfile.Problems
	bound    history.Interval // what lies at or after its end is not read
	excess   error            // why there is no history

	names map[string]int32  // of Alertmanagers
	texts map[string]string // each name once

	first, last int64 // of all lines, Unix milliseconds
	taken       int   // lines of this file that are events
	lives       lives

	spells  []spell
	spellAt map[spellKey]int32
	current []int32 // per alert: the spell that the last line about it was of; -1: none yet

	alertOf map[uint64]int32 // by fingerprint
	spans   []span
	spanAt  map[spanKey]int32
	causes  []cause
	causeAt map[causeKey]int32

	notices []notice
}

// line takes in an event.
func (r *events) line(text []byte) error {
	var e event
	if err := json.Unmarshal(text, &e); err != nil {
		return fmt.Errorf("is not an event: %w", err)
	}
	at, err := logfile.Time(e.Timestamp)
	switch {
	case err != nil:
		return err
	case at == history.NoTime:
		return errors.New(`has no "@timestamp"; expected an event of Alertmanager's event recorder`)
	case e.Data == nil:
		return errors.New(`has no "data"; expected an event of Alertmanager's event recorder`)
	}
	r.taken++
	if at >= r.bound.End {
		return nil
	}
	r.first, r.last = min(r.first, at), max(r.last, at)
	if len(e.Instance) > idMost {
		return fmt.Errorf("the name of an instance is longer than %d bytes", idMost)
	}
	peer := r.intern(e.Instance)
	life := r.lives.seen(peer, at, e.Data.Startup != nil, e.Data.Shutdown != nil)
	switch d := e.Data; {
	case d.Created != nil:
		return r.told(peer, at, &d.Created.Alert, true)
	case d.Grouped != nil:
		return r.told(peer, at, d.Grouped.Alert.Details, true)
	case d.Resolved != nil:
		return r.told(peer, at, d.Resolved.Alert.Details, false)
	case d.Notification != nil:
		return r.notified(peer, at, d.Notification)
	case d.Silenced != nil:
		return r.silenced(life, at, d.Silenced)
	case d.Inhibited != nil:
		return r.inhibited(life, at, d.Inhibited)
	}
	return nil
}

func (r *events) intern(name string) int32 {
	n, ok := r.names[name]
	if !ok {
		n = int32(len(r.names))
		r.names[name] = n
	}
	return n
}

// number is that of an alert, with its fingerprint known from now on.
func (r *events) number(l labelSet, fingerprint uint64) (int32, error) {
	n, err := r.roster.Number(func(add func(name, value string)) {
		for _, p := range l.Labels {
			add(p.Key, p.Value)
		}
	})
	if err != nil {
		return 0, err
	}
	for len(r.current) < r.roster.Len() {
		r.current = append(r.current, -1)
	}
	if fingerprint != 0 {
		r.alertOf[fingerprint] = n
	}
	return n, nil
}
