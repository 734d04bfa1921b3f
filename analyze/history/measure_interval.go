package history

import (
	"cmp"
	"slices"
	"sort"
)

// Intervals is a set of instants: disjoint intervals in order, none of them
// empty and no two of them touching.
type Intervals []Interval

// Union is the set of all instants that lie in any of the intervals.
func Union(in ...Interval) Intervals {
	sorted := slices.DeleteFunc(slices.Clone(in), func(i Interval) bool { return i.Start >= i.End })
	slices.SortFunc(sorted, func(a, b Interval) int { return cmp.Compare(a.Start, b.Start) })
	out := sorted[:0]
	for _, i := range sorted {
		if n := len(out); n > 0 && i.Start <= out[n-1].End {
			out[n-1].End = max(out[n-1].End, i.End)
			continue
		}
		out = append(out, i)
	}
	return Intervals(out)
}

// Intersect is the set of instants that lie in both.
func (s Intervals) Intersect(o Intervals) Intervals {
	var out Intervals
	for i, k := 0, 0; i < len(s) && k < len(o); {
		both := Interval{max(s[i].Start, o[k].Start), min(s[i].End, o[k].End)}
		if both.Start < both.End {
			out = append(out, both)
		}
		if s[i].End < o[k].End {
			i++
		} else {
			k++
		}
	}
	return out
}

// Subtract is the set of instants of s that do not lie in o.
func (s Intervals) Subtract(o Intervals) Intervals {
	var out Intervals
	k := 0
	for _, i := range s {
		for k < len(o) && o[k].End <= i.Start {
			k++
		}
		from := i.Start
		for j := k; j < len(o) && o[j].Start < i.End; j++ {
			if from < o[j].Start {
				out = append(out, Interval{from, o[j].Start})
			}
			from = o[j].End
		}
		if from < i.End {
			out = append(out, Interval{from, i.End})
		}
	}
	return out
}

// Milliseconds is how long the intervals are together.
func (s Intervals) Milliseconds() int64 {
	var sum int64
	for _, i := range s {
		sum += i.End - i.Start
	}
	return sum
}

// Covered is the time in which silence means something: the window less its
// gaps.
func (c Coverage) Covered() Intervals {
	return Union(c.Window).Subtract(Union(c.Gaps...))
}

// A tape measures how much of an interval lies in a set.
type tape struct {
	set    Intervals
	before []int64 // milliseconds of the set before each of its intervals
}

func newTape(set Intervals) *tape {
	t := &tape{set: set, before: make([]int64, len(set))}
	var sum int64
	for i, s := range set {
		t.before[i] = sum
		sum += s.End - s.Start
	}
	return t
}

// within is the length of i inside the set, in milliseconds.
func (t *tape) within(i Interval) int64 {
	if i.Start >= i.End {
		return 0
	}
	return t.upTo(i.End) - t.upTo(i.Start)
}

// upTo is the length of the set before an instant.
func (t *tape) upTo(at int64) int64 {
	n := sort.Search(len(t.set), func(i int) bool { return t.set[i].Start >= at })
	if n == 0 {
		return 0
	}
	last := t.set[n-1]
	return t.before[n-1] + min(at, last.End) - last.Start
}

// holds reports whether all of i lies in the set.
func (t *tape) holds(i Interval) bool { return t.within(i) == i.End-i.Start }
