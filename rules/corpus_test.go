package rules

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/promql/parser"
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
		{"kube-prometheus-stack-helm", 155, 134},
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
				expr := r.ExprField.Value
				if strings.Contains(slice(r.File(), expr.Span()), "{{") {
					require.Nil(t, r.Expr(), "%s: %s", r.File().Path, r.Name())
					continue
				}
				require.NotNil(t, r.Expr(), "%s: %s", r.File().Path, r.Name())
				requireTrueSpans(t, r)
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

// requireTrueSpans requires that what stands under the span of each selector
// of an expression is that selector.
func requireTrueSpans(t testing.TB, r *Rule) {
	t.Helper()
	parser.Inspect(r.Expr(), func(n parser.Node, _ []parser.Node) error {
		if vs, ok := n.(*parser.VectorSelector); ok {
			want := r.ExprField.Value.Text()[vs.PosRange.Start:vs.PosRange.End]
			got := slice(r.File(), r.NodeSpan(vs.PosRange))
			require.Equal(t, strings.Fields(strings.ReplaceAll(want, `\`, "")), strings.Fields(strings.ReplaceAll(got, `\`, "")), "%s: %s", r.File().Path, r.Name())
		}
		return nil
	})
}
