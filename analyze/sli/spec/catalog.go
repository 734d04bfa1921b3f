package spec

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/crywolf-dev/crywolf/analyze/sli"
	"github.com/crywolf-dev/crywolf/rules"
)

// catalog reads the documents that were found.
func (l *loader) catalog() *sli.Catalog {
	for _, read := range l.documents {
		read()
	}
	for _, name := range slices.Sorted(maps.Keys(l.indicators)) {
		l.indicators[name].alone()
	}
	slices.SortStableFunc(l.slis, func(a, b *found) int { return cmp.Compare(a.order, b.order) })
	l.tellApart()
	c := &sli.Catalog{Problems: l.problems, Passed: l.passed}
	for _, s := range l.slis {
		c.SLIs = append(c.SLIs, s.SLI)
	}
	unique(c)
	byPlace(c.Problems)
	byPlace(c.Passed)
	return c
}

func byPlace(list []sli.Problem) {
	slices.SortStableFunc(list, func(a, b sli.Problem) int {
		return cmp.Or(cmp.Compare(a.File.Path, b.File.Path), cmp.Compare(a.Span.Start.Offset, b.Span.Start.Offset), cmp.Compare(a.Message, b.Message))
	})
}

// tellApart puts the namespace of a Kubernetes object before the IDs of its
// SLIs where objects of other namespaces have SLIs by those IDs.
func (l *loader) tellApart() {
	namespaces := map[string][]string{}
	for _, s := range l.slis {
		if s.namespace != "" && !slices.Contains(namespaces[s.ID], s.namespace) {
			namespaces[s.ID] = append(namespaces[s.ID], s.namespace)
		}
	}
	for _, s := range l.slis {
		if len(namespaces[s.ID]) > 1 && s.namespace != "" {
			s.ID = s.namespace + "/" + s.ID
		}
	}
}

// Join is one catalogue of several, in their order. An SLI whose ID an earlier
// one has is a Problem, unless the two say the same.
func Join(list ...*sli.Catalog) *sli.Catalog {
	c := &sli.Catalog{}
	for _, l := range list {
		if l != nil {
			c.SLIs = append(c.SLIs, l.SLIs...)
			c.Problems = append(c.Problems, l.Problems...)
			c.Passed = append(c.Passed, l.Passed...)
		}
	}
	unique(c)
	return c
}

// unique leaves of the SLIs of one ID the first.
func unique(c *sli.Catalog) {
	first := map[string]*sli.SLI{}
	c.SLIs = slices.DeleteFunc(c.SLIs, func(s *sli.SLI) bool {
		other := first[s.ID]
		if other == nil {
			first[s.ID] = s
			return false
		}
		if !same(other, s) {
			c.Problems = append(c.Problems, sli.Problem{File: s.File, Span: s.Span, Hint: "Give one of the two another name.",
				Message: fmt.Sprintf("another SLI is called %q, and says something else: %s", shorten(s.ID), placeOf(other.File, other.Span))})
		}
		return true
	})
}

func placeOf(f *rules.File, at rules.Span) string {
	return fmt.Sprintf("%s:%d", f.Path, at.Start.Line)
}

// same reports whether two SLIs of one ID say the same, but for the words that
// describe it.
func same(a, b *sli.SLI) bool {
	if a.Objective != b.Objective || a.Window != b.Window || a.RatioIsBad != b.RatioIsBad || a.Op != b.Op || a.Threshold != b.Threshold || a.Unalerted != b.Unalerted {
		return false
	}
	pairs := [][2]*sli.Query{{a.Good, b.Good}, {a.Bad, b.Bad}, {a.Total, b.Total}, {a.Ratio, b.Ratio}, {a.Value, b.Value}}
	return !slices.ContainsFunc(pairs, func(p [2]*sli.Query) bool {
		return (p[0] == nil) != (p[1] == nil) || p[0] != nil && p[0].Text != p[1].Text
	})
}
