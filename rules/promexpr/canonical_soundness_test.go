package promexpr

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/prometheus/prometheus/promql"
)

// TestCanonicalSound mutates and respells random expressions, and wherever the
// normal form stays the same the engine must give the same result.
func TestCanonicalSound(t *testing.T) {
	perRound := 250
	equal, different, nonempty, failed := 0, 0, 0, 0
	for round := range *rounds {
		r := rand.New(rand.NewPCG(uint64(round), 1))
		o := newOracle(t, r)
		g := gen{r: r}
		for range perRound {
			text := g.expr(r.IntN(5)).String()
			want := Canonical(mustParse(t, text))
			results := map[time.Time]struct {
				vector promql.Vector
				err    error
			}{}
			for i := range 6 {
				other := ""
				if i < 4 {
					other = mutate(r, mustParse(t, text))
				} else {
					other = restyler{r}.expr(mustParse(t, text), where{})
				}
				m, err := Parse(other)
				if err != nil || other == text {
					continue
				}
				if Canonical(m) != want {
					different++
					continue
				}
				equal++
				for _, ts := range times() {
					first, ok := results[ts]
					if !ok {
						first.vector, first.err = o.eval(t, text, ts)
						results[ts] = first
					}
					second, err := o.eval(t, other, ts)
					if (first.err == nil) != (err == nil) {
						t.Fatalf("%s\n%s\nat %v: one fails: %v, %v", text, other, ts, first.err, err)
					}
					if err != nil {
						failed++
						continue
					}
					if err := sameResult(first.vector, second); err != nil && o.repeatable(t, text, ts) {
						t.Fatalf("%s\n%s\nnormal form %s\nat %v: %v", text, other, want, ts, err)
					}
					if len(second) > 0 {
						nonempty++
					}
				}
			}
		}
	}
	t.Logf("%d mutants of equal form, %d of another; %d results with series, %d failures to evaluate", equal, different, nonempty, failed)
	if equal < 100 || nonempty < 100 {
		t.Error("too few equal mutants to prove anything")
	}
}
