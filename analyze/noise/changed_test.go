package noise

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/rules"
)

// A pair of which one rule changed is measured as if there were nothing before.
func TestPairsOfChangedRules(t *testing.T) {
	for seed := range uint64(5) {
		w := linkedWorld(t, seed)
		since := start + 5*day
		w.review.Split(map[*rules.Rule]int64{w.rules[1]: since})
		got := w.study(Defaults())

		h := *w.review.History
		h.Coverage = history.Coverage{Window: history.Interval{Start: since, End: h.Coverage.Window.End}}
		h.Episodes = slices.DeleteFunc(slices.Clone(h.Episodes), func(e history.Episode) bool { return e.FiredAt < since })
		want := Study(history.NewReview(w.rules, &h, nil), w.rules, w.wakes, Defaults())
		require.Len(t, want.Pairs, 1)
		require.Equal(t, want.Pairs, got.Pairs)
		require.Equal(t, want.Cascades, got.Cascades)
		require.Equal(t, want.Profile(w.rules[1]).Labels, got.Profile(w.rules[1]).Labels)
		require.Equal(t, want.Profile(w.rules[1]).Hours, got.Profile(w.rules[1]).Hours)
	}
}

// What a rule did not do before it was what it is, is no trend.
func TestTrendOfAChangedRule(t *testing.T) {
	rs := rulesNamed(t, 1, "")
	h := randomWorld(t, 1, 1, 1, 1).review.History
	h.Coverage = history.Coverage{Window: history.Interval{Start: start, End: start + 14*week}}
	h.Episodes = nil
	for i := range int64(14 * 7) {
		at := start + i*day + hour
		h.Episodes = append(h.Episodes, history.Episode{ActiveAt: at, FiredAt: at, EndedAt: at + minute})
	}
	r := history.NewReview(rs, h, nil)
	r.Split(map[*rules.Rule]int64{rs[0]: start + 5*week})
	trend := Study(r, rs, never, Defaults()).Profile(rs[0]).Trend
	require.Len(t, trend.Weeks, 9)
	require.Zero(t, trend.PerWeek)
	require.False(t, trend.Distinct)
}
