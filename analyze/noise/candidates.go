package noise

import (
	"cmp"
	"slices"
)

// A couple are two rules by index, the lesser first.
type couple struct{ a, b int32 }

// most of the work on pairs, so that no history takes it for ever: couples that
// are looked at closely, and episodes that are read for them.
const (
	maxCouples  = 20_000
	maxPairWork = 30_000_000
	maxCounted  = 8 * maxCouples // couples that are kept until the most likely are chosen
)

// A counted couple is one with how often one of it began soon after the other.
type counted struct {
	couple
	times int
}

// couples are the pairs of rules that are worth a closer look, the most likely
// first: one of them began within Options.PairLag after the other as often as
// half the begins of the one that has fewer, and at least Options.PairLeast
// times. What one rule begins at one time is one begin. Of what came before a
// begin, the Options.PairCompany latest are looked at, so that the work stays
// in proportion to the begins: what a whole fleet does at once tells nothing
// of two of it.
func (s *study) couples() []couple {
	begins, of := s.beginsByRule()
	c := s.company(begins, len(of))
	var out []counted
	for rule := range of {
		if out = c.with(int32(rule), out); len(out) > maxCounted {
			out = likeliest(out)
		}
	}
	var couples []couple
	for _, c := range likeliest(out) {
		couples = append(couples, couple{of[c.a], of[c.b]})
	}
	return couples
}

// likeliest sorts couples and leaves as many as are looked at closely.
func likeliest(all []counted) []counted {
	slices.SortFunc(all, func(x, y counted) int {
		return cmp.Or(cmp.Compare(y.times, x.times), cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b))
	})
	return all[:min(len(all), maxCouples)]
}

// beginsByRule are the different times at which each rule began, in order; in
// place of an instance each has a place in the list of rules that fired.
func (s *study) beginsByRule() (begins []begin, of []int32) {
	n := 0
	for _, p := range s.out.profiles {
		n += p.Firings
	}
	begins = make([]begin, 0, n)
	for i := range s.rules {
		episodes, _ := s.Judged(s.rules[i])
		from := len(begins)
		for k := range episodes {
			if e := &episodes[k]; s.covered.Began(e) {
				begins = append(begins, begin{e.FiredAt, int32(len(of))})
			}
		}
		own := begins[from:]
		slices.SortFunc(own, func(a, b begin) int { return cmp.Compare(a.at, b.at) })
		if own = slices.Compact(own); len(own) > 0 {
			of = append(of, int32(i))
		}
		begins = begins[:from+len(own)]
	}
	slices.SortFunc(begins, byTime)
	return begins, of
}
