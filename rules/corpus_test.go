package rules

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// corpus finds a folder of real rule files beside the checkout; tests that need
// one are skipped where it is not there.
func corpus(t testing.TB, name string) string {
	dir, err := os.Getwd()
	require.NoError(t, err)
	for {
		candidate := filepath.Join(dir, "shared", "corpora", name)
		if info, err := os.Stat(candidate); err == nil && info.IsDir() {
			return candidate
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Skipf("SKIPPED: no corpus of real rule files %q in a shared/corpora folder above the working directory", name)
		}
		dir = parent
	}
}

func TestCorpora(t *testing.T) {
	for _, c := range []struct {
		name                string
		alerting, recording int
	}{
		{"awesome", 954, 0},
		{"mixins", 828, 303},
		{"kube-prometheus", 139, 95},
		{"openshift-cmo", 124, 140},
		{"kube-prometheus-stack-helm", 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			set, err := Load(context.Background(), []string{corpus(t, c.name)}, Options{})
			require.NoError(t, err)
			alerting, recording := 0, 0
			for _, r := range set.Rules() {
				if r.Kind == Alerting {
					alerting++
				} else {
					recording++
				}
				require.NotNil(t, r.Expr(), "%s: %s", r.File().Path, r.Name())
			}
			require.Equal(t, c.alerting, alerting)
			require.Equal(t, c.recording, recording)
			for _, f := range set.Files {
				for _, p := range f.Problems {
					t.Errorf("%s:%d:%d: %s", f.Path, p.Span.Start.Line, p.Span.Start.Column, p.Message)
				}
				require.Zero(t, f.misread, f.Path)
			}
		})
	}
}
