package promexpr

import (
	"math/rand/v2"
	"testing"
)

// restyled checks that other spellings of a text have its normal form, and
// that the form is its own.
func restyled(t *testing.T, r *rand.Rand, text string, n int) {
	t.Helper()
	want := Canonical(mustParse(t, text))
	if again := Canonical(mustParse(t, want)); again != want {
		t.Fatalf("%s\nnormal form        %s\nnormal form of that %s", text, want, again)
	}
	for range n {
		other := restyler{r}.expr(mustParse(t, text), where{})
		e, err := Parse(other)
		if err != nil {
			t.Fatalf("%s\nwritten as %s: %v", text, other, err)
		}
		if got := Canonical(e); got != want {
			t.Fatalf("%s\nwritten as %s\nnormal forms %s\n             %s", text, other, want, got)
		}
	}
}

func TestCanonicalCompleteOnRealRules(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 6))
	exprs := corpora(t)
	for _, text := range exprs {
		restyled(t, r, text, 3)
	}
	t.Logf("%d expressions, 3 spellings of each", len(exprs))
}

func TestCanonicalCompleteOnGenerated(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 7))
	g := gen{r: r}
	for range 1500 {
		for {
			text := g.vector(r.IntN(5))
			if _, err := Parse(text); err == nil {
				restyled(t, r, text, 5)
				break
			}
		}
	}
}
