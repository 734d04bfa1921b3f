package sli

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// Fit says how close an alert is to an SLI, the closest first.
type Fit uint8

// The fits.
const (
	Named       Fit = iota // the alert says that it is about the SLI
	Same                   // it reads what the SLI counts
	Narrower               // of that, a part
	Wider                  // that and more
	OtherBound             // the same histogram, with another bound or a quantile
	Traffic                // it only asks whether there are events at all
	Overlapping            // it picks some by one label and others by another: whether it means the SLI is open
)

// String returns the fit in a few words.
func (f Fit) String() string {
	return [...]string{"named", "same", "narrower", "wider", "other bound", "traffic", "overlapping"}[f]
}

// Measures reports a fit by which the alert tells when the SLI is not met, as
// far as both go.
func (f Fit) Measures() bool { return f <= OtherBound }

// About reports a fit by which the alert is about the SLI.
func (f Fit) About() bool { return f < Overlapping }

// fitting compares a reading of an alert with a target.
func fitting(r *reading, base string, k kind, s sift, t *target) (f Fit, c containment, ok bool) {
	if t.base != base {
		return 0, c, false
	}
	if t.sift != s && !r.how.has(absence) {
		c = t.memo.contain(r.matchers, t.matchers)
		return scopeFit(c), c, t.counts(r, s) && k == t.kind && len(c.apart) == 0
	}
	if c, ok := t.turned(r, k); ok {
		return scopeFit(c), c, len(c.apart) == 0
	}
	c = t.memo.contain(r.matchers, t.matchers)
	if len(c.apart) > 0 {
		return t.rest(r, k, c.apart)
	}
	f = scopeFit(c)
	if t.part != allEvents && slices.ContainsFunc(c.widened, func(l string) bool {
		return slices.Contains(t.outcomes, l) && !one(r.matchers, l, anyMatcher)
	}) {
		return 0, c, false // it reads good and bad events alike
	}
	switch {
	case t.part == allEvents:
		few := r.how.has(absence|gone) || r.low()
		some := slices.ContainsFunc(c.narrowed, func(l string) bool { return slices.Contains(t.outcomes, l) })
		against := r.how.has(ratio) && slices.ContainsFunc(r.how.over, func(m string) bool { return m != r.metric }) // and not what it was a week ago
		return Traffic, c, (r.record || few && !against && !r.how.has(complement)) && c.within() && !some && !r.how.has(quantile) && r.le() == ""
	case r.how.has(absence | gone):
		return Traffic, c, k == t.kind && r.le() == t.le && (c.equal() || t.part == value && c.within())
	case t.upTo > 0:
		if r.how.upTo != t.upTo {
			f = max(f, OtherBound)
		}
		return f, c, r.how.has(fraction) && t.asks(r) || r.how.has(quantile) && !r.how.has(fraction) && !r.low()
	case t.kind == bucketKind && t.le != "" && t.part != value:
		switch {
		case r.how.has(quantile) && (k == bucketKind || k == plain), k == sumKind && slices.Contains(r.how.over, base+"_count"):
			return max(f, OtherBound), c, r.how.has(fraction) || !r.low()
		case k != bucketKind || r.le() == "":
			return 0, c, false
		case r.le() != t.le:
			f = max(f, OtherBound)
		}
	case k != t.kind, r.le() != t.le:
		return 0, c, false
	}
	return f, c, t.asks(r)
}

// rest compares with what a target leaves of its totals: what are not good
// events are bad ones. outcomes are the labels by which the two are apart.
func (t *target) rest(r *reading, k kind, outcomes []string) (f Fit, c containment, ok bool) {
	inverted := *t
	switch t.part {
	case goodEvents:
		inverted.part = badEvents
	case badEvents:
		inverted.part = goodEvents
	default:
		return 0, c, false
	}
	if r.how.has(absence|gone|quantile) || k != t.kind || k == bucketKind || !inverted.asks(r) {
		return 0, c, false
	}
	for _, total := range t.all {
		c = t.memo.contain(r.matchers, total.matchers)
		if total.kind != k || len(c.apart)+len(c.crossed) > 0 {
			continue
		}
		// What sets the reading apart from the target narrows it within the
		// totals: to all that the target leaves, or to a part.
		if !slices.ContainsFunc(outcomes, func(label string) bool { return !opposite(r.matchers, t.matchers, label) }) {
			c.narrowed = slices.DeleteFunc(c.narrowed, func(label string) bool { return slices.Contains(outcomes, label) })
		}
		c.leaves = true
		return scopeFit(c), c, true
	}
	return 0, c, false
}

// asks reports that the alert asks for many bad events, or for few good ones. One
// that compares nothing fires for any there are. What is only recorded may be put
// to either use.
func (t *target) asks(r *reading) bool {
	bad := t.part == badEvents
	switch op := r.asked; {
	case r.record:
		return true
	case t.part == value && (op == parser.EQLC || op == parser.NEQ) && !math.IsNaN(r.askedOf):
		return t.sli.good(r.askedOf) == (op == parser.NEQ)
	case t.part == value:
		return op != 0 && high(t.sli.Op) == (r.low() != (r.how.falls() != t.falls))
	case r.how.has(complement):
		bad = !bad
	}
	return bad == !r.low()
}

