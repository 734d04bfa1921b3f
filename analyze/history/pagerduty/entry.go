package pagerduty

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

const entrySuffix = "_log_entry"

// A record is what log entries tell of one incident. Of each entry only the
// earliest or the latest is kept, so that neither their order matters nor how
// often they are there. Times are Unix milliseconds, history.NoTime where there
// is none.
type record struct {
	triggered    int64
	acked        int64 // first
	ackedBy      history.Actor
	acknowledger string
	resolved     int64 // last
	resolvedBy   history.Actor
	assigned     int64 // when a person last assigned it
	escalated    bool
	passedOn     bool // to another escalation policy
	lowAt        int64
	low          bool // of urgency, by the last change of it
	title        string
	service      string
}

func newRecord() record {
	return record{triggered: history.NoTime, acked: history.NoTime, resolved: history.NoTime, assigned: history.NoTime, lowAt: history.NoTime}
}

func (l *record) acknowledge(at int64, by *agent) {
	if at == history.NoTime {
		return
	}
	name := shorten(by.Summary)
	if l.acked == history.NoTime || at < l.acked || at == l.acked && name < l.acknowledger {
		l.acked, l.ackedBy, l.acknowledger = at, by.actor(), name
	}
}

func (r *reader) entry(text []byte) error {
	var e struct {
		Type      string  `json:"type"`
		CreatedAt string  `json:"created_at"`
		Agent     agent   `json:"agent"`
		Channel   channel `json:"channel"`
		Urgency   string  `json:"urgency"`
		Service   agent   `json:"service"`
		Incident  *struct {
			ID      string `json:"id"`
			Summary string `json:"summary"`
			Title   string `json:"title"`
		} `json:"incident"`
	}
	if err := json.Unmarshal(text, &e); err != nil {
		return fmt.Errorf("is not a log entry: %w", err)
	}
	if e.CreatedAt == "" || e.Incident == nil {
		return errors.New("a log entry without created_at or incident")
	}
	at, err := r.time("created_at", e.CreatedAt)
	if err != nil {
		return err
	}
	i, err := r.of(e.Incident.ID)
	if err != nil {
		return err
	}
	r.taken++
	l := &i.log
	switch kind := strings.TrimSuffix(e.Type, entrySuffix); kind {
	case "trigger":
		if l.triggered == history.NoTime || at < l.triggered {
			l.triggered = at
		}
		i.name(r, &e.Channel)
	case "acknowledge":
		l.acknowledge(at, &e.Agent)
	case "resolve":
		if by := e.Agent.actor(); at > l.resolved || at == l.resolved && by > l.resolvedBy {
			l.resolved, l.resolvedBy = at, by
		}
	case "escalate":
		l.escalated = true
	case "assign":
		if e.Agent.actor() == history.Person {
			l.assigned = max(l.assigned, at)
		}
	case "delegate", "reassign":
		l.passedOn = true
	case "urgency_change":
		if low := e.Urgency == "low"; at > l.lowAt || at == l.lowAt && low {
			l.lowAt, l.low = at, low
		}
	}
	if title := shorten(cmp.Or(e.Incident.Title, e.Incident.Summary)); title > l.title {
		l.title = title
	}
	if service := shorten(e.Service.Summary); service > l.service {
		l.service = service
	}
	return nil
}
