package noise

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

// slowFlaps says of each firing by itself whether it is in a spell: from some
// firing at or before it on, as many quick re-fires follow in a row as it
// takes, and from there to it no gap is too long.
func (w *world) slowFlaps(o Options, all []history.Episode) Flaps {
	var out Flaps
	c := w.review.Coverage.Covering()
	var spells []history.Interval
	days := map[string]bool{}
	eachInstance(all, func(instance []history.Episode) {
		var fired []history.Episode
		for _, e := range instance {
			if e.Fired() {
				fired = append(fired, e)
			}
		}
		gap := func(i int) time.Duration { // before firing i
			p := fired[i-1]
			known := c.Began(&fired[i]) && p.End == history.EndResolved &&
				c.Unbroken(history.Interval{Start: max(p.EndedAt, w.review.Coverage.Window.Start), End: fired[i].FiredAt})
			if !known {
				return 1 << 60
			}
			return time.Duration(fired[i].FiredAt-p.EndedAt) * time.Millisecond
		}
		in := func(i int) bool {
			for j := 0; j <= i; j++ {
				ok := c.Began(&fired[j]) && j+o.FlapEnter < len(fired)
				for k := j + 1; ok && k <= max(i, j+o.FlapEnter); k++ {
					ok = k > j+o.FlapEnter && gap(k) <= o.FlapLeave || k <= j+o.FlapEnter && gap(k) <= o.FlapWithin
				}
				if ok {
					return true
				}
			}
			return false
		}
		for i, e := range fired {
			if c.Began(&e) {
				out.Of++
			}
			if !in(i) {
				continue
			}
			out.Firings++
			if i > 0 && in(i-1) && gap(i) <= o.FlapLeave {
				out.Refires++
				spells[len(spells)-1].End = max(e.FiredAt+1, e.EndedAt)
				continue
			}
			out.Spells++
			spells = append(spells, history.Interval{Start: e.FiredAt, End: max(e.FiredAt+1, e.EndedAt)})
			days[time.UnixMilli(e.FiredAt).UTC().Format(time.DateOnly)] = true
		}
	})
	out.Outbreaks, out.Days = len(history.Union(spells...)), len(days)
	return out
}

func TestFlapsTwin(t *testing.T) {
	o := Defaults()
	found := 0
	for seed := range uint64(40) {
		w := randomWorld(t, seed, 3, 4, 20)
		n := w.study(o)
		for _, r := range w.rules {
			episodes, _ := w.review.EpisodesOf(r)
			want := w.slowFlaps(o, episodes)
			require.Equal(t, want, n.Profile(r).Flaps, "seed %d, %s", seed, r.Name())
			found += want.Spells
		}
	}
	require.Greater(t, found, 20, "too little flaps to tell")
}

// slowStorms holds every stretch that ends with a begin against every begin.
func slowStorms(o Options, begins []begin) Storms {
	out := Storms{Of: len(begins)}
	begins = slices.Clone(begins)
	slices.SortFunc(begins, func(a, b begin) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.instance, b.instance)) })
	var members [][]int // of stretches
	for _, last := range begins {
		var in []int
		instances := map[int32]bool{}
		for i, b := range begins {
			if b.at <= last.at && b.at >= last.at-o.StormWithin.Milliseconds() {
				in = append(in, i)
				instances[b.instance] = true
			}
		}
		if len(instances) >= o.StormLeast {
			members = append(members, in)
		}
	}
	storm := map[int]int{} // begin → storm
	for _, in := range members {
		at := -1
		for _, i := range in {
			if s, ok := storm[i]; ok {
				at = s
			}
		}
		if at < 0 {
			out.Times = append(out.Times, history.Interval{Start: begins[in[0]].at})
			at = len(out.Times) - 1
		}
		for _, i := range in {
			storm[i] = at
			out.Times[at].End = max(out.Times[at].End, begins[i].at+1)
		}
	}
	sizes, days := map[int]int{}, map[string]bool{}
	for _, s := range storm {
		sizes[s]++
		out.Firings++
		out.Most = max(out.Most, sizes[s])
	}
	for _, i := range out.Times {
		days[time.UnixMilli(i.Start).UTC().Format(time.DateOnly)] = true
	}
	out.Count, out.Days = len(out.Times), len(days)
	return out
}

func TestStormsTwin(t *testing.T) {
	o := Defaults()
	o.StormLeast = 4
	found := 0
	for seed := range uint64(30) {
		w := randomWorld(t, seed, 2, 25, 6)
		n := w.study(o)
		for _, r := range w.rules {
			var begins []begin
			for _, e := range w.begun(r) {
				begins = append(begins, begin{e.FiredAt, e.Instance})
			}
			want := slowStorms(o, begins)
			require.Equal(t, want, n.Profile(r).Storms, "seed %d, %s", seed, r.Name())
			found += want.Count
		}
	}
	require.Greater(t, found, 20, "too few storms to tell")
}
