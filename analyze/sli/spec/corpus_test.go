package spec

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/fixtures/corpora"
	"github.com/crywolf-dev/crywolf/rules"
)

func specifications(t *testing.T) string {
	dir := filepath.Join(corpora.Dir(), "slo-specs")
	if _, err := os.Stat(dir); corpora.Dir() == "" || err != nil {
		t.Skip(corpora.Missing)
	}
	return dir
}

// Of real specifications each is an SLI, or is left out for a reason that its
// author would accept; -v shows the reasons.
func TestCorpora(t *testing.T) {
	dir := specifications(t)
	for format, want := range map[string]struct {
		slis     int      // at least
		problems []string // places of all, which somebody looked at
	}{
		"openslo": {4, nil},
		"pyrra":   {26, nil},
		// Two examples with a plugin are about the SLO of another example; one of
		// them has keys that Sloth does not know there.
		"sloth": {14, []string{"plugin-getting-started.yml:9", "plugin-k8s-getting-started.yml:23", "plugin-k8s-getting-started.yml:39", "plugin-k8s-getting-started.yml:43"}},
	} {
		t.Run(format, func(t *testing.T) {
			c, err := Load(context.Background(), []string{filepath.Join(dir, format)})
			require.NoError(t, err)
			var problems []string
			for _, p := range c.Passed {
				t.Logf("passed: %s (%s)", said(p), p.ID)
			}
			for _, p := range c.Problems {
				t.Logf("problem: %s", said(p))
				problems = append(problems, placeOf(p.File, p.Span))
			}
			for i := range problems {
				problems[i] = filepath.Base(problems[i])
			}
			require.GreaterOrEqual(t, len(c.SLIs), want.slis)
			require.Equal(t, want.problems, problems)
			for _, s := range c.SLIs {
				for _, q := range s.Queries() {
					require.NotNil(t, q.Expr)
				}
			}
		})
	}
}

// The labels that an SLI of Sloth's is known by are those in the rules that
// Sloth made of it.
func TestSlothLabels(t *testing.T) {
	dir := specifications(t)
	files, err := filepath.Glob(filepath.Join(dir, "sloth-generated", "*"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	key := func(get func(string) string) string {
		return get("sloth_id") + " " + get("sloth_service") + " " + get("sloth_slo")
	}
	for _, file := range files {
		src, err := os.ReadFile(filepath.Join(dir, "sloth", filepath.Base(file)))
		require.NoError(t, err)
		specified := map[string]bool{}
		c := Parse("x.yml", src, true)
		for _, s := range c.SLIs {
			specified[key(func(name string) string { return s.Labels[name] })] = true
		}
		for _, p := range c.Passed {
			specified[key(func(name string) string { return p.Labels[name] })] = true
		}
		generated, whole := map[string]bool{}, true
		set, err := rules.Load(context.Background(), []string{file}, rules.Options{})
		require.NoError(t, err)
		for _, f := range set.Files {
			whole = whole && len(f.Problems) == 0 // several documents, of which Prometheus reads the first
			for _, g := range f.Groups {
				for _, rule := range g.Rules {
					if rule.Kind == rules.Recording {
						generated[key(func(name string) string {
							l, _ := rule.Labels.Get(name)
							return l.Value.Text()
						})] = true
					}
				}
			}
		}
		require.NotEmpty(t, generated, file)
		require.Subset(t, slices.Sorted(maps.Keys(specified)), slices.Sorted(maps.Keys(generated)), file)
		if whole {
			require.Len(t, generated, len(specified), file)
		}
	}
}
