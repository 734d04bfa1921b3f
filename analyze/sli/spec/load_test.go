package spec

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze/sli"
)

// tree writes files into a new folder.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
	return dir
}

func load(t *testing.T, paths ...string) *sli.Catalog {
	t.Helper()
	c, err := Load(context.Background(), paths)
	require.NoError(t, err)
	return c
}

func ids(c *sli.Catalog) (out []string) {
	for _, s := range c.SLIs {
		out = append(out, s.ID)
	}
	return out
}

func TestLoadFolder(t *testing.T) {
	dir := tree(t, map[string]string{
		"b/sloth.yml":        slothSource,
		"a.yaml":             openSLOThreshold,
		"c/pyrra.yaml":       pyrraRatio,
		"c/copy.yml":         pyrraRatio,
		".hidden/x.yaml":     alpha,
		"rules.yml":          "groups: [{name: g, rules: [{alert: A, expr: up}]}]\n",
		"broken.yml":         "a: [\n",
		"template.yaml":      "{{ if .Values.slo }}\napiVersion: pyrra.dev/v1alpha1\n{{ end }}\n",
		"notes.txt":          pyrraRatio,
		"values/values.yaml": "prometheus: {image: x}\n",
	})
	c := load(t, dir)
	require.Empty(t, c.Problems, "files that are no specifications are nobody's problem")
	require.Equal(t, []string{"checkout/orders", "checkout/satisfaction", "checkout/plugged", "orders"}, ids(load(t, filepath.Join(dir, "b"), filepath.Join(dir, "c"))),
		"an SLO that stands twice is one")
	require.Len(t, c.Passed, 1)
	require.Contains(t, c.Passed[0].Message, "template")

	c = load(t, dir, filepath.Join(dir, "rules.yml"), filepath.Join(dir, "template.yaml"))
	require.Empty(t, c.Passed)
	require.Len(t, c.Problems, 2)
	require.Contains(t, c.Problems[0].Message, "no SLO specification in the file")
	require.Contains(t, c.Problems[1].Message, "template")

	c = load(t, filepath.Join(dir, "b"), tree(t, map[string]string{"z.yaml": openSLO}))
	require.Len(t, c.Problems, 1)
	require.Contains(t, c.Problems[0].Message, `another SLI is called "checkout/orders", and says something else: `)
}

func TestLoadErrors(t *testing.T) {
	_, err := Load(context.Background(), []string{filepath.Join(t.TempDir(), "nowhere")})
	require.ErrorIs(t, err, os.ErrNotExist)
	require.ErrorContains(t, err, "reading SLO specifications: ")
	_, err = Load(context.Background(), []string{"-"})
	require.ErrorContains(t, err, "standard input")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = Load(ctx, []string{tree(t, map[string]string{"a.yaml": openSLO})})
	require.ErrorIs(t, err, context.Canceled)
}

// An indicator and its data source may stand in any file, also in a later one.
func TestReferences(t *testing.T) {
	const slo = `apiVersion: openslo/v1
kind: SLO
metadata: {name: orders}
spec: {service: checkout, indicatorRef: ok, objectives: [{target: 0.99}]}
`
	const indicator = `apiVersion: openslo/v1
kind: SLI
metadata: {name: ok}
spec:
  ratioMetric:
    good: {metricSource: {metricSourceRef: source, spec: {query: good_total}}}
    total: {metricSource: {metricSourceRef: source, spec: {query: 'all_total{'}}}
`
	source := func(kind string) string {
		return "{apiVersion: openslo/v1, kind: DataSource, metadata: {name: source}, spec: {type: " + kind + "}}\n"
	}
	good := with(indicator, "'all_total{'", "all_total")
	c := load(t, tree(t, map[string]string{"a.yaml": slo, "b.yaml": with(good, "name: ok", "name: ok, displayName: It works"), "c.yaml": source("Prometheus")}))
	require.Empty(t, c.Problems)
	require.Empty(t, c.Passed)
	require.Equal(t, []string{"checkout/orders"}, ids(c))
	require.Equal(t, "a.yaml", filepath.Base(c.SLIs[0].File.Path))
	require.Equal(t, "b.yaml", filepath.Base(c.SLIs[0].Good.File.Path))
	require.Equal(t, "It works", c.SLIs[0].Title)

	c = load(t, tree(t, map[string]string{"a.yaml": slo, "b.yaml": good, "c.yaml": source("Datadog")}))
	require.Empty(t, c.Problems)
	require.Len(t, c.Passed, 2)
	require.Contains(t, c.Passed[0].Message, "is not read: see ")
	require.Equal(t, "checkout/orders", c.Passed[0].ID)
	require.Contains(t, c.Passed[1].Message, "measured by Datadog")

	c = load(t, tree(t, map[string]string{"a.yaml": slo, "b.yaml": indicator, "c.yaml": source("Prometheus")}))
	require.Len(t, c.Problems, 1)
	require.Equal(t, "7:78: not PromQL: unexpected end of input inside braces", said(c.Problems[0]))
	require.Len(t, c.Passed, 1)
	require.Empty(t, c.SLIs)

	c = load(t, tree(t, map[string]string{"a.yaml": good, "b.yaml": good, "c.yaml": with(good, "all_total", "other_total"), "d.yaml": source("Prometheus")}))
	require.Equal(t, []string{"ok"}, ids(c))
	require.Len(t, c.Problems, 1)
	require.Contains(t, c.Problems[0].Message, `another SLI is called "ok", and says something else: `)
}

// Objects of several namespaces may have one name.
func TestNamespaces(t *testing.T) {
	c := load(t, tree(t, map[string]string{"a.yaml": pyrraRatio, "b.yaml": with(pyrraRatio, "namespace: shop", "namespace: web")}))
	require.Empty(t, c.Problems)
	require.Equal(t, []string{"shop/orders", "web/orders"}, ids(c))

	c = load(t, tree(t, map[string]string{"a.yaml": pyrraRatio, "b.yaml": with(pyrraRatio, "  namespace: shop\n", "")}))
	require.Equal(t, []string{"orders"}, ids(c), "where one says no namespace, it may be the same")
}

func TestJoin(t *testing.T) {
	own := Parse("own", []byte(pyrraRatio), true)
	c := Join(nil, own, Parse("a", []byte(pyrraRatio), true), Parse("b", []byte(with(pyrraRatio, "99.9", "99")), true), Parse("c", []byte(slothSource), true))
	require.Equal(t, []string{"orders", "checkout/orders", "checkout/satisfaction", "checkout/plugged"}, ids(c))
	require.Len(t, c.Problems, 1)
	require.Equal(t, "b", c.Problems[0].File.Path)
	require.True(t, Join().Empty())
}
