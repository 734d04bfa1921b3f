package alertmanager

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/analyze/history/logfile"
)

const webhookFormat = "a log of what Alertmanager's webhook receiver was sent"

// ReadWebhooks reads logs of what Alertmanager sent to a webhook receiver
// (version 4 of its messages), zipped or not: JSON, a message a line. A line is
// the body alone, or an object that has it under "body" or "payload", as it is
// or as a text. The time at which it was received may stand in either of them,
// under "received_at", "time", "timestamp" or "@timestamp": in RFC 3339, or as a
// number since 1970 of seconds or, from 1e11 on, milliseconds. The order of the
// files does not matter.
//
// Where no time of receipt is given, a notification has that of the latest
// start or end in it, or of the one before in its file if that is later, and is
// Estimated: a repetition comes hours after the last start.
//
// The reason of a notification is what Alertmanager says (0.32 and later), or
// follows from what was sent of the group before, and is Derived: the first of a
// group in the log is a first notification only if some alert of it began after
// the log did.
//
// Alertmanager sends again what was not received, after pauses of up to 90
// seconds: what is the same and comes as soon after counts once; so does what is
// the same and says that it repeats, if it comes within 10 seconds. Without
// times, what is the same twice in a row counts once if it says a reason other
// than that it repeats.
//
// Of alerts there is only what was sent: nothing of those that were silenced,
// inhibited, or left out for their number, and of ends nothing where
// send_resolved is false. An alert of which no end was sent ends with
// history.EndUnknown when it was last said to fire. That an end is but the time
// at which Alertmanager gave up on it cannot be told here. Coverage is from the
// first message to the last, without gaps: when nobody listened cannot be told
// either.
func ReadWebhooks(ctx context.Context, paths []string, opts history.ReadOptions) (*history.History, error) {
	bound, err := logfile.Bound(opts)
	if err != nil {
		return nil, err
	}
	r := &webhooks{book: newBook(bound), recent: map[recipient]*notice{}, sendsEnds: map[string]bool{}}
	paths, err = chronological(ctx, paths, webhookFormat, func(line []byte) (int64, error) {
		m, err := parseMessage(line)
		if err != nil {
			return 0, err
		}
		return cmp.Or(m.at, m.latest), nil
	})
	if err != nil {
		return nil, err
	}
	for _, path := range paths {
		r.floor = logfile.Earliest
		untimed := r.untimed
		if err := r.read(ctx, path, webhookFormat, r.line); err != nil {
			return nil, err
		}
		if n := r.untimed - untimed; n > 0 {
			r.notes = append(r.notes, fmt.Sprintf("%s: %d of its messages have no time of receipt (received_at), which was estimated from their alerts", path, n))
		}
	}
	w := logfile.Fit(opts, r.first, r.last)
	outcomes, of := r.unite()
	h := &history.History{
		Knows:    history.KnowsNotifications,
		Coverage: history.Coverage{Window: w},
		Episodes: episodes(outcomes, w),
		Warnings: slices.Concat(r.problems.Warnings(), r.notes),
	}
	h.Coverage.Gaps = history.Union(w).Subtract(history.Union(history.Interval{Start: r.first, End: r.last + 1}))
	h.Notifications = r.notifications(of, w, r.look)
	r.roster.Settle(h)
	return h, nil
}

// IsWebhookLog reports whether a file that begins like this is a log of what
// Alertmanager's webhook receiver was sent. The beginning may be zipped, and cut
// off anywhere.
func IsWebhookLog(first []byte) bool {
	isBody := func(s logfile.Shape, under string) bool {
		return s.Has(under+"alerts.[].status", under+"alerts.[].startsAt", under+"alerts.[].labels")
	}
	for _, s := range logfile.Shapes(first) {
		if isBody(s, "") || isBody(s, "body.") || isBody(s, "payload.") {
			return true
		}
		for _, key := range []string{"body", "payload"} {
			if text := s[key]; text != "" && isBody(logfile.Shapes([]byte(text))[0], "") {
				return true
			}
		}
	}
	return false
}

type webhooks struct {
	*book
	floor     int64 // of this file: no message was sent before
	untimed   int
	notes     []string
	sendsEnds map[string]bool       // by receiver
	recent    map[recipient]*notice // the last to each, copy or not
}

// A message is a line of the log.
type message struct {
	messageBody
	at     int64 // of receipt; 0 where it is not given
	latest int64 // of the times of its alerts
	starts []int64
	ends   []int64
}

type messageBody struct {
	GroupKey        json.RawMessage `json:"groupKey"`
	TruncatedAlerts number          `json:"truncatedAlerts"`
	Status          string          `json:"status"`
	Receiver        string          `json:"receiver"`
	Reason          string          `json:"notification_reason"`
	ExternalURL     string          `json:"externalURL"`
	Alerts          []struct {
		Status              string `json:"status"`
		Labels, Annotations map[string]string
		StartsAt, EndsAt    string
		GeneratorURL        string
	} `json:"alerts"`
	receipt
}

type receipt struct {
	ReceivedAt json.RawMessage `json:"received_at"`
	Time       json.RawMessage `json:"time"`
	Timestamp  json.RawMessage `json:"timestamp"`
	AtTime     json.RawMessage `json:"@timestamp"`
}

func (r *receipt) time() json.RawMessage {
	for _, raw := range []json.RawMessage{r.ReceivedAt, r.Time, r.Timestamp, r.AtTime} {
		if len(raw) > 0 && !bytes.Equal(raw, []byte("null")) {
			return raw
		}
	}
	return nil
}

func parseMessage(line []byte) (*message, error) {
	var wrapper struct {
		Body, Payload json.RawMessage
		messageBody
	}
	if err := json.Unmarshal(line, &wrapper); err != nil {
		return nil, fmt.Errorf("is not a message: %w", err)
	}
	m := &message{messageBody: wrapper.messageBody}
	for _, inner := range []json.RawMessage{wrapper.Body, wrapper.Payload} {
		if len(inner) == 0 || m.Alerts != nil {
			continue
		}
		var text string
		if json.Unmarshal(inner, &text) == nil {
			inner = json.RawMessage(text)
		}
		m.messageBody = messageBody{}
		if err := json.Unmarshal(inner, &m.messageBody); err != nil {
			return nil, fmt.Errorf("the body is not a message: %w", err)
		}
	}
	if m.Alerts == nil {
		return nil, errors.New(`has no "alerts"; expected a message of Alertmanager's webhook receiver`)
	}
	for _, raw := range []json.RawMessage{wrapper.time(), m.time()} {
		if raw == nil || m.at != 0 {
			continue
		}
		at, err := logfile.AnyTime(raw)
		if err != nil {
			return nil, err
		}
		if at != history.NoTime {
			m.at = at
		}
	}
	return m, m.times()
}

// times reads those of the alerts.
func (m *message) times() error {
	for _, a := range m.Alerts {
		starts, err := logfile.Time(a.StartsAt)
		if err != nil {
			return fmt.Errorf("startsAt: %w", err)
		}
		if starts == history.NoTime {
			return errors.New("an alert without startsAt")
		}
		ends, err := logfile.EndTime(a.EndsAt)
		if err != nil {
			return fmt.Errorf("endsAt: %w", err)
		}
		if a.Status == "resolved" {
			m.latest = max(m.latest, ends)
		}
		m.latest = max(m.latest, starts)
		m.starts, m.ends = append(m.starts, starts), append(m.ends, ends)
	}
	return nil
}
