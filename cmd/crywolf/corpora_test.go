package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/fixtures/corpora"
	"github.com/crywolf-dev/crywolf/rules"
)

// corporaDir finds the real rule files, or skips the test.
func corporaDir(t *testing.T) string {
	t.Helper()
	dir := corpora.Dir()
	if dir == "" {
		t.Skip(corpora.Missing)
	}
	return dir
}

// TestCorpora lints real repositories: every alert is read, nothing in them is
// called a syntax error, the exit code is what the findings demand, and the
// output is the same each time.
func TestCorpora(t *testing.T) {
	root := corporaDir(t)
	for name, alerts := range map[string]int{"awesome": 954, "mixins": 828, "kube-prometheus": 139, "openshift-cmo": 124} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(root, name)
			if _, err := os.Stat(dir); err != nil {
				t.Skipf("%s is not among the real rule files", name)
			}
			for _, format := range []string{"json", "table"} {
				first, code := output(t, "lint", dir, "--format", format)
				again, _ := output(t, "lint", dir, "--format", format)
				if !bytes.Equal(first, again) {
					t.Errorf("--format %s: not the same bytes twice", format)
				}
				if format == "json" {
					check(t, first, code, alerts)
				}
			}
		})
	}
}

func check(t *testing.T, out []byte, code, alerts int) {
	t.Helper()
	var report struct {
		Alerts   []struct{ Name string }
		Findings []struct{ Check, Severity, File, Message string }
	}
	if err := json.Unmarshal(out, &report); err != nil {
		t.Fatal(err)
	}
	if len(report.Alerts) != alerts {
		t.Errorf("%d alerts were read, there are %d", len(report.Alerts), alerts)
	}
	want := 0
	for _, f := range report.Findings {
		if f.Check == "sound/syntax" && f.Severity != "info" {
			t.Errorf("a syntax error in a file that Prometheus loads: %s: %s", f.File, f.Message)
		}
		if f.Severity != "info" {
			want = exitFindings
		}
	}
	if code != want {
		t.Errorf("exit code %d, the findings demand %d", code, want)
	}
}

// output runs the command line and returns what it printed and its exit code.
func output(t *testing.T, args ...string) ([]byte, int) {
	t.Helper()
	root := command()
	var out, errs bytes.Buffer
	root.SetOut(&out)
	root.SetErr(&errs)
	root.SetArgs(args)
	code := exitCode(root.ExecuteContext(t.Context()))
	if code > exitFindings {
		t.Fatalf("%v: exit code %d: %s", args, code, errs.String())
	}
	return out.Bytes(), code
}

// Every file of the collections is read, or passed over or refused with a place
// and a reason.
func TestNothingIsPassedOverInSilence(t *testing.T) {
	set, err := rules.Load(t.Context(), []string{corporaDir(t)}, rules.Options{})
	require.NoError(t, err)
	read, passed := 0, 0
	for _, f := range set.Files {
		reasons := slices.Concat(f.Passed, f.Problems)
		for _, p := range reasons {
			require.Positive(t, p.Span.Start.Line, "%s: %s", f.Path, p.Message)
			require.NotEmpty(t, p.Message)
		}
		switch {
		case len(f.Groups) > 0:
			read++
		default:
			passed++
			require.NotEmpty(t, reasons, f.Path)
		}
	}
	t.Logf("%d files read, %d passed over", read, passed)
}
