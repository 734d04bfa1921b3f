package analyze

import (
	"slices"

	"github.com/crywolf-dev/crywolf/rules"
)

// Origin says since when a finding has been there; the zero Origin is that of a
// new one.
type Origin int

const (
	FromBaseline Origin = iota + 1 // it stands in the baseline
	FromBefore                     // it was there before the change in question
)

// SetAside moves findings that are no news from Findings to Known, where they
// cost points and fail nothing. The list has the origin of each finding.
func (r *Result) SetAside(origins []Origin) {
	var news []Finding
	for i, f := range r.Findings {
		if f.Known = origins[i]; f.Known != 0 {
			r.Known = append(r.Known, f)
		} else {
			news = append(news, f)
		}
	}
	r.Findings = news
	order(r.Known)
}

// KnownFrom counts the known findings of an origin.
func (r *Result) KnownFrom(origin Origin) (n int) {
	for i := range r.Known {
		if r.Known[i].Known == origin {
			n++
		}
	}
	return n
}

// Listed are the findings for programs to read, in order: the new ones, and
// those known from a baseline.
func (r *Result) Listed() []*Finding {
	var out []*Finding
	for i := range r.Findings {
		out = append(out, &r.Findings[i])
	}
	for i := range r.Known {
		if r.Known[i].Known == FromBaseline {
			out = append(out, &r.Known[i])
		}
	}
	slices.SortStableFunc(out, compareFindings)
	return out
}

// Narrow leaves of a result what concerns some of the files: their alerts, the
// findings that stand in them, and those that stand elsewhere and speak of
// them. The other files were read for comparison.
func (r *Result) Narrow(concerned func(*rules.File) bool) {
	facts := *r.Facts
	facts.Set = rules.NewSet(slices.DeleteFunc(slices.Clone(r.Set.Files), func(f *rules.File) bool { return !concerned(f) }))
	facts.Alerts = slices.DeleteFunc(slices.Clone(r.Alerts), func(a *Alert) bool { return !concerned(a.Rule.File()) })
	r.Facts = &facts
	elsewhere := func(f Finding) bool {
		if f.Rule == nil && len(f.Covers) > 0 { // of the whole house
			return !concerned(f.File)
		}
		return f.File != nil && !concerned(f.File) &&
			!slices.ContainsFunc(f.Related, func(o Related) bool { return o.File != nil && concerned(o.File) }) &&
			!slices.ContainsFunc(f.Covers, func(o *rules.Rule) bool { return concerned(o.File()) })
	}
	r.Findings = slices.DeleteFunc(r.Findings, elsewhere)
	r.Suppressed = slices.DeleteFunc(r.Suppressed, elsewhere)
	r.Known = slices.DeleteFunc(r.Known, elsewhere)
}
