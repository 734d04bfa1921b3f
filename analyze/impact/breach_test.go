package impact

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze/sli"
)

// Stretches are what the definition makes of them: the best one, and then the
// best of what is left at either side, as long as there is any.
func TestBurningByDefinition(t *testing.T) {
	found := 0
	for seed := range uint64(400) {
		rng := rand.New(rand.NewPCG(seed, 2))
		n := 1 + rng.IntN(60)
		ind := &Indicator{SLI: &sli.SLI{Objective: 0.9}, Step: 60_000}
		for range n {
			ind.Known = append(ind.Known, rng.IntN(10) > 0)
			bad := 0.0
			if rng.IntN(3) == 0 {
				bad = rng.Float64()
			}
			ind.Bad, ind.Total = append(ind.Bad, bad), append(ind.Total, 1+4*rng.Float64())
		}
		pause := rng.IntN(12)
		var want []stretch
		for from, last, i := -1, -1, 0; i <= n; i++ {
			switch {
			case i < n && ind.excess(i) <= 0:
			case from < 0:
				from, last = i, i
			case i == n || i-last-1 > pause:
				want = append(want, best(ind, from, last+1)...)
				from, last = i, i
			default:
				last = i
			}
		}
		got := burning(ind, pause)
		require.Equal(t, want, got, "seed %d", seed)
		found += len(got)
		for _, s := range got {
			rest := trim(ind, s)
			require.GreaterOrEqual(t, rest.first, s.first)
			require.LessOrEqual(t, rest.last, s.last)
			require.Greater(t, ind.excess(rest.first), 0.0)
			require.Greater(t, ind.excess(rest.last-1), 0.0)
		}
	}
	require.Greater(t, found, 1000)
}

func best(ind *Indicator, from, to int) []stretch {
	top, at := 0.0, stretch{}
	for i := from; i < to; i++ {
		if ind.excess(i) <= 0 {
			continue // a stretch begins with a burning step
		}
		sum := 0.0
		for k := i; k < to; k++ {
			if sum += ind.excess(k); sum > top+1e-12 {
				top, at = sum, stretch{i, k + 1}
			}
		}
	}
	if top == 0 {
		return nil
	}
	return append(append(best(ind, from, at.first), at), best(ind, at.last, to)...)
}

// day is a day of minutes with so many events each, none of them bad.
func day(events float64) *Indicator {
	s := &sli.SLI{Objective: 0.999, Window: 30 * 24 * time.Hour}
	ind := &Indicator{SLI: s, Step: 60_000, BudgetTotal: 0.001 * events * 43200}
	for range 24 * 60 {
		ind.Known, ind.Bad, ind.Total = append(ind.Known, true), append(ind.Bad, 0), append(ind.Total, events)
	}
	return ind
}

func (ind *Indicator) fill(from, to int, bad float64) *Indicator {
	for i := from; i < to; i++ {
		ind.Bad[i] = bad
	}
	return ind
}

func (ind *Indicator) lose(from, to int) *Indicator {
	for i := from; i < to; i++ {
		ind.Bad[i], ind.Total[i], ind.Known[i] = 0, 0, false
	}
	return ind
}

func TestBreaches(t *testing.T) {
	const minute = 60_000
	at := func(from, to int) Breach { return Breach{Start: int64(from) * minute, End: int64(to) * minute} }
	for name, tc := range map[string]struct {
		ind  *Indicator
		want []Breach
	}{
		"nothing":                     {day(1000), nil},
		"within the budget":           {day(1000).fill(0, 1440, 1), nil},
		"too little":                  {day(1000).fill(600, 610, 80), nil},                    // 1.9 %
		"enough":                      {day(1000).fill(600, 610, 90), []Breach{at(600, 610)}}, // 2.1 %
		"flapping":                    {day(1000).fill(600, 605, 90).fill(640, 645, 90), []Breach{at(600, 645)}},
		"too far apart":               {day(1000).fill(600, 605, 90).fill(666, 671, 90), nil},
		"a failure an hour before":    {day(1000).fill(560, 561, 40).fill(600, 610, 900), []Breach{at(600, 610)}},
		"a failure a minute before":   {day(1000).fill(599, 600, 1.5).fill(600, 610, 900), []Breach{at(600, 610)}},
		"slow at first":               {day(1000).fill(570, 600, 5).fill(600, 660, 60), []Breach{at(570, 660)}},
		"failures now and then":       {day(10).fill(500, 501, 1).fill(540, 541, 1).fill(600, 660, 9).fill(700, 701, 1), []Breach{at(600, 660)}},
		"slow, all day":               {day(1000).fill(0, 1440, 1.5), []Breach{at(0, 1440)}},
		"goes on into missing data":   {day(1000).fill(600, 640, 90).lose(640, 800), []Breach{at(600, 640)}},
		"missing data in the middle":  {day(1000).fill(600, 640, 90).lose(610, 615), []Breach{at(600, 640)}},
		"missing data are no breach":  {day(1000).lose(600, 800), nil},
		"long missing data divide it": {day(1000).fill(600, 800, 90).lose(650, 750), []Breach{at(600, 650), at(750, 800)}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []Breach
			for _, b := range breaches(tc.ind, Options{}.withDefaults()) {
				got = append(got, Breach{Start: b.Start, End: b.End})
			}
			require.Equal(t, tc.want, got)
		})
	}
}

func TestBreachFacts(t *testing.T) {
	o := Options{}.withDefaults()
	b := breaches(day(1000).fill(600, 640, 54).lose(620, 622).lose(640, 700), o)
	require.Len(t, b, 1)
	require.InDelta(t, 38*54/43200.0, b[0].Spent, 1e-9)
	require.Equal(t, []bool{false, true, true, false}, []bool{b[0].StartCut, b[0].EndCut, b[0].Gaps, b[0].Urgent})

	ind := day(1000).fill(600, 700, 50)
	b = breaches(ind, o)
	require.True(t, b[0].Urgent)
	require.InDelta(t, 0.25, ind.SpentBefore(b[0], 625*60_000), 1e-9)
	require.Zero(t, ind.SpentBefore(b[0], 600*60_000))
	require.InDelta(t, 1, ind.SpentBefore(b[0], math.MaxInt64), 1e-9)

	// Eleven percent in a day, never five within six hours.
	b = breaches(day(1000).fill(0, 1440, 3.4), o)
	require.Len(t, b, 1)
	require.False(t, b[0].Urgent)
}
