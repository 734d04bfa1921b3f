package sli

import (
	"cmp"
	"slices"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser/posrange"

	"github.com/crywolf-dev/crywolf/rules"
)

// A Match is an SLI that an alert is about, and how that is known.
type Match struct {
	SLI  *SLI
	Rung Rung // RungNamed, RungGenerator or RungContainment
	Fit  Fit
	Pos  posrange.PositionRange // the decisive part of the alert's expression; all of it where none stands out

	// Generated reports that the alert was made by the SLI's generator, or reads
	// what that records.
	Generated bool

	named  string // evidence, where the alert names the SLI
	r      *reading
	target *target
	c      containment
}

// Evidence says in words how the match is known.
func (m Match) Evidence() string {
	if m.target == nil {
		return m.named
	}
	return evidence(m.r, m.target, m.Fit, m.c)
}

// A Mapper finds the SLIs that alerts are about. It is safe for concurrent use
// as far as its records are.
type Mapper struct {
	records  *recorders
	memo     memo
	names    *nameIndex
	families map[string]*family
	order    map[*SLI]int // in the catalogue
	whole    bool         // every SLI can be compared
}

// A family is the targets of one metric, by the label that tells most of them
// apart.
type family struct {
	all    []*target
	label  string
	byName map[string][]*target // the targets with label="value"
	others []*target            // those without
}

// NewMapper returns a Mapper of alerts to the SLIs of a catalogue. records gives
// the rules that record a name, as rules.Set.Recorders does; the queries of SLIs
// may read recorded names too.
func NewMapper(c *Catalog, records func(name string) []*rules.Rule) *Mapper {
	if records == nil {
		records = func(string) []*rules.Rule { return nil }
	}
	m := &Mapper{records: &recorders{rules: records, exact: true}, families: map[string]*family{}, order: map[*SLI]int{}, whole: true}
	m.names = newNameIndex(c, &m.memo)
	if c.Empty() {
		return m
	}
	for i, s := range c.SLIs {
		m.order[s] = i
		targets, ok := targetsOf(s, m.records.anyWindow, &m.memo)
		m.whole = m.whole && ok
		for _, t := range targets {
			f := m.families[t.base]
			if f == nil {
				f = &family{}
				m.families[t.base] = f
			}
			f.all = append(f.all, t)
		}
	}
	for _, f := range m.families {
		f.index()
	}
	return m
}

// Whole reports that every SLI can be compared with alerts: none has more
// selectors than that.
func (m *Mapper) Whole() bool { return m.whole }

// Map returns the SLIs that an alert is about, by the strongest evidence there
// is, the closest first, then in the order of the catalogue; none for an alert
// whose expression does not parse. all is false where it would take too long to
// find out. A recording rule can be mapped as well.
func (m *Mapper) Map(r *rules.Rule) (matches []Match, all bool) {
	if len(m.names.all) == 0 {
		return nil, true
	}
	e := r.Expr()
	if e == nil {
		return nil, true
	}
	if out := m.names.of(r, e); len(out) > 0 {
		return out, true
	}
	if len(m.families) == 0 {
		return nil, m.whole
	}
	c := &comparison{Mapper: m, judge: &judge{records: m.records.anyWindow, memo: &m.memo}, record: r.Kind == rules.Recording}
	out := c.contained(e)
	if c.work > maxWork {
		return nil, false
	}
	slices.SortStableFunc(out, func(a, b Match) int {
		return cmp.Or(cmp.Compare(a.Fit, b.Fit), cmp.Compare(m.order[a.SLI], m.order[b.SLI]))
	})
	return out, m.whole || len(out) > 0
}

// index chooses the label by whose value most targets are told apart; none by
// which an alert may be about a target that it reads nothing of: what good
// events leave are bad ones, and a bucket is of its histogram.
func (f *family) index() {
	apart := map[string]bool{model.MetricNameLabel: true, model.BucketLabel: true}
	for _, t := range f.all {
		for _, l := range slices.Concat(t.outcomes, t.splits) {
			apart[l] = true
		}
	}
	values := map[string]map[string]bool{}
	for _, t := range f.all {
		for _, m := range t.matchers {
			if m.Type == labels.MatchEqual && m.Value != "" && !apart[m.Name] {
				if values[m.Name] == nil {
					values[m.Name] = map[string]bool{}
				}
				values[m.Name][m.Value] = true
			}
		}
	}
	for label, set := range values {
		if n := len(values[f.label]); len(set) > n || len(set) == n && label < f.label {
			f.label = label
		}
	}
	f.byName = map[string][]*target{}
	for _, t := range f.all {
		if v, ok := equality(t.matchers, f.label); ok {
			f.byName[v] = append(f.byName[v], t)
		} else {
			f.others = append(f.others, t)
		}
	}
}

// each calls do with every target that could have series in common with the
// matchers.
func (f *family) each(ms []*labels.Matcher, do func(*target)) {
	v, ok := equality(ms, f.label)
	if !ok {
		for _, t := range f.all {
			do(t)
		}
		return
	}
	for _, t := range f.byName[v] {
		do(t)
	}
	for _, t := range f.others {
		do(t)
	}
}

func equality(ms []*labels.Matcher, label string) (string, bool) {
	for _, m := range ms {
		if m.Name == label && m.Type == labels.MatchEqual && m.Value != "" {
			return m.Value, true
		}
	}
	return "", false
}
