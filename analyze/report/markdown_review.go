package report

import (
	"fmt"
	"html"
	"strings"
)

// mostNoted is how many offenders the notes of a meeting name.
const mostNoted = 10

// reviewNotes are a review as the notes of the team's meeting: how the month
// was, what to change, the worst alerts, and what changed. Each part is a block
// of HTML, as the table of findings is.
func reviewNotes(r *Report) string {
	if r.Result.History == nil {
		return ""
	}
	s := newSheaf(r)
	var b strings.Builder
	list := func(title string, items []string) {
		if len(items) == 0 {
			return
		}
		fmt.Fprintf(&b, "\n### %s\n\n<ul>\n", title)
		for _, i := range items {
			fmt.Fprintf(&b, "<li>%s</li>\n", i)
		}
		b.WriteString("</ul>\n")
	}
	text := func(s string) string { return htmlText(bounded(s, mostSaid)) }
	strong := func(s string) string { return "<strong>" + text(s) + "</strong>" }

	var month []string
	for _, f := range append(s.noiseFigures(), s.figures()...) {
		says := text(f.Name) + ": " + strong(f.Value)
		if f.Before != "" {
			says += " (" + text(f.Before) + ")"
		}
		month = append(month, says+", "+text(f.Note))
	}
	list("How the month was", month)

	if s.since != nil {
		var since []string
		lines := sinceWords(s.since)
		for _, line := range lines[1:] {
			since = append(since, text(line))
		}
		list(lines[0], since)
	}

	changes, _ := s.changes()
	var steps []string
	for _, c := range changes {
		says := strong(c.Name) + ": " + text(c.Do) + " Saves: " + text(c.Saves) + "."
		if c.Because != "" {
			says += " " + text(c.Because)
		}
		if c.Costs != "" {
			says += " Costs: " + text(c.Costs)
		}
		steps = append(steps, says)
	}
	list("What to change", steps)
	b.WriteString(s.offendersTable())
	return b.String()
}

// offendersTable has the worst alerts of those that did something or are badly
// graded; "" where there are none.
func (s *sheaf) offendersTable() string {
	var b strings.Builder
	rows := 0
	for _, at := range s.order {
		a := &s.all.alerts[at]
		if rows == mostNoted || !a.card.Grade.Worse("B") && (a.is.Firings == 0 || a.card.Grade == "A") {
			break
		}
		if rows == 0 {
			b.WriteString("\n### Worst alerts\n\n<table>\n<tr><th>score</th><th>alert</th><th>firings a week</th><th>median</th><th>under 5m</th><th>findings</th></tr>\n")
		}
		rows++
		fmt.Fprintf(&b, "<tr><td>%s %d</td><td><code>%s</code></td><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>\n",
			a.card.Grade, a.card.Score, html.EscapeString(short(a.card.Alert.Rule.Name())), known(rate)(a.is.FiringsPerWeek()),
			known(human)(a.is.MedianSeconds, a.is.Timed > 0), html.EscapeString(known(percent)(a.is.ShareUnder5m())),
			htmlText(strings.Join(checksOf(*a), ", ")))
	}
	if rows > 0 {
		b.WriteString("</table>\n")
	}
	return b.String()
}
