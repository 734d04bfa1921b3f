package impact

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// The examples of R. G. Newcombe, "Two-sided confidence intervals for the
// single proportion: comparison of seven methods", Statistics in Medicine 17
// (1998), table I, method 3.
func TestWilsonAsPublished(t *testing.T) {
	for _, tc := range []struct {
		hits, of  int
		low, high float64
	}{
		{81, 263, 0.2553, 0.3662},
		{15, 148, 0.0624, 0.1605},
		{0, 20, 0.0000, 0.1611},
		{1, 29, 0.0061, 0.1718},
	} {
		low, high := Share{Hits: tc.hits, Of: tc.of}.Interval()
		require.InDelta(t, tc.low, low, 0.00005, "%d/%d", tc.hits, tc.of)
		require.InDelta(t, tc.high, high, 0.00005, "%d/%d", tc.hits, tc.of)
		// What is true of the hits is true of the misses.
		missLow, missHigh := Share{Hits: tc.of - tc.hits, Of: tc.of}.Interval()
		require.InDelta(t, 1-high, missLow, 1e-12)
		require.InDelta(t, 1-low, missHigh, 1e-12)
	}
	low, high := Share{}.Interval()
	require.Equal(t, [2]float64{0, 1}, [2]float64{low, high})
}

// From as many on as are enough, all or none of them excludes one half.
func TestEnough(t *testing.T) {
	_, high := Share{Hits: 0, Of: enough}.Interval()
	low, _ := Share{Hits: enough, Of: enough}.Interval()
	require.Less(t, high, 0.5)
	require.Greater(t, low, 0.5)
	require.False(t, Share{Of: enough - 1}.Enough())
	require.True(t, Share{Of: enough}.Enough())
}
