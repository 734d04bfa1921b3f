package report

import (
	"fmt"
	"strings"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/sli"
)

// withoutSLI writes the pages that are about no SLI by what they stand for, and
// how many other alerts there are.
func (s *sheet) withoutSLI(m *mapping) {
	if len(m.rest) == 0 {
		return
	}
	title := "Alerts about no SLI"
	if len(m.slis) == 0 {
		title = "What the alerts stand for"
	}
	s.line(s.in(bold, title))
	var above, others []mappedAlert
	for _, v := range verdicts {
		var of []mappedAlert
		for _, a := range m.rest {
			switch {
			case a.verdict.Verdict != v:
			case m.Verbose:
				of = append(of, a)
			case a.Urgency != analyze.UrgencyPage:
				others = append(others, a)
			case len(m.ofRule[a.Rule]) > 0:
				above = append(above, a)
			default:
				of = append(of, a)
			}
		}
		if len(of) > 0 {
			s.ofVerdict(m, v, of)
		}
	}
	for _, of := range []struct {
		who  string
		list []mappedAlert
	}{{"pages told above", above}, {"others", others}} {
		if len(of.list) > 0 {
			s.text("  "+of.who+": ", "", strings.Join(byVerdict(of.list), ", "))
		}
	}
	if len(above)+len(others) > 0 {
		s.line(s.in(dim, "  --verbose lists them"))
	}
	s.line()
}

func (s *sheet) ofVerdict(m *mapping, v sli.Verdict, of []mappedAlert) {
	s.line("  ", s.in(bold, v.String()), ": ", meanings[v])
	shown := of
	if !m.Verbose && len(shown) > mostPagesShown+1 {
		shown = shown[:mostPagesShown]
	}
	for _, a := range shown {
		s.alertLine(rowOf(a.Alert), lining{})
		s.text(spaces(urgencyIndent), dim, a.verdict.Evidence)
	}
	if more := len(of) - len(shown); more > 0 {
		s.line(s.in(dim, fmt.Sprintf("  … and %s more (--verbose)", thousands(more))))
	}
}

// meanings of the verdicts, in a few words.
var meanings = map[sli.Verdict]string{
	sli.Symptom:  "what users feel",
	sli.Imminent: "what they will feel",
	sli.Cause:    "the state of a component",
	sli.Meta:     "the monitoring itself",
	sli.Unknown:  "it cannot be told",
}

// mapSummary ends a map: what there is, what it rests on, and what was left out.
func (s *sheet) mapSummary(m *mapping, gaps bool) {
	if len(m.Result.Alerts)+len(m.slis) == 0 {
		s.text("", yellow, m.nothing())
	} else {
		s.text("", bold, m.counts())
		if !gaps && len(m.slis) > 0 {
			s.text("", green, "no gaps")
		}
	}
	for _, n := range m.notes() {
		s.text(n.lead, dim, n.text)
	}
	if n := m.Result.Set.Unreadable(); n > 0 {
		s.line()
		s.text("", bold, count(n, "file")+" could not be read: exit code 3")
	}
}

// A note says what a map rests on, or what it lacks.
type note struct{ lead, text string }

func (m *mapping) notes() (out []note) {
	add := func(lead, text string) { out = append(out, note{lead, text}) }
	if c := m.Result.Catalog(); c != nil {
		for i, p := range c.Passed {
			if i == mostPassedShown && !m.Verbose && len(c.Passed) > mostPassedShown+1 {
				add("passed over: ", fmt.Sprintf("%s more specifications (--verbose)", thousands(len(c.Passed)-i)))
				break
			}
			add("passed over: ", where(p.File, p.Span)+": "+p.Message)
		}
	}
	if n := m.hiding(); n > 0 {
		add("note: ", fmt.Sprintf("mistakes in %s may hide alerts from this map; `crywolf lint` shows them", count(n, "rule file")))
	}
	for _, line := range m.setAside() {
		add("", line)
	}
	for _, t := range m.Result.Told() {
		add("configured: ", t)
	}
	for _, a := range m.Result.Assumptions() {
		add("assumed: ", a)
	}
	for _, h := range m.Hints {
		add("note: ", h)
	}
	return out
}
