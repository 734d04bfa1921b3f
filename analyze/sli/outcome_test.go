package sli

import (
	"math/rand/v2"
	"testing"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/stretchr/testify/require"
)

// What turned claims of two selectors holds of every event there could be: which
// of them are bad to the alert, and which to the SLI.
func TestTurnedAgainstEveryEvent(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for label, x := range map[string]struct{ values, patterns []string }{
		"code":   {everyStatus, []string{"5..", "500", "2..", "[23]..", "5..|429", "[45]..", "4..|5..", ".*"}},
		"ok":     {[]string{"true", "false"}, []string{"true", "false"}},
		"result": {[]string{"success", "error", "timeout", "else"}, []string{"success", "error", "error|timeout", "timeout"}},
	} {
		random := func() (out []*labels.Matcher) {
			for range 1 + rng.IntN(2) {
				p := x.patterns[rng.IntN(len(x.patterns))]
				out = append(out, labels.MustNewMatcher([]labels.MatchType{labels.MatchRegexp, labels.MatchNotRegexp}[rng.IntN(2)], label, p))
			}
			return out
		}
		all := &target{memo: new(memo), part: allEvents}
		claims := map[bool]int{}
		for range 3000 {
			tg := &target{memo: all.memo, part: part(rng.IntN(2)), matchers: random(), all: []*target{all}, splits: []string{label}}
			r := &reading{matchers: random(), asked: []parser.ItemType{parser.LSS, parser.GTR}[rng.IntN(2)]}
			if rng.IntN(2) == 0 {
				r.how.wraps |= complement
			}
			c, ok := tg.turned(r, plain)
			claims[ok]++
			if !ok {
				continue
			}
			good := (r.asked == parser.LSS) != r.how.has(complement)
			within, around, both := true, true, false
			for _, v := range x.values {
				a, b := admits(r.matchers, label, v) != good, admits(tg.matchers, label, v) != (tg.part == goodEvents)
				within, around, both = within && (!a || b), around && (!b || a), both || a && b
			}
			require.Equal(t, !both, len(c.apart) > 0, "%v %v", r.matchers, tg.matchers)
			if both {
				require.Equal(t, within, c.within(), "%v %v", r.matchers, tg.matchers)
				require.Equal(t, within && around, c.equal(), "%v %v", r.matchers, tg.matchers)
				require.Equal(t, around && !within, len(c.widened) > 0, "%v %v", r.matchers, tg.matchers)
			}
		}
		require.NotZero(t, claims[true], label)
	}
}
