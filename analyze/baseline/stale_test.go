package baseline

import (
	"maps"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/checks"
)

// TestStale: an entry is stale only where the run would have found it again.
func TestStale(t *testing.T) {
	busy := rule("Busy", "severity: warning, team: a", "load > 5")
	fine := rule("Fine", "severity: warning, team: a", "'sum(rate(x_total[5m])) > 1'")
	copied := rule("Copied", "severity: warning, team: a", "'sum(rate(x_total[5m])) > 1'")
	old := map[string]string{"rules/a.yml": file(busy, copied), "rules/sub/b.yml": file(fine)}
	const noFor, same = "quiet/no-for of Busy in rules/a.yml", "unique/identical of Fine in rules/sub/b.yml"

	var known []string
	for _, c := range checks.All() {
		known = append(known, c.ID)
	}
	for name, tt := range map[string]struct {
		now   map[string]string
		paths []string
		want  []string
	}{
		"as it was":                        {old, []string{"rules"}, nil},
		"all mended":                       {map[string]string{"rules/a.yml": file(fine)}, []string{"rules"}, []string{noFor, same}},
		"read from further up":             {map[string]string{"rules/a.yml": file(fine)}, []string{"."}, []string{noFor, same}},
		"a file alone says nothing of two": {map[string]string{"rules/sub/b.yml": file(fine)}, []string{"rules/sub/b.yml"}, nil},
		"a folder alone likewise":          {map[string]string{"rules/sub/b.yml": file(fine)}, []string{"rules/sub"}, nil},
		"a file alone, of itself":          {map[string]string{"rules/a.yml": file(fine)}, []string{"rules/a.yml"}, []string{noFor}},
		"a file that does not parse":       {map[string]string{"rules/a.yml": "groups:\n- name: \"x\n  rules:\n  - alert: Busy\n"}, []string{"rules"}, []string{same}},
		"elsewhere":                        {map[string]string{"other/a.yml": file(fine)}, []string{"other"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			before, now := judge(t, old), judge(t, tt.now)
			b := &Baseline{Paths: []string{"rules"}, Entries: Of(before)}
			_, left := Match(b.Entries, Of(now))
			var got []string
			for _, i := range b.Stale(Run{Result: now, Paths: tt.paths, Known: known}, left) {
				got = append(got, b.Entries[i].String())
			}
			require.ElementsMatch(t, tt.want, got)
		})
	}

	// Checks that were left out found nothing, and that is no news; one that is
	// no more will never find anything.
	res := judge(t, map[string]string{"rules/a.yml": file(fine)})
	res.Checks = nil
	b := &Baseline{Paths: []string{"rules"}, Entries: Of(judge(t, maps.Clone(old)))}
	_, left := Match(b.Entries, Of(&analyze.Result{Facts: res.Facts}))
	require.Empty(t, b.Stale(Run{Result: res, Paths: b.Paths, Known: known}, left))
	require.Len(t, b.Stale(Run{Result: res, Paths: b.Paths}, left), len(left))
}
