package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/score"
)

// A group holds the findings of one check.
type group struct {
	id       string
	check    *analyze.Check // nil where the result does not know the check
	severity analyze.Severity
	findings []*analyze.Finding // worst first, else in the order of the result
	points   int                // that alerts lost for it
}

// groups sorts the findings by check: the worst severity first, then the most
// findings.
func groups(r *Report) []*group {
	byID := map[string]*group{}
	var out []*group
	for i := range r.Result.Findings {
		f := &r.Result.Findings[i]
		g := byID[f.Check]
		if g == nil {
			g = &group{id: f.Check, check: checkOf(r.Result, f.Check)}
			byID[f.Check] = g
			out = append(out, g)
		}
		g.severity = max(g.severity, f.Severity)
		g.findings = append(g.findings, f)
	}
	for i := range r.Cards {
		for _, l := range r.Cards[i].Losses {
			if g := byID[l.Finding.Check]; g != nil {
				g.points += l.Points
			}
		}
	}
	for _, g := range out {
		slices.SortStableFunc(g.findings, func(a, b *analyze.Finding) int { return cmp.Compare(b.Severity, a.Severity) })
	}
	slices.SortStableFunc(out, func(a, b *group) int {
		return cmp.Or(
			cmp.Compare(b.severity, a.severity),
			cmp.Compare(len(b.findings), len(a.findings)),
			strings.Compare(a.id, b.id),
		)
	})
	return out
}

func checkOf(res *analyze.Result, id string) *analyze.Check {
	i := slices.IndexFunc(res.Checks, func(c *analyze.Check) bool { return c.ID == id })
	if i < 0 {
		return nil
	}
	return res.Checks[i]
}

// why is the sentence that says what the check's findings cost.
func (g *group) why() string {
	if g.check == nil {
		return ""
	}
	return g.check.Doc.Why
}

func (g *group) title() string {
	if g.check == nil {
		return ""
	}
	return g.check.Doc.Title
}

// alerts counts those that lose points for the group's findings.
func (g *group) alerts(r *Report) int {
	n := 0
	for i := range r.Cards {
		if slices.ContainsFunc(r.Cards[i].Losses, func(l score.Loss) bool { return l.Finding.Check == g.id }) {
			n++
		}
	}
	return n
}
