package rules

import (
	"context"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestIgnoresAsGit compares what a walk finds with what git would track.
func TestIgnoresAsGit(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git")
	}
	r := rand.New(rand.NewPCG(5, 6))
	one := func(list ...string) string { return list[r.IntN(len(list))] }
	left := 0
	for range 40 {
		files := map[string]string{}
		for range 30 {
			parts := make([]string, 1+r.IntN(3))
			for i := range parts {
				parts[i] = one("a", "b", "build", "gen")
			}
			files[strings.Join(parts, "/")+"/"+one("x", "y", "x.gen")+".yml"] = aRule
		}
		for range 3 {
			var b strings.Builder
			for range 1 + r.IntN(4) {
				b.WriteString(one("build/", "*.gen.yml", "/a", "a/b", "**/gen/x.yml", "!x.yml", "# no", "", "b/*.yml", "gen/**", "x.*", "/*/y.yml") + one("\n", "\r\n"[1:]))
			}
			files[one("", "a/", "a/b/")+".gitignore"] = b.String()
		}
		dir := writeTree(t, files)
		git := func(args ...string) string {
			cmd := exec.Command("git", append([]string{"-C", dir}, args...)...)
			cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null")
			out, err := cmd.Output()
			require.NoError(t, err, args)
			return string(out)
		}
		git("init", "-q")
		var want, got []string
		for _, path := range strings.Split(strings.TrimSuffix(git("ls-files", "--others", "--exclude-standard", "-z"), "\x00"), "\x00") {
			if strings.HasSuffix(path, ".yml") {
				want = append(want, path)
			}
		}
		set, err := Load(context.Background(), []string{dir}, Options{})
		require.NoError(t, err)
		for _, f := range set.Files {
			rel, err := filepath.Rel(dir, f.Path)
			require.NoError(t, err)
			got = append(got, filepath.ToSlash(rel))
		}
		slices.Sort(want)
		slices.Sort(got)
		require.Equal(t, want, got, "%q", files)
		left += len(files) - len(got)
	}
	require.Greater(t, left, 100)
}

func TestIgnore(t *testing.T) {
	paths := func(dir string, opts Options, args ...string) (out []string) {
		t.Chdir(dir)
		set, err := Load(context.Background(), args, opts)
		require.NoError(t, err)
		for _, f := range set.Files {
			out = append(out, f.Path)
		}
		return out
	}
	dir := writeTree(t, map[string]string{
		".gitignore": "build/\n*.gen.yml\n", ".crywolfignore": "legacy\n!keep.gen.yml\n",
		"a.yml": aRule, "a.gen.yml": aRule, "keep.gen.yml": aRule, "build/b.yml": aRule, "legacy/c.yml": aRule, "sub/d.alerts": aRule,
	})
	require.NoError(t, os.Mkdir(filepath.Join(dir, ".git"), 0o755))
	require.Equal(t, []string{"a.yml", "keep.gen.yml", "sub/d.alerts"}, paths(dir, Options{}, "."))
	require.Equal(t, []string{"build/b.yml"}, paths(dir, Options{}, "build"), "a folder that is named is wanted")
	require.Equal(t, []string{"a.gen.yml"}, paths(dir, Options{}, "a.gen.yml"), "and so is a file")
	require.Equal(t, []string{"a.yml", "keep.gen.yml"}, paths(dir, Options{Skip: func(path string, dir bool) bool { return dir && path == "sub" }}, "."))

	set, err := Load(context.Background(), []string{"-"}, Options{Stdin: strings.NewReader(aRule)})
	require.NoError(t, err)
	require.Len(t, set.Rules(), 1)
	require.Equal(t, Stdin, set.Files[0].Path)
}

// A file is read once, whatever leads to it.
func TestLoadOnce(t *testing.T) {
	dir := writeTree(t, map[string]string{"rules/a.yml": aRule, ".data/b.yml": aRule})
	t.Chdir(dir)
	require.NoError(t, os.Symlink("a.yml", "rules/link.yml"))
	require.NoError(t, os.Symlink("../.data/b.yml", "rules/b.yml")) // as Kubernetes mounts them
	require.NoError(t, os.Symlink("../.data/b.yml", "rules/c.yml"))
	require.NoError(t, os.Symlink("rules", "again"))
	set, err := Load(context.Background(), []string{".", "rules/", "again"}, Options{})
	require.NoError(t, err)
	var got []string
	for _, f := range set.Files {
		got = append(got, f.Path)
	}
	require.Len(t, set.Rules(), 2, "%v", got)
	require.Len(t, got, 2)
}
