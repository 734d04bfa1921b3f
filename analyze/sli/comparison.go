package sli

import (
	"slices"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"github.com/crywolf-dev/crywolf/rules/promexpr"
)

// maxWork bounds how long an alert is compared with SLIs, in steps of some ten
// nanoseconds.
const maxWork = 1 << 18

// A comparison is one of a rule with all SLIs.
type comparison struct {
	*Mapper
	judge  *judge
	record bool // the rule records
	work   int
}

// contained maps by what the expression reads. Of "a or b", each side may be
// about an SLI of its own.
func (c *comparison) contained(e parser.Expr) []Match {
	sides := sidesOf(e, nil)
	if len(sides) == 1 || len(sides) > maxSides || c.record {
		return reckoned(c.side(e), e)
	}
	var out []Match
	for _, side := range sides {
		out = append(out, reckoned(c.side(side), side)...)
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
func (c *comparison) side(e parser.Expr) []Match {
	out := c.readings(e)
	for rest := e; len(out) == 0 || !out[0].Fit.Measures(); {
		// Of "a and b", a may be a mere condition.
		b, ok := promexpr.Unparen(rest).(*parser.BinaryExpr)
		if !ok || b.Op != parser.LAND {
			break
		}
		rest = b.RHS
		if right := c.readings(rest); len(out) == 0 || len(right) > 0 && right[0].Fit.Measures() {
			out = right
		}
	}
	return out
}

// readings maps by what an expression reads, the right side of "and" and
// "unless" left out.
func (c *comparison) readings(e parser.Expr) []Match {
	w := walker{judge: c.judge, whole: true}
	w.read(e, use{})
	if w.nodes > maxNodes {
		c.work = maxWork + 1
		return nil
	}
	var out []Match
	for i := range w.out {
		r := &w.out[i]
		if r.metric == "" || r.how.has(below) {
			continue
		}
		base, k := familyOf(r.metric)
		f := c.families[base]
		if f == nil {
			continue
		}
		r.matchers = byStatuses(r.matchers)
		s := siftOf(r, c.record)
		r.record = c.record
		switch {
		case c.record:
		case r.how.outer.op != 0:
			r.asked, r.askedOf = r.how.outer.op, r.how.outer.bound
		default:
			r.asked, r.askedOf = r.how.op, r.how.bound
		}
		weight := weightOf(r.matchers)
		var kept *reading // a copy: what matches outlives the other readings
		f.each(r.matchers, func(t *target) {
			if c.work += weight.with(t); c.work > maxWork {
				return
			}
			if fit, in, ok := fitting(r, base, k, s, t); ok {
				if kept == nil {
					kept = new(*r)
				}
				out = append(out, Match{SLI: t.sli, Rung: RungContainment, Fit: fit, Pos: r.pos, r: kept, target: t, c: in})
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

// A weight says what it takes to compare a selector.
type weight struct {
	values int // that its regular expressions spell out
	size   int // of its regular expressions, in bytes
}

func weightOf(ms []*labels.Matcher) (w weight) {
	for _, m := range ms {
		if m.Type == labels.MatchRegexp || m.Type == labels.MatchNotRegexp {
			w.values += len(m.SetMatches())
			w.size += len(m.Value)
		}
	}
	return w
}

// with is about how many steps it takes to compare it with a target: values of
// the one are held against the regular expressions of the other, and so with the
// totals of the target.
func (w weight) with(t *target) int {
	return (8 + (1+w.values+t.weight.values)*(w.size+t.weight.size)/8) * (1 + min(len(t.all), maxTargets))
}
