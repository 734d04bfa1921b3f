package report

import (
	"fmt"
	"time"

	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/analyze/report/page"
	"github.com/crywolf-dev/crywolf/analyze/score"
)

// title names the window the way people do.
func (s *sheaf) title() string {
	if s.Result.History == nil {
		return "Alert review"
	}
	w := s.Result.History.Coverage.Window
	from, to := time.UnixMilli(w.Start).UTC(), time.UnixMilli(w.End-1).UTC()
	switch {
	case from.Year() != to.Year():
		return "Alert review, " + from.Format("2 January 2006") + " to " + to.Format("2 January 2006")
	case from.Month() != to.Month():
		return "Alert review, " + from.Format("2 January") + " to " + to.Format("2 January 2006")
	case from.Day() != to.Day():
		return "Alert review, " + from.Format("2") + " to " + to.Format("2 January 2006")
	}
	return "Alert review, " + from.Format("2 January 2006")
}

// month fills in how the month was.
func (s *sheaf) month(m *page.Model) {
	m.Score = s.score()
	m.Grades = gradesOf(s.Total)
	m.Load = s.load()
	if s.Result.History == nil {
		m.Span = count(len(s.Result.Alerts), "alert") + ", judged by the rules alone"
		return
	}
	c := s.Result.History.Coverage
	m.Span = fmt.Sprintf("%s to %s UTC (%s)", moment(c.Window.Start), moment(c.Window.End), human(float64(c.Window.End-c.Window.Start)/1000))
	if len(c.Gaps) > 0 {
		m.Cover = fmt.Sprintf("Data for %s of it; none %s.", percent(coveredShare(c)), gaps(c.Gaps))
	}
	s.sinceThen(m)
	m.Figures = append(s.noiseFigures(), s.figures()...)
}

func (s *sheaf) score() *page.Score {
	t := s.Total
	if t.Alerts == 0 {
		return nil
	}
	p := &page.Score{Grade: string(score.GradeOf(t.Lead())), Value: bare(t.Lead()), Over: "over alerts"}
	if t.Firings > 0 {
		p.Over = "over what fired"
		if pagesKnown(s.noise) {
			p.Over = "over what was sent"
		}
		p.Also = fmt.Sprintf("over alerts: %s, grade %s", bare(t.Mean), score.GradeOf(t.Mean))
	}
	if s.since != nil && s.since.score != nil {
		p.Before = "before: " + bare(s.since.score.before)
	}
	return p
}

// sinceThen says what changed since the earlier review, and groups what alerts
// did by the label that was asked for.
func (s *sheaf) sinceThen(m *page.Model) {
	if s.since != nil {
		for _, line := range sinceWords(s.since) {
			m.Since = append(m.Since, bounded(line, mostText))
		}
	}
	groups := by(s.Report)
	if len(groups) == 0 {
		return
	}
	t := &page.Table{Caption: "By " + bounded(s.By, 60), Head: []string{bounded(s.By, 60), "score", "alerts", "firings"}, Right: []bool{false, true, true, true, true}}
	pages := pagesKnown(s.noise)
	if pages {
		t.Head = append(t.Head, "pages")
	}
	for i, g := range groups {
		if i == mostGroups {
			t.Rows = append(t.Rows, []string{count(len(groups)-i, "more value")})
			break
		}
		name := short(g.value)
		if name == "" {
			name = "(none)"
		}
		row := []string{name, fmt.Sprintf("%s %s", score.GradeOf(g.score), bare(g.score)), thousands(g.alerts), thousands(g.firings)}
		if pages {
			row = append(row, thousands(g.pages))
		}
		t.Rows = append(t.Rows, row)
	}
	m.Groups = t
}

// mostGroups bounds the values of a label that are listed.
const mostGroups = 50

// bare is a mean score without what it is out of.
func bare(mean float64) string {
	if mean < 100 {
		mean = min(mean, 99)
	}
	return fmt.Sprintf("%.0f", mean)
}

// figures are the numbers of the month that measures of noise do not give.
func (s *sheaf) figures() (out []page.Figure) {
	fired, silent, broken, unseen := 0, 0, 0, 0
	brief, of := 0, 0
	for _, a := range s.all.alerts {
		if a.is.Firings > 0 {
			fired++
		}
		switch a.silence {
		case history.CannotFire:
			broken++
			silent++
		case history.Unseen:
			unseen++
			silent++
		case history.Fired:
		default:
			silent++
		}
		brief += a.is.Transient
		of += a.is.TransientOf
	}
	if s.all.covered {
		out = append(out, page.Figure{Name: "Firings a week", Value: rate(s.all.perWeek), Before: s.weeklyBefore(),
			Note: fmt.Sprintf("%s in all, of %s of %s", thousands(s.all.firings), thousands(fired), count(len(s.all.alerts), "alert"))})
	}
	if v, ok := share(brief, of); ok {
		f := page.Figure{Name: "Over within 5 minutes", Value: percent(v), Note: fmt.Sprintf("%s of %s", thousands(brief), count(of, "firing"))}
		if v > 0.5 {
			f.Tone = "bad"
		}
		out = append(out, f)
	}
	f := page.Figure{Name: "Did not fire", Value: thousands(silent), Note: "none of them for want of series"}
	if unseen > 0 {
		f.Note = "whether they could takes Prometheus's data"
	}
	if broken > 0 {
		f.Tone, f.Note = "bad", thousands(broken)+" of them could not, for want of series"
	}
	return append(out, f)
}
