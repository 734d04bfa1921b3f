// Package alertmanager reads what Alertmanager records: the log of its event
// recorder, logs of what its webhook receiver was sent, and its silences.
package alertmanager

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

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
		book: newBook(bound), names: map[string]int32{}, alertOf: map[uint64]int32{},
		spanAt: map[spanKey]int32{}, causeAt: map[causeKey]int32{},
	}
	paths, err = chronological(ctx, paths, eventFormat, func(line []byte) (int64, error) {
		var e struct {
			Timestamp string `json:"@timestamp"`
		}
		if err := json.Unmarshal(line, &e); err != nil {
			return 0, err
		}
		return logfile.Time(e.Timestamp)
	})
	if err != nil {
		return nil, err
	}
	for _, path := range paths {
		r.lives.begin()
		if err := r.read(ctx, path, eventFormat, r.line); err != nil {
			return nil, err
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

// events takes in lines. All that it keeps is the same in whichever order files
// come, but for the spell that a line about an alert kept back belongs to.
type events struct {
	*book
	names map[string]int32 // of Alertmanagers
	lives lives

	alertOf map[uint64]int32 // by fingerprint
	spans   []span
	spanAt  map[spanKey]int32
	causes  []cause
	causeAt map[causeKey]int32
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
	if !r.sees(at) {
		return nil
	}
	if len(e.Instance) > idMost {
		return fmt.Errorf("the name of an instance is longer than %d bytes", idMost)
	}
	peer := r.intern(e.Instance)
	life := r.lives.seen(peer, at, e.Data.Startup != nil, e.Data.Shutdown != nil)
	copied := r.lives.copied(peer, at)
	switch d := e.Data; {
	case d.Created != nil:
		return r.told(peer, at, &d.Created.Alert, true)
	case d.Grouped != nil:
		return r.told(peer, at, d.Grouped.Alert.Details, true)
	case d.Resolved != nil:
		return r.told(peer, at, d.Resolved.Alert.Details, false)
	case d.Notification != nil:
		return r.notified(peer, at, d.Notification)
	case d.Silenced != nil && !copied:
		return r.silenced(life, at, d.Silenced)
	case d.Inhibited != nil && !copied:
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

// alert is the number of one, its fingerprint known from now on.
func (r *events) alert(l labelSet, fingerprint uint64) (int32, error) {
	n, err := r.number(func(add func(name, value string)) {
		for _, p := range l.Labels {
			add(p.Key, p.Value)
		}
	})
	if err == nil && fingerprint != 0 {
		r.alertOf[fingerprint] = n
	}
	return n, err
}
