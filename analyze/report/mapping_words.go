package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/prometheus/common/model"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/impact"
	"github.com/crywolf-dev/crywolf/analyze/sli"
)

// promise is an SLI's objective in words, and whose it is: "99.9% over 30d,
// Orders go through, owner shop".
func promise(s *sli.SLI) string {
	var parts []string
	switch {
	case s.Objective > 0 && s.Window > 0:
		parts = append(parts, objective(s)+" over "+model.Duration(s.Window).String())
	case s.Objective > 0:
		parts = append(parts, objective(s))
	default:
		parts = append(parts, "no objective")
	}
	if s.Value != nil {
		parts = append(parts, fmt.Sprintf("good at %s %s", s.Op, strconv.FormatFloat(s.Threshold, 'g', -1, 64)))
	}
	for _, says := range []string{s.Title, s.Journey} {
		if says != "" {
			parts = append(parts, strings.TrimSuffix(says, "."))
		}
	}
	if s.Owner != "" {
		parts = append(parts, "owner "+s.Owner)
	}
	return strings.Join(parts, ", ")
}

// objective is the share of good that is promised: "99.95%".
func objective(s *sli.SLI) string {
	return strconv.FormatFloat(math.Round(s.Objective*1e8)/1e6, 'f', -1, 64) + "%"
}

// unpaged says why an SLI has no page, "" where that is a gap or it has one.
func (s *mappedSLI) unpaged() string {
	switch {
	case s.covered || s.open:
		return ""
	case s.SLI.Unalerted:
		return "its specification says that nobody is to be paged for it"
	case analyze.Guardable(s.SLI):
		return "its page is made where its specification is deployed: no rule of that kind is here"
	case s.SLI.Objective == 0 && s.SLI.Format != "crywolf":
		return "no objective is set for it, and so nobody is to be paged"
	}
	return "its queries cannot be seen, and so neither can a page about it"
}

// fared says how an SLI did: "2 breaches, 1 urgent, of which pages told of 1/1".
func (s *mappedSLI) fared() string {
	switch ind := s.indicator; {
	case ind == nil:
		return ""
	case ind.Refused != "":
		return "not measured: " + ind.Refused
	case len(ind.Breaches) == 0:
		return "no breach"
	}
	n, urgent := len(s.indicator.Breaches), 0
	for _, b := range s.indicator.Breaches {
		if b.Urgent {
			urgent++
		}
	}
	says := "1 breach"
	if n > 1 {
		says = thousands(n) + " breaches"
	}
	switch {
	case urgent == 0:
		return says + ", none urgent"
	case urgent == n && n == 1:
		says += ", urgent"
	case urgent == n:
		says += ", all urgent"
	default:
		says += ", " + thousands(urgent) + " urgent"
	}
	if s.urgent != nil {
		says += ": pages told of " + shareOf(*s.urgent)
	}
	return says
}

// told says how well an alert told of an SLI's breaches.
func told(p mappedPair, breaches int) string {
	says := "did not fire"
	switch {
	case p.Outbreaks.Of+p.Outbreaks.Unclear > 0:
		says = "precision " + shareOf(p.Outbreaks)
	case p.doubtful > 0:
		says = "its firings may be another rule's"
	}
	if breaches > 0 {
		says += ", recall " + shareOf(p.Recall)
	}
	if median, least, most, ok := p.Median(); ok {
		says += ", lag " + lag(median)
		if least != most {
			says += " (" + lag(least) + " to " + lag(most) + ")"
		}
	}
	return says
}

// shareOf is a share as a count, with its interval where there is enough to tell
// one: "9/10 (60–98%, 1 unclear)"; a dash where none could be judged.
func shareOf(s impact.Share) string {
	says := fmt.Sprintf("%d/%d", s.Hits, s.Of)
	if s.Of == 0 {
		says = "-"
	}
	var more []string
	if s.Enough() {
		low, high := s.Interval()
		more = append(more, fmt.Sprintf("%.0f–%s", math.Round(low*100), percent(high)))
	}
	if s.Unclear > 0 {
		more = append(more, thousands(s.Unclear)+" unclear")
	}
	if len(more) > 0 {
		says += " (" + strings.Join(more, ", ") + ")"
	}
	return says
}

// lag is a length of time that may be a lead.
func lag(ms int64) string {
	if ms < 0 {
		return "-" + human(float64(-ms)/1000)
	}
	return human(float64(ms) / 1000)
}

// verdicts in the order in which they are told.
var verdicts = []sli.Verdict{sli.Symptom, sli.Cause, sli.Imminent, sli.Meta, sli.Unknown}

// hiding counts the rule files with mistakes, which may hide alerts.
func (m *mapping) hiding() int {
	n := 0
	for _, f := range m.Result.Set.Files {
		if len(f.Problems) > 0 {
			n++
		}
	}
	return n
}

// nothing says that there is nothing to map.
func (m *mapping) nothing() string {
	return fmt.Sprintf("no alerts found in %s: nothing to map", count(len(m.Result.Set.Files), "file"))
}

// counts says what there is: "7 SLIs, 6 with a page; 28 alerts: 12 about an SLI, 3
// causes, …".
func (m *mapping) counts() string {
	var parts []string
	if n := len(m.Result.Alerts) - len(m.rest); len(m.slis) > 0 {
		parts = append(parts, thousands(n)+" about an SLI")
	}
	parts = append(parts, byVerdict(m.rest)...)
	says := count(len(m.Result.Alerts), "alert")
	if len(parts) > 0 {
		says += ": " + strings.Join(parts, ", ")
	}
	if len(m.slis) == 0 {
		return says
	}
	return fmt.Sprintf("%s, %s with a page; %s", count(len(m.slis), "SLI"), thousands(m.covered()), says)
}

// covered counts the SLIs that some page is about.
func (m *mapping) covered() int {
	n := 0
	for i := range m.slis {
		if m.slis[i].covered {
			n++
		}
	}
	return n
}

// byVerdict counts alerts: "3 causes", "1 unknown".
func byVerdict(alerts []mappedAlert) (parts []string) {
	for _, v := range verdicts {
		n := 0
		for _, a := range alerts {
			if a.verdict.Verdict == v {
				n++
			}
		}
		switch {
		case n == 0:
		case v == sli.Symptom || v == sli.Cause:
			parts = append(parts, count(n, v.String()))
		default:
			parts = append(parts, thousands(n)+" "+v.String())
		}
	}
	return parts
}
