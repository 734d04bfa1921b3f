package report

import (
	"fmt"
	"strings"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/analyze/score"
)

// review writes a noise review: what was seen and what it is worth, the three
// things to do next, the alerts that did something, the ones that did not, and
// what the rules alone have to say.
func (s *sheet) review(r *Report) {
	all := activity(r)
	s.seen(r, all)
	s.line()
	s.worth(r)
	s.month(r.Result.Noise)
	s.line()
	s.since(r)
	steps := savings(all)
	if len(steps) > 0 {
		s.saves(steps)
	}
	s.labelGroups(r)
	s.offenders(r, all)
	s.changed(r, all)
	s.silent(r, all)
	s.unowned(all)
	s.line()
	if r.Verbose && len(r.Result.Findings) > 0 {
		s.all(groups(r))
	}
	s.static(r)
	s.notes(r)
	s.exit(r)
}

// seen says what was read, and where there was nothing to read.
func (s *sheet) seen(r *Report, all activities) {
	c := r.Result.History.Coverage
	length := float64(c.Window.End-c.Window.Start) / 1000
	from := ""
	if r.Source != "" {
		from = ", from " + r.Source
	}
	s.text("", bold, fmt.Sprintf("%s to %s UTC, %s%s",
		moment(c.Window.Start), moment(c.Window.End), human(length), from))
	if len(c.Gaps) > 0 {
		s.text("", yellow, fmt.Sprintf("data for %s of it; none %s", percent(coveredShare(c)), gaps(c.Gaps)))
	}
	s.text("", "", fmt.Sprintf("%s in %s; %s, %s, %s a week",
		count(len(r.Result.Alerts), "alert"), count(r.files(), "file"),
		count(all.episodes, "episode"), count(all.firings, "firing"), rate(all.perWeek)))
}

// mostGaps is how many spans without data are named one by one.
const mostGaps = 3

func gaps(gs []history.Interval) string {
	var parts []string
	rest := 0.0
	for i, g := range gs {
		length := float64(g.End-g.Start) / 1000
		if i < mostGaps || len(gs) == mostGaps+1 {
			parts = append(parts, fmt.Sprintf("from %s for %s", moment(g.Start), human(length)))
		} else {
			rest += length
		}
	}
	if n := len(gs) - len(parts); n > 0 {
		parts = append(parts, fmt.Sprintf("in %d more gaps, %s in all", n, human(rest)))
	}
	return strings.Join(parts, ", ")
}

// worth writes the score over what was received beside that over alerts.
func (s *sheet) worth(r *Report) {
	if r.Total.Alerts == 0 {
		return
	}
	if r.Total.Firings == 0 {
		s.scores(r)
		return
	}
	lead, mean := score.GradeOf(r.Total.Received), score.GradeOf(r.Total.Mean)
	says, over := "score "+out(r.Total.Received)+", grade ", ", over what fired"
	brief := ", by firings"
	if pagesKnown(r.Result.Noise) {
		over, brief = ", over what was sent", ", by messages"
	}
	if columns(says+string(lead)+over) > s.width {
		over = brief
	}
	s.line(s.in(bold, says), s.in(gradeColour(lead), string(lead)), s.in(bold, over))
	s.spread(fmt.Sprintf("      %s, grade ", out(r.Total.Mean)), mean, ", over alerts: ", r.Total)
}

// mostSteps is how many things to do one can bear in mind.
const mostSteps = 3

// leastName is how much of a name makes out which is meant, in columns.
const leastName = 16

// saves writes what to do next and what each step would have spared.
func (s *sheet) saves(steps []saving) {
	s.line(s.in(bold, "Do next"))
	for i, step := range steps[:min(mostSteps, len(steps))] {
		lead := fmt.Sprintf("  %d. ", i+1)
		indent := columns(lead)
		spares := step.spares()
		name := sanitize(step.card.Alert.Rule.Name())
		if room := s.width - indent - 2 - columns(spares); room >= min(columns(name), leastName) {
			s.line(lead, s.in(bold, cut(name, room)), ": ", s.in(green, spares))
		} else {
			s.line(lead, s.in(bold, cut(name, s.width-indent)))
			s.text(spaces(indent), green, spares)
		}
		if step.because != "" {
			s.text(spaces(indent), "", step.because)
		}
		s.place(spaces(indent), step.finding)
		advice := step.finding.Advice
		if advice == "" {
			advice = step.finding.Message
		}
		s.text(spaces(indent)+"→ ", "", advice)
	}
	s.line()
}

// spares says what a step saves, as far as that was measured.
func (v saving) spares() string {
	var parts []string
	if v.perWeek > 0 {
		says := fmt.Sprintf("saves %s a week", v.counted())
		if v.excess {
			says = fmt.Sprintf("%s a week too many", v.counted())
		}
		parts = append(parts, says)
	}
	if v.points > 0 {
		parts = append(parts, "regains "+count(v.points, "point"))
	}
	return strings.Join(parts, ", ")
}

// counted says of how many firings or repeats a week a saving is.
func (v saving) counted() string {
	noun := "firing"
	if v.repeats {
		noun = "repeat"
	}
	if rate(v.perWeek) != "1.0" {
		noun += "s"
	}
	return rate(v.perWeek) + " " + noun
}

// static sends the reader to lint for what the rules alone give away.
func (s *sheet) static(r *Report) {
	var fs []analyze.Finding
	for i := range r.Result.Findings {
		if c := checkOf(r.Result, r.Result.Findings[i].Check); c == nil || c.Needs&analyze.NeedsHistory == 0 {
			fs = append(fs, r.Result.Findings[i])
		}
	}
	if len(fs) == 0 {
		return
	}
	of := *r.Result
	of.Findings = fs
	var ids []string
	for _, g := range groups(&Report{Result: &of}) {
		ids = append(ids, fmt.Sprintf("%s %s", g.id, thousands(len(g.findings))))
	}
	s.text("", "", fmt.Sprintf("from the rules alone: %s (%s); `crywolf lint` shows them", severities(counted(shown(&Report{Result: &of}))), names(ids, mostIDs)))
}
