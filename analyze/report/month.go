package report

import (
	"fmt"
	"strings"

	"github.com/crywolf-dev/crywolf/analyze/noise"
	"github.com/crywolf-dev/crywolf/analyze/score"
)

// month writes what the window was like for those on call.
func (s *sheet) month(n *noise.Noise) {
	if n == nil {
		return
	}
	for _, line := range monthWords(n) {
		s.text("", "", line)
	}
}

// monthWords says, in a line each, what a month was like for those on call.
func monthWords(n *noise.Noise) []string {
	var out []string
	if l := n.Load; len(l.Shifts) > 0 && l.Incidents > 0 {
		out = append(out, fmt.Sprintf("on call: %s incidents a shift of 12 hours, at most %d; %d of %s with more than two",
			rate(l.MeanIncidents), l.MaxIncidents, l.Over, count(len(l.Shifts), "shift")))
	}
	if bands := n.Hours.Bands; bands[noise.Business]+bands[noise.Off]+bands[noise.Sleep] > 0 {
		all := bands[noise.Business] + bands[noise.Off] + bands[noise.Sleep]
		out = append(out, fmt.Sprintf("%s of alerts that page: %s in working hours, %s off hours, %s at night",
			count(all, "firing"), thousands(bands[noise.Business]), thousands(bands[noise.Off]), thousands(bands[noise.Sleep])))
	}
	if t := n.Notices; t != nil && t.Sent > 0 {
		line := fmt.Sprintf("%s: %s, %s of what had been told, %s that all is over",
			count(t.Sent, "notification"), count(t.Pages, "page"), count(t.Repeats, "repeat"), thousands(t.Resolved))
		if t.Unknown > 0 {
			line += fmt.Sprintf("; of %s nobody knows why", thousands(t.Unknown))
		}
		out = append(out, line)
	}
	if a := n.Answers; a != nil && a.Incidents > 0 {
		line := fmt.Sprintf("%s in the pager: a person acknowledged %s", count(a.Incidents, "incident"), thousands(a.Acked))
		if a.Acked > 0 {
			line += fmt.Sprintf(" (after %s, median)", human(a.MedianAckSeconds))
		}
		out = append(out, line+fmt.Sprintf(", %s closed unseen", thousands(a.Unseen)))
	}
	return out
}

// mostTurns is how many alerts are named that got better, or worse.
const mostTurns = 5

// since writes what changed since the earlier review.
func (s *sheet) since(r *Report) {
	c := compare(r)
	if c == nil {
		return
	}
	lines := sinceWords(c)
	s.line(s.in(bold, sanitize(lines[0])))
	for _, line := range lines[1:] {
		s.text("  ", "", line)
	}
	s.line()
}

// sinceWords says what changed, the heading first. Names in it are raw.
func sinceWords(c *comparison) []string {
	start, end, _ := c.last.doc.Window.times()
	out := []string{fmt.Sprintf("Since %s to %s", moment(start.UnixMilli()), moment(end.UnixMilli()))}
	var figures []string
	add := func(what string, t *turn, write func(float64) string) {
		if t != nil {
			figures = append(figures, fmt.Sprintf("%s %s → %s", what, write(t.before), write(t.now)))
		}
	}
	add("score", c.score, func(v float64) string { return fmt.Sprintf("%.0f", v) })
	add("firings a week", c.weekly, rate)
	add("pages a week", c.pages, rate)
	if len(figures) > 0 {
		out = append(out, strings.Join(figures, "; "))
	}
	turns := func(what string, ts []alertTurn) {
		if len(ts) == 0 {
			return
		}
		var parts []string
		for _, t := range ts[:min(mostTurns, len(ts))] {
			part := fmt.Sprintf("%s (%s %.0f → %s %.0f", t.name, t.grades[0], t.score.before, t.grades[1], t.score.now)
			if t.weeklyKnown && rate(t.weekly.before) != rate(t.weekly.now) {
				part += fmt.Sprintf(", firings a week %s → %s", rate(t.weekly.before), rate(t.weekly.now))
			}
			parts = append(parts, part+")")
		}
		if rest := len(ts) - len(parts); rest > 0 {
			parts = append(parts, fmt.Sprintf("and %s more", thousands(rest)))
		}
		out = append(out, what+": "+strings.Join(parts, ", "))
	}
	turns("better", c.better)
	turns("worse", c.worse)
	named := func(what string, names []string) {
		if len(names) > 0 {
			out = append(out, fmt.Sprintf("%s: %s", what, someOf(names)))
		}
	}
	named("new", c.added)
	named("gone", c.gone)
	if len(out) == 1 {
		out = append(out, "nothing changed")
	}
	return out
}

// someOf names the first few.
func someOf(all []string) string {
	if len(all) <= mostTurns+1 {
		return strings.Join(all, ", ")
	}
	return fmt.Sprintf("%s and %s more", strings.Join(all[:mostTurns], ", "), thousands(len(all)-mostTurns))
}

// changed writes which rules changed within the window, and what that did.
func (s *sheet) changed(r *Report, all activities) {
	var lines []string
	for _, a := range all.alerts {
		if line, ok := changedWords(r, a); ok {
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 {
		return
	}
	s.line(s.in(bold, "Changed within the window, and judged by what they are now"))
	for i, line := range lines {
		if i == mostOffenders && !r.Verbose && len(lines) > mostOffenders+1 {
			s.line("  ", s.in(dim, fmt.Sprintf("… and %d more (--verbose)", len(lines)-i)))
			break
		}
		s.text("  ", "", line)
	}
	s.line()
}

// changedWords says what the change of a rule did.
func changedWords(r *Report, a active) (string, bool) {
	at, ok := r.Result.History.Changed(a.card.Alert.Rule)
	if !ok {
		return "", false
	}
	name, before := a.card.Alert.Rule.Name(), r.Result.History.Before(a.card.Alert.Rule)
	was := known(rate)(before.FiringsPerWeek())
	if at >= r.Window.End {
		return fmt.Sprintf("%s: fired %s times a week; what it is now is not measured yet", name, was), true
	}
	return fmt.Sprintf("%s, at %s: fired %s times a week before, %s since", name, moment(at), was, known(rate)(a.is.FiringsPerWeek())), true
}

// groups writes what alerts did by a label.
func (s *sheet) labelGroups(r *Report) {
	groups := by(r)
	if len(groups) == 0 {
		return
	}
	value := &column{cells: []string{sanitize(r.By)}, least: 16}
	scores := &column{cells: []string{"score"}}
	alerts := &column{cells: []string{"alerts"}, right: true}
	firings := &column{cells: []string{"firings"}, right: true}
	pages := &column{cells: []string{"pages"}, right: true}
	var grades []score.Grade
	for _, g := range groups {
		name := sanitize(g.value)
		if name == "" {
			name = "(none)"
		}
		grade := score.GradeOf(g.score)
		grades = append(grades, grade)
		value.add(name)
		scores.add(fmt.Sprintf("%s %3.0f", grade, g.score))
		alerts.add(thousands(g.alerts))
		firings.add(thousands(g.firings))
		pages.add(thousands(g.pages))
	}
	cols := []*column{scores, value, alerts, firings}
	if pagesKnown(r.Result.Noise) {
		cols = append(cols, pages)
	}
	s.table(cols, func(c *column, row int, cell string) string {
		if c == scores {
			return s.in(gradeColour(grades[row-1]), cell)
		}
		return cell
	})
	s.line()
}
