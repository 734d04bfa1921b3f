package noise

import (
	"cmp"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/rules"
)

// A pairing looks closely at couples.
type pairing struct {
	*study
	covered   float64 // milliseconds
	tested    float64 // pairs of rules that there are
	names     map[int32][]string
	stretched map[string]map[string][]stretch // by rule and labels
	work      int                             // episodes that may yet be read
}

// pairs finds which rules fire together, and which after one another.
func (s *study) pairs() {
	fired := 0
	for i := range s.rules {
		if p := s.out.profiles[s.rules[i]]; p != nil && p.Firings > 0 {
			fired++
		}
	}
	if fired < 2 || s.out.CoveredSeconds == 0 {
		return
	}
	p := &pairing{
		study: s, covered: s.out.CoveredSeconds * 1000, tested: float64(fired) * float64(fired-1) / 2,
		names: map[int32][]string{}, stretched: map[string]map[string][]stretch{}, work: maxPairWork,
	}
	for _, c := range s.couples() {
		join := p.joint(c)
		a, b := p.stretches(c.a, join), p.stretches(c.b, join)
		if a == nil || b == nil {
			break // enough was read
		}
		p.covered = s.out.CoveredSeconds * 1000
		if since, changed := p.since(c); changed {
			a, b = from(a, since), from(b, since)
			p.covered = s.covered.Seconds(history.Interval{Start: since, End: s.Coverage.Window.End}) * 1000
		}
		if pair := p.pair(c, join, a, b); p.worth(pair.Chance) && min(pair.TogetherA, pair.TogetherB) >= s.o.PairLeast && pair.Lift > 1 {
			s.out.Pairs = append(s.out.Pairs, pair)
		}
		for _, found := range []Cascade{p.cascade(c.a, c.b, join, a, b), p.cascade(c.b, c.a, join, b, a)} {
			if p.worth(found.Chance) && found.Follows >= s.o.PairLeast && found.Follows > found.Precedes && 2*found.Follows >= found.Begins {
				s.out.Cascades = append(s.out.Cascades, found)
			}
		}
	}
	place := make(map[*rules.Rule]int, len(s.rules))
	for i, r := range s.rules {
		place[r] = i
	}
	slices.SortStableFunc(s.out.Pairs, func(x, y Pair) int {
		return cmp.Or(cmp.Compare(y.Jaccard, x.Jaccard), cmp.Compare(place[x.A], place[y.A]), cmp.Compare(place[x.B], place[y.B]))
	})
	slices.SortStableFunc(s.out.Cascades, func(x, y Cascade) int {
		return cmp.Or(cmp.Compare(y.Follows, x.Follows), cmp.Compare(place[x.First], place[y.First]), cmp.Compare(place[x.Then], place[y.Then]))
	})
}

// since is from when on both of two rules are what they are, if that lies in
// the window.
func (p *pairing) since(c couple) (at int64, changed bool) {
	for _, i := range []int32{c.a, c.b} {
		if when, ok := p.Changed(p.rules[i]); ok {
			at, changed = max(at, when), true
		}
	}
	return at, changed
}

// from is what of stretches began at a time or after.
func from(all map[string][]stretch, at int64) map[string][]stretch {
	out := map[string][]stretch{}
	for k, list := range all {
		i := sort.Search(len(list), func(i int) bool { return list[i].Start >= at })
		if i < len(list) {
			out[k] = list[i:]
		}
	}
	return out
}

// worth reports whether a chance is small enough, for as many pairs as there
// are (Bonferroni).
func (p *pairing) worth(chance float64) bool { return chance*p.tested <= p.o.PairChance }

// joint are the labels by which the instances of two rules are joined.
func (p *pairing) joint(c couple) []string {
	for _, i := range []int32{c.a, c.b} {
		if _, ok := p.names[i]; !ok {
			p.names[i] = p.variable(int(i))
		}
	}
	var join []string
	for _, name := range p.names[c.a] {
		if slices.Contains(p.names[c.b], name) {
			join = append(join, name)
		}
	}
	return join
}

// stretches of a rule by the values of labels; nil where too much was read
// already.
func (p *pairing) stretches(rule int32, join []string) map[string][]stretch {
	id := strconv.Itoa(int(rule)) + "\xff" + strings.Join(join, "\xff")
	if known, ok := p.stretched[id]; ok {
		return known
	}
	episodes, _ := p.Judged(p.rules[rule])
	if p.work -= len(episodes); p.work < 0 {
		return nil
	}
	if len(p.stretched) > 4*len(p.rules)+16 {
		clear(p.stretched)
	}
	out := p.study.stretches(episodes, p.keyOf(join))
	p.stretched[id] = out
	return out
}

// keysOf are the keys of either, in order.
func keysOf(a, b map[string][]stretch) []string {
	var out []string
	for k := range a {
		out = append(out, k)
	}
	for k := range b {
		if _, both := a[k]; !both {
			out = append(out, k)
		}
	}
	slices.Sort(out) // sums of floating point come out the same every time
	return out
}

