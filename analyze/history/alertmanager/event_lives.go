package alertmanager

import (
	"cmp"
	"slices"
	"sort"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

// lives are the times in which Alertmanagers ran, as far as their lines show.
type lives struct {
	all []life
	at  map[int32]int32 // by instance: its life that the file is in

	before map[int32]history.Intervals // by instance: when it was alive by the files before
}

// A life is from the first line of an instance in a file to the last, or to its
// next start.
type life struct {
	peer            int32
	from, to        int64
	started, ceased bool // it begins with a start; it ends as it should
}

// begin is before each file.
func (l *lives) begin() {
	all := map[int32][]history.Interval{}
	for _, x := range l.all {
		all[x.peer] = append(all[x.peer], history.Interval{Start: x.from, End: x.to + 1})
	}
	l.at, l.before = map[int32]int32{}, map[int32]history.Intervals{}
	for peer, is := range all {
		l.before[peer] = history.Union(is...)
	}
}

// copied reports whether a file before has the lines of an instance of that
// time.
func (l *lives) copied(peer int32, at int64) bool {
	before := l.before[peer]
	i := sort.Search(len(before), func(i int) bool { return before[i].End > at })
	return i < len(before) && before[i].Start <= at
}

// seen takes in a line of an instance and returns the number of its life.
func (l *lives) seen(peer int32, at int64, start, stop bool) int32 {
	i, ok := l.at[peer]
	if !ok || start {
		i = int32(len(l.all))
		l.at[peer] = i
		l.all = append(l.all, life{peer: peer, from: at, to: at, started: start})
	}
	x := &l.all[i]
	x.from, x.to = min(x.from, at), max(x.to, at)
	x.ceased = x.ceased || stop
	return i
}

// covered is when any Alertmanager ran. The parts of a log that was rotated
// belong together: an instance that goes on without a start has run between.
func (l *lives) covered() history.Intervals {
	slices.SortFunc(l.all, func(a, b life) int {
		return cmp.Or(cmp.Compare(a.peer, b.peer), cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to))
	})
	var out []history.Interval
	for i, x := range l.all {
		from := x.from
		if i > 0 && l.all[i-1].peer == x.peer && !x.started && !l.all[i-1].ceased {
			from = min(from, l.all[i-1].to)
		}
		out = append(out, history.Interval{Start: from, End: x.to + 1})
	}
	return history.Union(out...)
}
