// Package pagerduty reads what became of incidents in PagerDuty.
package pagerduty

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/analyze/history/logfile"
)

const (
	format = "an export of PagerDuty's REST API (incidents, log_entries, alerts)"

	incidentsMost = 1 << 21 // that are kept in memory, at about 500 bytes each
	textMost      = 1024    // bytes of a title or a name that are kept
	idMost        = 256
)

// lists are what answers of the REST API have their elements under.
var lists = []string{"incidents", "log_entries", "alerts"}

// Read reads files of what PagerDuty's REST API (version 2) answered: pages of
// incidents, of log entries and of alerts, in any combination and order; whole
// answers, the lists alone, or one element a line; zipped or not. What is in
// several of them counts once, as it was updated last.
//
// Incidents alone tell when one was triggered and resolved, and who changed it
// last. Who acknowledged it is forgotten once it is resolved: only log entries
// have that, and whether it was escalated or passed on. An incident whose trigger
// is among the log entries is Logged; of the others, that nobody acknowledged
// says nothing. A person is an agent that is a user; a service, an integration, a
// timeout or an escalation policy is a machine. Nobody may have resolved what is
// resolved: then the export does not say who did.
//
// Alertmanager calls an incident by the ID of the group of alerts (GroupID), which
// is found again in incident_key and alert_key; keys that are no such ID are left
// out. The alerts are known as far as Alertmanager's default details name them.
//
// Coverage is from the first time to the last, without gaps.
func Read(ctx context.Context, paths []string, opts history.ReadOptions) (*history.History, error) {
	if _, err := logfile.Bound(opts); err != nil {
		return nil, err
	}
	r := &reader{roster: history.NewRoster(), incidents: map[string]*incident{}, first: logfile.Latest, last: logfile.Earliest}
	for _, path := range logfile.Paths(paths) {
		r.taken = 0
		inLines, err := logfile.IsLines(ctx, path, format)
		if err == nil && inLines {
			err = r.problems.Lines(ctx, path, format, func(_ int, line []byte) error { return r.line(line) })
		} else if err == nil {
			err = r.problems.Document(ctx, path, format, lists, r.element)
		}
		if err == nil && r.excess != nil {
			err = fmt.Errorf("%s: %w", path, r.excess)
		}
		if err == nil && r.taken == 0 && r.problems.Any(path) {
			err = fmt.Errorf("%s: is not %s: %w", path, format, r.problems.First(path))
		}
		if err != nil {
			return nil, err
		}
	}
	return r.history(opts), nil
}

// IsExport reports whether a file that begins like this is an export of
// PagerDuty. The beginning may be zipped, and cut off anywhere.
func IsExport(first []byte) bool {
	shapes := logfile.Shapes(first)
	return slices.ContainsFunc(shapes, func(s logfile.Shape) bool {
		for _, under := range []string{"", "[].", "incidents.[].", "log_entries.[].", "alerts.[]."} {
			isIncident := s.Has(under+"incident_number") || s.Has(under+"incident_key")
			isEntry := strings.HasSuffix(s[under+"type"], entrySuffix) && s.Has(under+"agent")
			isAlert := s.Has(under+"alert_key", under+"incident")
			if s.Has(under+"created_at") && (isIncident || isEntry || isAlert) {
				return true
			}
		}
		return s.Has("incidents", "limit", "more") || s.Has("log_entries", "limit", "more") // an empty page
	})
}

type reader struct {
	roster    *history.Roster
	problems  logfile.Problems
	excess    error // why there is no history
	incidents map[string]*incident
	first     int64 // of all times, Unix milliseconds
	last      int64
	taken     int // elements of this file

	// By list: whether some page says that more follow, whether some page is the
	// last, and whether the page that is read has any of it.
	more, complete, here [3]bool
}

// line takes in a line: an element, a page or a list.
func (r *reader) line(text []byte) error {
	if text[0] == '[' {
		var all []json.RawMessage
		if err := json.Unmarshal(text, &all); err != nil {
			return fmt.Errorf("is not a list: %w", err)
		}
		return r.each("", all)
	}
	var page struct {
		Type       string            `json:"type"`
		Incidents  []json.RawMessage `json:"incidents"`
		LogEntries []json.RawMessage `json:"log_entries"`
		Alerts     []json.RawMessage `json:"alerts"`
		More       *bool             `json:"more"`
	}
	if err := json.Unmarshal(text, &page); err != nil {
		return fmt.Errorf("is not JSON of PagerDuty: %w", err)
	}
	if page.Type != "" || page.Incidents == nil && page.LogEntries == nil && page.Alerts == nil {
		return r.element("", text)
	}
	var errs []error
	for i, all := range [][]json.RawMessage{page.Incidents, page.LogEntries, page.Alerts} {
		if all != nil {
			r.page(i, page.More)
			errs = append(errs, r.each(lists[i], all))
		}
	}
	return errors.Join(errs...)
}

