package analyze

import (
	"path"
	"strings"

	"github.com/crywolf-dev/crywolf/rules"
)

// MayMeet reports whether two rules are sure to be loaded by one Prometheus.
// Rules of different scopes never meet. Rules of the same name in different
// folders may be one rule deployed to several clusters, and files that are
// variants of each other are there to choose from: that is unclear, so it is
// not taken for sure.
func (p *Pass) MayMeet(a, b *rules.Rule) bool {
	if scopeOf(a) != scopeOf(b) {
		return false
	}
	if a.File() == b.File() {
		return true
	}
	if a.Name() == b.Name() && path.Dir(a.File().Path) != path.Dir(b.File().Path) {
		return false
	}
	return !variants(a.File(), b.File())
}

// variants reports whether two files look like two makings of one thing, such
// as the rules for two exporters of one product or for two environments: their
// names differ by a part (haproxy and haproxy-v2 in one folder), or at least
// half of what the smaller one alerts on goes by the same names in the other.
func variants(a, b *rules.File) bool {
	x, y := stem(a), stem(b)
	if path.Dir(a.Path) == path.Dir(b.Path) && (partOf(x, y) || partOf(y, x)) {
		return true
	}
	of, in := alertNames(a), alertNames(b)
	if len(of) > len(in) {
		of, in = in, of
	}
	common := 0
	for name := range of {
		if in[name] {
			common++
		}
	}
	return common >= 3 && common*2 >= len(of)
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

// scopeOf says in which Prometheus a rule is taken to live. A PrometheusRule
// object lives in its namespace; all plain files of a run are one scope.
func scopeOf(r *rules.Rule) string {
	namespace, _, _ := strings.Cut(r.Group.Object, "/")
	return namespace
}
