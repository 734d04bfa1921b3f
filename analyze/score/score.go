// Package score turns findings into points, and points into scores and grades.
package score

import (
	"slices"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/rules"
)

// Full is the score of an alert with nothing to say against it.
const Full = 100

// Cap is the most that the findings of one quality can cost an alert. The
// qualities of a working alert add up to Full; what makes an alert unsound
// comes on top, and the score stops at 0.
func Cap(q analyze.Quality) int {
	switch q {
	case analyze.Sound:
		return Full
	case analyze.Mapped:
		return 30
	case analyze.Quiet:
		return 35
	case analyze.Unique:
		return 15
	case analyze.Actionable:
		return 20
	}
	return 0
}

// A Grade sums a score up.
type Grade string

// grades in falling order with the least score of each.
var grades = []struct {
	Grade Grade
	Least float64
}{{"A", 90}, {"B", 75}, {"C", 60}, {"D", 40}, {"F", 0}}

// GradeOf a score out of 100.
func GradeOf(score float64) Grade {
	for _, g := range grades {
		if score >= g.Least {
			return g.Grade
		}
	}
	return "F"
}

// Worse reports whether g is a worse grade than other.
func (g Grade) Worse(other Grade) bool { return g > other }

// Confidence says what a score rests on.
type Confidence string

const (
	Static   Confidence = "static"   // rule files alone
	Thin     Confidence = "thin"     // a history too short or too sparse to judge by
	Measured Confidence = "measured" // what the alert did
)

// A Loss is what one finding costs one alert.
type Loss struct {
	Finding *analyze.Finding
	Points  int
}

// A Card is the score of one alert and where every lost point went.
type Card struct {
	Alert      *analyze.Alert
	Score      int // 0 to 100
	Grade      Grade
	Confidence Confidence
	Losses     []Loss // in the documented order of the checks; those that cost nothing for their quality's cap are left out
}

// Lost is the sum of points lost in a quality.
func (c *Card) Lost(q analyze.Quality) int {
	n := 0
	for _, l := range c.Losses {
		if l.Finding.Quality() == q {
			n += l.Points
		}
	}
	return n
}

// Cards scores every alert of a result, in the order of its alerts.
// Suppressed findings cost nothing; known ones cost what they always did.
func Cards(res *analyze.Result) []Card {
	rank := make(map[string]int, len(res.Checks))
	fails := map[string]bool{}
	for i, c := range res.Checks {
		rank[c.ID] = i
		fails[c.ID] = c.Fails
	}
	byRule := map[*rules.Rule][]*analyze.Finding{}
	cost := func(f *analyze.Finding) {
		if f.Points == 0 {
			return
		}
		if f.Rule != nil {
			byRule[f.Rule] = append(byRule[f.Rule], f)
		}
		for _, r := range f.Covers {
			if r != f.Rule {
				byRule[r] = append(byRule[r], f)
			}
		}
	}
	for i := range res.Findings {
		cost(&res.Findings[i])
	}
	for i := range res.Known {
		cost(&res.Known[i])
	}
	cards := make([]Card, 0, len(res.Alerts))
	for _, a := range res.Alerts {
		fs := byRule[a.Rule]
		slices.SortStableFunc(fs, func(x, y *analyze.Finding) int { return rank[x.Check] - rank[y.Check] })
		cards = append(cards, card(a, fs, fails, confidence(res, a)))
	}
	return cards
}

func card(a *analyze.Alert, fs []*analyze.Finding, fails map[string]bool, conf Confidence) Card {
	c := Card{Alert: a, Confidence: conf}
	lost := map[analyze.Quality]int{}
	limit := Grade("A")
	for _, f := range fs {
		q := f.Quality()
		points := min(f.Points, Cap(q)-lost[q])
		lost[q] += points
		if points > 0 {
			c.Losses = append(c.Losses, Loss{Finding: f, Points: points})
		}
		if lost[q] >= Cap(q) && Grade("D").Worse(limit) {
			limit = "D"
		}
		if fails[f.Check] {
			limit = "F"
		}
	}
	total := 0
	for _, n := range lost {
		total += n
	}
	c.Score = max(0, Full-total)
	c.Grade = GradeOf(float64(c.Score))
	if limit.Worse(c.Grade) {
		c.Grade = limit
	}
	return c
}

// confidence is Thin where there is a history, but too little of it for the
// checks that measure.
func confidence(res *analyze.Result, a *analyze.Alert) Confidence {
	switch {
	case res.History == nil:
		return Static
	case res.Measured(a.Rule):
		return Measured
	}
	return Thin
}