// each takes in the elements of a list; the error is the first one's.
func (r *reader) each(list string, all []json.RawMessage) error {
	var first error
	if len(all) == 0 {
		r.taken++
	}
	for i, text := range all {
		if err := r.element(list, text); errors.Is(err, logfile.ErrStop) {
			return err
		} else if err != nil && first == nil {
			first = fmt.Errorf("element %d of %d: %w", i+1, len(all), err)
		}
	}
	return first
}

func (r *reader) page(list int, more *bool) {
	if more != nil {
		r.more[list] = r.more[list] || *more
		r.complete[list] = r.complete[list] || !*more
	}
}

// element takes in an element of a list, or an object that is none.
func (r *reader) element(list string, text []byte) error {
	if r.excess != nil {
		return nil
	}
	if i := slices.Index(lists, list); i >= 0 {
		r.here[i] = true
	}
	var kind struct {
		Type     string          `json:"type"`
		Incident json.RawMessage `json:"incident"`
		Entry    json.RawMessage `json:"log_entry"`
		Number   json.RawMessage `json:"incident_number"`
		AlertKey json.RawMessage `json:"alert_key"`
		Agent    json.RawMessage `json:"agent"`
		More     *bool           `json:"more"`
	}
	if err := json.Unmarshal(text, &kind); err != nil {
		return fmt.Errorf("is not an object of PagerDuty: %w", err)
	}
	switch {
	case strings.HasSuffix(kind.Type, "_reference"):
		return nil
	case strings.HasSuffix(kind.Type, entrySuffix) || kind.Type == "" && kind.Agent != nil:
		return r.entry(text)
	case kind.Type == "alert" || list == "alerts" || kind.Type == "" && kind.AlertKey != nil:
		return r.alert("", text)
	case kind.Type == "incident" || list == "incidents" || kind.Number != nil:
		return r.incident(text)
	case kind.Entry != nil:
		return r.entry(kind.Entry)
	case kind.Incident != nil:
		return r.incident(kind.Incident)
	case kind.More != nil || list == "" && r.here != [3]bool{}: // what is left of a page whose lists were taken off
		for i := range lists {
			if r.here[i] {
				r.page(i, kind.More)
			}
		}
		r.here = [3]bool{}
		r.taken++
		return nil
	}
	return errors.New(`is neither an incident nor a log entry nor an alert of PagerDuty; expected a "type" that says so`)
}

// history of what was taken in.
func (r *reader) history(opts history.ReadOptions) *history.History {
	w := logfile.Fit(opts, r.first, r.last)
	h := &history.History{Knows: history.KnowsResponses, Coverage: history.Coverage{Window: w}, Warnings: r.problems.Warnings()}
	known := []history.Interval{}
	if r.first <= r.last {
		known = append(known, history.Interval{Start: r.first, End: r.last + 1})
	}
	h.Coverage.Gaps = history.Union(w).Subtract(history.Union(known...))
	unlogged := 0
	for _, i := range r.incidents {
		res, ok := i.response()
		if !ok || res.TriggeredAt < w.Start || res.TriggeredAt >= w.End {
			continue
		}
		if !res.Logged {
			unlogged++
		}
		h.Responses = append(h.Responses, res)
	}
	slices.SortFunc(h.Responses, func(a, b history.Response) int {
		return cmp.Or(cmp.Compare(a.TriggeredAt, b.TriggeredAt), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Title, b.Title))
	})
	if unlogged > 0 {
		h.Warnings = append(h.Warnings, fmt.Sprintf("PagerDuty: %d of %d incidents have no log entries; whether they were acknowledged, escalated or passed on is not known of them", unlogged, len(h.Responses)))
	}
	for i, list := range lists {
		if r.more[i] && !r.complete[i] {
			h.Warnings = append(h.Warnings, fmt.Sprintf("PagerDuty: the last page of %s is missing: every page says that more follow", list))
		}
	}
	r.roster.Settle(h)
	return h
}
