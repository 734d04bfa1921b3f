package history

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
)

// instants is a set of instants as a slice of flags.
type instants [64]bool

func instantsOf(in []Interval) (out instants) {
	for _, i := range in {
		for t := max(i.Start, 0); t < min(i.End, int64(len(out))); t++ {
			out[t] = true
		}
	}
	return out
}

// intervals is the shortest way to write a set of instants.
func (in instants) intervals() Intervals {
	var out Intervals
	for t, is := range in {
		switch {
		case !is:
		case t > 0 && in[t-1]:
			out[len(out)-1].End++
		default:
			out = append(out, Interval{int64(t), int64(t) + 1})
		}
	}
	return out
}

func randomIntervals(r *rand.Rand) []Interval {
	var out []Interval
	for range r.IntN(8) {
		start := r.Int64N(64)
		out = append(out, Interval{start, min(start+r.Int64N(16)-1, 64)})
	}
	return out
}

func TestIntervals(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 20000 {
		a, b := randomIntervals(r), randomIntervals(r)
		before := slices.Clone(a)
		in, notIn := instantsOf(a), instantsOf(b)
		var both, less instants
		var length int64
		for i := range in {
			both[i] = in[i] && notIn[i]
			less[i] = in[i] && !notIn[i]
			if in[i] {
				length++
			}
		}
		ua, ub := Union(a...), Union(b...)
		assert.Equal(t, before, a, "an argument was changed")
		assertSet(t, in.intervals(), ua)
		assertSet(t, both.intervals(), ua.Intersect(ub))
		assertSet(t, less.intervals(), ua.Subtract(ub))
		assert.Equal(t, length, ua.Milliseconds())

		i := Interval{r.Int64N(70) - 3, r.Int64N(70) - 3}
		tape := newTape(ua)
		within := Union(i).Intersect(ua).Milliseconds()
		assert.Equal(t, within, tape.within(i))
		if i.Start < i.End {
			assert.Equal(t, within == i.End-i.Start, tape.holds(i))
		}
		if t.Failed() {
			t.Fatalf("a %v, b %v, interval %v", a, b, i)
		}
	}
}

func assertSet(t *testing.T, want, got Intervals) {
	t.Helper()
	if !slices.Equal(want, got) {
		t.Errorf("want %v, got %v", want, got)
	}
}
