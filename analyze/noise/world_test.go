package noise

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/rules"
)

const (
	minute = int64(60 * 1000)
	hour   = 60 * minute
	day    = 24 * hour
)

// start is a Thursday.
var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()

// A world is a random history of a few rules on a few instances, in whole
// minutes.
type world struct {
	rules  []*rules.Rule
	review *history.Review
	rnd    *rand.Rand
}

func rulesNamed(t testing.TB, n int, more string) []*rules.Rule {
	t.Helper()
	var b strings.Builder
	b.WriteString("groups:\n- name: g\n  rules:\n")
	for i := range n {
		fmt.Fprintf(&b, "  - alert: R%d\n    expr: m%d > 1\n    for: 5m\n    labels: {severity: page}\n%s", i, i, more)
	}
	f := rules.Parse("r.yaml", []byte(b.String()), rules.Options{Named: true})
	require.Empty(t, f.Problems)
	return rules.NewSet([]*rules.File{f}).Alerts()
}

// randomWorld spans some days. Of each rule there are some instances; firings
// come alone and in bursts.
func randomWorld(t testing.TB, seed uint64, nRules, nInstances, days int) *world {
	t.Helper()
	rnd := rand.New(rand.NewPCG(seed, 1))
	w := &world{rules: rulesNamed(t, nRules, ""), rnd: rnd}
	h := &history.History{Knows: history.KnowsPending}
	h.Coverage.Window = history.Interval{Start: start, End: start + int64(days)*day}
	for range rnd.IntN(3) {
		at := start + rnd.Int64N(int64(days)*24*60)*minute
		h.Coverage.Gaps = append(h.Coverage.Gaps, history.Interval{Start: at, End: min(at+rnd.Int64N(600)*minute, h.Coverage.Window.End)})
	}
	h.Coverage.Gaps = slices.DeleteFunc(h.Coverage.Gaps, func(g history.Interval) bool { return g.Start >= g.End })
	h.Coverage.Gaps = history.Union(h.Coverage.Gaps...)
	bursts := make([]int64, 3)
	for i := range bursts {
		bursts[i] = start + rnd.Int64N(int64(days)*24*60)*minute
	}
	for r := range nRules {
		for i := range nInstances {
			h.Instances = append(h.Instances, labels.FromStrings("alertname", fmt.Sprintf("R%d", r), "severity", "page",
				"instance", fmt.Sprintf("i%d", i), "service", fmt.Sprintf("s%d", (r+i)%3)))
			at := start - 60*minute
			for at < h.Coverage.Window.End && rnd.IntN(40) > 0 {
				switch {
				case rnd.IntN(5) == 0:
					at = max(at, bursts[rnd.IntN(len(bursts))]+rnd.Int64N(8)*minute)
				case rnd.IntN(2) == 0:
					at += rnd.Int64N(100) * minute
				default:
					at += rnd.Int64N(60*24) * minute
				}
				e := history.Episode{Instance: int32(len(h.Instances) - 1), ActiveAt: at, FiredAt: at + 5*minute, EndedAt: at + (6+rnd.Int64N(30))*minute}
				if rnd.IntN(5) == 0 {
					e.FiredAt, e.EndedAt = history.NoTime, at+(1+rnd.Int64N(5))*minute
				}
				if at < start {
					e.Start = history.StartBeforeWindow
				}
				if rnd.IntN(30) == 0 {
					e.End = history.EndUnknown
				}
				if e.EndedAt >= h.Coverage.Window.End || at >= h.Coverage.Window.End {
					break
				}
				h.Episodes = append(h.Episodes, e)
				at = e.EndedAt + minute
			}
		}
	}
	w.review = history.NewReview(w.rules, h, nil)
	return w
}

func (w *world) study(o Options) *Noise { return Study(w.review, w.rules, w.wakes, o) }

// wakes: every other rule.
func (w *world) wakes(r *rules.Rule) bool { return r.Index%2 == 0 }

// begun are the firings that Measures counts, of a rule.
func (w *world) begun(r *rules.Rule) []history.Episode {
	c := w.review.Coverage.Covering()
	episodes, _ := w.review.EpisodesOf(r)
	return slices.DeleteFunc(slices.Clone(episodes), func(e history.Episode) bool { return !c.Began(&e) })
}

func TestFiringsAreThoseOfMeasures(t *testing.T) {
	for seed := range uint64(20) {
		w := randomWorld(t, seed, 4, 5, 20)
		n := w.study(Defaults())
		for _, r := range w.rules {
			require.Equal(t, w.review.Measures(r).FiringsBegun, n.Profile(r).Firings)
			require.Equal(t, n.Profile(r).Firings, n.Profile(r).Hours.Total())
		}
	}
}

func TestStudyIsDeterministic(t *testing.T) {
	w := randomWorld(t, 3, 6, 6, 30)
	require.Equal(t, w.study(Defaults()), w.study(Defaults()))
}

func BenchmarkStudy(b *testing.B) {
	w := manyFirings(b, 2000, 4, 92)
	b.Logf("%d episodes", len(w.review.Episodes))
	for b.Loop() {
		n := w.study(Defaults())
		b.ReportMetric(float64(len(n.Pairs)), "pairs")
	}
}

// manyFirings is a month in which each instance fires so often.
func manyFirings(t testing.TB, nRules, nInstances, firings int) *world {
	w := &world{rules: rulesNamed(t, nRules, "")}
	rnd := rand.New(rand.NewPCG(1, 2))
	h := &history.History{Knows: history.KnowsPending}
	h.Coverage.Window = history.Interval{Start: start, End: start + 30*day}
	for r := range nRules {
		for i := range nInstances {
			h.Instances = append(h.Instances, labels.FromStrings("alertname", fmt.Sprintf("R%d", r), "severity", "page",
				"instance", fmt.Sprintf("i%d", i), "service", fmt.Sprintf("s%d", r%100)))
			step := 30 * day / int64(firings)
			for k := range firings {
				at := start + int64(k)*step + rnd.Int64N(step/minute-40)*minute
				h.Episodes = append(h.Episodes, history.Episode{Instance: int32(len(h.Instances) - 1), ActiveAt: at, FiredAt: at + 5*minute, EndedAt: at + (6+rnd.Int64N(30))*minute})
			}
		}
	}
	w.review = history.NewReview(w.rules, h, nil)
	return w
}
