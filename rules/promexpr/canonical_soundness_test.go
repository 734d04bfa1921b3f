package promexpr

import (
	"math/rand/v2"
	"testing"
)

// TestCanonicalSound mutates and respells random expressions, and wherever the
// normal form stays the same the engine must give the same result.
func TestCanonicalSound(t *testing.T) {
	perRound := 500
	equal, different, nonempty, failed := 0, 0, 0, 0
	for round := range *rounds {
		r := rand.New(rand.NewPCG(uint64(round), 1))
		o := newOracle(t, r)
		g := gen{r: r}
		for range perRound {
			text := g.expr(r.IntN(5)).String()
			want := Canonical(mustParse(t, text))
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
					a, errA := o.eval(t, text, ts)
					b, errB := o.eval(t, other, ts)
					if (errA == nil) != (errB == nil) {
						t.Fatalf("%s\n%s\nat %v: one fails: %v, %v", text, other, ts, errA, errB)
					}
					if errA != nil {
						failed++
						continue
					}
					if err := sameResult(a, b); err != nil && o.repeatable(t, text, ts) {
						t.Fatalf("%s\n%s\nnormal form %s\nat %v: %v", text, other, want, ts, err)
					}
					if len(a) > 0 {
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
