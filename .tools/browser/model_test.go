package browser

import (
	"fmt"
	"math/rand/v2"

	report "github.com/crywolf-dev/crywolf/analyze/report/page"
)

var month = [2]int64{1790812800000, 1793404800000} // October 2026

// modelOf is a review of so many alerts, of which every tenth did something.
func modelOf(alerts int) *report.Model {
	rng := rand.New(rand.NewPCG(1, uint64(alerts)))
	m := &report.Model{
		Tool: "crywolf test", Title: "Alert review, 1 to 30 October 2026", Span: "2026-10-01 to 2026-10-31 UTC (30d)", Source: "data",
		Score:   &report.Score{Grade: "C", Value: "63", Over: "over what fired", Also: "over alerts: 84, grade B"},
		Figures: []report.Figure{{Name: "Firings a week", Value: "84.3", Note: "361 in all", Tone: "bad"}},
		Columns: []report.Column{
			{Key: "score", Title: "Score", Right: true}, {Key: "urgency", Title: "Urgency", Wide: 1},
			{Key: "weekly", Title: "Firings a week", Right: true}, {Key: "findings", Title: "Findings", Wide: 1},
		},
		SLIs:  &report.Table{Caption: "SLIs", Head: []string{"SLI", "Page"}, Rows: [][]string{{"checkout/availability", "yes"}}, Marks: []string{""}},
		Notes: []report.Note{{Kind: "assumed", Text: "nothing"}},
	}
	load := &report.Load{Noun: "incidents", Zone: "UTC", Start: month[0], End: month[1], Most: 2, Says: "3 of 60 shifts had more than 2.", Parts: []string{"incidents", "firings"}}
	for i := range 60 {
		n := rng.IntN(4)
		load.Shifts = append(load.Shifts, report.Shift{
			Start: month[0] + int64(i)*12*3600_000, End: month[0] + int64(i+1)*12*3600_000, Name: fmt.Sprintf("shift %d", i), Parts: []int{n, 2 * n},
		})
	}
	m.Load = load
	for i := range alerts {
		grade := []string{"F", "D", "C", "B", "A"}[5*i/alerts]
		score, weekly := float64(100*i/alerts), float64(rng.IntN(1000))/10
		urgency, rank := "ticket", 1.0
		if i%3 == 0 {
			urgency, rank = "page", 0
		}
		findings := 1.0
		row := report.Row{
			ID: fmt.Sprintf("id%d", i), Name: fmt.Sprintf("Alert%05d", (i*7919)%alerts), Under: fmt.Sprintf("rules/part-%d.yaml:%d", i%50, i), Grade: grade,
			Urgency: urgency, Owner: fmt.Sprintf("team-%d", i%7), State: "silent",
			Cells: []string{fmt.Sprint(score), urgency, fmt.Sprint(weekly), "quiet/no-for"},
			Sort:  []*float64{&score, &rank, &weekly, &findings}, Also: fmt.Sprintf("region=north-%d", i%11),
		}
		if i%5 == 4 {
			row.Cells[2], row.Sort[2] = "–", nil
		}
		if i%10 == 0 {
			row.State = "fired"
			for range 30 {
				row.Spark = append(row.Spark, rng.IntN(3))
			}
		}
		m.Rows = append(m.Rows, row)
		m.Details = append(m.Details, detailOf(rng, i, row.State == "fired"))
	}
	m.Grades = []report.Count{{Name: "A", N: alerts / 5}, {Name: "F", N: alerts / 5}}
	m.Changes = []report.Change{{Row: min(60, alerts-1), Name: m.Rows[min(60, alerts-1)].Name, Saves: "63.0 firings a week", Do: "Give it a `for`.", Check: "quiet/no-for"}}
	return m
}

func detailOf(rng *rand.Rand, i int, fired bool) report.Detail {
	d := report.Detail{
		Facts:  []report.Pair{{Name: "Group", Value: "g"}, {Name: "for", Value: "5m"}},
		Losses: []report.Loss{{Check: "quiet/no-for", Points: 10}},
		Source: &report.Source{Place: "rules/a.yaml:3", Lines: []report.Line{
			{N: 3, Text: "- alert: Thing"},
			{N: 4, Text: "  expr: thing > 1", Findings: []report.Finding{{Check: "quiet/no-for", Severity: "warning", Message: "It has no `for`.", Advice: "Give it one.", From: 8, To: 17}}},
		}},
	}
	if !fired {
		return d
	}
	t := &report.Timeline{Start: month[0], End: month[1], Gaps: [][2]int64{{month[0] + 86400_000, month[0] + 2*86400_000}}, Says: "Episodes."}
	for lane := range 3 {
		l := report.Lane{Name: fmt.Sprintf("instance=node-%d", lane)}
		for n := range 40 {
			l.Marks = append(l.Marks, [4]int64{int64(n) * 60_000, int64(rng.IntN(9_000)), int64(n % 2), 1})
		}
		t.Lanes = append(t.Lanes, l)
	}
	heat := &report.Heat{Noun: "firings", Says: "Mostly on Mondays.", Hours: make([]int, 168)}
	for h := range heat.Hours {
		heat.Hours[h] = max(0, rng.IntN(12)-6)
	}
	d.Timeline, d.Heat = t, heat
	d.Durations = &report.Histogram{Noun: "firings", Says: "30 firings.", Bins: []string{"under 1m", "1m to 5m", "over 5m"}, N: []int{3, 20, 7}}
	d.Curve = &report.Curve{Noun: "firings left", Says: "As it is, 30.", Now: 60, Points: []report.CurvePoint{
		{For: 0, Name: "0s", Left: 60}, {For: 60, Name: "1m", Left: 30}, {For: 300, Name: "5m", Left: 7, Cost: "4m later"},
	}}
	d.Partners = []report.Partner{{Row: (i + 10) % 20, Name: "Another", Says: "together 9 of 10 times"}, {Row: -1, Name: "Foreign", Says: "follows"}}
	return d
}
