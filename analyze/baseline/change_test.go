package baseline

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTippingMajority: where a change makes for a majority, what is inferred
// from it is told of the rules of the change, and not of the others.
func TestTippingMajority(t *testing.T) {
	owned := func(n int) string {
		return rule(fmt.Sprint("Owned", n), "severity: warning, team: a", fmt.Sprintf("\"sum(rate(x%d_total[5m])) > 1\"", n))
	}
	bare := func(n int) string {
		return rule(fmt.Sprint("Bare", n), "severity: warning", fmt.Sprintf("\"sum(rate(y%d_total[5m])) > 1\"", n))
	}
	old := []string{owned(1), owned(2), owned(3), bare(1), bare(2)}
	for name, tt := range map[string]struct {
		added []string
		want  []string
	}{
		"nothing":             {nil, nil},
		"owned alerts":        {[]string{owned(4), owned(5)}, nil},
		"and one that is not": {[]string{owned(4), owned(5), owned(6), bare(3)}, []string{"actionable/owner of Bare3"}},
	} {
		t.Run(name, func(t *testing.T) {
			before := judge(t, map[string]string{"a.yml": file(old...)})
			now := judge(t, map[string]string{"a.yml": file(append(slices.Clone(old), tt.added...)...)})
			var told []string
			for i, known := range Before(before, now) {
				if f := now.Findings[i]; !known {
					told = append(told, f.Check+" of "+f.Rule.Name())
				}
			}
			require.Equal(t, tt.want, told)
			if tt.added != nil {
				require.NotEqual(t, len(before.Findings)+len(tt.want), len(now.Findings), "no majority has tipped")
			}
		})
	}
}
