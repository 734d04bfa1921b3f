package report

import (
	"fmt"
	"strings"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/sli"
)

// What a map shows unless it is verbose.
const (
	mostGapsShown    = 5   // of one check
	mostWatchesShown = 8   // of one SLI
	mostPagesShown   = 5   // of one verdict, that are about no SLI
	mostMapLines     = 200 // of all SLIs, before each has a line
	mostPassedShown  = 3
)

// mapping writes a map: what is missing, the SLIs with their alerts, the alerts
// without an SLI, and how many of each there are.
func (s *sheet) mapping(m *mapping) {
	s.mapSpan(m)
	all := m.gaps()
	for _, g := range all {
		s.mapGap(m, g)
	}
	if len(m.slis) > 0 {
		part := s.fork()
		for i := 0; i < len(m.slis) && (m.Verbose || part.lines() <= mostMapLines); i++ {
			part.mappedSLI(m, &m.slis[i])
		}
		if m.Verbose || part.lines() <= mostMapLines {
			s.out.Write(part.out.Bytes())
		} else {
			s.mapTable(m)
		}
	}
	s.withoutSLI(m)
	s.mapSummary(m, len(all) > 0)
}

// mapSpan says what was measured.
func (s *sheet) mapSpan(m *mapping) {
	if m.Result.Impact == nil {
		return
	}
	w := m.Window
	s.text("", bold, fmt.Sprintf("%s to %s UTC, %s, from %s", moment(w.Start), moment(w.End), human(float64(w.End-w.Start)/1000), m.Source))
	s.line()
}

// mapGap writes the findings of one check, and what to do once where that is the
// same for all.
func (s *sheet) mapGap(m *mapping, g gap) {
	s.line(s.in(yellow, g.title))
	shown := g.findings
	if !m.Verbose && len(shown) > mostGapsShown+1 {
		shown = shown[:mostGapsShown]
	}
	same := true
	for _, f := range g.findings {
		same = same && f.Advice == g.findings[0].Advice
	}
	for _, f := range shown {
		s.line("  ", place(f))
		s.text("    ", "", f.Message)
		if f.Advice != "" && !same {
			s.text("    → ", "", f.Advice)
		}
	}
	if more := len(g.findings) - len(shown); more > 0 {
		s.line(s.in(dim, fmt.Sprintf("  … and %s more (--verbose)", thousands(more))))
	}
	if advice := g.findings[0].Advice; same && advice != "" {
		s.text("  → ", "", advice)
	}
	s.line()
}

// mappedSLI writes an SLI and the alerts that are about it. Those that are so
// for one reason share it.
func (s *sheet) mappedSLI(m *mapping, of *mappedSLI) {
	s.text("", bold, of.SLI.ID)
	s.text("  ", dim, promise(of.SLI))
	if says := of.fared(); says != "" {
		code := ""
		if of.urgent != nil && of.urgent.Hits < of.urgent.Of {
			code = yellow
		}
		s.text("  ", code, says)
	}
	switch why := of.unpaged(); {
	case why != "":
		s.text("  ", dim, why)
	case !of.covered:
		s.text("  ", yellow, "no page is about it")
	}
	s.watches(m, of)
	s.line()
}

// watches writes the alerts that are about an SLI.
func (s *sheet) watches(m *mapping, of *mappedSLI) {
	shown := of.Watches
	if !m.Verbose && len(shown) > mostWatchesShown+1 {
		shown = shown[:mostWatchesShown]
	}
	rows := make([]alertRow, len(shown))
	for i, w := range shown {
		rows[i] = rowOf(w.Alert)
		if of.pairs != nil {
			rows[i].told = told(of.pairs[i], len(of.indicator.Breaches))
		}
	}
	l := s.lineUp(rows)
	for i := 0; i < len(shown); {
		why := because(shown[i].Match)
		n := 0
		for ; i < len(shown) && because(shown[i].Match) == why; i++ {
			s.alertLine(rows[i], l)
			n++
		}
		switch {
		case n == 2:
			why = "both " + why
		case n > 2:
			why = fmt.Sprintf("all %d %s", n, why)
		}
		s.text(spaces(urgencyIndent), dim, why)
	}
	if more := len(of.Watches) - len(shown); more > 0 {
		s.line(s.in(dim, fmt.Sprintf("  … and %s more (--verbose)", thousands(more))))
	}
}

// because is how an alert is known to be about an SLI, said below that SLI's name.
func because(m sli.Match) string {
	says, name := m.Evidence(), " "+m.SLI.Called()
	at := strings.Index(says, name)
	if at < 0 {
		return m.Fit.String() + ": " + says
	}
	before, after := says[:at], says[at+len(name):]
	whole, isOf := strings.CutSuffix(before, " of")
	if i := strings.LastIndex(whole, " the "); isOf && i >= 0 { // "the … of it"
		return m.Fit.String() + ": " + whole[:i] + " its " + whole[i+len(" the "):] + after
	}
	return m.Fit.String() + ": " + before + " it" + after
}

// mapTable writes a line for each SLI, where there are very many.
func (s *sheet) mapTable(m *mapping) {
	id, goal := &column{cells: []string{"SLI"}, least: 24}, &column{cells: []string{"objective"}, right: true, drop: 2}
	pages, others := &column{cells: []string{"pages"}, right: true}, &column{cells: []string{"others"}, right: true}
	breaches, toldOf := &column{cells: []string{"breaches"}, right: true, drop: 3}, &column{cells: []string{"pages told of"}, right: true, drop: 1}
	cols := []*column{id, goal, pages, others}
	if m.Result.Impact != nil {
		cols = append(cols, breaches, toldOf)
	}
	for i := range m.slis {
		of := &m.slis[i]
		n := 0
		for _, w := range of.Watches {
			if w.Alert.Urgency == analyze.UrgencyPage {
				n++
			}
		}
		id.add(sanitize(of.SLI.ID))
		if of.SLI.Objective > 0 {
			goal.add(objective(of.SLI))
		} else {
			goal.add("-")
		}
		pages.add(thousands(n))
		others.add(thousands(len(of.Watches) - n))
		if of.indicator == nil || of.indicator.Refused != "" {
			breaches.add("-")
		} else {
			breaches.add(thousands(len(of.indicator.Breaches)))
		}
		if of.urgent == nil {
			toldOf.add("-")
		} else {
			toldOf.add(shareOf(*of.urgent))
		}
	}
	s.table(cols, func(c *column, row int, cell string) string {
		if of := &m.slis[row-1]; c == id && !of.covered && of.unpaged() == "" {
			return s.in(yellow, cell)
		}
		return cell
	})
	s.line(s.in(dim, "--verbose: each with its alerts, and why"))
	s.line()
}
