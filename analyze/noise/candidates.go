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
	maxMatrix   = 3_000 // rules up to which couples are counted in a matrix
)

// couples are the pairs of rules that are worth a closer look, the most likely
// first: one of them began within Options.PairLag after the other as often as
// half the begins of the one that has fewer, and at least Options.PairLeast
// times. What one rule begins at one time is one begin. Of what came before a
// begin, the Options.PairCompany latest are looked at, so that the work stays
// in proportion to the begins: what a whole fleet does at once tells nothing
// of two of it.
func (s *study) couples() []couple {
	begins, of := s.beginsByRule()
	times := newCounter(len(of))
	seen := make([]int, len(of)) // by place in of, 1 more than the begin for which it was counted
	lag := s.o.PairLag.Milliseconds()
	for i, b := range begins {
		for k := i - 1; k >= max(0, i-s.o.PairCompany) && begins[k].at >= b.at-lag; k-- {
			if other := begins[k].instance; other != b.instance && seen[other] != i+1 {
				seen[other] = i + 1
				times.add(couple{min(other, b.instance), max(other, b.instance)})
			}
		}
	}
	total := make([]int, len(of))
	for _, b := range begins {
		total[b.instance]++
	}
	type counted struct {
		couple
		times int
	}
	var out []counted
	times.each(func(c couple, n int) {
		if n >= s.o.PairLeast && 2*n >= min(total[c.a], total[c.b]) {
			out = append(out, counted{c, n})
		}
	})
	slices.SortFunc(out, func(x, y counted) int {
		return cmp.Or(cmp.Compare(y.times, x.times), cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b))
	})
	var couples []couple
	for _, c := range out[:min(len(out), maxCouples)] {
		couples = append(couples, couple{of[c.a], of[c.b]})
	}
	return couples
}

// beginsByRule are the different times at which each rule began, in order; in
// place of an instance each has a place in the list of rules that fired.
func (s *study) beginsByRule() (begins []begin, of []int32) {
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
	slices.SortFunc(begins, func(a, b begin) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.instance, b.instance))
	})
	return begins, of
}

// A counter counts couples: in a matrix while there are few rules, which is
// many times faster.
type counter struct {
	n      int
	matrix []int32
	sparse map[couple]int
}

func newCounter(n int) *counter {
	if n <= maxMatrix {
		return &counter{n: n, matrix: make([]int32, n*n)}
	}
	return &counter{sparse: map[couple]int{}}
}

func (c *counter) add(x couple) {
	if c.matrix != nil {
		c.matrix[int(x.a)*c.n+int(x.b)]++
		return
	}
	c.sparse[x]++
}

func (c *counter) each(f func(couple, int)) {
	for i, n := range c.matrix {
		if n > 0 {
			f(couple{int32(i / c.n), int32(i % c.n)}, int(n))
		}
	}
	for x, n := range c.sparse {
		f(x, n)
	}
}
