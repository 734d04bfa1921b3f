package config

import (
	"slices"
	"strings"
	"time"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/prometheus/common/model"
	"go.yaml.in/yaml/v3"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/sli"
)

// Bounds of a pattern, beyond which matching it could take long.
const (
	maxPattern      = 256
	maxBraces       = 4
	maxAlternatives = 16
)

func (t *text) decode(d *decoder, n *yaml.Node, where string) {
	t.at = d.place(n)
	if !d.isText(n, where) {
		return
	}
	if n.Value == "" {
		d.report(n, "%s is empty", where)
	}
	t.value = n.Value
}

func (g *glob) decode(d *decoder, n *yaml.Node, where string) {
	g.at = d.place(n)
	if !d.isText(n, where) {
		return
	}
	p := n.Value
	bad := func(why string) { d.report(n, "%s is %q, which %s", where, shorten(p), why) }
	switch {
	case p == "":
		d.report(n, "%s is empty; write . for everything", where)
	case len(p) > maxPattern || strings.Count(p, "{") > maxBraces || strings.Count(p, ",") > maxAlternatives:
		bad("is more than a pattern may hold; write several")
	case strings.HasPrefix(p, "/") || strings.HasPrefix(p, "~") || len(p) > 1 && p[1] == ':':
		bad("is not relative; name what lies under the folder of this file")
	case slices.Contains(strings.FieldsFunc(p, func(r rune) bool { return strings.ContainsRune(`/\{},`, r) }), ".."):
		bad("leads out of the folder of this file; a configuration speaks only of what lies under its own")
	case strings.ContainsFunc(p, func(r rune) bool { return r < ' ' || r == 0x7F }):
		bad("holds a control character")
	case !doublestar.ValidatePattern(p):
		bad("is no pattern: *, ?, [a-z], {a,b} and ** stand for parts of a path")
	default:
		for strings.HasPrefix(p, "./") {
			p = p[2:]
		}
		if p = strings.TrimRight(p, "/"); p == "" {
			p = "."
		}
		g.pattern = p
	}
}

func (k *declaredKeys) place(at position) { k.at = at }

func (m *declaredMetric) place(at position) { m.at = at }

func (o *override) place(at position) { o.at = at }

func (u *urgency) decode(d *decoder, n *yaml.Node, where string) {
	*u = urgency(d.word(n, urgencyWords(), where))
}

func (r *required) decode(d *decoder, n *yaml.Node, where string) {
	*r = required(d.word(n, requiredWords(), where))
}

func (v *verdict) decode(d *decoder, n *yaml.Node, where string) {
	word := d.word(n, verdictWords(), where)
	for _, known := range sli.Verdicts() {
		if word == known.String() {
			*v = verdict(known)
		}
	}
}

func (p *pattern) decode(d *decoder, n *yaml.Node, where string) {
	p.at = d.place(n)
	if !d.isText(n, where) {
		return
	}
	if err := sli.ValidPattern(n.Value); err != nil {
		d.report(n, "%s %v", where, err)
	}
	p.value = n.Value
}

func (s *severity) decode(d *decoder, n *yaml.Node, where string) {
	word := d.word(n, severityWords(), where)
	s.off = word == offWord
	for _, known := range []analyze.Severity{analyze.Info, analyze.Warning, analyze.Error} {
		if word == known.String() {
			s.Severity = known
		}
	}
}

func (p *points) decode(d *decoder, n *yaml.Node, where string) {
	x, ok := d.number(n, true, where)
	if !ok {
		return
	}
	if x < 0 || x > maxPoints {
		d.report(n, "%s is %s; an alert has %d points to lose", where, shorten(n.Value), maxPoints)
		return
	}
	p.n, p.set = int(x), true
}

// maxPoints are all that an alert has.
const maxPoints = 100

func (t *duration) decode(d *decoder, n *yaml.Node, where string) {
	parsed, err := model.ParseDuration(n.Value)
	if err != nil || parsed <= 0 {
		d.report(n, "%s must be a duration such as 30s or 1m, not %s", where, describe(n))
		return
	}
	*t = duration(time.Duration(parsed))
}

func (concern) words([]*analyze.Check) []string { return concernWords() }

func (checkID) words(checks []*analyze.Check) []string { return checkIDs(checks) }

func checkIDs(checks []*analyze.Check) []string {
	ids := make([]string, 0, len(checks))
	for _, c := range checks {
		ids = append(ids, c.ID)
	}
	return ids
}

// word reads one of a few.
func (d *decoder) word(n *yaml.Node, known []string, where string) string {
	if slices.Contains(known, n.Value) && n.ShortTag() == "!!str" {
		return n.Value
	}
	if n.ShortTag() != "!!str" {
		d.report(n, "%s must be one of %s, not %s", where, strings.Join(known, ", "), describe(n))
		return ""
	}
	d.unknown(n, where+" is", "it must be one of", known, "")
	return ""
}
