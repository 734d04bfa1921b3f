package sli

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/prometheus/prometheus/promql/parser"

	"github.com/crywolf-dev/crywolf/rules"
	"github.com/crywolf-dev/crywolf/rules/promexpr"
)

// nameKeys are labels and annotations by which people say which SLO an alert is
// about.
var nameKeys = []string{"slo", "sli", "slo_id", "sli_id", "slo_name", "sli_name"}

// serviceKeys are labels that tell whose an SLO is, where its name alone does
// not.
var serviceKeys = []string{"slo_service", "sloth_service", "service", "service_name"}

// named is a comment by which an alert says the same:
//
//	# crywolf slo checkout/availability
var named = regexp.MustCompile(`^crywolf slo[ \t]+([^ \t:]+)(?:[ \t]*:.*)?$`)

// A nameIndex finds the SLIs that an alert names.
type nameIndex struct {
	all    []*SLI
	byID   map[string]*SLI
	byName map[string][]*SLI
	// marked has the SLIs of a label that a generator sets, by the first of its
	// labels and that label's value.
	marked map[string]map[string][]*SLI
	marks  []string        // the keys of marked, in order
	lost   map[string]bool // what names SLIs that could not be read
	memo   *memo

	comments sync.Map // *rules.File to []comment
}

type comment struct {
	line int
	own  bool
	id   string
	span rules.Span
}

func newNameIndex(c *Catalog, m *memo) *nameIndex {
	x := &nameIndex{memo: m, byID: map[string]*SLI{}, byName: map[string][]*SLI{}, marked: map[string]map[string][]*SLI{}, lost: map[string]bool{}}
	if c.Empty() {
		return x
	}
	x.all = c.SLIs
	for _, p := range slices.Concat(c.Problems, c.Passed) {
		if p.ID != "" {
			x.lost[p.ID] = true
			x.lost[p.ID[strings.LastIndexByte(p.ID, '/')+1:]] = true
		}
		for _, v := range p.Labels {
			x.lost[v] = true
		}
	}
	for _, s := range c.SLIs {
		x.byID[s.ID] = s
		x.byName[s.Name] = append(x.byName[s.Name], s)
		if id := s.Labels["sloth_id"]; id != "" && id != s.Name {
			x.byName[id] = append(x.byName[id], s) // as Sloth calls it
		}
		if key, value, ok := s.mark(); ok {
			if x.marked[key] == nil {
				x.marked[key] = map[string][]*SLI{}
			}
			x.marked[key][value] = append(x.marked[key][value], s)
		}
	}
	x.marks = slices.Sorted(maps.Keys(x.marked))
	return x
}

// mark is the first of the labels by which a generator names the SLI.
func (s *SLI) mark() (key, value string, ok bool) {
	for k, v := range s.Labels {
		if !ok || k < key {
			key, value, ok = k, v, true
		}
	}
	return key, value, ok
}

// markedBy reports that no label of the SLI's generator says something else. The
// mark itself is known to be there.
func (s *SLI) markedBy(label func(string) (string, bool)) bool {
	for k, want := range s.Labels {
		if v, ok := label(k); ok && v != want {
			return false
		}
	}
	return true
}

// askedBy reports that some of the labels of the SLI's generator are there, enough
// to tell it from others, and none has another value: Sloth's id is made of the
// other two.
func (s *SLI) askedBy(label func(string) (string, bool)) bool {
	missing := map[string]bool{}
	for k, want := range s.Labels {
		switch v, ok := label(k); {
		case !ok:
			missing[k] = true
		case v != want:
			return false
		}
	}
	return len(missing) == 0 || len(s.Labels) > 1 && (!missing["sloth_id"] || len(missing) == 1)
}

// of returns the SLIs that a rule names: in a comment, by labels or annotations,
// or by the labels of a generator's records that it reads.
func (x *nameIndex) of(r *rules.Rule, e parser.Expr) []Match {
	whole := e.PositionRange()
	match := func(rung Rung, s *SLI, why string) Match {
		return Match{SLI: s, Rung: rung, Fit: Named, Pos: whole, named: why}
	}
	if said, ok := x.comment(r); ok {
		if s := x.resolve(said.id, r); s != nil {
			return []Match{match(RungNamed, s, "a comment at the alert names "+s.Called())}
		}
	}
	label := func(name string) (string, bool) {
		f, ok := r.Label(name)
		if !ok {
			return "", false
		}
		return f.Value.Text(), true
	}
	var out []Match
	for _, key := range x.marks {
		v, ok := label(key)
		if !ok {
			continue
		}
		for _, s := range x.marked[key][v] {
			if s.markedBy(label) {
				m := match(RungNamed, s, fmt.Sprintf("its label %s=%q names %s", key, v, s.Called()))
				m.Generated = true
				out = append(out, m)
			}
		}
	}
	if len(out) > 0 {
		return out
	}
	if key, v, _, ok := naming(r); ok {
		if s := x.resolve(v, r); s != nil {
			return []Match{match(RungNamed, s, fmt.Sprintf("its %s=%q names %s", key, v, s.Called()))}
		}
	}
	return x.generated(e)
}

