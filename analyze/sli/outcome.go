package sli

import (
	"slices"
	"strings"

	"github.com/prometheus/prometheus/model/labels"
)

// split is the label by which the SLI tells bad events from good ones, where it
// is one: that by which the target is less than its totals, or without these, one
// that by its name says how requests end.
func (t *target) split() (label string, ok bool) {
	from := t.outcomes
	if len(t.all) > 0 {
		from = t.splits
	}
	for _, l := range from {
		if l == label || !one(t.matchers, l, anyMatcher) {
			continue
		}
		if label != "" {
			return "", false
		}
		label = l
	}
	return label, label != ""
}

// turned compares what is bad to an alert with what is bad to the SLI, where one
// of them or both say it by what is good: the fewer events are good, the more
// are bad. ok is false where neither does, or where that cannot be compared.
func (t *target) turned(r *reading, k kind) (c containment, ok bool) {
	if t.part != badEvents && t.part != goodEvents || k != t.kind || k == bucketKind || r.asked == 0 || r.how.has(absence|gone|quantile) {
		return c, false
	}
	good := r.low() != r.how.has(complement)
	label, ok := t.split()
	if !ok || !good && t.part == badEvents || !one(r.matchers, label, anyMatcher) {
		return c, false
	}
	leaves := good != (t.part == goodEvents)
	if leaves && !slices.ContainsFunc(t.all, func(total *target) bool { return total.kind == k }) {
		return c, false
	}
	more, less, both, ok := t.worse(r, label, good)
	if !ok {
		return c, false
	}
	c = t.memo.contain(without(r.matchers, label), without(t.matchers, label))
	c.split, c.good, c.leaves = label, good, leaves
	switch {
	case !both:
		c.apart = append(c.apart, label)
	case more && less:
		c.crossed = append(c.crossed, label)
	case more:
		c.widened = append(c.widened, label)
	case less:
		c.narrowed = append(c.narrowed, label)
	}
	return c, true
}

// worse compares by one label what is bad to an alert with what is bad to the
// SLI: whether more is, less is, and some is to both. good says that the alert
// asks for what is good.
func (t *target) worse(r *reading, label string, good bool) (more, less, both, ok bool) {
	a, ok := t.memo.admitted(r.matchers, label)
	if b, also := t.memo.admitted(t.matchers, label); ok && also {
		if good {
			a = a.rest()
		}
		if t.part == goodEvents {
			b = b.rest()
		}
		return !a.within(&b), !b.within(&a), a.meets(&b), true
	}
	values, ok := outcomesOf(r.matchers, t.matchers, label)
	for _, v := range values {
		a := admits(r.matchers, label, v) != good
		b := admits(t.matchers, label, v) != (t.part == goodEvents)
		more, less, both = more || a && !b, less || b && !a, both || a && b
	}
	return more, less, both, ok
}

// outcomesOf are the values of a label that two lists of matchers tell apart,
// one of each kind at least: every status of HTTP's, true and false, or the
// values that are spelled out and one that is none of them.
func outcomesOf(a, b []*labels.Matcher, label string) (values []string, ok bool) {
	if statuses[label] && (one(a, label, byStatus) || one(b, label, byStatus)) {
		return everyStatus, true
	}
	for _, m := range slices.Concat(a, b) {
		if m.Name != label {
			continue
		}
		said := []string{m.Value}
		if m.Type == labels.MatchRegexp || m.Type == labels.MatchNotRegexp {
			if said = m.SetMatches(); len(said) == 0 {
				return nil, false
			}
		}
		values = append(values, said...)
	}
	if !slices.ContainsFunc(values, func(v string) bool { return v != "true" && v != "false" }) {
		return []string{"true", "false"}, true
	}
	return append(values, strings.Join(values, "\x00")+"\x00"), true
}

func without(ms []*labels.Matcher, label string) []*labels.Matcher {
	return slices.DeleteFunc(slices.Clone(ms), func(m *labels.Matcher) bool { return m.Name == label })
}

func anyMatcher(*labels.Matcher) bool { return true }

// micrometer has, for the outcomes by which Micrometer tells how a request ended,
// the statuses that they stand for:
// https://github.com/micrometer-metrics/micrometer/blob/main/micrometer-core/src/main/java/io/micrometer/core/instrument/binder/http/Outcome.java.
var micrometer = map[string]string{"INFORMATIONAL": "1..", "SUCCESS": "2..", "REDIRECTION": "3..", "CLIENT_ERROR": "4..", "SERVER_ERROR": "5.."}

// byStatuses spells Micrometer's outcomes as the statuses of the same requests,
// which its metrics have beside them, so that the two can be compared.
func byStatuses(ms []*labels.Matcher) []*labels.Matcher {
	out := ms
	for i, m := range ms {
		if m.Name != "outcome" {
			continue
		}
		said, of := []string{m.Value}, labels.MatchRegexp
		if m.Type == labels.MatchRegexp || m.Type == labels.MatchNotRegexp {
			said = m.SetMatches()
		}
		if m.Type == labels.MatchNotEqual || m.Type == labels.MatchNotRegexp {
			of = labels.MatchNotRegexp
		}
		var codes []string
		for _, v := range said {
			if micrometer[v] == "" {
				codes = nil
				break
			}
			codes = append(codes, micrometer[v])
		}
		if len(codes) == 0 {
			continue
		}
		same, err := labels.NewMatcher(of, "status", strings.Join(codes, "|"))
		if err != nil {
			continue
		}
		if &out[0] == &ms[0] {
			out = slices.Clone(ms)
		}
		out[i] = same
	}
	return out
}
