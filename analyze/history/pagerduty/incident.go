package pagerduty

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/analyze/history/logfile"
)

// An incident is what was read of one so far.
type incident struct {
	id      string
	said    *incidentJSON // as it was updated last; nil where only the log speaks of it
	updated int64
	created int64
	ended   int64 // when it was resolved, going by the incident

	keys   []string // groups of its alerts, the incident's own first
	alerts []int32
	log    record
}

// An agent is who did something.
type agent struct {
	Type    string `json:"type"`
	Summary string `json:"summary"`
}

// actor of what an agent did.
func (a *agent) actor() history.Actor {
	switch {
	case a == nil || a.Type == "":
		return history.Nobody
	case a.Type == "user_reference" || a.Type == "user":
		return history.Person
	}
	return history.Machine
}

type incidentJSON struct {
	ID               string          `json:"id"`
	Number           json.RawMessage `json:"incident_number"`
	Title            string          `json:"title"`
	Summary          string          `json:"summary"`
	CreatedAt        string          `json:"created_at"`
	UpdatedAt        string          `json:"updated_at"`
	Status           string          `json:"status"`
	Key              string          `json:"incident_key"`
	Service          agent           `json:"service"`
	Urgency          string          `json:"urgency"`
	ResolvedAt       string          `json:"resolved_at"`
	ChangedAt        string          `json:"last_status_change_at"`
	ChangedBy        *agent          `json:"last_status_change_by"`
	Acknowledgements []struct {
		At           string `json:"at"`
		Acknowledger agent  `json:"acknowledger"`
	} `json:"acknowledgements"`
	Alerts []json.RawMessage `json:"alerts"`
	First  *struct {
		Channel channel `json:"channel"`
	} `json:"first_trigger_log_entry"`
}

// of returns what is known of an incident, which may be nothing yet.
func (r *reader) of(id string) (*incident, error) {
	if id == "" {
		return nil, errors.New("names no incident")
	}
	if len(id) > idMost {
		return nil, fmt.Errorf("the id of the incident is longer than %d bytes", idMost)
	}
	i := r.incidents[id]
	if i == nil {
		if len(r.incidents) == incidentsMost {
			r.excess = fmt.Errorf("more than %d incidents; expected a shorter time", incidentsMost)
			return nil, logfile.ErrStop
		}
		i = &incident{id: id, updated: history.NoTime, created: history.NoTime, ended: history.NoTime, log: newRecord()}
		r.incidents[id] = i
	}
	return i, nil
}

// time reads one, and takes it in as one that the export reaches.
func (r *reader) time(name, text string) (int64, error) {
	t, err := logfile.Time(text)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", name, err)
	}
	if t != history.NoTime {
		r.first, r.last = min(r.first, t), max(r.last, t)
	}
	return t, nil
}

func (r *reader) incident(text []byte) error {
	var said incidentJSON
	if err := json.Unmarshal(text, &said); err != nil {
		return fmt.Errorf("is not an incident: %w", err)
	}
	if said.CreatedAt == "" {
		return errors.New("an incident without created_at")
	}
	created, err := r.time("created_at", said.CreatedAt)
	if err != nil {
		return err
	}
	var times [3]int64
	for i, t := range []struct{ name, text string }{{"resolved_at", said.ResolvedAt}, {"last_status_change_at", said.ChangedAt}, {"updated_at", said.UpdatedAt}} {
		if times[i], err = r.time(t.name, t.text); err != nil {
			return err
		}
	}
	resolved, changed := times[0], times[1]
	updated := max(times[2], changed)
	i, err := r.of(said.ID)
	if err != nil {
		return err
	}
	r.taken++
	for _, a := range said.Acknowledgements {
		at, err := r.time("acknowledgements", a.At)
		if err != nil {
			return err
		}
		i.log.acknowledge(at, &a.Acknowledger)
	}
	for _, a := range said.Alerts {
		if err := r.alert(said.ID, a); err != nil {
			return err
		}
	}
	if said.First != nil {
		i.name(r, &said.First.Channel)
	}
	if i.said != nil && i.updated >= updated {
		return nil
	}
	i.ended = history.NoTime
	if said.Status == "resolved" {
		if i.ended = resolved; i.ended == history.NoTime {
			i.ended = changed
		}
	}
	i.created, i.updated = created, updated
	said.Alerts, said.Acknowledgements, said.First = nil, nil, nil
	for _, s := range []*string{&said.Title, &said.Summary, &said.Service.Summary, &said.Key, &said.Urgency, &said.Status} {
		*s = shorten(*s)
	}
	i.said = &said
	return nil
}

