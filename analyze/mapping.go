package analyze

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/crywolf-dev/crywolf/analyze/sli"
)

// A Watch is an alert that is about an SLI, and how that is known.
type Watch struct {
	Alert *Alert
	Match sli.Match
}

// A Coverage is an SLI with the alerts that are about it: pages first, then by
// how close they are to it, then in the order of the set.
type Coverage struct {
	SLI     *sli.SLI
	Watches []Watch
}

// maxWatches bounds how many pairs of an alert and an SLI are listed.
const maxWatches = 1_000_000

// Coverage lists every declared SLI, in the order of the catalogue. Of more than
// maxWatches pairs the rest is left out, and the run is Partial.
func (f *Facts) Coverage() []Coverage {
	if f.Catalog().Empty() {
		return nil
	}
	out := make([]Coverage, len(f.Catalog().SLIs))
	at := map[*sli.SLI]*Coverage{}
	for i, s := range f.Catalog().SLIs {
		out[i].SLI = s
		at[s] = &out[i]
	}
	n := 0
	for _, a := range f.Alerts {
		for _, m := range a.Matches() {
			if !m.Fit.About() {
				continue
			}
			if n++; n > maxWatches {
				break
			}
			at[m.SLI].Watches = append(at[m.SLI].Watches, Watch{a, m})
		}
	}
	for _, c := range out {
		slices.SortStableFunc(c.Watches, func(a, b Watch) int {
			return cmp.Or(cmp.Compare(a.Alert.Urgency.rank(), b.Alert.Urgency.rank()), cmp.Compare(a.Match.Fit, b.Match.Fit))
		})
	}
	return out
}

// rank is 0 for what wakes someone, and grows.
func (u Urgency) rank() int {
	if i := slices.Index(Urgencies(), u); i >= 0 {
		return i
	}
	return len(Urgencies())
}

// Guardable reports an SLI that a page is wanted for, and whose page could be
// recognised. An indicator of a specification by which nobody promises anything
// wants none.
func Guardable(s *sli.SLI) bool {
	return !s.Unalerted && (s.Objective > 0 || s.Format == "crywolf") && (len(s.Queries()) > 0 || len(s.Labels) > 0)
}

// Partial reports that alerts may be about a declared SLI of which that is not
// known: they are not loaded, or it takes too long to compare them.
func (f *Facts) Partial() bool { return f.settings.Partial || f.unmapped() }

// unmapped reports alerts or SLIs that are not compared.
func unmapped(alerts []*Alert, m *sli.Mapper) bool {
	n := 0
	for _, a := range alerts {
		if n += len(a.Matches()); n > maxWatches || !a.Mapped() {
			return true
		}
	}
	return !m.Whole()
}

// Uncovered are the SLIs that are Guardable and that no page is about, in the
// order of the catalogue; none of a run that is Partial. Left out are those that
// a page overlaps, or what Sloth calls a page with a severity that nobody has
// explained, and SLOs of a generator whose rules are nowhere in the run: it makes
// the page where they are deployed.
func (f *Facts) Uncovered() []*sli.SLI {
	if f.Catalog().Empty() || f.Partial() {
		return nil
	}
	covered, generated := map[*sli.SLI]bool{}, map[string]bool{}
	for _, a := range f.Alerts {
		page := a.Urgency == UrgencyPage || calledPage(a) && !f.UrgencyTold(a)
		for _, m := range a.Matches() {
			if page && m.Fit != sli.Traffic {
				covered[m.SLI] = true
			}
			if m.Generated {
				generated[m.SLI.Format] = true
			}
		}
	}
	var out []*sli.SLI
	for _, s := range f.Catalog().SLIs {
		if !covered[s] && Guardable(s) && (len(s.Labels) == 0 || generated[s.Format]) {
			out = append(out, s)
		}
	}
	return out
}

// calledPage reports an alert that its generator wrote as a page.
func calledPage(a *Alert) bool {
	l, ok := a.Rule.Label("sloth_severity")
	return ok && l.Value.Text() == "page"
}

// Unmapped reports a page that may tell of what users feel, and that stands for
// no declared SLI, as far as what it reads is known. One that names an SLO which
// is not there is Dangling instead.
func (f *Facts) Unmapped(a *Alert) bool {
	if a.mappedTo == unasked {
		return f.isUnmapped(a)
	}
	return a.mappedTo == nothing
}

// mapped is what is kept of whether an alert is Unmapped.
type mapped uint8

const (
	unasked mapped = iota
	something
	nothing
)

// findMatches finds out what an alert is about, and whether it is Unmapped, for
// checks that ask this of all alerts.
func (f *Facts) findMatches(a *Alert) {
	if f.Catalog().Empty() {
		return
	}
	a.Matches()
	a.mappedTo = something
	if f.isUnmapped(a) {
		a.mappedTo = nothing
	}
}

func (f *Facts) isUnmapped(a *Alert) bool {
	if f.Catalog().Empty() || a.Urgency != UrgencyPage || a.Deadman || len(a.Matches()) > 0 || !a.Mapped() {
		return false
	}
	if _, dangles := f.Dangling(a); dangles || f.Obscure(a) {
		return false
	}
	return a.Kind() == sli.Symptom || a.Kind() == sli.Unknown
}

// Dangling returns the name that an alert gives for an SLO which no
// specification has, not even one that could not be read; ok is false for an
// alert that names none, or by a label or an annotation by which no alert of the
// run names one that is there: it may mean something else.
func (f *Facts) Dangling(a *Alert) (ref sli.Reference, ok bool) {
	if f.Catalog().Empty() {
		return ref, false
	}
	ref, known, ok := f.mapper.Reference(a.Rule)
	if !ok || known || !isName(ref.Value) || len(a.Matches()) > 0 {
		return ref, false
	}
	return ref, ref.Key == "" || f.naming()[ref.Key]
}

// namingKeys are the keys by which some alert names an SLO that is there.
func namingKeys(alerts []*Alert, m *sli.Mapper) map[string]bool {
	out := map[string]bool{}
	for _, a := range alerts {
		if ref, known, ok := m.Reference(a.Rule); ok && known {
			out[ref.Key] = true
		}
	}
	return out
}

// isName reports what can be the name of an SLO.
func isName(s string) bool {
	if _, err := strconv.ParseFloat(strings.TrimSuffix(s, "%"), 64); err == nil || strings.Contains(s, "{{") {
		return false
	}
	switch strings.ToLower(s) {
	case "", "true", "false", "yes", "no", "none":
		return false
	}
	return true
}
