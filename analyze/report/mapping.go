package report

import (
	"slices"

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
	pairs     []mappedPair      // of each of the Watches; nil where nothing was measured
	urgent    *impact.Share     // of the urgent breaches, those that some page tells of; nil as well
}

type mappedPair struct {
	impact.Pair
	doubtful int // firings that may be the alert's or another's, and are counted nowhere
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
		p := mappedPair{Pair: s.indicator.Pair(a, f.History.CoverageOf(w.Alert.Rule))}
		for _, e := range a.Doubtful {
			if e.Fired() {
				p.doubtful++
			}
		}
		s.pairs = append(s.pairs, p)
		if w.Alert.Urgency == analyze.UrgencyPage && w.Match.Fit.Measures() {
			pages = append(pages, a)
		}
	}
	told := s.indicator.Recall(f.History.Coverage, func(b impact.Breach) bool { return b.Urgent }, pages...)
	s.urgent = &told
}
