package impact

import "math"

// A Share is how many of those that could be judged have a property.
type Share struct {
	Hits, Of int
	// Unclear counts those that could not be judged and are in neither: for lack
	// of data, or because their end is not known.
	Unclear int
}

// enough is the fewest that a share is told of: from five on, all or none of
// them says on which side of one half the truth lies (its Wilson interval ends
// at 0.43 for none of five, at 0.49 for none of four); it is also how many
// firings quiet/transient asks for.
const enough = 5

// Enough reports whether there are enough to tell a share of them. Where there
// are not, only the counts should be shown.
func (s Share) Enough() bool { return s.Of >= enough }

// Ratio is Hits by Of; ok is false where there are none.
func (s Share) Ratio() (ratio float64, ok bool) {
	if s.Of == 0 {
		return 0, false
	}
	return float64(s.Hits) / float64(s.Of), true
}

// z is the 0.975 quantile of the normal distribution.
const z = 1.959963984540054

// Interval is the Wilson score interval of the ratio, at 95 % confidence
// (E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical
// Inference", 1927): without a correction for continuity; from 0 to 1 where
// there are none. It takes what is counted as independent of each other.
func (s Share) Interval() (low, high float64) {
	if s.Of == 0 {
		return 0, 1
	}
	n := float64(s.Of)
	p := float64(s.Hits) / n
	middle := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	low, high = max(0, middle-half), min(1, middle+half)
	if s.Hits == 0 {
		low = 0 // not by a rounding error more
	}
	if s.Hits == s.Of {
		high = 1
	}
	return low, high
}

func (s *Share) add(hit, clear bool) {
	switch {
	case hit:
		s.Hits++
		s.Of++
	case clear:
		s.Of++
	default:
		s.Unclear++
	}
}
