package sli

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/stretchr/testify/require"
)

// What contain claims of random matchers holds of every series there could be.
func TestContainAgainstEverySeries(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	values := map[string][]string{
		"job":  {"", "a", "b", "shop", "shop-canary", "x|y"},
		"code": {"100", "200", "204", "404", "429", "500", "503", "599"},
	}
	patterns := map[string][]string{
		"job":  {"", "a", "b", "a|b", "(a|b)", "shop.*", "shop|shop-canary", ".+", ".*", "a|", "sho[p]|b", "(shop|a)-canary"},
		"code": {"5..", "500", "5..|429", "429|5..", "[45]..", "4..", "2..|404", "5.*", ".*", "(5..|429)", "!", "[^5].."},
	}
	pool := map[string][]*labels.Matcher{}
	for label, ps := range patterns {
		for _, p := range ps {
			pool[label] = append(pool[label], labels.MustNewMatcher(labels.MatchRegexp, label, p), labels.MustNewMatcher(labels.MatchNotRegexp, label, p))
		}
		for _, v := range values[label] {
			pool[label] = append(pool[label], labels.MustNewMatcher(labels.MatchEqual, label, v), labels.MustNewMatcher(labels.MatchNotEqual, label, v))
		}
	}
	random := func() []*labels.Matcher {
		var out []*labels.Matcher
		for _, label := range []string{"code", "job"} {
			for range rng.IntN(3) {
				out = append(out, pool[label][rng.IntN(len(pool[label]))])
			}
		}
		return out
	}
	selects := func(ms []*labels.Matcher, job, code string) bool {
		return admits(ms, "job", job) && admits(ms, "code", code)
	}
	var m memo
	claims := map[string]int{}
	for range 20000 {
		a, b := random(), random()
		c, back := m.contain(a, b), m.contain(b, a)
		for _, job := range values["job"] {
			for _, code := range values["code"] {
				inA, inB := selects(a, job, code), selects(b, job, code)
				switch {
				case inA && inB && len(c.apart) > 0:
					t.Fatalf("%v and %v are not apart: job=%q code=%q", a, b, job, code)
				case inA && !inB && c.within():
					t.Fatalf("%v is not within %v: job=%q code=%q", a, b, job, code)
				case inA != inB && c.equal():
					t.Fatalf("%v is not %v: job=%q code=%q", a, b, job, code)
				}
			}
		}
		require.ElementsMatch(t, c.apart, back.apart, "%v, %v", a, b)
		if len(c.apart) == 0 {
			require.Equal(t, fmt.Sprint(c.equal()), fmt.Sprint(back.equal()), "%v, %v", a, b)
			require.ElementsMatch(t, c.narrowed, back.widened, "%v, %v", a, b)
		}
		claims[fmt.Sprintf("apart %t, within %t, equal %t", len(c.apart) > 0, c.within(), c.equal())]++
	}
	t.Log(claims)
}