// counts reports that the alert counts those that are 0 where the SLI wants them
// up: count(probe_success == 0) > 2.
func (t *target) counts(r *reading, s sift) bool {
	zero := s == sift{op: parser.EQLC} || s == sift{op: parser.LTE} || s == sift{op: parser.LSS, bound: 1} || s == sift{op: parser.NEQ, bound: 1}
	if !zero || !t.level || t.falls || t.sift != (sift{}) || !r.how.has(counted) || r.how.has(rated|absence|gone|complement) {
		return false
	}
	if r.asked == parser.EQLC && math.IsNaN(r.askedOf) { // as many as there are
		return t.part == goodEvents || t.part == value && !t.sli.good(0)
	}
	return !r.low() && (t.part == goodEvents || t.part == value && !t.sli.good(0))
}

func (r *reading) le() string { return boundOf(r.matchers) }

func scopeFit(c containment) Fit {
	switch {
	case c.equal():
		return Same
	case len(c.crossed) > 0 || len(c.narrowed) > 0 && len(c.widened) > 0:
		return Overlapping
	case len(c.narrowed) > 0:
		return Narrower
	}
	return Wider
}

// evidence says in words how a reading fits a target.
func evidence(r *reading, t *target, f Fit, c containment) string {
	what := "is " + t.part.String() + " of " + t.sli.Called()
	_, k := familyOf(r.metric)
	switch {
	case f == Traffic:
		what = "is " + t.part.String() + " of " + t.sli.Called()
		if !r.record {
			what += ", and the alert asks whether there is any of it"
		}
	case c.some:
		what = "is a part of " + t.part.String() + " of " + t.sli.Called()
	case c.leaves:
		what = "is what " + t.part.String() + " of " + t.sli.Called() + " leaves"
	case f >= OtherBound && t.upTo > 0:
		what = fmt.Sprintf("is the histogram by which %s counts what is within %g", t.sli.Called(), t.upTo)
	case f >= OtherBound && t.kind == bucketKind && (k != bucketKind || r.le() != t.le):
		what = fmt.Sprintf("is of the histogram by which %s counts what is within %s", t.sli.Called(), t.le)
	}
	return quoted(r) + " " + what + differs(r, t, c)
}

// differs says in words by what a reading is more or less than it was just said
// to be.
func differs(r *reading, t *target, c containment) string {
	less, more, so := c.narrowed, c.widened, ""
	if c.good { // of what is good, that is
		switch isSplit := func(l string) bool { return l == c.split }; {
		case slices.ContainsFunc(more, isSplit):
			more, less, so = slices.DeleteFunc(slices.Clone(more), isSplit), append(slices.Clone(less), c.split), ", and so calls more of them bad"
		case slices.ContainsFunc(less, isSplit):
			less, more, so = slices.DeleteFunc(slices.Clone(less), isSplit), append(slices.Clone(more), c.split), ", and so calls fewer of them bad"
		}
	}
	var also []string
	if len(less) > 0 {
		also = append(also, "narrowed to "+listed(r.matchers, less))
	}
	switch {
	case len(more) > 0 && c.leaves && slices.Contains(more, c.split):
		also = append(also, "widened to "+listed(r.matchers, more))
	case len(more) > 0:
		also = append(also, "widened from "+listed(t.matchers, more))
	}
	switch {
	case len(c.crossed) > 0 && c.leaves && slices.Contains(c.crossed, c.split):
		also = append(also, "with "+listed(r.matchers, c.crossed))
	case len(c.crossed) > 0:
		also = append(also, "with "+listed(r.matchers, c.crossed)+" for "+listed(t.matchers, c.crossed))
	}
	if len(also) == 0 {
		return ""
	}
	return ", " + strings.Join(also, " and ") + so
}

// listed are the matchers on some labels.
func listed(ms []*labels.Matcher, names []string) string {
	var out []string
	for _, m := range ms {
		if slices.Contains(names, m.Name) {
			s := m.String()
			if len(s) > maxShown {
				s = strings.ToValidUTF8(s[:maxShown], "") + "…"
			}
			out = append(out, s)
		}
	}
	if len(out) == 0 {
		return "all"
	}
	return strings.Join(out, ", ")
}

// Called names an SLI, as an SLO where it has an objective.
func (s *SLI) Called() string {
	if s.Objective > 0 {
		return "SLO " + s.ID
	}
	return "SLI " + s.ID
}

// Within reports that the alert reads nothing that the SLI does not count: what
// it fires for happened to the SLI. An alert that names the SLI is believed.
func (m Match) Within() bool { return m.Fit.Measures() && (m.target == nil || m.c.within()) }
