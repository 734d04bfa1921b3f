package noise

// A company tells which rules begin soon after one another. It counts for one
// rule at a time, so that what it writes to has one place for each rule, and
// stays in the processor's cache however many couples there are.
type company struct {
	*study
	rule       []int32   // that begins, in order of time
	first, end []int32   // by begin: what of rule is its company, itself included
	own        [][]int32 // by rule, its begins, ascending

	partners []partner // by rule
	met      []int32   // rules whose partners are not zero
}

// A partner is a rule, to the one that is counted for.
type partner struct {
	times int32
	seen  int32 // 1 more than the begin for which it was last counted as come before
}

// company of begins, in order of time; in place of an instance each has that of
// its rule among so many.
func (s *study) company(begins []begin, rules int) *company {
	n := len(begins)
	numbers := make([]int32, 4*n)
	c := &company{
		study: s, rule: numbers[:n:n], first: numbers[n : 2*n : 2*n], end: numbers[2*n : 3*n : 3*n],
		own: make([][]int32, rules), partners: make([]partner, rules),
	}
	first, lag := 0, s.o.PairLag.Milliseconds()
	total := make([]int, rules)
	for i, b := range begins {
		for begins[first].at < b.at-lag || first < i-s.o.PairCompany {
			c.end[first] = int32(i)
			first++
		}
		c.rule[i], c.first[i] = b.instance, int32(first)
		total[b.instance]++
	}
	for ; first < n; first++ {
		c.end[first] = int32(n)
	}
	places := numbers[3*n:]
	for rule, n := range total {
		c.own[rule], places = places[:0:n], places[n:]
	}
	for i, rule := range c.rule {
		c.own[rule] = append(c.own[rule], int32(i))
	}
	return c
}

// with appends the couples of a rule and those after it.
func (c *company) with(rule int32, out []counted) []counted {
	own := c.own[rule]
	for n, i := range own {
		c.before(c.rule[c.first[i]:i], i)
		end := c.end[i]
		if n+1 < len(own) {
			// What comes after its next begin comes after this one, too, and
			// counts once.
			end = min(end, own[n+1])
		}
		c.after(c.rule[i+1 : end])
	}
	for _, other := range c.met {
		times := int(c.partners[other].times)
		c.partners[other] = partner{}
		if other > rule && times >= c.o.PairLeast && 2*times >= min(len(own), len(c.own[other])) {
			out = append(out, counted{couple{rule, other}, times})
		}
	}
	c.met = c.met[:0]
	return out
}

// before counts the rules that began before a begin, each once.
func (c *company) before(rules []int32, begin int32) {
	for _, other := range rules {
		p := &c.partners[other]
		if p.seen == begin+1 {
			continue
		}
		if p.times == 0 {
			c.met = append(c.met, other)
		}
		p.seen = begin + 1
		p.times++
	}
}

// after counts what began after a begin.
func (c *company) after(rules []int32) {
	for _, other := range rules {
		p := &c.partners[other]
		if p.times == 0 {
			c.met = append(c.met, other)
		}
		p.times++
	}
}
