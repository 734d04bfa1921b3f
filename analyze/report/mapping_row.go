package report

import (
	"fmt"

	"github.com/crywolf-dev/crywolf/analyze"
)

// urgencyIndent is the column after an urgency.
const urgencyIndent = 2 + len("unknown") + 2

// An alertRow is an alert in a map: its urgency, its name, where it is, and how well
// it tells of breaches. All is sanitized.
type alertRow struct {
	urgency        analyze.Urgency
	name, at, told string
}

func rowOf(a *analyze.Alert) alertRow {
	return alertRow{urgency: a.Urgency, name: sanitize(a.Rule.Name()), at: fmt.Sprintf("%s:%d", sanitize(a.Rule.File().Path), lineOf(a))}
}

// A lining says where the parts of rows that stand together begin; 0 is right
// after the part before.
type lining struct {
	at, told int
	oneLine  bool // what is told stands in the row's own line
}

// lineUp lines up rows: those that have room in a line.
func (s *sheet) lineUp(rows []alertRow) lining {
	var l lining
	ats, tolds := 0, 0
	for _, r := range rows {
		if urgencyIndent+columns(r.name)+2+columns(r.at) <= s.width {
			l.at = max(l.at, columns(r.name))
		}
		ats, tolds = max(ats, columns(r.at)), max(tolds, columns(r.told))
	}
	for _, r := range rows {
		l.at = min(l.at, max(columns(r.name), s.width-urgencyIndent-2-columns(r.at)))
	}
	l.told = ats
	l.oneLine = true
	for _, r := range rows {
		l.oneLine = l.oneLine && urgencyIndent+max(l.at, columns(r.name))+2+ats+2+tolds <= s.width
	}
	return l
}

// alertLine writes a row, in several lines where there is no room in one.
func (s *sheet) alertLine(r alertRow, l lining) {
	lead := "  " + padRight(string(r.urgency), urgencyIndent-2)
	code := ""
	if r.urgency == analyze.UrgencyPage {
		code = bold
	}
	room := s.width - urgencyIndent
	switch {
	case columns(r.name)+2+columns(r.at) > room:
		s.line(s.in(code, lead), s.in(code, cut(r.name, room)))
		s.line(spaces(urgencyIndent), r.at)
	case l.oneLine:
		s.line(s.in(code, lead), s.in(code, padRight(r.name, l.at)), "  ", padRight(r.at, l.told), "  ", r.told)
		return
	default:
		s.line(s.in(code, lead), s.in(code, padRight(r.name, min(l.at, room-2-columns(r.at)))), "  ", r.at)
	}
	if r.told != "" {
		s.text(spaces(urgencyIndent), "", r.told)
	}
}