func (p *pairing) pair(c couple, join []string, a, b map[string][]stretch) Pair {
	out := Pair{A: p.rules[c.a], B: p.rules[c.b], Join: join}
	var both, onlyA, onlyB, expected, chanceA, chanceB float64
	days := days{}
	for _, k := range keysOf(a, b) {
		ra, rb := p.reach(a[k]), p.reach(b[k])
		overlap := float64(ra.set.Intersect(rb.set).Milliseconds())
		both += overlap
		onlyA += ra.length - overlap
		onlyB += rb.length - overlap
		expected += ra.length * rb.length / p.covered
		n, m, x := p.meet(a[k], b[k], rb, nil)
		out.StretchesA, out.TogetherA, chanceA = out.StretchesA+n, out.TogetherA+m, chanceA+x
		n, m, x = p.meet(b[k], a[k], ra, days)
		out.StretchesB, out.TogetherB, chanceB = out.StretchesB+n, out.TogetherB+m, chanceB+x
	}
	out.Days = len(days)
	out.Jaccard, _ = ratio(both, both+onlyA+onlyB)
	out.Lift, _ = ratio(both, expected)
	out.AInB, _ = ratio(both, both+onlyA)
	out.BInA, _ = ratio(both, both+onlyB)
	if out.Chance = tail(out.StretchesB, out.TogetherB, chanceB); out.StretchesA <= out.StretchesB {
		out.Chance = tail(out.StretchesA, out.TogetherA, chanceA)
	}
	return out
}

// A reach is how much of the covered time stretches take.
type reach struct {
	set    history.Intervals
	length float64 // milliseconds
}

func (p *pairing) reach(list []stretch) reach {
	in := make([]history.Interval, len(list))
	for i, x := range list {
		in[i] = x.Interval
	}
	set := p.study.covered.Within(history.Union(in...))
	return reach{set, float64(set.Milliseconds())}
}

// meet counts the stretches whose beginning was seen, those of them that
// overlap one of the other's, and how many would were they independent: one
// that may begin anywhere overlaps another's where it begins less than its own
// length before it, or in it. The days are those on which they did.
func (p *pairing) meet(own, other []stretch, of reach, on days) (n, met int, expected float64) {
	for _, x := range own {
		if !x.began {
			continue
		}
		n++
		i := sort.Search(len(other), func(i int) bool { return other[i].End > x.Start })
		if i < len(other) && other[i].Start < x.End {
			met++
			on.add(&p.o.Hours, x.Start)
		}
		expected += min(1, (of.length+float64(len(other))*float64(x.End-x.Start))/p.covered)
	}
	return n, met, expected
}

// tail bounds the probability that of n independent events, of which expected
// are to be expected, k or more happen: exp(-n·D(k/n‖expected/n)), D being the
// relative entropy of two coins (Hoeffding, 1963, theorem 1).
func tail(n, k int, expected float64) float64 {
	if n == 0 || float64(k) <= expected {
		return 1
	}
	q, p := float64(k)/float64(n), expected/float64(n)
	if p <= 0 {
		return 0
	}
	d := q * math.Log(q/p)
	if q < 1 {
		d += (1 - q) * math.Log((1-q)/(1-p))
	}
	return math.Exp(-float64(n) * d)
}

func (p *pairing) cascade(first, then int32, join []string, a, b map[string][]stretch) Cascade {
	out := Cascade{First: p.rules[first], Then: p.rules[then], Join: join}
	lag := p.o.PairLag.Milliseconds()
	var lags []float64
	on := days{}
	for _, k := range keysOf(a, b) {
		before, after := begun(a[k]), begun(b[k])
		out.FirstBegan += len(before)
		out.Begins += len(after)
		for _, x := range after {
			out.Expected += min(1, float64(len(before))*float64(lag)/p.covered)
			i := sort.Search(len(before), func(i int) bool { return before[i].Start >= x.Start })
			if i > 0 && before[i-1].Start >= x.Start-lag {
				out.Follows++
				on.add(&p.o.Hours, x.Start)
				lags = append(lags, float64(x.Start-before[i-1].Start)/1000)
				if before[i-1].End > x.Start {
					out.While++
				}
			}
			out.Precedes += soonAfter(before, x.Start, lag)
		}
		for _, x := range before {
			out.Led += soonAfter(after, x.Start, lag)
		}
	}
	out.Days = len(on)
	out.MedianLagSeconds = median(lags)
	out.SpreadSeconds = quantile(lags, 0.75) - quantile(lags, 0.25)
	out.Chance = tail(out.Begins, out.Follows, out.Expected)
	return out
}

func begun(list []stretch) []stretch {
	out := make([]stretch, 0, len(list))
	for _, x := range list {
		if x.began {
			out = append(out, x)
		}
	}
	return out
}

// soonAfter is 1 where some stretch begins after a time, at most a lag later.
func soonAfter(list []stretch, at, lag int64) int {
	i := sort.Search(len(list), func(i int) bool { return list[i].Start > at })
	if i < len(list) && list[i].Start <= at+lag {
		return 1
	}
	return 0
}
