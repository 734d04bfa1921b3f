package report

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
)

// LastMost bounds the review that one is compared with, in bytes.
const LastMost = 1 << 30

// A Last is an earlier review, to compare one with: what its JSON output told.
type Last struct {
	name string // as the user named it
	doc  document
}

// ReadLast reads the JSON output of an earlier review. Name is what it is
// called in errors.
func ReadLast(name string, r io.Reader) (*Last, error) {
	l := &Last{name: name}
	dec := json.NewDecoder(io.LimitReader(r, LastMost))
	if err := dec.Decode(&l.doc); err != nil {
		return nil, fmt.Errorf("%s: is not the output of `crywolf review --format json`: %w", name, err)
	}
	switch d := &l.doc; {
	case d.Schema != Schema:
		return nil, fmt.Errorf("%s: its schema is %q; expected %q, the output of `crywolf review --format json`", name, d.Schema, Schema)
	case d.Command != Review || d.Window == nil:
		return nil, fmt.Errorf("%s: is the output of `crywolf %s`; expected that of a review", name, d.Command)
	}
	if _, _, err := l.doc.Window.times(); err != nil {
		return nil, fmt.Errorf("%s: its window is %q to %q; expected two times", name, l.doc.Window.Start, l.doc.Window.End)
	}
	l.doc.Episodes = nil // to let go of them
	return l, nil
}

func (i *jsonInterval) times() (start, end time.Time, err error) {
	start, err = time.Parse(time.RFC3339, i.Start)
	end, err2 := time.Parse(time.RFC3339, i.End)
	return start, end, errors.Join(err, err2)
}

// A turn is how one figure changed.
type turn struct{ before, now float64 }

// An alertTurn is how one alert changed.
type alertTurn struct {
	id, name    string
	grades      [2]string // before, now
	score       turn
	weekly      turn
	weeklyKnown bool
}

// A comparison is a review held against an earlier one.
type comparison struct {
	last   *Last
	score  *turn // lead; nil where one of them has none
	weekly *turn // firings begun by the week of covered time
	pages  *turn // by the week of the window; nil where one of them does not know

	better, worse []alertTurn // by score, the greatest change first
	added, gone   []string    // names
}

// compare holds a report against the earlier review it was given; nil where
// there is none.
func compare(r *Report) *comparison {
	if r.Last == nil || r.Result.History == nil {
		return nil
	}
	before := &r.Last.doc
	c := &comparison{last: r.Last}
	if before.Summary.Score != nil && r.Total.Alerts > 0 {
		c.score = &turn{before.Summary.Score.Lead, r.Total.Lead()}
	}
	all := activity(r)
	if h := before.Summary.History; h != nil {
		if h.FiringsPerWeek != nil && all.covered {
			c.weekly = &turn{*h.FiringsPerWeek, all.perWeek}
		}
		if n := r.Result.Noise; n != nil && n.Notices != nil && h.Notifications != nil {
			start, end, err := before.Window.times()
			was, now := end.Sub(start).Hours()/hoursInWeek, float64(r.Window.End-r.Window.Start)/3600e3/hoursInWeek
			if err == nil && was > 0 && now > 0 {
				c.pages = &turn{float64(h.Notifications.Pages) / was, float64(n.Notices.Pages) / now}
			}
		}
	}
	known := map[string]*jsonAlert{}
	for i := range before.Alerts {
		known[before.Alerts[i].ID] = &before.Alerts[i]
	}
	for _, a := range all.alerts {
		was := known[a.card.Alert.ID]
		if was == nil {
			c.added = append(c.added, a.card.Alert.Rule.Name())
			continue
		}
		delete(known, a.card.Alert.ID)
		t := alertTurn{
			id: was.ID, name: a.card.Alert.Rule.Name(), grades: [2]string{was.Grade, string(a.card.Grade)},
			score: turn{float64(was.Score), float64(a.card.Score)},
		}
		if perWeek, ok := a.is.FiringsPerWeek(); ok && was.History != nil && was.History.FiringsPerWeek != nil {
			t.weekly, t.weeklyKnown = turn{*was.History.FiringsPerWeek, perWeek}, true
		}
		switch {
		case t.score.now > t.score.before:
			c.better = append(c.better, t)
		case t.score.now < t.score.before:
			c.worse = append(c.worse, t)
		}
	}
	for i := range before.Alerts {
		if a := &before.Alerts[i]; known[a.ID] == a {
			c.gone = append(c.gone, a.Name)
		}
	}
	slices.SortStableFunc(c.better, func(x, y alertTurn) int { return cmp.Compare(y.score.now-y.score.before, x.score.now-x.score.before) })
	slices.SortStableFunc(c.worse, func(x, y alertTurn) int { return cmp.Compare(x.score.now-x.score.before, y.score.now-y.score.before) })
	return c
}

const hoursInWeek = 7 * 24

type jsonCompared struct {
	Window         jsonInterval    `json:"window" doc:"of the earlier review"`
	Score          *jsonTurn       `json:"score,omitempty" doc:"the lead score"`
	FiringsPerWeek *jsonTurn       `json:"firings_per_week,omitempty"`
	PagesPerWeek   *jsonTurn       `json:"pages_per_week,omitempty" doc:"only where both know what was sent"`
	Better         []jsonAlertTurn `json:"better" doc:"alerts whose score rose, the most first"`
	Worse          []jsonAlertTurn `json:"worse" doc:"alerts whose score fell, the most first"`
	Added          []string        `json:"added" doc:"names of alerts that the earlier review does not have"`
	Gone           []string        `json:"gone" doc:"names of alerts that this one does not have"`
}

type jsonTurn struct {
	Before float64 `json:"before"`
	Now    float64 `json:"now"`
}

type jsonAlertTurn struct {
	AlertID        string    `json:"alert_id"`
	Name           string    `json:"name"`
	Score          jsonTurn  `json:"score"`
	FiringsPerWeek *jsonTurn `json:"firings_per_week,omitempty"`
}

func (t *turn) json() *jsonTurn {
	if t == nil {
		return nil
	}
	return &jsonTurn{figure(t.before), figure(t.now)}
}

func comparisonOf(r *Report) *jsonCompared {
	c := compare(r)
	if c == nil {
		return nil
	}
	turns := func(in []alertTurn) []jsonAlertTurn {
		out := make([]jsonAlertTurn, len(in))
		for i, t := range in {
			out[i] = jsonAlertTurn{AlertID: t.id, Name: t.name, Score: *t.score.json()}
			if t.weeklyKnown {
				out[i].FiringsPerWeek = t.weekly.json()
			}
		}
		return out
	}
	return &jsonCompared{
		Window: *c.last.doc.Window, Score: c.score.json(), FiringsPerWeek: c.weekly.json(), PagesPerWeek: c.pages.json(),
		Better: turns(c.better), Worse: turns(c.worse), Added: append([]string{}, c.added...), Gone: append([]string{}, c.gone...),
	}
}
