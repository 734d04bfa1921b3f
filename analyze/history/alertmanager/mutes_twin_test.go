package alertmanager

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

// compareMutes holds mutes against every flush. Those of one life that follow
// one another and kept the alert back are a run; a mute begins and ends as runs
// do, and no run lies in two. A mute may hold several runs if they are no
// further apart than flushes may be, which are put off while something is
// delivered.
func compareMutes(t *testing.T, h *history.History, c *cluster, episodes map[string][]history.Episode) {
	const apart = 15 * 60 * 1000
	want, got := map[string][]history.Interval{}, map[string][]history.Interval{}
	byAlert := map[string][]flushed{}
	ends := map[int64]bool{}
	for _, f := range c.flushes {
		byAlert[f.labels] = append(byAlert[f.labels], f)
	}
	for name, fs := range byAlert {
		slices.SortStableFunc(fs, func(a, b flushed) int { return cmp.Compare(a.at, b.at) })
		for _, e := range episodes[name] {
			for _, kind := range []history.MuteKind{history.Silenced, history.Inhibited} {
				key, open := fmt.Sprint(name, e.ActiveAt, kind), false
				for _, f := range fs {
					if f.starts < e.ActiveAt || f.at < e.ActiveAt {
						continue
					}
					if f.resolved {
						open = open && e.End == history.EndResolved && f.at >= e.EndedAt // else it timed out meanwhile
						continue
					}
					if k := slices.IndexFunc(episodes[name], func(o history.Episode) bool { return o.ActiveAt > e.ActiveAt && o.ActiveAt <= f.starts }); k >= 0 {
						continue
					}
					switch muted := f.silenced && kind == history.Silenced || f.inhibited && kind == history.Inhibited; {
					case e.End == history.EndResolved && f.at >= e.EndedAt: // Alertmanager had not been told yet
						ends[e.EndedAt] = true
						if muted && open {
							want[key][len(want[key])-1].End = e.EndedAt
						}
					case !muted:
						open = false
					case open:
						want[key][len(want[key])-1].End = f.at + 1
					default:
						want[key] = append(want[key], history.Interval{Start: f.at, End: f.at + 1})
						open = true
					}
				}
			}
		}
	}
	for _, m := range h.Mutes {
		name, active := nameOf(h, m.Instance), int64(0)
		for _, e := range episodes[name] {
			if e.ActiveAt <= m.Start {
				active = e.ActiveAt
			}
		}
		key := fmt.Sprint(name, active, m.Kind)
		got[key] = append(got[key], m.Interval)
	}
	for key, runs := range want {
		var joined []history.Interval
		for _, run := range runs {
			if k := len(joined) - 1; k >= 0 && run.Start-joined[k].End < apart && slices.ContainsFunc(got[key], func(m history.Interval) bool { return m.Start <= joined[k].Start && m.End >= run.End }) {
				joined[k].End = run.End
				continue
			}
			joined = append(joined, run)
		}
		// Whether a flush between the end and the news of it counts, peers differ.
		if k := len(joined) - 1; k >= 0 && len(got[key]) == len(joined) && slices.ContainsFunc(c.flushes, func(f flushed) bool {
			return got[key][k].End == f.at+1 && got[key][k].End < joined[k].End
		}) && ends[joined[k].End] {
			joined[k].End = got[key][k].End
		}
		if c.restarted() {
			// Whether it went on meanwhile is nobody's to tell: begin and end count.
			require.NotEmpty(t, got[key], key)
			first, last := got[key][0], got[key][len(got[key])-1]
			require.Equal(t, history.Interval{Start: joined[0].Start, End: joined[len(joined)-1].End}, history.Interval{Start: first.Start, End: last.End}, key)
			continue
		}
		require.Equal(t, joined, got[key], key)
	}
	require.Len(t, got, len(want))
}
