package sli

import (
	"slices"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
)

// A containment says how the series that one list of matchers selects relate to
// those of another, as far as can be proved.
type containment struct {
	narrowed []string // labels by which the first selects less
	widened  []string // labels by which it selects more
	crossed  []string // labels by which each may select what the other does not
	apart    []string // labels by which no series is selected by both

	// Where what is compared are the events that are bad to an alert and to an
	// SLI, and one of them selects those that are good:
	split  string // the label by which good and bad events are told apart
	good   bool   // the alert does
	leaves bool   // one does and the other doesn't

	some bool // of what the SLI adds up, the alert reads a part
}

// equal reports the same selection.
func (c containment) equal() bool {
	return len(c.apart)+len(c.narrowed)+len(c.widened)+len(c.crossed) == 0
}

// within reports that the first selects nothing that the second doesn't.
func (c containment) within() bool {
	return len(c.apart)+len(c.widened)+len(c.crossed) == 0
}

// contain compares what a selects with what b does, label by label. The name of
// the metric and the bound of a bucket are not compared.
func (m *memo) contain(a, b []*labels.Matcher) containment {
	var c containment
	for i, x := range a {
		if x.Name != model.MetricNameLabel && x.Name != model.BucketLabel && !earlier(a[:i], x.Name) {
			m.compare(&c, x.Name, a, b)
		}
	}
	for i, x := range b {
		if x.Name != model.MetricNameLabel && x.Name != model.BucketLabel && !earlier(b[:i], x.Name) && !earlier(a, x.Name) {
			m.compare(&c, x.Name, a, b)
		}
	}
	return c
}

func (m *memo) compare(c *containment, label string, a, b []*labels.Matcher) {
	if alike(a, b, label) {
		return
	}
	var less, more, apart bool
	x, ok := m.admitted(a, label)
	if y, both := m.admitted(b, label); ok && both {
		less, more, apart = x.within(&y), y.within(&x), !x.meets(&y)
	} else {
		less, more, apart = implies(a, b, label), implies(b, a, label), exclude(a, b, label)
	}
	switch {
	case apart:
		c.apart = append(c.apart, label)
	case less && more:
	case less:
		c.narrowed = append(c.narrowed, label)
	case more:
		c.widened = append(c.widened, label)
	default:
		c.crossed = append(c.crossed, label)
	}
}

// alike reports that each has one matcher on the label, and both the same: what
// most alerts and SLIs have in common.
func alike(a, b []*labels.Matcher, label string) bool {
	x, y := sole(a, label), sole(b, label)
	return x != nil && y != nil && x.Type == y.Type && x.Value == y.Value
}

// sole is the one matcher on a label, nil where there is none or another.
func sole(ms []*labels.Matcher, label string) (found *labels.Matcher) {
	for _, m := range ms {
		if m.Name == label {
			if found != nil {
				return nil
			}
			found = m
		}
	}
	return found
}

// matched reports a matcher on the label.
func matched(ms []*labels.Matcher, label string) bool {
	return one(ms, label, anyMatcher)
}

// implies reports that every value of the label that a admits, b admits too.
func implies(a, b []*labels.Matcher, label string) bool {
	if !matched(b, label) {
		return true
	}
	if values, ok := finite(a, label); ok {
		for _, v := range values {
			if !admits(b, label, v) {
				return false
			}
		}
		return true
	}
	for _, want := range b {
		if want.Name == label && !one(a, label, func(have *labels.Matcher) bool { return narrower(have, want) }) {
			return false
		}
	}
	return true
}

// exclude reports that no value of the label is admitted by both.
func exclude(a, b []*labels.Matcher, label string) bool {
	if !matched(a, label) || !matched(b, label) {
		return false
	}
	for _, pair := range [][2][]*labels.Matcher{{a, b}, {b, a}} {
		values, ok := finite(pair[0], label)
		if ok && !slices.ContainsFunc(values, func(v string) bool { return admits(pair[1], label, v) }) {
			return true
		}
	}
	return opposite(a, b, label)
}

// opposite reports that a has a matcher on the label that asks for all that one
// of b's refuses, and for nothing else.
func opposite(a, b []*labels.Matcher, label string) bool {
	return one(a, label, func(x *labels.Matcher) bool {
		return one(b, label, func(y *labels.Matcher) bool {
			return x.Value == y.Value && inverse(x.Type) == y.Type
		})
	})
}

func inverse(t labels.MatchType) labels.MatchType {
	switch t {
	case labels.MatchEqual:
		return labels.MatchNotEqual
	case labels.MatchNotEqual:
		return labels.MatchEqual
	case labels.MatchRegexp:
		return labels.MatchNotRegexp
	}
	return labels.MatchRegexp
}

// one reports that some matcher on the label is as wanted.
func one(ms []*labels.Matcher, label string, wanted func(*labels.Matcher) bool) bool {
	for _, m := range ms {
		if m.Name == label && wanted(m) {
			return true
		}
	}
	return false
}

// finite lists the values of a label that the matchers admit, where these are
// few: those that some matcher spells out.
func finite(ms []*labels.Matcher, label string) (values []string, ok bool) {
	for _, m := range ms {
		if m.Name != label {
			continue
		}
		switch {
		case m.Type == labels.MatchEqual:
			values, ok = []string{m.Value}, true
		case m.Type == labels.MatchRegexp && len(m.SetMatches()) > 0:
			values, ok = m.SetMatches(), true
		}
		if ok {
			break
		}
	}
	if !ok {
		return nil, false
	}
	kept := make([]string, 0, len(values))
	for _, v := range values {
		if admits(ms, label, v) {
			kept = append(kept, v)
		}
	}
	return kept, true
}

// narrower reports that every value that a admits, b does too.
func narrower(a, b *labels.Matcher) bool {
	switch {
	case b.Type == labels.MatchRegexp && b.Value == ".*" || b.Type == labels.MatchNotEqual && b.Value == "" && a.Type == labels.MatchRegexp && !a.Matches(""):
		return true
	case a.Type == b.Type && a.Value == b.Value:
		return true
	case b.Type == labels.MatchNotEqual:
		return !a.Matches(b.Value)
	case a.Type == labels.MatchRegexp && b.Type == labels.MatchRegexp:
		return amongAlternatives(a.Value, b.Value)
	case a.Type == labels.MatchNotRegexp && b.Type == labels.MatchNotRegexp:
		return amongAlternatives(b.Value, a.Value)
	}
	return false
}

// amongAlternatives reports that each alternative of a regular expression is one
// of another's.
func amongAlternatives(a, b string) bool {
	of, ok := alternatives(b)
	if !ok {
		return false
	}
	some, ok := alternatives(a)
	if !ok {
		return false
	}
	for _, s := range some {
		found := false
		for _, o := range of {
			found = found || s == o
		}
		if !found {
			return false
		}
	}
	return true
}

// alternatives splits a regular expression at its topmost "|"; ok is false for
// one with groups or classes, in which "|" means something else.
func alternatives(re string) (out []string, ok bool) {
	if strings.HasPrefix(re, "(") && strings.HasSuffix(re, ")") && !strings.HasPrefix(re, "(?") {
		re = re[1 : len(re)-1]
	}
	if strings.ContainsAny(re, `()[]\`) && strings.Contains(re, "|") {
		return nil, false
	}
	if strings.Count(re, "|") > 100 {
		return nil, false
	}
	return strings.Split(re, "|"), true
}