// alert takes in an alert, of an incident that may be named outside of it.
func (r *reader) alert(id string, text []byte) error {
	var a struct {
		Key      string                     `json:"alert_key"`
		Incident *struct{ ID string }       `json:"incident"`
		Body     struct{ Details *details } `json:"body"`
	}
	if err := json.Unmarshal(text, &a); err != nil {
		return fmt.Errorf("is not an alert: %w", err)
	}
	if a.Incident != nil && a.Incident.ID != "" {
		id = a.Incident.ID
	}
	if id == "" {
		r.taken++ // one that was kept from becoming an incident
		return nil
	}
	i, err := r.of(id)
	if err != nil {
		return err
	}
	r.taken++
	if isGroup(a.Key) && !slices.Contains(i.keys, a.Key) && len(i.keys) < idMost {
		i.keys = append(i.keys, a.Key)
	}
	i.names(r, a.Body.Details)
	return nil
}

// isGroup reports whether a key is one that Alertmanager gives: a SHA-256 in
// hex.
func isGroup(key string) bool {
	return len(key) == 64 && strings.Trim(key, "0123456789abcdef") == ""
}

func shorten(s string) string {
	if len(s) > textMost {
		s = strings.ToValidUTF8(s[:textMost], "")
	}
	return strings.Clone(s) // not to keep the text it was part of
}

// response is what became of the incident; ok is false where its beginning is
// not known.
func (i *incident) response() (res history.Response, ok bool) {
	log := &i.log
	res = history.Response{
		ID: i.id, Urgent: true, TriggeredAt: i.created, AckedAt: log.acked, AckedBy: log.ackedBy, Acknowledger: log.acknowledger,
		ResolvedAt: i.ended, Escalated: log.escalated, Instances: slices.Clone(i.alerts), Logged: log.triggered != history.NoTime,
		Service: log.service, Title: log.title,
	}
	if res.TriggeredAt == history.NoTime {
		res.TriggeredAt = log.triggered
	}
	keys := slices.Sorted(slices.Values(i.keys))
	if said := i.said; said != nil {
		var number int64
		if json.Unmarshal(said.Number, &number) == nil && number > 0 {
			res.ID = "#" + strconv.FormatInt(number, 10)
		}
		res.Title, res.Service = said.Title, said.Service.Summary
		if res.Title == "" {
			res.Title = said.Summary
		}
		res.Urgent = said.Urgency != "low"
		if isGroup(said.Key) {
			keys = append([]string{said.Key}, slices.DeleteFunc(keys, func(k string) bool { return k == said.Key })...)
		}
		if i.ended != history.NoTime {
			res.ResolvedBy = said.ChangedBy.actor()
		}
	} else {
		res.Urgent = !log.low
	}
	if len(keys) > 0 {
		res.Group = keys[0]
	}
	if len(keys) > 1 {
		res.Also = slices.Sorted(slices.Values(keys[1:]))
	}
	if log.resolved != history.NoTime {
		res.ResolvedBy = log.resolvedBy
		if res.ResolvedAt == history.NoTime {
			res.ResolvedAt = log.resolved
		}
	}
	res.Reassigned = log.passedOn || log.assigned != history.NoTime && log.assigned > res.TriggeredAt+1000
	return res, res.TriggeredAt != history.NoTime
}
