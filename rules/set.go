package rules

import (
	"slices"
	"strings"
)

// A Set holds all the files of a run. It is read-only once loaded and safe for
// concurrent use.
type Set struct {
	Files []*File // ordered by path

	recorders map[string][]*Rule
}

// NewSet makes a set of files read one by one, in whatever order.
func NewSet(files []*File) *Set {
	files = slices.Clone(files)
	slices.SortStableFunc(files, func(a, b *File) int { return strings.Compare(a.Path, b.Path) })
	s := &Set{Files: files, recorders: map[string][]*Rule{}}
	for _, r := range s.Rules() {
		if r.Kind == Recording {
			s.recorders[r.Name()] = append(s.recorders[r.Name()], r)
		}
	}
	return s
}

// Rules returns every rule, in order of file, group and index.
func (s *Set) Rules() []*Rule {
	var out []*Rule
	for _, f := range s.Files {
		for _, g := range f.Groups {
			out = append(out, g.Rules...)
		}
	}
	return out
}

// Alerts returns the alerting rules, in the order of Rules.
func (s *Set) Alerts() []*Rule {
	var out []*Rule
	for _, r := range s.Rules() {
		if r.Kind == Alerting {
			out = append(out, r)
		}
	}
	return out
}

// Unreadable counts the files that could not be opened.
func (s *Set) Unreadable() int {
	n := 0
	for _, f := range s.Files {
		if slices.ContainsFunc(f.Problems, func(p Problem) bool { return p.Kind == Unreadable }) {
			n++
		}
	}
	return n
}

// Recorders returns the recording rules that record a metric, in the order of
// Rules; not to be changed.
func (s *Set) Recorders(name string) []*Rule { return s.recorders[name] }
