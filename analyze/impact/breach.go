package impact

// A Breach is a stretch of time in which an SLI's budget was spent faster than
// it lasts, and enough of it to matter.
//
// A step burns where its share of bad is over the budget: where the burn rate,
// as the SRE Workbook calls it, is over 1. Burning steps with pauses of at most
// Options.Pause between them belong together as long as, seen from the
// first of them on and from the last of them back, the share of bad up to there
// is over the budget: a stray failure in quiet times joins nothing. What so
// belongs together is a breach where it spends Options.Share of the budget within
// Options.Within. It begins with the first burning step and ends after the last
// one. Left out at either end are runs of burning steps that hold less than a
// hundredth of all it spends, and steps that spend less than a hundredth of what
// its burning steps do on average: a failure or two, an hour or a minute before,
// do not tell when an outage began.
type Breach struct {
	// Start and End are Unix milliseconds, the beginning of the first burning
	// step and the end of the last. What a counter shows at an instant
	// happened before it, in the step that ends there.
	Start, End int64

	// Spent is the share of the whole budget that was spent, as far as data
	// tell; over 1 where there was more than all of it.
	Spent float64
	// Urgent marks a breach that spent so much so fast that it deserves a page;
	// see Options.UrgentShare.
	Urgent bool

	// StartCut and EndCut tell that data are missing right before or after, so
	// that it may have begun earlier or ended later. Gaps tells that data are
	// missing inside.
	StartCut, EndCut, Gaps bool
}

// trimShare of what a breach spends is not looked at when its edges are told.
const trimShare = 0.01

// stretch is a range of steps, last exclusive.
type stretch struct{ first, last int }

func breaches(ind *Indicator, o Options) []Breach {
	steps := func(ms int64) int { return max(1, int(ms/ind.Step)) }
	pause := int(o.Pause.Milliseconds() / ind.Step)
	var out []Breach
	for _, s := range burning(ind, pause) {
		s = trim(ind, s)
		spent := ind.most(s, steps(o.Within.Milliseconds()))
		if spent < o.Share {
			continue
		}
		b := Breach{
			Start: ind.Start + int64(s.first)*ind.Step, End: ind.Start + int64(s.last)*ind.Step,
			Spent: ind.most(s, s.last-s.first), Urgent: ind.most(s, steps(o.UrgentWithin.Milliseconds())) >= o.UrgentShare,
			StartCut: s.first == 0 || !ind.Known[s.first-1], EndCut: s.last == len(ind.Known) || !ind.Known[s.last],
		}
		for i := s.first; i < s.last; i++ {
			b.Gaps = b.Gaps || !ind.Known[i]
		}
		out = append(out, b)
	}
	return out
}

// excess is how much more bad there was in a step than the budget has for it.
func (ind *Indicator) excess(i int) float64 {
	if !ind.Known[i] {
		return 0
	}
	return ind.Bad[i] - ind.SLI.Budget()*ind.Total[i]
}

// most is the greatest share of the budget that is spent within so many steps
// of a stretch.
func (ind *Indicator) most(s stretch, within int) float64 {
	sum, most := 0.0, 0.0
	for i := s.first; i < s.last; i++ {
		sum += ind.Bad[i] // 0 where not known
		if i-within >= s.first {
			sum -= ind.Bad[i-within]
		}
		most = max(most, sum)
	}
	return most / ind.BudgetTotal
}

// burning finds the stretches that belong together: the maximal ones all of
// whose beginnings and all of whose ends have an excess, cut at long pauses.
// This is the linear algorithm of Ruzzo and Tompa, "A Linear Time Algorithm for
// Finding All Maximal Scoring Subsequences", 1999.
func burning(ind *Indicator, pause int) []stretch {
	type part struct {
		stretch
		before, after float64 // running excess
		lower         int     // the last part before it that begins lower, -1 for none
	}
	var out []stretch
	var parts []part
	flush := func() {
		for _, p := range parts {
			out = append(out, p.stretch)
		}
		parts = parts[:0]
	}
	running, last := 0.0, -1
	for i := range ind.Known {
		x := ind.excess(i)
		if x <= 0 {
			running += x
			continue
		}
		if last >= 0 && i-last-1 > pause {
			flush()
			running = 0
		}
		last = i
		p := part{stretch{i, i + 1}, running, running + x, -1}
		running += x
		for {
			j := len(parts) - 1
			for j >= 0 && parts[j].before >= p.before {
				j = parts[j].lower
			}
			if j < 0 || parts[j].after >= p.after {
				p.lower = j
				parts = append(parts, p)
				break
			}
			p.first, p.before = parts[j].first, parts[j].before
			parts = parts[:j]
		}
	}
	flush()
	return out
}

// trim leaves out what holds next to nothing at the edges: first runs of burning
// steps, then steps.
func trim(ind *Indicator, s stretch) stretch {
	total := 0.0
	for i := s.first; i < s.last; i++ {
		total += ind.Bad[i]
	}
	burns := func(i int) bool { return ind.excess(i) > 0 }
	s.first = edge(ind, s.first, 1, s.last, trimShare*total, burns)
	s.last = edge(ind, s.last-1, -1, s.first-1, trimShare*total, burns) + 1
	sum, steps := 0.0, 0.0
	for i := s.first; i < s.last; i++ {
		if burns(i) {
			sum += ind.Bad[i]
			steps++
		}
	}
	// Of the burning steps one at least holds what they do on average.
	enough := func(i int) bool { return burns(i) && ind.Bad[i] >= trimShare*sum/steps }
	for !enough(s.first) {
		s.first++
	}
	for !enough(s.last - 1) {
		s.last--
	}
	return s
}

// edge is where the first runs end that hold less than so much: the first step
// of the run with which it is reached.
func edge(ind *Indicator, i, by, end int, least float64, burns func(int) bool) int {
	for sum := 0.0; ; {
		run := i
		for ; i != end && burns(i); i += by {
			sum += ind.Bad[i]
		}
		for ; i != end && !burns(i); i += by {
			sum += ind.Bad[i]
		}
		if sum >= least || i == end {
			return run
		}
	}
}

// SpentBefore is the share of what a breach spent that was spent before an
// instant, in steps that had ended by then.
func (ind *Indicator) SpentBefore(b Breach, at int64) float64 {
	before, total := 0.0, 0.0
	for i := int((b.Start - ind.Start) / ind.Step); i < int((b.End-ind.Start)/ind.Step); i++ {
		total += ind.Bad[i]
		if ind.Start+int64(i+1)*ind.Step <= at {
			before += ind.Bad[i]
		}
	}
	return before / total
}
