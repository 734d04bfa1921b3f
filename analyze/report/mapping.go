package report

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/prometheus/common/model"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/impact"
	"github.com/crywolf-dev/crywolf/analyze/sli"
	"github.com/crywolf-dev/crywolf/rules"
)

// gapChecks are those whose findings a map begins with, in this order.
var gapChecks = []struct{ check, one, many string }{
	{"mapped/uncovered-sli", "SLI without a page", "SLIs without a page"},
	{"mapped/missed-breach", "SLI that was breached without anybody being told", "SLIs that were breached without anybody being told"},
	{"mapped/late", "SLI whose pages come when most is lost", "SLIs whose pages come when most is lost"},
	{"mapped/unmapped-page", "page that stands for no SLI", "pages that stand for no SLI"},
	{"mapped/no-impact", "alert that fires while its SLI is met", "alerts that fire while their SLI is met"},
	{"mapped/page-on-cause", "page on a cause", "pages on a cause"},
	{"mapped/dangling-slo", "alert of an SLO that is not there", "alerts of SLOs that are not there"},
	{"mapped/invalid-slo", "specification that can't be used", "specifications that can't be used"},
}

// Gaps are the ids of the checks that find what a map begins with.
func Gaps() []string {
	var ids []string
	for _, g := range gapChecks {
		ids = append(ids, g.check)
	}
	return ids
}

// A mapping is a report as a map shows it.
type mapping struct {
	*Report
	slis []mappedSLI
	rest []mappedAlert // that are about no SLI, in the order of the set

	at     map[spot][]*sli.SLI
	ofSLI  map[*sli.SLI][]string // ids of the checks that find a gap
	ofRule map[*rules.Rule][]string
}

// A spot is a place by which a finding is about an SLI.
type spot struct {
	file *rules.File
	span rules.Span
}

type mappedSLI struct {
	analyze.Coverage
	covered   bool              // some page is about it
	open      bool              // none is, and one is wanted
	indicator *impact.Indicator // nil without samples
	pairs     []impact.Pair     // of each of the Watches; nil where nothing was measured
	urgent    *impact.Share     // of the urgent breaches, those that some page tells of; nil as well
}

type mappedAlert struct {
	*analyze.Alert
	verdict sli.Judgement
}

// mappingOf asks for every alert's verdict and matches, once.
func mappingOf(r *Report) *mapping {
	m := &mapping{Report: r, at: map[spot][]*sli.SLI{}, ofSLI: map[*sli.SLI][]string{}, ofRule: map[*rules.Rule][]string{}}
	about := map[*rules.Rule]bool{}
	did := map[*analyze.Alert]impact.Alert{}
	open := r.Result.Uncovered()
	for i, c := range r.Result.Coverage() {
		s := mappedSLI{Coverage: c, open: slices.Contains(open, c.SLI)}
		for _, w := range c.Watches {
			about[w.Alert.Rule] = true
			s.covered = s.covered || w.Alert.Urgency == analyze.UrgencyPage && w.Match.Fit.Measures()
		}
		if r.Result.Impact != nil {
			s.indicator = r.Result.Impact.Indicators[i]
		}
		if r.Result.History != nil && s.indicator != nil && s.indicator.Refused == "" {
			s.measure(r.Result.Facts, did)
		}
		m.slis = append(m.slis, s)
		at := spot{c.SLI.File, c.SLI.Span}
		m.at[at] = append(m.at[at], c.SLI)
	}
	for _, a := range r.Result.Alerts {
		if !about[a.Rule] {
			m.rest = append(m.rest, mappedAlert{a, a.Verdict()})
		}
	}
	for i := range r.Result.Findings {
		f := &r.Result.Findings[i]
		if s := m.subject(f); s != nil {
			m.ofSLI[s] = append(m.ofSLI[s], f.Check)
		}
		if f.Rule != nil && !slices.Contains(m.ofRule[f.Rule], f.Check) {
			m.ofRule[f.Rule] = append(m.ofRule[f.Rule], f.Check)
		}
	}
	return m
}

// subject is the SLI that a finding is about, nil for none: the one at its place,
// or of several objectives there the one that it names.
func (m *mapping) subject(f *analyze.Finding) *sli.SLI {
	if f.Rule != nil {
		return nil
	}
	all := m.at[spot{f.File, f.Span}]
	if i := slices.IndexFunc(all, func(s *sli.SLI) bool { return s.ID == f.Key }); i >= 0 {
		return all[i]
	}
	return nil
}

// A gap is what one check found.
type gap struct {
	title    string // with the number
	findings []*analyze.Finding
}

// gaps are what is missing, check by check.
func (m *mapping) gaps() (out []gap) {
	for _, g := range gapChecks {
		var fs []*analyze.Finding
		for i := range m.Result.Findings {
			if m.Result.Findings[i].Check == g.check {
				fs = append(fs, &m.Result.Findings[i])
			}
		}
		switch len(fs) {
		case 0:
			continue
		case 1:
			out = append(out, gap{"1 " + g.one, fs})
		default:
			out = append(out, gap{thousands(len(fs)) + " " + g.many, fs})
		}
	}
	return out
}

// measure holds the alerts that are about an SLI against its breaches. did
// remembers what each of them did.
func (s *mappedSLI) measure(f *analyze.Facts, did map[*analyze.Alert]impact.Alert) {
	var pages []impact.Alert
	for _, w := range s.Watches {
		a, ok := did[w.Alert]
		if !ok {
			a = f.Did(w.Alert)
			did[w.Alert] = a
		}
		s.pairs = append(s.pairs, s.indicator.Pair(a, f.History.Coverage))
		if w.Alert.Urgency == analyze.UrgencyPage && w.Match.Fit.Measures() {
			pages = append(pages, a)
		}
	}
	told := s.indicator.Recall(f.History.Coverage, func(b impact.Breach) bool { return b.Urgent }, pages...)
	s.urgent = &told
}

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
func told(p impact.Pair, breaches int) string {
	var says string
	switch {
	case p.Outbreaks.Of+p.Outbreaks.Unclear == 0 && breaches == 0:
		return "did not fire"
	case p.Outbreaks.Of+p.Outbreaks.Unclear == 0:
		says = "did not fire"
	default:
		says = "precision " + shareOf(p.Outbreaks)
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
