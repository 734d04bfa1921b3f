package revision_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/rules"
	"github.com/crywolf-dev/crywolf/rules/revision"
)

// A repo is a scratch repository of real git.
type repo struct {
	*testing.T
	dir string
}

func newRepo(t *testing.T) repo {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	for k, v := range map[string]string{
		"GIT_CONFIG_NOSYSTEM": "1", "HOME": dir, "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@shop.test",
		"GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@shop.test", "GIT_CONFIG_COUNT": "1",
		"GIT_CONFIG_KEY_0": "protocol.file.allow", "GIT_CONFIG_VALUE_0": "always",
	} {
		t.Setenv(k, v)
	}
	r := repo{t, filepath.Join(dir, "repo")}
	require.NoError(t, os.Mkdir(r.dir, 0o755))
	r.git("init", "-q", "-b", "main")
	return r
}

func (r repo) git(args ...string) {
	r.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = r.dir
	out, err := cmd.CombinedOutput()
	require.NoError(r, err, "git %s: %s", strings.Join(args, " "), out)
}

func (r repo) write(path, text string) {
	r.Helper()
	path = filepath.Join(r.dir, path)
	require.NoError(r, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(r, os.WriteFile(path, []byte(text), 0o644))
}

func (r repo) commit() {
	r.Helper()
	r.git("add", "-A")
	r.git("commit", "-q", "--allow-empty", "-m", "x")
}

// place takes all paths for plain ones below the top.
func (r repo) place(path string) (string, bool) {
	rel, err := filepath.Rel(r.dir, path)
	return filepath.ToSlash(rel), err == nil && !strings.HasPrefix(rel, "..")
}

// texts are the files with rules of a set, by their path below a folder.
func texts(t *testing.T, set *rules.Set, folder string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, f := range set.Files {
		rel, err := filepath.Rel(folder, f.Path)
		require.NoError(t, err)
		if len(f.Groups) > 0 {
			out[rel] = string(f.Source)
		}
	}
	return out
}

func (r repo) before(rev string) (map[string]string, error) {
	r.Helper()
	now, err := rules.Load(r.Context(), []string{r.dir}, rules.Options{})
	require.NoError(r, err)
	was, err := revision.Before(r.Context(), r.dir, rev, now, []string{r.dir}, r.place, rules.Options{})
	if err != nil {
		return nil, err
	}
	return texts(r.T, was, r.dir), nil
}

func group(name string) string {
	return "groups:\n- name: " + name + "\n  rules:\n  - alert: A\n    expr: up == 0\n"
}

// TestBeforeIsACheckout: after random changes, the rules before them are those
// that a checkout of the revision holds.
func TestBeforeIsACheckout(t *testing.T) {
	names := []string{"a.yml", "b.yaml", "sub/a.yml", "sub/deep/c.rules", "ignored/d.yml", "sub/e.txt", ".hidden/f.yml", "odd\nname\t\"é\".yml", "-f.yml", " g.yml", "sub/ignored.yml"}
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(seed, 5))
			r := newRepo(t)
			r.write(".gitignore", "ignored\n")
			r.write("sub/.crywolfignore", "ignored.yml\n")
			scramble := func() {
				for _, n := range names {
					switch rng.IntN(3) {
					case 0:
						r.write(n, group(fmt.Sprint("g", rng.IntN(3))))
					case 1:
						_ = os.RemoveAll(filepath.Join(r.dir, n))
					}
				}
			}
			for range 3 {
				scramble()
				r.commit()
			}
			was := filepath.Join(t.TempDir(), "was")
			r.git("worktree", "add", "-q", "--detach", was, "HEAD~1")
			set, err := rules.Load(t.Context(), []string{was}, rules.Options{})
			require.NoError(t, err)
			want := texts(t, set, was)
			scramble() // in the work tree alone
			got, err := r.before("HEAD~1")
			require.NoError(t, err)
			require.Equal(t, want, got)
		})
	}
}

// TestSubmodules and what else git does not keep with the repository are taken
// to be as they were.
func TestSubmodules(t *testing.T) {
	other := newRepo(t)
	other.write("s.yml", group("s"))
	other.commit()
	r := newRepo(t)
	r.write("a.yml", group("a"))
	r.git("submodule", "-q", "add", other.dir, "sub")
	outside := filepath.Join(t.TempDir(), "o.yml")
	require.NoError(t, os.WriteFile(outside, []byte(group("o")), 0o644))
	require.NoError(t, os.Symlink(outside, filepath.Join(r.dir, "link.yml")))
	r.commit()
	r.write("new.yml", group("n"))
	got, err := r.before("HEAD")
	require.NoError(t, err)
	require.Equal(t, map[string]string{"a.yml": group("a"), "sub/s.yml": group("s"), "link.yml": group("o")}, got)
}

// TestRevisions that there are not, that have nothing in common with the branch
// or that are no revisions.
func TestRevisions(t *testing.T) {
	r := newRepo(t)
	_, err := r.before("HEAD")
	require.ErrorContains(t, err, `git knows no revision "HEAD"`)
	r.write("a.yml", group("a"))
	r.commit()
	r.git("checkout", "-q", "--orphan", "alone")
	r.write("b.yml", group("b"))
	r.commit()
	for rev, want := range map[string]string{
		"":               "is no revision",
		"--upload-pack=": "is no revision",
		"-h":             "is no revision",
		"nowhere":        `git knows no revision "nowhere"`,
		"HEAD:a.yml":     "git knows no revision",
		"main..alone":    "git knows no revision",
		"main alone":     "git knows no revision",
		"main":           "have no commit in common",
	} {
		_, err := r.before(rev)
		require.ErrorContains(t, err, want, rev)
	}
	// As within a hook of git's, which says where its own repository is.
	t.Setenv("GIT_DIR", "elsewhere")
	t.Setenv("GIT_INDEX_FILE", "elsewhere")
	_, err = r.before("alone")
	require.NoError(t, err)
	t.Setenv("PATH", "")
	_, err = r.before("alone")
	require.ErrorContains(t, err, "git is needed, and is not installed")
}
