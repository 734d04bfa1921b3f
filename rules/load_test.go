package rules

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

const aRule = "groups: [{name: g, rules: [{alert: A, expr: up}]}]\n"

func writeTree(t *testing.T, files map[string]string) string {
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
	return dir
}

func TestLoadFinds(t *testing.T) {
	dir := writeTree(t, map[string]string{
		"b.yml": aRule, "a/z.yaml": aRule, "a/c.rules": aRule, "a.YAML": aRule,
		"notes.txt": aRule, ".git/x.yml": aRule, "a/.hidden/x.yml": aRule, ".dot.yml": aRule,
		"other.yml": "a: b\n", "broken.yml": "groups:\n- alert: [\n",
	})
	t.Chdir(dir)
	require.NoError(t, os.Symlink("a", "linked"))
	require.NoError(t, os.Symlink("b.yml", "link.yml"))
	require.NoError(t, os.Symlink("nowhere", "dangling.yml"))

	set, err := Load(context.Background(), []string{"./notes.txt", ".", "b.yml"}, Options{})
	require.NoError(t, err)
	var got []string
	for _, f := range set.Files {
		name := f.Path
		if f.Named {
			name += " named"
		}
		if f.Shape == ShapePlain {
			name += " plain"
		}
		got = append(got, name)
	}
	require.Equal(t, []string{
		".dot.yml plain", "a.YAML plain", "a/c.rules plain", "a/z.yaml plain", "b.yml named plain",
		"broken.yml", "dangling.yml", "linked", "notes.txt named plain", "other.yml",
	}, got)
	for _, f := range set.Files {
		switch f.Path {
		case "dangling.yml":
			require.Len(t, f.Problems, 1)
			require.Equal(t, Unreadable, f.Problems[0].Kind)
		case "broken.yml":
			require.Len(t, f.Problems, 1)
			require.Equal(t, BadYAML, f.Problems[0].Kind)
		default:
			require.Empty(t, f.Problems)
		}
	}

	// A link to a folder is followed when it is what the user named.
	set, err = Load(context.Background(), []string{"linked"}, Options{})
	require.NoError(t, err)
	require.Len(t, set.Files, 2)
	require.Equal(t, "linked/c.rules", set.Files[0].Path)
}

func TestLoadErrors(t *testing.T) {
	_, err := Load(context.Background(), []string{filepath.Join(t.TempDir(), "missing.yml")}, Options{})
	require.ErrorIs(t, err, os.ErrNotExist)
	require.ErrorContains(t, err, "missing.yml")

	dir := writeTree(t, map[string]string{"a.yml": aRule})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = Load(ctx, []string{dir}, Options{})
	require.ErrorIs(t, err, context.Canceled)

	set, err := Load(context.Background(), nil, Options{})
	require.NoError(t, err)
	require.Empty(t, set.Files)
}

func TestLoadIsDeterministic(t *testing.T) {
	files := map[string]string{}
	for i := range 50 {
		files[string(rune('a'+i%26))+strings.Repeat("x", i)+".yml"] = aRule
	}
	dir := writeTree(t, files)
	var want []string
	for _, jobs := range []int{1, 0, 7} {
		set, err := Load(context.Background(), []string{dir}, Options{Jobs: jobs})
		require.NoError(t, err)
		var got []string
		for _, r := range set.Rules() {
			got = append(got, r.File().Path)
		}
		if want == nil {
			want = got
		}
		require.Equal(t, want, got)
	}
}

func TestSet(t *testing.T) {
	parse := func(path, src string) *File { return Parse(path, []byte(src), Options{}) }
	set := NewSet([]*File{
		parse("a.yml", "groups:\n- name: g\n  rules:\n  - {record: a, expr: 1}\n  - {alert: A, expr: a}\n  - {record: b, expr: 2}\n"),
		parse("b.yml", "groups:\n- name: g\n  labels: {team: ops, region: eu}\n  rules:\n  - {record: a, expr: 3}\n  - {alert: B, expr: a, labels: {team: web, severity: page}}\n"),
	})
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			require.Len(t, set.Rules(), 5)
			require.Equal(t, "A", set.Alerts()[0].Name())
			require.Len(t, set.Alerts(), 2)
			require.Len(t, set.Recorders("a"), 2)
			require.Equal(t, "b.yml", set.Recorders("a")[1].File().Path)
			require.Empty(t, set.Recorders("none"))
		})
	}
	wait.Wait()

	b := set.Alerts()[1]
	for name, want := range map[string]string{"team": "web", "region": "eu", "severity": "page"} {
		f, ok := b.Label(name)
		require.True(t, ok)
		require.Equal(t, want, f.Value.Text())
	}
	_, ok := b.Label("none")
	require.False(t, ok)
	var static []string
	for _, f := range b.StaticLabels() {
		static = append(static, f.Key.Text()+"="+f.Value.Text())
	}
	require.Equal(t, []string{"region=eu", "severity=page", "team=web"}, static)
}
