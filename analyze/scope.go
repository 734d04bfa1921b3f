package analyze

import (
	"cmp"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/crywolf-dev/crywolf/rules"
)

// A scope is where rules live together. One that is declared is never the same
// as one that is taken from a namespace.
type scope struct {
	name     string
	declared bool
}

// scopeOf says in which Prometheus a rule is taken to live: in the scope that
// was declared for it, else in the namespace of its PrometheusRule object. All
// other plain files of a run are one scope.
func (f *Facts) scopeOf(r *rules.Rule) scope {
	if s, ok := f.scopes[r]; ok {
		return s
	}
	namespace, _, _ := strings.Cut(r.Group.Object, "/")
	return scope{name: namespace}
}

// declaredScopes finds the rules that live in a declared scope.
func declaredScopes(set *rules.Set, settings Settings) map[*rules.Rule]scope {
	if settings.Scope == nil {
		return nil
	}
	scopes := map[*rules.Rule]scope{}
	for _, r := range set.Rules() {
		if name, ok := settings.Scope(r); ok {
			scopes[r] = scope{name, true}
		}
	}
	return scopes
}

// MayMeet reports whether two rules are sure to be loaded by one Prometheus.
// Rules of different scopes never meet, those of one declared scope do. Else
// rules of the same name in different folders may be one rule deployed to
// several clusters, and files that are variants of each other are there to
// choose from: that is unclear, so it is not taken for sure.
func (p *Pass) MayMeet(a, b *rules.Rule) bool {
	s := p.scopeOf(a)
	if s != p.scopeOf(b) || !together(a.Conditions(), b.Conditions()) {
		return false
	}
	if a.File() == b.File() || s.declared {
		return true
	}
	if a.Name() == b.Name() && path.Dir(a.File().Path) != path.Dir(b.File().Path) || alikeNamed(a.File(), b.File()) {
		return false // as their own names say, whatever else is in the files
	}
	if p.settings.Variants != nil {
		return !p.settings.Variants(a.File(), b.File())
	}
	return !variants(inCommon(a.File(), b.File()))
}

// NamesakesMeet reports whether a rule may meet rules of its name in other
// folders: where its scope was declared.
func (p *Pass) NamesakesMeet(r *rules.Rule) bool { return p.scopeOf(r).declared }

// alikeNamed reports whether the names of two files of one folder differ by a
// part, as haproxy and haproxy-v2 do.
func alikeNamed(a, b *rules.File) bool {
	x, y := stem(a), stem(b)
	return path.Dir(a.Path) == path.Dir(b.Path) && (partOf(x, y) || partOf(y, x))
}

// variants reports whether two files look like two makings of one thing, such
// as the rules for two exporters of one product or for two environments: at
// least half of what the smaller one alerts on goes by the same names in the
// other.
func variants(common, of int) bool { return common >= 3 && common*2 >= of }

// inCommon counts the names of alerts that two files share, out of how many
// the smaller one has.
func inCommon(a, b *rules.File) (common, of int) {
	names, in := alertNames(a), alertNames(b)
	if len(names) > len(in) {
		names, in = in, names
	}
	for name := range names {
		if in[name] {
			common++
		}
	}
	return common, len(names)
}

// Variants are files that look like makings of one thing, every two of them.
type Variants struct {
	Files      []*rules.File // two at least, in the order of the set
	Common, Of int           // names of alerts that the first two share, out of how many
}

// maxVariants bounds the pairs that are looked for: beyond it nobody would
// read them.
const maxVariants = 1000

// Variants lists the files whose rules are not compared by a guess from the
// names of their alerts, as groups that cover every such pair.
func (f *Facts) Variants() []Variants {
	pairs := map[[2]int]bool{} // of indexes into the set's files, in order
	byName := map[string][]int{}
	for i, file := range f.Set.Files {
		names := alertNames(file)
		shared := map[int]int{}
		for name := range names {
			for _, earlier := range byName[name] {
				shared[earlier]++
			}
			byName[name] = append(byName[name], i)
		}
		for earlier, n := range shared {
			of := f.Set.Files[earlier]
			if n < 3 || alikeNamed(of, file) || f.scopeOf(firstRule(of)) != f.scopeOf(firstRule(file)) || len(pairs) > maxVariants {
				continue
			}
			if variants(inCommon(of, file)) {
				pairs[[2]int{earlier, i}] = true
			}
		}
	}
	var out []Variants
	for _, first := range slices.SortedFunc(maps.Keys(pairs), func(a, b [2]int) int { return cmp.Or(a[0]-b[0], a[1]-b[1]) }) {
		if !pairs[first] { // covered
			continue
		}
		group := []int{first[0], first[1]}
		for next := first[1] + 1; next < len(f.Set.Files); next++ {
			if !slices.ContainsFunc(group, func(g int) bool { _, ok := pairs[[2]int{g, next}]; return !ok }) {
				group = append(group, next)
			}
		}
		v := Variants{}
		for i, g := range group {
			v.Files = append(v.Files, f.Set.Files[g])
			for _, h := range group[i+1:] {
				pairs[[2]int{g, h}] = false
			}
		}
		v.Common, v.Of = inCommon(v.Files[0], v.Files[1])
		out = append(out, v)
	}
	return out
}

// firstRule of a file that has some.
func firstRule(f *rules.File) *rules.Rule {
	for _, g := range f.Groups {
		if len(g.Rules) > 0 {
			return g.Rules[0]
		}
	}
	return nil
}

func stem(f *rules.File) string {
	base := path.Base(f.Path)
	return strings.TrimSuffix(base, path.Ext(base))
}

// partOf reports whether the longer name is the shorter with a word before or
// after it.
func partOf(short, long string) bool {
	if before, ok := strings.CutSuffix(long, short); ok && before != "" && strings.ContainsAny(before[len(before)-1:], "-_.") {
		return true
	}
	after, ok := strings.CutPrefix(long, short)
	return ok && after != "" && strings.ContainsAny(after[:1], "-_.")
}

// alertNames of a file, without what stands in parentheses: (v1), (criteo).
func alertNames(f *rules.File) map[string]bool {
	names := map[string]bool{}
	for _, g := range f.Groups {
		for _, r := range g.Rules {
			if r.Kind == rules.Alerting {
				name, _, _ := strings.Cut(r.Name(), "(")
				names[strings.TrimSpace(name)] = true
			}
		}
	}
	return names
}

// together reports whether rules under these conditions of templates are sure
// to be rendered together at times: whenever those of one are met, so are those
// of the other.
func together(a, b []string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	for _, c := range a {
		if !slices.Contains(b, c) {
			return false
		}
	}
	return true
}
