package main

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// oneBad is a group with one rule that has two faults of its own.
const oneBad = `- name: crywolf-added
  rules:
  - alert: CrywolfAdded
    expr: crywolf_added_ratio > 0.5
    fro: 5m
    labels: {severity: warning, team: a}
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

			path := addAmongOthers(t)
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

var startOfGroups = regexp.MustCompile(`(?m)^( *)groups:\r?\n(?:\r?\n)*( *)- `)

// addAmongOthers puts the bad rule before the other groups of the first file
// that takes it, and returns which that is.
func addAmongOthers(t *testing.T) (path string) {
	t.Helper()
	require.NoError(t, filepath.WalkDir("rules", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path != "" || !strings.Contains(".yml.yaml.rules", filepath.Ext(p)) {
			return err
		}
		src, err := os.ReadFile(p)
		at := startOfGroups.FindSubmatchIndex(src)
		if err != nil || at == nil {
			return err
		}
		path = p
		var text strings.Builder
		text.Write(src[:at[4]])
		for line := range strings.Lines(oneBad) {
			text.WriteString(string(src[at[4]:at[5]]) + line)
		}
		text.Write(src[at[4]:])
		return os.WriteFile(p, []byte(text.String()), 0o644)
	}))
	require.NotEmpty(t, path, "no file takes a group more")
	return path
}
