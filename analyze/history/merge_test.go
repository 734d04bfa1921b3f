package history

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/prometheus/prometheus/model/labels"
)

// spans of a history's instance, by a bit for each instant.
func activeInstants(h *History, instance labels.Labels, of func(Episode) Interval) (out [200]bool) {
	for _, e := range h.Episodes {
		if labels.Equal(h.Instances[e.Instance], instance) {
			for t := of(e).Start; t < of(e).End; t++ {
				out[t] = true
			}
		}
	}
	return out
}

func active(e Episode) Interval { return Interval{e.ActiveAt, e.EndedAt} }

// TestMerge holds the merging of replicas against looking at every instant.
func TestMerge(t *testing.T) {
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 1))
		names := []labels.Labels{labels.FromStrings("alertname", "A"), labels.FromStrings("alertname", "A", "x", "1"), labels.FromStrings("alertname", "B")}
		var hs []*History
		for range 2 + r.IntN(2) {
			h := &History{Coverage: Coverage{Window: Interval{0, 200}}}
			var gaps []Interval
			for range r.IntN(3) {
				from := r.Int64N(180)
				gaps = append(gaps, Interval{from, from + 1 + r.Int64N(20)})
			}
			h.Coverage.Gaps = Union(gaps...)
			for _, l := range names {
				if r.IntN(4) == 0 {
					continue
				}
				for at := r.Int64N(40); at < 150; at += 1 + r.Int64N(60) {
					e := Episode{Instance: int32(len(h.Instances)), ActiveAt: at, FiredAt: NoTime, EndedAt: at + 1 + r.Int64N(30)}
					if r.IntN(2) == 0 {
						e.FiredAt = at + r.Int64N(e.EndedAt-at)
					}
					h.Episodes = append(h.Episodes, e)
					at = e.EndedAt
				}
				h.Instances = append(h.Instances, l)
			}
			hs = append(hs, h)
		}
		got := Merge(hs...)
		for _, l := range names {
			var want [200]bool
			for _, h := range hs {
				for i, b := range activeInstants(h, l, active) {
					want[i] = want[i] || b
				}
			}
			if activeInstants(got, l, active) != want {
				t.Fatalf("seed %d: %s is active at other times than in its replicas", seed, l)
			}
		}
		for i, e := range got.Episodes {
			if i > 0 && got.Episodes[i-1].Instance == e.Instance && e.ActiveAt <= got.Episodes[i-1].EndedAt {
				t.Fatalf("seed %d: two episodes of one instance meet: %+v, %+v", seed, got.Episodes[i-1], e)
			}
			first := NoTime
			for _, h := range hs {
				for _, o := range h.Episodes {
					if labels.Equal(h.Instances[o.Instance], got.Instances[e.Instance]) && o.Fired() && o.ActiveAt >= e.ActiveAt && o.EndedAt <= e.EndedAt && (first == NoTime || o.FiredAt < first) {
						first = o.FiredAt
					}
				}
			}
			if e.FiredAt != first {
				t.Fatalf("seed %d: fired at %d, want %d", seed, e.FiredAt, first)
			}
		}
		for at := range int64(200) {
			missing := true
			for _, h := range hs {
				missing = missing && slices.ContainsFunc(h.Coverage.Gaps, func(g Interval) bool { return g.Start <= at && at < g.End })
			}
			if got := slices.ContainsFunc(got.Coverage.Gaps, func(g Interval) bool { return g.Start <= at && at < g.End }); got != missing {
				t.Fatalf("seed %d: at %d data are missing: %t, want %t", seed, at, got, missing)
			}
		}
	}
}

// TestMergeEnds: who saw the end knows it.
func TestMergeEnds(t *testing.T) {
	l := []labels.Labels{labels.FromStrings("alertname", "A")}
	for _, c := range []struct {
		name       string
		a, b, want Episode
	}{
		{"one lost sight of it", Episode{End: EndUnknown, ActiveAt: 10, FiredAt: 20, EndedAt: 30}, Episode{ActiveAt: 11, FiredAt: 21, EndedAt: 90}, Episode{ActiveAt: 10, FiredAt: 20, EndedAt: 90}},
		{"its data end first", Episode{End: EndOpen, ActiveAt: 10, FiredAt: 20, EndedAt: 49}, Episode{ActiveAt: 11, FiredAt: 21, EndedAt: 90}, Episode{ActiveAt: 10, FiredAt: 20, EndedAt: 90}},
		{"began before its data", Episode{Start: StartBeforeWindow, ActiveAt: 12, FiredAt: 12, EndedAt: 40}, Episode{ActiveAt: 10, FiredAt: 15, EndedAt: 41}, Episode{ActiveAt: 10, FiredAt: 12, EndedAt: 41}},
		{"still open", Episode{ActiveAt: 10, FiredAt: 10, EndedAt: 40}, Episode{End: EndOpen, ActiveAt: 30, FiredAt: 30, EndedAt: 99}, Episode{End: EndOpen, ActiveAt: 10, FiredAt: 10, EndedAt: 99}},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := &History{Instances: l, Episodes: []Episode{c.a}, Coverage: Coverage{Window: Interval{0, 50}}}
			b := &History{Instances: l, Episodes: []Episode{c.b}, Coverage: Coverage{Window: Interval{0, 100}}}
			for _, hs := range [][]*History{{a, b}, {b, a}} {
				if got := Merge(hs...).Episodes; len(got) != 1 || got[0] != c.want {
					t.Errorf("got %+v, want %+v", got, c.want)
				}
			}
		})
	}
}
