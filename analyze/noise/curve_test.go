package noise

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/rules"
)

// simulate evaluates an alert once a minute, as Prometheus does, on a condition
// that holds or not.
func simulate(holds []bool, forTime, keep time.Duration) []history.Episode {
	var out []history.Episode
	var active *history.Episode
	var kept int64 = -1 // since when the condition is gone
	for i, on := range holds {
		ts := start + int64(i)*minute
		switch {
		case on && active == nil:
			active = &history.Episode{ActiveAt: ts, FiredAt: history.NoTime}
			kept = -1
		case on:
			kept = -1
		case active != nil && active.Fired() && keep > 0:
			if kept < 0 {
				kept = ts
			}
			if ts-kept < keep.Milliseconds() {
				break
			}
			fallthrough
		case active != nil:
			active.EndedAt = ts
			out = append(out, *active)
			active = nil
		}
		if active != nil && !active.Fired() && ts-active.ActiveAt >= forTime.Milliseconds() {
			active.FiredAt = ts
		}
	}
	if active != nil {
		active.End, active.EndedAt = history.EndOpen, start+int64(len(holds)-1)*minute
		out = append(out, *active)
	}
	return out
}

// randomCondition ends without holding, and begins so.
func randomCondition(rnd *rand.Rand) []bool {
	holds := make([]bool, 4*24*60)
	for i := 5; i < len(holds)-200; {
		n := 1 + rnd.IntN(12)
		if rnd.IntN(6) == 0 {
			n = rnd.IntN(120)
		}
		for k := i; k < min(i+n, len(holds)-200); k++ {
			holds[k] = true
		}
		i += n + 1 + rnd.IntN(50)
	}
	return holds
}

func alertWith(t *testing.T, more string) *rules.Rule {
	t.Helper()
	f := rules.Parse("r.yaml", []byte("groups:\n- name: g\n  rules:\n  - alert: R0\n    expr: m > 1\n"+more), rules.Options{Named: true})
	require.Empty(t, f.Problems)
	return rules.NewSet([]*rules.File{f}).Alerts()[0]
}

func reviewOf(r *rules.Rule, knows history.Knows, episodes []history.Episode) *history.Review {
	h := &history.History{Knows: knows, Episodes: episodes, Instances: []labels.Labels{labels.FromStrings("alertname", "R0")}}
	h.Coverage.Window = history.Interval{Start: start, End: start + 4*day}
	return history.NewReview([]*rules.Rule{r}, h, nil)
}

func firingOf(episodes []history.Episode) (n int, minutes int64) {
	for _, e := range episodes {
		if e.Fired() {
			n++
			minutes += (e.EndedAt - e.FiredAt) / minute
		}
	}
	return n, minutes
}

func never(*rules.Rule) bool { return false }

// The curves foretell what Prometheus would have done with another `for` or
// keep_firing_for.
func TestCurvesForetell(t *testing.T) {
	for seed := range uint64(25) {
		holds := randomCondition(rand.New(rand.NewPCG(seed, 7)))
		r := alertWith(t, "    for: 5m\n")
		n := Study(reviewOf(r, history.KnowsPending, simulate(holds, 5*time.Minute, 0)), []*rules.Rule{r}, never, Defaults())
		p := n.Profile(r)
		require.NotNil(t, p.For)
		require.Len(t, p.For.Points, len(ForLadder()))
		for _, point := range p.For.Points {
			want, _ := firingOf(simulate(holds, point.Value, 0))
			require.Equal(t, want, point.Firings, "seed %d, for %s", seed, point.Value)
			require.Equal(t, p.For.Of-want, point.Spared)
		}
		_, before := firingOf(simulate(holds, 5*time.Minute, 0))
		for _, point := range p.Keep.Points {
			want, after := firingOf(simulate(holds, 5*time.Minute, point.Value))
			require.Equal(t, want, point.Firings, "seed %d, keep %s", seed, point.Value)
			require.Equal(t, float64(60*(after-before)), point.CostSeconds, "seed %d, keep %s", seed, point.Value)
		}

		r = alertWith(t, "    for: 5m\n    keep_firing_for: 10m\n")
		_, before = firingOf(simulate(holds, 5*time.Minute, 10*time.Minute))
		n = Study(reviewOf(r, history.KnowsPending, simulate(holds, 5*time.Minute, 10*time.Minute)), []*rules.Rule{r}, never, Defaults())
		p = n.Profile(r)
		require.Nil(t, p.For)
		if p.Keep == nil {
			continue // too few
		}
		for _, point := range p.Keep.Points {
			require.GreaterOrEqual(t, point.Value, 10*time.Minute)
			want, after := firingOf(simulate(holds, 5*time.Minute, point.Value))
			require.Equal(t, want, point.Firings, "seed %d, keep %s", seed, point.Value)
			require.Equal(t, float64(60*(after-before)), point.CostSeconds, "seed %d, keep %s", seed, point.Value)
		}
	}
}

func TestNoCurveOfWhatIsNotKnown(t *testing.T) {
	holds := randomCondition(rand.New(rand.NewPCG(1, 7)))
	r := alertWith(t, "    for: 5m\n")
	p := Study(reviewOf(r, 0, simulate(holds, 5*time.Minute, 0)), []*rules.Rule{r}, never, Defaults()).Profile(r)
	require.Nil(t, p.For)
	require.Nil(t, p.Keep)
	p = Study(reviewOf(r, history.KnowsPending, simulate(holds[:24*60], 5*time.Minute, 0)[:3]), []*rules.Rule{r}, never, Defaults()).Profile(r)
	require.Nil(t, p.For)
}

func TestKnee(t *testing.T) {
	curve := func(spared ...int) *Curve {
		c := &Curve{Now: time.Minute, Of: 100}
		for i, n := range spared {
			c.Points = append(c.Points, Point{Value: time.Duration(i) * time.Minute, Spared: n, Ratio: float64(n) / 100})
		}
		return c
	}
	require.Equal(t, 2, curve(-9, 0, 80, 85, 88, 90).knee(0.2))
	require.Equal(t, -1, curve(-9, 0, 8, 9, 10, 11).knee(0.2), "spares too little")
	require.Equal(t, -1, curve(-9, 0, 20, 40, 60, 80).knee(0.2), "a straight line")
	require.Equal(t, -1, curve(-9, 0, 1, 2, 10, 80).knee(0.2), "below the line")
}
