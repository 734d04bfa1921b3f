package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/report/page"
)

// worstFirst gives indices of alerts in the order of the table of offenders.
func worstFirst(alerts []active) []int {
	order := make([]int, len(alerts))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return compareOffenders(alerts[a], alerts[b]) })
	return order
}

// A measureColumn is a column of the page's table: what it shows of an alert,
// and the number that it is sorted by, where there is one.
type measureColumn struct {
	page.Column
	cell func(s *sheaf, a *active) (text string, sort *float64)
}

// measureOf makes a cell of a measure that may not be known.
func measureOf(write func(float64) string, of func(s *sheaf, a *active) (float64, bool)) func(*sheaf, *active) (string, *float64) {
	return func(s *sheaf, a *active) (string, *float64) {
		v, ok := of(s, a)
		if !ok {
			return "–", nil
		}
		v = figure(v)
		return write(v), &v
	}
}

// whole writes a count.
func whole(v float64) string { return thousands(int(v)) }

// measureTable are the columns after the name, in order.
var measureTable = []measureColumn{
	{page.Column{Key: "score", Title: "Score", Right: true, Help: "Out of 100, with the grade. Every lost point names its finding."},
		measureOf(whole, func(_ *sheaf, a *active) (float64, bool) { return float64(a.card.Score), true })},
	{page.Column{Key: "urgency", Title: "Urgency", Wide: 1, Help: "What it does to people: page, ticket, info or nothing."},
		func(_ *sheaf, a *active) (string, *float64) {
			rank := float64(slices.Index(urgencies, a.card.Alert.Urgency))
			return string(a.card.Alert.Urgency), &rank
		}},
	{page.Column{Key: "weekly", Title: "Firings a week", Right: true, Help: "Firings that began, by the week of covered time."},
		measureOf(rate, func(_ *sheaf, a *active) (float64, bool) { return a.is.FiringsPerWeek() })},
	{page.Column{Key: "median", Title: "Median", Right: true, Wide: 1, Help: "Median length of the firings whose beginning and end are known."},
		measureOf(human, func(_ *sheaf, a *active) (float64, bool) { return a.is.MedianSeconds, a.is.Timed > 0 })},
	{page.Column{Key: "brief", Title: "Under 5m", Right: true, Wide: 1, Help: "Share of firings that were over within five minutes."},
		measureOf(percent, func(_ *sheaf, a *active) (float64, bool) { return a.is.ShareUnder5m() })},
	{page.Column{Key: "again", Title: "Again in 1h", Right: true, Wide: 2, Help: "Share of firings that began within an hour after the same instance's last one had ended."},
		measureOf(percent, func(_ *sheaf, a *active) (float64, bool) { return share(a.is.Refires, a.is.FiringsBegun) })},
	{page.Column{Key: "firing", Title: "Firing", Right: true, Wide: 2, Help: "Share of the covered time in which at least one instance fired."},
		measureOf(percent, func(_ *sheaf, a *active) (float64, bool) { return a.is.FiringShare() })},
	{page.Column{Key: "once", Title: "At once", Right: true, Wide: 2, Help: "Instances that fired at once, at most."},
		measureOf(whole, func(_ *sheaf, a *active) (float64, bool) { return float64(a.is.MaxConcurrent), a.is.Firings > 0 })},
	{page.Column{Key: "findings", Title: "Findings", Wide: 1, Help: "What the checks say, the costliest first; sorted by how many."},
		func(_ *sheaf, a *active) (string, *float64) {
			ids := checksOf(*a)
			n := float64(-len(ids)) // the most first
			return fewer(ids, mostChecks), &n
		}},
}

// mostChecks is the room for the names of checks in a row, in columns.
const mostChecks = 34

var urgencies = []analyze.Urgency{analyze.UrgencyPage, analyze.UrgencyTicket, analyze.UrgencyInfo, analyze.UrgencyNone, analyze.UrgencyUnknown}

func measureColumns() []page.Column {
	var out []page.Column
	for _, c := range measureTable {
		out = append(out, c.Column)
	}
	return out
}

// mostFound bounds the further words that a row is found by, in characters.
const mostFound = 600

func (s *sheaf) rowOf(a *active) page.Row {
	rule := a.card.Alert.Rule
	row := page.Row{
		ID:      a.card.Alert.ID,
		Name:    short(rule.Name()),
		Under:   short(fmt.Sprintf("%s:%d", rule.File().Path, lineOf(a.card.Alert))),
		Grade:   string(a.card.Grade),
		Urgency: string(a.card.Alert.Urgency),
		Owner:   s.owner(a),
		State:   "silent",
	}
	if a.is.Episodes > 0 {
		row.State = "fired"
	}
	if a.is.Firings > 0 {
		row.Spark = s.byDay(rule)
	}
	for _, c := range measureTable {
		text, sort := c.cell(s, a)
		row.Cells = append(row.Cells, text)
		row.Sort = append(row.Sort, sort)
	}
	var also []string
	for _, l := range rule.StaticLabels() {
		also = append(also, short(l.Key.Text())+"="+short(l.Value.Text()))
	}
	row.Also = clip(strings.Join(append(checksOf(*a), also...), " "), mostFound)
	return row
}

// owner is whom the alert names as its owner, "" where that is nobody or a
// template.
func (s *sheaf) owner(a *active) string {
	f, ok := s.Result.Style.Field(a.card.Alert.Rule, analyze.ConcernOwner)
	if !ok || strings.Contains(f.Value.Text(), "{{") {
		return ""
	}
	return bounded(f.Value.Text(), 60)
}
