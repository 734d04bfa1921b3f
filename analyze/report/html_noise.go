package report

import (
	"fmt"
	"slices"
	"time"

	"github.com/prometheus/common/model"

	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/analyze/noise"
	"github.com/crywolf-dev/crywolf/analyze/report/page"
	"github.com/crywolf-dev/crywolf/rules"
)

// All that the page takes from measures of noise is taken here.

const day = 24 * 60 * 60 * 1000 // milliseconds

// zone is the clock by which shifts and hours are told.
func (s *sheaf) zone() *time.Location {
	if s.noise.Options.Location != nil {
		return s.noise.Options.Location
	}
	return time.UTC
}

// load is what those on call had to bear, nil where no shift is covered.
func (s *sheaf) load() *page.Load {
	n := s.noise
	if len(n.Load.Shifts) == 0 {
		return nil
	}
	l := &page.Load{
		Noun: "incidents", Most: n.Options.IncidentLine, Zone: short(s.zone().String()),
		Parts: []string{"incidents", "firings that page"}, Start: n.Window.Start, End: n.Window.End, Gaps: gapsOf(s.Result.History.Coverage),
	}
	if n.Load.FromPages {
		l.Parts = append(l.Parts, "pages")
	}
	for _, sh := range n.Load.Shifts {
		parts := []int{sh.Incidents, sh.Firings}
		if n.Load.FromPages {
			parts = append(parts, sh.Pages)
		}
		l.Shifts = append(l.Shifts, page.Shift{Start: sh.Start, End: sh.End, Name: s.clock(sh.Start), Parts: parts})
	}
	l.Says = fmt.Sprintf("An incident is what alerts that page and are alike did within %s of each other. The line is at %g: more in a shift leave no time to follow each of them up.",
		model.Duration(n.Options.IncidentGap), l.Most)
	return l
}

// clock writes a time by the clock of those on call.
func (s *sheaf) clock(ms int64) string {
	return time.UnixMilli(ms).In(s.zone()).Format("Mon 2 Jan 15:04")
}

func gapsOf(c history.Coverage) (out [][2]int64) {
	for _, g := range c.Gaps[:min(len(c.Gaps), mostMarks)] {
		out = append(out, [2]int64{g.Start, g.End})
	}
	return out
}

// noiseFigures are the numbers of the month that measures of noise give.
func (s *sheaf) noiseFigures() (out []page.Figure) {
	n := s.noise
	if len(n.Load.Shifts) > 0 {
		worst := slices.MaxFunc(n.Load.Shifts, func(a, b noise.Shift) int { return a.Incidents - b.Incidents })
		f := page.Figure{Name: "Incidents a shift", Value: rate(n.Load.MeanIncidents), Note: "none in any shift"}
		if worst.Incidents > 0 {
			f.Note = fmt.Sprintf("at most %s, from %s", thousands(worst.Incidents), s.clock(worst.Start))
		}
		over := page.Figure{Name: fmt.Sprintf("Shifts with more than %g", n.Options.IncidentLine), Value: thousands(n.Load.Over),
			Note: "of " + count(len(n.Load.Shifts), "shift"), Tone: "good"}
		if n.Load.Over > 0 {
			over.Tone = "bad"
		}
		out = append(out, f, over)
	}
	if v, ok := n.Hours.Ratio(noise.Sleep); ok {
		out = append(out, page.Figure{Name: "At hours of sleep", Value: percent(v),
			Note: fmt.Sprintf("%s of %s that page", thousands(n.Hours.Bands[noise.Sleep]), count(n.Hours.Total(), "firing"))})
	}
	if m := n.Notices; m != nil {
		f := page.Figure{Name: "Pages", Value: thousands(m.Pages), Note: count(m.Sent, "notification") + " in all"}
		if v, ok := m.NagRatio(); ok {
			f.Note += ", " + percent(v) + " of them repeats"
		}
		out = append(out, f)
	}
	if a := n.Answers; a != nil {
		if v, ok := a.AckedRatio(); ok {
			f := page.Figure{Name: "Acknowledged by a person", Value: percent(v), Note: "of " + count(a.Incidents-a.Open, "incident")}
			if a.Acked > 0 {
				f.Note += ", in " + human(a.MedianAckSeconds) + " (median)"
			}
			out = append(out, f)
		}
	}
	return out
}

// weeklyBefore says what firings a week were in the earlier review, or else
// where they are going.
func (s *sheaf) weeklyBefore() string {
	if s.since != nil && s.since.weekly != nil {
		return "before: " + rate(s.since.weekly.before)
	}
	return s.trend()
}

// trend says where weekly firings are going, "" where that cannot be told.
func (s *sheaf) trend() string {
	t := s.noise.Trend
	switch {
	case t == nil || !t.Distinct:
		return ""
	case t.PerWeek > 0:
		return rate(t.PerWeek) + " more each week"
	case t.PerWeek < 0:
		return rate(-t.PerWeek) + " fewer each week"
	}
	return ""
}

