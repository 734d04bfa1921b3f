package report

import (
	"fmt"
	"io"
	"slices"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/noise"
	"github.com/crywolf-dev/crywolf/analyze/report/page"
	"github.com/crywolf-dev/crywolf/analyze/score"
	"github.com/crywolf-dev/crywolf/rules"
)

// HTML writes a review as one page for the on-call team, which needs no network:
// how the month was, what to change, and all about each alert. See docs/html.md.
type HTML struct{}

// Write implements Format.
func (HTML) Write(w io.Writer, r *Report) error { return page.Write(w, newSheaf(r).model()) }

// Lacks says what the program was built without, "" for nothing.
func (HTML) Lacks() string {
	if page.HasCharts() {
		return ""
	}
	return "this program was built without charts, so that the page has tables in their place; `make build` builds them in"
}

// A sheaf is a report as a page shows it: what was asked of its alerts once.
type sheaf struct {
	*Report
	all      activities
	order    []int               // indices of all.alerts, the worst first: the rows of the page
	row      map[*rules.Rule]int // where in that order
	noise    *noise.Noise
	partners map[*rules.Rule][]page.Partner // what fires together with each
	slis     *mapping                       // nil where no SLIs are declared

	since   *comparison                   // nil without an earlier review
	watches map[*analyze.Alert][]watching // where each alert is about an SLI; made when first asked for
}

func newSheaf(r *Report) *sheaf {
	s := &sheaf{Report: r, all: activity(r), row: map[*rules.Rule]int{}}
	s.order = worstFirst(s.all.alerts)
	for i, at := range s.order {
		s.row[s.all.alerts[at].card.Alert.Rule] = i
	}
	if s.noise = r.Result.Noise; s.noise == nil {
		s.noise = &noise.Noise{}
	}
	s.partners, s.since = s.pairUp(), compare(r)
	if c := r.Result.Catalog(); !c.Empty() {
		s.slis = mappingOf(r)
	}
	return s
}

// alert is that of a row.
func (s *sheaf) alert(row int) *active { return &s.all.alerts[s.order[row]] }

func (s *sheaf) model() *page.Model {
	m := &page.Model{
		Tool:    "crywolf " + sanitize(s.ToolVersion),
		Title:   s.title(),
		Source:  short(s.Source),
		Columns: measureColumns(),
	}
	s.month(m)
	m.Changes, m.More = s.changes()
	rest := mostDetails
	for row := range s.order {
		m.Rows = append(m.Rows, s.rowOf(s.alert(row)))
		if rest <= 0 {
			m.Left++
			continue
		}
		d := s.detailOf(s.alert(row))
		rest -= sizeOf(d)
		m.Details = append(m.Details, d)
	}
	s.sliTable(m)
	m.Others, m.Unsaid = s.others()
	m.Notes = s.restsOn()
	if m.Left > 0 {
		m.Notes = append(m.Notes, page.Note{Text: count(m.Left, "alert") + ", those with the best scores, have no panel, to bound the size of this file"})
	}
	return m
}

// mostDetails bounds what the panels of all alerts take together, in bytes.
const mostDetails = 24 << 20

// mostShort bounds a name or a label on the page, in characters.
const mostShort = 200

// short is a text of one line, cut to a bounded length which says how long it
// was.
func short(s string) string { return bounded(s, mostShort) }

// bounded is a text of one line as it may be shown, cut to so many characters.
func bounded(s string, most int) string {
	if len(s) > 4*most { // before the work of making it visible
		cut := clip(sanitize(s[:4*most]), most)
		return cut + " (" + thousands(len(s)) + " bytes)"
	}
	shown := sanitize(s)
	if cut := clip(shown, most); cut != shown {
		return cut + " (" + thousands(len(s)) + " bytes)"
	}
	return shown
}

// restsOn says what the report rests on, and what was left out.
func (s *sheaf) restsOn() (notes []page.Note) {
	add := func(kind, text string) { notes = append(notes, page.Note{Kind: kind, Text: bounded(text, mostText)}) }
	for _, t := range s.Result.Told() {
		add("configured", t)
	}
	for _, a := range s.Result.Assumptions() {
		add("assumed", a)
	}
	for _, line := range s.setAside() {
		add("", line)
	}
	if what := s.unjudged(); what != "" {
		add("not judged", what)
	}
	for _, u := range []struct {
		tally
		means string
	}{
		{s.all.ambiguous, "may be of several alerts and are counted for none"},
		{s.all.foreign, "are of alerts that no rule here raises"},
	} {
		if u.episodes > 0 {
			var of []string
			for _, n := range u.names[:min(mostIDs+1, len(u.names))] {
				of = append(of, short(n))
			}
			add("", count(u.episodes, "episode")+" "+u.means+": "+names(append(of, u.names[len(of):]...), mostIDs))
		}
	}
	if n := len(s.Result.Skipped); n > 0 {
		add("left out", count(n, "check")+" for want of data that this run does not have")
	}
	for _, h := range s.Hints {
		add("note", h)
	}
	return notes
}

// mostOthers bounds the findings that are about no alert.
const mostOthers = 100

// others are the findings that no alert's panel has, the worst first, and how
// many more there are.
func (s *sheaf) others() (out []page.Other, more int) {
	for _, f := range worst(s.Report) {
		if slices.ContainsFunc(concerned(f), func(r *rules.Rule) bool { return s.Result.Alert(r) != nil }) {
			continue
		}
		if len(out) == mostOthers {
			more++
			continue
		}
		place := "no file"
		if f.File != nil {
			place = fmt.Sprintf("%s:%d", s.pathIn(f.File), f.Position().Line)
		}
		out = append(out, page.Other{Finding: findingText(f), Place: short(place)})
	}
	return out, more
}

// gradesOf counts alerts by grade, the best first; none where there is no alert.
func gradesOf(t score.Total) (out []page.Count) {
	for _, g := range []score.Grade{"A", "B", "C", "D", "F"} {
		if n := t.Grades[g]; n > 0 {
			out = append(out, page.Count{Name: string(g), N: n})
		}
	}
	return out
}
