package analyze

import (
	"path"
	"strings"

	"github.com/crywolf-dev/crywolf/rules"
)

// MayMeet reports whether two rules are sure to be loaded by one Prometheus.
// Rules of different scopes never meet. Rules of the same name in different
// folders may be one rule deployed to several clusters: that is unclear, so it
// is not taken for sure.
func (p *Pass) MayMeet(a, b *rules.Rule) bool {
	if scopeOf(a) != scopeOf(b) {
		return false
	}
	return a.Name() != b.Name() || path.Dir(a.File().Path) == path.Dir(b.File().Path)
}

// scopeOf says in which Prometheus a rule is taken to live. A PrometheusRule
// object lives in its namespace; all plain files of a run are one scope.
func scopeOf(r *rules.Rule) string {
	namespace, _, _ := strings.Cut(r.Group.Object, "/")
	return namespace
}