// naming is the label or annotation by which a rule says which SLO it is about.
func naming(r *rules.Rule) (key, value string, at rules.Field, ok bool) {
	for _, key := range nameKeys {
		if f, ok := r.Label(key); ok {
			return key, f.Value.Text(), f, true
		}
	}
	for _, key := range nameKeys {
		if f, ok := r.Annotations.Get(key); ok {
			return key, f.Value.Text(), f, true
		}
	}
	return "", "", rules.Field{}, false
}

// resolve finds the SLI of an id, or of a name that only one has, or only one of
// the rule's service.
func (x *nameIndex) resolve(id string, r *rules.Rule) *SLI {
	if s := x.byID[id]; s != nil {
		return s
	}
	found := x.byName[id]
	if len(found) == 1 {
		return found[0]
	}
	for _, key := range serviceKeys {
		if f, ok := r.Label(key); ok {
			if s := x.byID[f.Value.Text()+"/"+id]; s != nil {
				return s
			}
		}
	}
	return nil
}

// has reports that some SLI goes by that id or name, be it one that could not be
// read.
func (x *nameIndex) has(id string) bool {
	return x.byID[id] != nil || len(x.byName[id]) > 0 || x.lost[id]
}

// generated maps by the records of a generator: their selectors name the SLO.
func (x *nameIndex) generated(e parser.Expr) []Match {
	if len(x.marks) == 0 {
		return nil
	}
	var out []Match
	seen := map[*SLI]bool{}
	promexpr.EachSelector(e, func(vs *parser.VectorSelector) {
		name := promexpr.Name(vs)
		label := func(key string) (string, bool) { return equality(vs.LabelMatchers, key) }
		found := func(s *SLI, key, value string) {
			if !seen[s] && s.askedBy(label) && x.records(name) {
				seen[s] = true
				out = append(out, Match{SLI: s, Rung: RungGenerator, Fit: Named, Pos: vs.PosRange, Generated: true,
					named: fmt.Sprintf("`%s` with %s=%q is a record of %s", name, key, value, s.Called())})
			}
		}
		for _, key := range x.marks {
			if v, ok := label(key); ok {
				for _, s := range x.marked[key][v] {
					found(s, key, v)
				}
			}
		}
		if slo, ok := label("sloth_slo"); ok {
			for _, s := range x.byName[slo] {
				if s.Labels["sloth_slo"] == slo {
					found(s, "sloth_slo", slo)
				}
			}
		}
	})
	return out
}

// records reports a name under which a generator records an SLO.
func (x *nameIndex) records(name string) bool {
	c := x.memo.lookup(name, nil)
	return c != nil && c.reads == objective
}

// comment is the one that names an SLO within a rule, or right above it.
func (x *nameIndex) comment(r *rules.Rule) (comment, bool) {
	f := r.File()
	found, ok := x.comments.Load(f)
	if !ok {
		var all []comment
		for _, c := range f.Comments {
			if m := named.FindStringSubmatch(c.Text); m != nil {
				all = append(all, comment{c.Span.Start.Line, c.Own, m[1], c.Span})
			}
		}
		found, _ = x.comments.LoadOrStore(f, all)
	}
	all := found.([]comment)
	if len(all) == 0 {
		return comment{}, false
	}
	node := r.Node()
	for _, c := range all {
		if c.line >= node.Start.Line && (c.line < node.End.Line || c.line == node.End.Line && node.End.Column > 1) {
			return c, true
		}
		if c.own && c.line < node.Start.Line && onlyComments(f, c.line+1, node.Start.Line) {
			return c, true
		}
	}
	return comment{}, false
}

// onlyComments reports that the lines from one up to another are blank or
// comments.
func onlyComments(f *rules.File, from, to int) bool {
	for n := from; n < to; n++ {
		if s := strings.TrimSpace(string(f.Line(n))); s != "" && s[0] != '#' {
			return false
		}
	}
	return true
}

// A Reference is the name of an SLO that an alert gives: in a comment, whose Key
// is "", or by a label or an annotation.
type Reference struct {
	Key, Value string
	Span       rules.Span
}

// Reference returns how a rule names an SLO by a label or an annotation, and
// whether the catalogue has one of that name; ok is false for a rule that names
// none.
func (m *Mapper) Reference(r *rules.Rule) (ref Reference, known, ok bool) {
	if said, has := m.names.comment(r); has {
		return Reference{"", said.id, said.span}, m.names.has(said.id), true
	}
	for _, key := range m.names.marks {
		f, has := r.Label(key)
		if !has {
			continue
		}
		ref = Reference{key, f.Value.Text(), f.Value.Span()}
		return ref, len(m.names.marked[key][ref.Value]) > 0 || m.names.has(ref.Value), true
	}
	if key, v, f, has := naming(r); has {
		return Reference{key, v, f.Value.Span()}, m.names.has(v), true
	}
	return ref, false, false
}
