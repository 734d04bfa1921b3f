package revision_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/rules"
	"github.com/crywolf-dev/crywolf/rules/revision"
)

// at has git commit at a time.
func (r repo) at(day int) string {
	r.Helper()
	date := time.Date(2026, 3, day, 12, 0, 0, 0, time.UTC).Format(time.RFC3339)
	r.Setenv("GIT_AUTHOR_DATE", date)
	r.Setenv("GIT_COMMITTER_DATE", date)
	r.commit()
	cmd := exec.Command("git", "rev-parse", "HEAD")
	cmd.Dir = r.dir
	out, err := cmd.Output()
	require.NoError(r, err)
	return strings.TrimSpace(string(out))
}

func ruleFile(rules ...string) string {
	return "groups:\n- name: shop\n  rules:\n" + strings.Join(rules, "")
}

func ruleOf(name, expr, hold string) string {
	return "  - alert: " + name + "\n    expr: " + expr + "\n    for: " + hold + "\n"
}

func (r repo) changes(path string) map[string]revision.Change {
	r.Helper()
	src, err := os.ReadFile(filepath.Join(r.dir, path))
	require.NoError(r, err)
	f := rules.Parse(path, src, rules.Options{Named: true})
	found, err := revision.Changes(r.Context(), r.dir, []*rules.File{f}, func(p string) (string, bool) { return p, true },
		time.Date(2026, 3, 10, 0, 0, 0, 0, time.UTC), rules.Options{})
	require.NoError(r, err)
	out := map[string]revision.Change{}
	for rule, c := range found {
		out[rule.Name()] = c
	}
	return out
}

func TestChanges(t *testing.T) {
	r := newRepo(t)
	r.write("a.yaml", ruleFile(ruleOf("Same", "up == 0", "5m"), ruleOf("Longer", "up == 0", "1m"), ruleOf("Early", "errors > 1", "5m"), ruleOf("Twice", "x > 1", "5m"), ruleOf("Back", "y > 1", "5m")))
	r.at(1)
	r.write("a.yaml", ruleFile(ruleOf("Same", "up == 0", "5m"), ruleOf("Longer", "up == 0", "1m"), ruleOf("Early", "errors > 2", "5m"), ruleOf("Twice", "x > 1", "5m"), ruleOf("Back", "y > 1", "5m")))
	r.at(9) // before the window
	r.write("a.yaml", ruleFile(ruleOf("Same", "up==0", "5m"), ruleOf("Longer", "up == 0", "10m"), ruleOf("Early", "errors > 2", "5m"), ruleOf("Twice", "x > 2", "5m"), ruleOf("Back", "y > 2", "5m"), ruleOf("New", "z > 2", "5m")))
	first := r.at(12)
	r.git("mv", "a.yaml", "b.yaml")
	r.at(15)
	r.write("b.yaml", ruleFile(ruleOf("Same", "up == 0", "300s"), ruleOf("Longer", "up == 0", "10m"), ruleOf("Early", "errors > 2", "5m"), ruleOf("Twice", "x > 3", "5m"), ruleOf("Back", "y > 1", "5m"), ruleOf("New", "z > 2", "5m")))
	second := r.at(20)

	got := r.changes("b.yaml")
	require.Equal(t, first, got["Longer"].Commit)
	require.Equal(t, time.Date(2026, 3, 12, 12, 0, 0, 0, time.UTC), got["Longer"].At.UTC())
	require.Equal(t, second, got["Twice"].Commit)
	require.Equal(t, second, got["Back"].Commit, "it is what it was, and was something else meanwhile")
	require.Len(t, got, 3)

	r.write("b.yaml", ruleFile(ruleOf("Same", "up == 0", "7m"), ruleOf("Longer", "up == 0", "10m")))
	got = r.changes("b.yaml")
	require.Contains(t, got, "Same")
	require.False(t, got["Same"].Committed())
	require.Equal(t, first, got["Longer"].Commit)
}

// TestChangesByMerge: what a branch brought came when it was merged.
func TestChangesByMerge(t *testing.T) {
	r := newRepo(t)
	r.write("a.yaml", ruleFile(ruleOf("A", "up == 0", "5m")))
	r.at(1)
	r.git("checkout", "-q", "-b", "work")
	r.write("a.yaml", ruleFile(ruleOf("A", "up == 0", "9m")))
	r.at(11)
	r.git("checkout", "-q", "main")
	r.write("b.yaml", ruleFile(ruleOf("B", "up == 0", "9m")))
	r.at(12)
	t.Setenv("GIT_COMMITTER_DATE", "2026-03-18T12:00:00Z")
	r.git("merge", "-q", "--no-ff", "-m", "x", "work")
	got := r.changes("a.yaml")
	require.Equal(t, time.Date(2026, 3, 18, 12, 0, 0, 0, time.UTC), got["A"].At.UTC())
}

// TestChangesInShallowClone: where the clone ends nothing is known of before.
func TestChangesInShallowClone(t *testing.T) {
	r := newRepo(t)
	for i, hold := range []string{"1m", "2m", "3m"} {
		r.write("a.yaml", ruleFile(ruleOf("A", "up == 0", hold)))
		r.at(11 + i)
	}
	clone := filepath.Join(filepath.Dir(r.dir), "clone")
	r.git("clone", "-q", "--depth=1", "file://"+r.dir, clone)
	r.dir = clone
	require.Empty(t, r.changes("a.yaml"))
}
