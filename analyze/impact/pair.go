package impact

import (
	"cmp"
	"slices"
	"sort"
	"time"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

// An Alert is what an alert did, to be held against an SLI.
type Alert struct {
	// Episodes of all of its instances, in any order. Those that never fired
	// do not count.
	Episodes []history.Episode
	// Doubtful are episodes that may be its own or another's. They are never
	// counted; a breach that only they overlap is unclear.
	Doubtful []history.Episode
	// Reach is how far back its expression looks: its longest range. What it
	// fires for may have happened that long before, where data may be missing.
	Reach time.Duration
}

// slack is how long after a breach an alert may become active on account of it:
// until the scrape that shows the breach's last events was seen by a recording rule
// and then by the alert, each at Prometheus's default interval of a minute, and
// until the last sample of what is gone is older than its default lookback.
const slack = 5 * 60 * 1000 // milliseconds

// A Pair tells how well an alert indicates breaches of an SLI.
//
// An episode overlaps a breach if it was active, pending or firing, at any time
// from the breach's start to five minutes after its end, and fired at all: an alert that fires only
// when the breach is over does indicate it, late. An alert that comes back
// later, since its range still reaches into the breach, does not.
type Pair struct {
	// Episodes is the precision: the share of firing episodes that overlap a
	// breach. One that overlaps none is unclear where data are missing of the SLI
	// while it was active or in its reach before, where it is still open, and
	// where its end is not known.
	Episodes Share
	// Outbreaks is the precision by outbreaks: episodes that overlap each other,
	// as those of many instances do in one incident, count as one. Since those of
	// one outbreak are not independent, Interval is to be taken of this.
	Outbreaks Share

	// Recall is the share of breaches that a firing episode overlaps. One that
	// none overlaps is unclear where the alert's history has gaps during the
	// breach, and where a doubtful episode or one of unknown end may overlap it.
	Recall Share

	// Lags are those of the breaches that an episode overlaps, in order of time.
	Lags []Lag
}

// A Lag tells how much later than a breach an alert came.
type Lag struct {
	Breach int // index into Indicator.Breaches
	// Milliseconds from the breach's start to the first firing that overlaps it,
	// up to a step too long. Less than 0 is a lead.
	Milliseconds int64
	// Spent is the share of what the breach spent in all that was spent by
	// then.
	Spent float64
	// AfterEnd tells that the breach was over by then.
	AfterEnd bool
}

// Median of the lags' milliseconds, of an even number the mean of the two in
// the middle, and the least and the most; ok is false where there are none.
func (p Pair) Median() (median, least, most int64, ok bool) {
	if len(p.Lags) == 0 {
		return 0, 0, 0, false
	}
	var ms []int64
	for _, l := range p.Lags {
		ms = append(ms, l.Milliseconds)
	}
	slices.Sort(ms)
	n := len(ms)
	return (ms[(n-1)/2] + ms[n/2]) / 2, ms[0], ms[n-1], true
}

// Pair holds an alert against the breaches. Coverage is that of the history
// which its episodes come from.
func (ind *Indicator) Pair(a Alert, c history.Coverage) Pair {
	fired := firing(a.Episodes)
	p := Pair{Recall: ind.Recall(c, nil, a)}
	var out outbreak
	for i, e := range fired {
		hit := ind.hit(e) >= 0
		clear := e.End == history.EndResolved && ind.coveredAll(e.ActiveAt-a.Reach.Milliseconds()-slack, e.EndedAt)
		p.Episodes.add(hit, clear)
		if i > 0 && e.ActiveAt > out.until {
			p.Outbreaks.add(out.hit, out.clear)
			out = outbreak{}
		}
		out.add(e, hit, clear)
	}
	if len(fired) > 0 {
		p.Outbreaks.add(out.hit, out.clear)
	}
	for i, b := range ind.Breaches {
		first := first(fired, b)
		// When something began that the data cut off is not known.
		if first == nil || first.Start != history.StartExact || b.StartCut {
			continue
		}
		p.Lags = append(p.Lags, Lag{
			Breach: i, Milliseconds: first.FiredAt - b.Start,
			Spent: ind.SpentBefore(b, first.FiredAt), AfterEnd: first.FiredAt >= b.End,
		})
	}
	return p
}

// Recall is the share of breaches that some firing episode of some of the
// alerts overlaps, as in Pair; of those that which picks where it is not nil.
func (ind *Indicator) Recall(c history.Coverage, which func(Breach) bool, alerts ...Alert) Share {
	var s Share
	seen := c.Covered()
	fired, lost := make([][]history.Episode, len(alerts)), make([][]history.Episode, len(alerts))
	for i, a := range alerts {
		fired[i] = firing(a.Episodes)
		for _, e := range a.Episodes {
			if e.End == history.EndUnknown { // of all others one is sure
				lost[i] = append(lost[i], e)
			}
		}
	}
	for _, b := range ind.Breaches {
		if which != nil && !which(b) {
			continue
		}
		hit, doubt := false, false
		for i, a := range alerts {
			hit = hit || first(fired[i], b) != nil
			doubt = doubt || slices.ContainsFunc(lost[i], func(e history.Episode) bool { return unsure(e, b) }) ||
				slices.ContainsFunc(a.Doubtful, func(e history.Episode) bool { return overlaps(e, b) || unsure(e, b) })
		}
		s.add(hit, !doubt && within(seen, b.Start, b.End+slack))
	}
	return s
}

// An outbreak is a set of episodes that overlap each other, one by one.
type outbreak struct {
	until      int64
	n          int
	hit, clear bool
}

func (o *outbreak) add(e history.Episode, hit, clear bool) {
	o.clear = clear && (o.clear || o.n == 0)
	o.hit = o.hit || hit
	o.until = max(o.until, e.EndedAt)
	o.n++
}

// firing are the episodes that fired, in order of time.
func firing(episodes []history.Episode) []history.Episode {
	fired := slices.DeleteFunc(slices.Clone(episodes), func(e history.Episode) bool { return !e.Fired() })
	slices.SortFunc(fired, func(a, b history.Episode) int {
		return cmp.Or(cmp.Compare(a.ActiveAt, b.ActiveAt), cmp.Compare(a.FiredAt, b.FiredAt))
	})
	return fired
}

// overlaps reports whether an episode was seen active during a breach or just
// after.
func overlaps(e history.Episode, b Breach) bool {
	end := e.EndedAt
	if e.End != history.EndResolved {
		end++ // it was still there at its last sample
	}
	return e.Fired() && e.ActiveAt < b.End+slack && b.Start < end
}

// unsure reports that an episode may have gone on into a breach unseen, or
// have come to fire unseen.
func unsure(e history.Episode, b Breach) bool {
	return e.End == history.EndUnknown && e.ActiveAt < b.End+slack && !overlaps(e, b)
}

// hit is the first breach that an episode overlaps, -1 for none.
func (ind *Indicator) hit(e history.Episode) int {
	i := sort.Search(len(ind.Breaches), func(i int) bool { return ind.Breaches[i].End+slack > e.ActiveAt })
	if i < len(ind.Breaches) && overlaps(e, ind.Breaches[i]) {
		return i
	}
	return -1
}

// first is the episode that fired first of those that overlap a breach, nil for
// none.
func first(fired []history.Episode, b Breach) *history.Episode {
	var out *history.Episode
	for i := range fired {
		if e := &fired[i]; overlaps(*e, b) && (out == nil || e.FiredAt < out.FiredAt) {
			out = e
		}
	}
	return out
}

// coveredAll reports that the SLI is known from one instant to another.
func (ind *Indicator) coveredAll(from, to int64) bool { return within(ind.Covered, from, to) }

// within reports whether a set of instants has all from one to another.
func within(set history.Intervals, from, to int64) bool {
	i := sort.Search(len(set), func(i int) bool { return set[i].End >= to })
	return i < len(set) && set[i].Start <= from
}
