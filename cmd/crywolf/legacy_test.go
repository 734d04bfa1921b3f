package main

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// oneBad is a group with one rule that has two faults of its own.
const oneBad = `- name: crywolf-added
  rules:
  - alert: CrywolfAdded
    expr: crywolf_added_ratio > 0.5
    labels: {severity: warning, team: '{{ .Nope'}
    annotations: {summary: x, description: x}
`

// TestLegacy: real repositories with many old findings. After a baseline, or
// since a commit, nothing is new, whatever order the rules stand in; one bad
// rule more, in a file of its own or among the others, gives exactly its own
// findings.
func TestLegacy(t *testing.T) {
	root := corporaDir(t)
	for _, name := range []string{"awesome", "mixins", "kube-prometheus", "openshift-cmo", "kube-prometheus-stack-helm"} {
		t.Run(name, func(t *testing.T) {
			if _, err := os.Stat(filepath.Join(root, name)); err != nil {
				t.Skipf("%s is not among the real rule files", name)
			}
			dir := t.TempDir()
			require.NoError(t, os.CopyFS(filepath.Join(dir, "rules"), os.DirFS(filepath.Join(root, name))))
			t.Chdir(dir)
			for _, args := range []string{"init -q", "add -A -f", "-c user.name=a -c user.email=a@shop.test commit -q -m old"} {
				out, err := exec.Command("git", strings.Fields(args)...).CombinedOutput()
				require.NoError(t, err, "%s", out)
			}
			_, code := output(t, "baseline", "rules")
			require.Zero(t, code)
			news := func(state string, want ...string) {
				t.Helper()
				for _, args := range [][]string{{"--baseline", ".crywolf-baseline.yaml"}, {"--changed-since", "HEAD"}} {
					require.ElementsMatch(t, want, newFindings(t, args...), "%s, %s", state, args[0])
				}
			}
			news("as it was")

			const want = "sound/syntax of CrywolfAdded"
			const noFor = "quiet/no-for of CrywolfAdded"
			require.NoError(t, os.WriteFile("rules/zz-added.yml", []byte("groups:\n"+oneBad), 0o644))
			news("a file more", want, noFor)
			require.NoError(t, os.Remove("rules/zz-added.yml"))

			path, text := aPlainFile(t)
			at := strings.Index(text, "groups:\n") + len("groups:\n")
			require.NoError(t, os.WriteFile(path, []byte(text[:at]+oneBad+text[at:]), 0o644))
			news("a group more in "+path, want, noFor)
		})
	}
}

// newFindings are those of a lint that are not known already: their checks and
// alerts.
func newFindings(t *testing.T, args ...string) (found []string) {
	t.Helper()
	out, _ := output(t, append([]string{"lint", "rules", "--format", "json"}, args...)...)
	var report struct {
		Findings []struct {
			Check, Message string
			Baselined      bool
			Rule           struct{ Name string }
		}
	}
	require.NoError(t, json.Unmarshal(out, &report))
	for _, f := range report.Findings {
		if !f.Baselined {
			found = append(found, f.Check+" of "+f.Rule.Name)
		}
	}
	return found
}

// aPlainFile finds a rule file to which a group can be added: its path and text.
func aPlainFile(t *testing.T) (path, text string) {
	t.Helper()
	require.NoError(t, filepath.WalkDir("rules", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path != "" {
			return err
		}
		src, err := os.ReadFile(p)
		if strings.Contains(string(src), "\ngroups:\n- name:") || strings.HasPrefix(string(src), "groups:\n- name:") {
			path, text = p, string(src)
		}
		return err
	}))
	if path == "" {
		t.Skip("there is no plain rule file to add to")
	}
	return path, text
}
