package baseline

import (
	"slices"
	"strings"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/rules"
)

// likenesses are ways in which a finding is like an entry of the same ID, from
// the closest on. Where one alert goes by the same name in several places, they
// see to it that the one which was added is the one that is new; where there is
// but one, neither its labels nor its file have to stay the same.
var likenesses = []func(Entry) [2]string{
	func(e Entry) [2]string { return [2]string{e.File, e.Variant} },
	func(e Entry) [2]string { return [2]string{e.File} },
	func(e Entry) [2]string { return [2]string{e.Variant} },
	func(Entry) [2]string { return [2]string{} },
}

// A likeness is what an entry and a finding have in common.
type likeness struct {
	id    string
	close [2]string
}

// Match pairs findings with entries, each with one at most: partner holds for
// every finding the index of its entry, or -1 for a new one. Left are the
// entries without a finding, in their order.
func Match(entries, findings []Entry) (partner []int, left []int) {
	partner = make([]int, len(findings))
	for i := range partner {
		partner[i] = -1
	}
	taken := make([]bool, len(entries))
	for _, close := range likenesses {
		waiting := map[likeness][]int{}
		for i, e := range entries {
			if !taken[i] {
				key := likeness{e.ID, close(e)}
				waiting[key] = append(waiting[key], i)
			}
		}
		for i, f := range findings {
			key := likeness{f.ID, close(f)}
			if list := waiting[key]; partner[i] < 0 && len(list) > 0 {
				partner[i], waiting[key] = list[0], list[1:]
				taken[list[0]] = true
			}
		}
	}
	for i := range entries {
		if !taken[i] {
			left = append(left, i)
		}
	}
	return partner, left
}

// A Run is what decides whether a run would have found again what an entry
// stands for.
type Run struct {
	Result *analyze.Result
	Paths  []string // that were read, as findings are identified by
	Known  []string // ids of all checks there are
}

// Stale returns those of the entries without a finding whose finding is gone:
// the run looked where it was, with the check that found it.
func (b *Baseline) Stale(run Run, left []int) []int {
	checks := map[string]*analyze.Check{}
	for _, c := range run.Result.Checks {
		checks[c.ID] = c
	}
	whole := map[string]bool{} // files that were read, and whether to the end
	for _, f := range run.Result.Set.Files {
		whole[run.Result.PathOf(f)] = !slices.ContainsFunc(f.Problems, func(p rules.Problem) bool {
			return p.Rule == nil && (p.Kind == rules.BadYAML || p.Kind == rules.Limit || p.Kind == rules.Unreadable)
		})
	}
	everything := len(b.Paths) > 0 && !slices.ContainsFunc(b.Paths, func(p string) bool { return !within(p, run.Paths) })
	var stale []int
	for _, i := range left {
		e := b.Entries[i]
		c, ran := checks[e.Check]
		if !slices.Contains(run.Known, e.Check) {
			stale = append(stale, i) // nothing will ever find it again
			continue
		}
		if !ran || c.Needs != 0 || (c.Whole || e.File == "") && !everything {
			continue
		}
		if toTheEnd, read := whole[e.File]; e.File == "" || toTheEnd || !read && within(e.File, run.Paths) {
			stale = append(stale, i)
		}
	}
	return stale
}

// within reports whether a path is one of the paths or lies under one.
func within(path string, paths []string) bool {
	return slices.ContainsFunc(paths, func(p string) bool {
		return p == "." && !strings.HasPrefix(path, "../") && !strings.HasPrefix(path, "/") || path == p || strings.HasPrefix(path, p+"/")
	})
}
