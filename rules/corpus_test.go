package rules

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/fixtures/corpora"
)

// corpus finds a folder of real rule files beside the checkout; tests that need
// one are skipped where it is not there.
func corpus(t testing.TB, name string) string {
	dir := filepath.Join(corpora.Dir(), name)
	if info, err := os.Stat(dir); corpora.Dir() == "" || err != nil || !info.IsDir() {
		t.Skipf("%s (%s)", corpora.Missing, name)
	}
	return dir
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
