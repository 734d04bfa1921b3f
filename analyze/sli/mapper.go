package sli

import (
	"slices"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/promql/parser/posrange"

	"github.com/crywolf-dev/crywolf/rules"
	"github.com/crywolf-dev/crywolf/rules/promexpr"
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
	m := &Mapper{records: &recorders{rules: records, exact: true}, families: map[string]*family{}}
	m.names = newNameIndex(c, &m.memo)
	if c.Empty() {
		return m
	}
	for _, s := range c.SLIs {
		for _, t := range targetsOf(s, m.records.anyWindow, &m.memo) {
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

// Map returns the SLIs that an alert is about, by the strongest evidence there
// is, in the order of the catalogue; none for an alert whose expression does not
// parse. A recording rule can be mapped as well.
func (m *Mapper) Map(r *rules.Rule) []Match {
	e := r.Expr()
	if e == nil || len(m.names.all) == 0 {
		return nil
	}
	if out := m.names.of(r, e); len(out) > 0 {
		return out
	}
	return m.contained(e, r.Kind == rules.Recording)
}

// contained maps by what the expression reads. Of "a or b", each side may be
// about an SLI of its own.
func (m *Mapper) contained(e parser.Expr, record bool) []Match {
	if len(m.families) == 0 {
		return nil
	}
	j := &judge{records: m.records.anyWindow, memo: &m.memo}
	sides := sidesOf(e, nil)
	if len(sides) == 1 || len(sides) > maxSides || record {
		return reckoned(m.side(j, e, record), e)
	}
	var out []Match
	for _, side := range sides {
		out = append(out, reckoned(m.side(j, side, record), side)...)
	}
	slices.SortStableFunc(out, func(a, b Match) int { return int(a.Fit) - int(b.Fit) })
	seen := map[*SLI]bool{}
	measures := len(out) > 0 && out[0].Fit.Measures()
	return slices.DeleteFunc(out, func(m Match) bool {
		again := seen[m.SLI]
		seen[m.SLI] = true
		return again || measures && !m.Fit.Measures()
	})
}

// maxSides bounds the sides of "or" that are mapped one by one.
const maxSides = 16

// sidesOf are what "or" joins.
func sidesOf(e parser.Expr, to []parser.Expr) []parser.Expr {
	if b, ok := promexpr.Unparen(e).(*parser.BinaryExpr); ok && b.Op == parser.LOR && len(to) <= maxSides {
		return sidesOf(b.RHS, sidesOf(b.LHS, to))
	}
	return append(to, e)
}

// side maps one side of "or".
func (m *Mapper) side(j *judge, e parser.Expr, record bool) []Match {
	out := m.readings(j, e, record)
	for rest := e; len(out) == 0 || !out[0].Fit.Measures(); {
		// Of "a and b", a may be a mere condition.
		b, ok := promexpr.Unparen(rest).(*parser.BinaryExpr)
		if !ok || b.Op != parser.LAND {
			break
		}
		rest = b.RHS
		if right := m.readings(j, rest, record); len(out) == 0 || len(right) > 0 && right[0].Fit.Measures() {
			out = right
		}
	}
	return out
}

// readings maps by what an expression reads, the right side of "and" and
// "unless" left out.
func (m *Mapper) readings(j *judge, e parser.Expr, record bool) []Match {
	w := walker{judge: j, whole: true}
	w.read(e, use{})
	if w.nodes > maxNodes {
		return nil
	}
	var out []Match
	for i := range w.out {
		r := &w.out[i]
		if r.metric == "" || r.how.has(below) {
			continue
		}
		base, k := familyOf(r.metric)
		f := m.families[base]
		if f == nil {
			continue
		}
		r.matchers = byStatuses(r.matchers)
		s := siftOf(r, record)
		r.record = record
		switch {
		case record:
		case r.how.outer.op != 0:
			r.asked, r.askedOf = r.how.outer.op, r.how.outer.bound
		default:
			r.asked, r.askedOf = r.how.op, r.how.bound
		}
		f.each(r.matchers, func(t *target) {
			if fit, c, ok := fitting(r, base, k, s, t); ok {
				out = append(out, Match{SLI: t.sli, Rung: RungContainment, Fit: fit, Pos: r.pos, r: r, target: t, c: c})
			}
		})
	}
	return closest(out)
}

// closest keeps the matches of the closest fit, one for each SLI; of several
// SLIs that an alert is a part of, those that are no wider than another.
func closest(all []Match) []Match {
	if len(all) == 0 {
		return nil
	}
	inPart(all)
	best := slices.MinFunc(all, func(a, b Match) int { return int(a.Fit) - int(b.Fit) }).Fit
	var out []Match
	seen := map[*SLI]bool{}
	for _, m := range all {
		if m.Fit == best && !seen[m.SLI] {
			seen[m.SLI] = true
			out = append(out, m)
		}
	}
	if best >= OtherBound && slices.ContainsFunc(out, func(m Match) bool { return m.c.equal() }) {
		return slices.DeleteFunc(out, func(m Match) bool { return !m.c.equal() })
	}
	if best != Narrower || len(out) == 1 || len(out) > maxCompared {
		return out
	}
	return slices.DeleteFunc(slices.Clone(out), func(m Match) bool {
		return slices.ContainsFunc(out, func(o Match) bool { return o.SLI != m.SLI && o.tighter(m) })
	})
}

// inPart sets right the fit of alerts that read some of what an SLI adds up, and
// not all of it.
func inPart(all []Match) {
	reads := map[*target]bool{}
	for _, m := range all {
		if m.Fit == Same || m.Fit == Wider {
			reads[m.target] = true
		}
	}
	for i, m := range all {
		if m.Fit == Same && slices.ContainsFunc(m.target.beside, func(t *target) bool { return !reads[t] }) {
			all[i].Fit, all[i].c.some = Narrower, true
		}
	}
}

// tighter reports that of two SLIs that an alert is a part of, the first is
// nearer to it.
func (m Match) tighter(than Match) bool {
	if len(m.c.narrowed) < len(than.c.narrowed) {
		return !slices.ContainsFunc(m.c.narrowed, func(l string) bool { return !slices.Contains(than.c.narrowed, l) })
	}
	c := m.target.memo.contain(m.target.matchers, than.target.matchers)
	return m.target.part == than.target.part && c.within() && !c.equal()
}

// maxCompared bounds how many SLIs are compared with each other.
const maxCompared = 50

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
