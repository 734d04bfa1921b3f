package promexpr

import (
	"math/rand/v2"
	"testing"

	"github.com/prometheus/prometheus/promql/parser"
)

// TestCanonicalSoundMatching is TestCanonicalSound for what is most delicate,
// the two sides of operations between vectors: on data in which label sets
// match, match twice, and tie.
func TestCanonicalSoundMatching(t *testing.T) {
	operands := []string{
		`g2`, `g3`, `c1_total`, `g2{pod="p1"}`, `{__name__=~"g2|g3"}`, `{__name__=~"g2|g3",pod="p1",job="a"}`,
		`sum by (job) (g2)`, `sum by (job, pod) (g3)`, `max by (job, __name__) (g2)`, `max by (job, pod, __name__) ({__name__=~"g2|g3"})`,
		`sum without (pod) (g2)`, `sum(g2)`, `vector(1)`, `abs(g2)`, `-g3`, `g2 > 0`, `g2 + g3`, `g2 * on (job, pod) g3`,
		`count_values by (job) ("pod", g2)`, `rate(c1_total[5m])`, `g2 and on (job) g3`, `g3{job="a"} or g2`,
		`label_replace(g2, "pod", "p1", "", "")`, `absent(nope{job="a"})`, `label_replace(g2, "__name__", "", "", "")`,
	}
	labelLists := []string{`()`, `(job)`, `(job, pod)`, `(pod)`, `(pod, env)`, `(env)`, `(job, pod, env, __name__)`}
	equal, nonempty, oneFails := 0, 0, 0
	for round := range *rounds {
		r := rand.New(rand.NewPCG(uint64(round), 9))
		o := fullOracle(t, r)
		for range 4000 {
			op := pick(r, "+", "*", "-", "/", "==", "!=", ">", "== bool", "> bool", "!= bool", "<= bool")
			matching := pick(r, "", "", " on "+pick(r, labelLists...), " ignoring "+pick(r, labelLists...))
			if matching != "" && r.IntN(2) == 0 {
				matching += pick(r, " group_left ", " group_right ") + pick(r, "()", "(env)", "(__name__)", "(pod)")
			}
			l, right := pick(r, operands...), pick(r, operands...)
			around := pick(r, []string{"", ""}, []string{"topk(1, ", ")"}, []string{"limitk(1, ", ")"}, []string{"sum by (__name__, job) (", ")"},
				[]string{`label_replace(`, `, "name", "$1", "__name__", "(.*)")`})
			text := around[0] + "(" + l + ") " + op + matching + " (" + right + ")" + around[1]
			e, err := Parse(text)
			if err != nil {
				continue
			}
			m := mustParse(t, text)
			var b *parser.BinaryExpr
			walk(m, func(n parser.Expr) {
				if x, ok := n.(*parser.BinaryExpr); ok && b == nil {
					b = x
				}
			})
			// Mostly all that exchanging the sides takes, at times too little.
			often := func() bool { return r.IntN(5) > 0 }
			if often() {
				b.LHS, b.RHS = b.RHS, b.LHS
			}
			if often() {
				b.Op = Flip(b.Op)
			}
			if often() {
				switch b.VectorMatching.Card {
				case parser.CardManyToOne:
					b.VectorMatching.Card = parser.CardOneToMany
				case parser.CardOneToMany:
					b.VectorMatching.Card = parser.CardManyToOne
				}
			}
			other := m.String()
			if other == e.String() || Canonical(e) != Canonical(mustParse(t, other)) {
				continue
			}
			equal++
			ts := times()[1+r.IntN(3)]
			x, errX := o.eval(t, text, ts)
			y, errY := o.eval(t, other, ts)
			if (errX == nil) != (errY == nil) {
				t.Fatalf("%s\n%s\none fails: %v, %v", text, other, errX, errY)
			}
			if errX != nil {
				oneFails++
				continue
			}
			if err := sameResult(x, y); err != nil && o.repeatable(t, text, ts) {
				t.Fatalf("%s\n%s\n%v", text, other, err)
			}
			if len(x) > 0 {
				nonempty++
			}
		}
	}
	t.Logf("%d with both orders of equal form, %d of them with series, %d fail either way", equal, nonempty, oneFails)
	if nonempty < 100 {
		t.Error("too few results")
	}
}