// heatOf is when in the week a rule's firings began, nil where none is known to
// have.
func (s *sheaf) heatOf(p *noise.Profile) *page.Heat {
	if p.Hours.Total() == 0 {
		return nil
	}
	heat := &page.Heat{Noun: "firings", Zone: short(s.zone().String()), Hours: make([]int, 0, 7*24)}
	for d := range p.Hours.Week {
		for _, n := range p.Hours.Week[(d+1)%7] { // Monday first
			heat.Hours = append(heat.Hours, int(n))
		}
	}
	h := &p.Hours
	sleep, _ := h.Ratio(noise.Sleep)
	business, _ := h.Ratio(noise.Business)
	heat.Says = fmt.Sprintf("%s at hours of work, %s at hours of sleep.", percent(business), percent(sleep))
	if h.EntropyOK && h.BusiestDaily >= 0.5 {
		heat.Says += fmt.Sprintf(" %s begin between %02d:00 and %02d:00.", percent(h.BusiestDaily), h.BusiestHour, (h.BusiestHour+1)%24)
	}
	return heat
}

// forCurve is what would have been left of a rule's firings with another `for`,
// nil where too little is known.
func forCurve(c *noise.Curve) *page.Curve {
	if c == nil {
		return nil
	}
	p := &page.Curve{Noun: "firings left", Now: c.Now.Seconds()}
	for _, at := range c.Points {
		point := page.CurvePoint{For: at.Value.Seconds(), Name: model.Duration(at.Value).String(), Left: at.Firings}
		if at.CostSeconds > 0 {
			point.Cost = "each begins " + human(at.CostSeconds) + " later"
		}
		p.Points = append(p.Points, point)
	}
	p.Says = fmt.Sprintf("Of %s, what other values would have left.", count(c.Of, "firing"))
	if c.Knee >= 0 {
		k := c.Points[c.Knee]
		p.Says += fmt.Sprintf(" `for: %s` would have left %s; more hardly spares any.", model.Duration(k.Value), thousands(k.Firings))
	}
	return p
}

// mostPartners bounds the alerts that a panel lists beside its own.
const mostPartners = 10

// pairUp finds, rule by rule, what fires together with it, before it or after.
func (s *sheaf) pairUp() map[*rules.Rule][]page.Partner {
	all := map[*rules.Rule][]page.Partner{}
	add := func(of, other *rules.Rule, says string) {
		if len(all[of]) < mostPartners {
			row, known := s.row[other]
			if !known {
				row = -1
			}
			all[of] = append(all[of], page.Partner{Row: row, Name: short(other.Name()), Says: says})
		}
	}
	for i := range s.noise.Pairs {
		p := &s.noise.Pairs[i]
		together := func(n, of int) string {
			return fmt.Sprintf("together %s of %s, and %s of the time in which either fires", thousands(n), count(of, "time"), percent(p.Jaccard))
		}
		ofA, ofB := together(p.TogetherA, p.StretchesA), together(p.TogetherB, p.StretchesB)
		const here, there = "; this one fires only while that one does", "; that one fires only while this one does"
		switch p.Redundant() {
		case p.A:
			ofA, ofB = ofA+here, ofB+there
		case p.B:
			ofA, ofB = ofA+there, ofB+here
		}
		add(p.A, p.B, ofA)
		add(p.B, p.A, ofB)
	}
	for i := range s.noise.Cascades {
		c := &s.noise.Cascades[i]
		add(c.Then, c.First, fmt.Sprintf("comes before, %s of %s, by %s (median)", thousands(c.Follows), count(c.Begins, "time"), human(c.MedianLagSeconds)))
		add(c.First, c.Then, fmt.Sprintf("comes after, %s of %s, by %s (median)", thousands(c.Led), count(c.FirstBegan, "time"), human(c.MedianLagSeconds)))
	}
	return all
}

// habits are what is peculiar to a rule, in words.
func habits(p *noise.Profile) (out []page.Pair) {
	add := func(name, says string) { out = append(out, page.Pair{Name: name, Value: says}) }
	if v, ok := p.Flaps.Ratio(); ok && p.Flaps.Spells > 0 {
		add("Flapping", fmt.Sprintf("%s, %s of firings", count(p.Flaps.Outbreaks, "spell"), percent(v)))
	}
	if p.Storms.Count > 0 {
		add("Storms", fmt.Sprintf("%s, of up to %s at once", thousands(p.Storms.Count), count(p.Storms.Most, "firing")))
	}
	for i, l := range p.Labels {
		if i == 2 || len(l.Top) == 0 {
			break
		}
		top := l.Top[0]
		add("Most from", fmt.Sprintf("%s=%s, %s", bounded(l.Label, 60), bounded(top.Value, 80), percent(top.Ratio)))
	}
	if n := p.Notices; n != nil {
		says := count(n.Pages, "page")
		if n.Repeats > 0 {
			says += ", " + count(n.Repeats, "repeat")
		}
		add("Notifications", says)
	}
	if a := p.Answers; a != nil {
		if v, ok := a.AckedRatio(); ok {
			add("Acknowledged", fmt.Sprintf("%s of %s", percent(v), count(a.Incidents-a.Open, "incident")))
		}
		if v, ok := a.UnseenRatio(); ok && a.Unseen > 0 {
			add("Closed by itself", percent(v))
		}
	}
	if m := p.Muted; m != nil {
		if v, ok := m.SilencedRatio(); ok && v > 0 {
			add("Silenced", percent(v)+" of firing time")
		}
		if v, ok := m.InhibitedRatio(); ok && v > 0 {
			add("Inhibited", percent(v)+" of firing time")
		}
	}
	return out
}
