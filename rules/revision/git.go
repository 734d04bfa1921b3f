// Package revision reads the rule files of an earlier revision from git's own
// objects: nothing is checked out, and nothing written.
package revision

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"

	"github.com/crywolf-dev/crywolf/rules"
)

// git runs a command of git in the top folder of a work tree.
type git struct{ top string }

// command is one that finds its repository by its folder, as if started by
// hand even where a hook of git's started crywolf, and that neither asks,
// writes, nor fetches what a partial clone lacks.
func (g git) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir = g.top
	for _, v := range os.Environ() {
		switch name, _, _ := strings.Cut(v, "="); name {
		case "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_NAMESPACE":
		default:
			cmd.Env = append(cmd.Env, v)
		}
	}
	cmd.Env = append(cmd.Env, "LC_ALL=C", "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0", "GIT_NO_LAZY_FETCH=1", "GIT_ALLOW_PROTOCOL=none")
	return cmd
}

// output runs a command for what it prints. Its error is what git said; code is
// git's exit code.
func (g git) output(ctx context.Context, args ...string) (out []byte, code int, err error) {
	cmd := g.command(ctx, args...)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err = cmd.Output()
	var failed *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return nil, 0, ctx.Err()
	case errors.Is(err, exec.ErrNotFound):
		return nil, 0, errors.New("git is needed, and is not installed")
	case errors.As(err, &failed):
		text := strings.TrimPrefix(firstLine(said.String()), "fatal: ")
		return out, failed.ExitCode(), errors.New("git " + args[0] + ": " + text)
	}
	return out, 0, err
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}

// mergeBase is where the branch that is checked out parted from a revision: what
// others did to that since is not among the changes.
func (g git) mergeBase(ctx context.Context, rev string) (string, error) {
	if strings.HasPrefix(rev, "-") || strings.ContainsAny(rev, "\x00\n") || rev == "" {
		return "", fmt.Errorf("%q is no revision", rev)
	}
	commit, _, err := g.output(ctx, "rev-parse", "--verify", "--quiet", rev+"^{commit}")
	if err != nil {
		if said := err.Error(); !strings.HasSuffix(said, ": ") && ctx.Err() == nil {
			return "", err // not about the revision: an owner that git does not trust, say
		}
		return "", g.missing(ctx, fmt.Sprintf("git knows no revision %q", rev))
	}
	base, code, err := g.output(ctx, "merge-base", strings.TrimSpace(string(commit)), "HEAD")
	switch {
	case err != nil && code == 1:
		return "", g.missing(ctx, fmt.Sprintf("%q and what is checked out have no commit in common", rev))
	case err != nil:
		return "", err
	}
	return strings.TrimSpace(string(base)), nil
}

// missing explains what git does not have.
func (g git) missing(ctx context.Context, what string) error {
	if out, _, err := g.output(ctx, "rev-parse", "--is-shallow-repository"); err == nil && strings.TrimSpace(string(out)) == "true" {
		return errors.New(what + "; the clone is shallow: fetch its history (`git fetch --unshallow`; `fetch-depth: 0` for actions/checkout, `GIT_DEPTH: 0` for GitLab)")
	}
	return errors.New(what)
}

// Modes of what stands in a tree.
const (
	modeLink      = "120000"
	modeSubmodule = "160000"
)

// An object is one entry of a tree.
type object struct{ mode, hash string }

// tree lists all files of a commit by their paths from the top.
func (g git) tree(ctx context.Context, commit string) (map[string]object, error) {
	out, _, err := g.output(ctx, "ls-tree", "-r", "-z", "--full-tree", commit)
	if err != nil {
		return nil, err
	}
	files := map[string]object{}
	for line := range strings.SplitSeq(string(out), "\x00") {
		head, path, ok := strings.Cut(line, "\t")
		if parts := strings.Fields(head); ok && len(parts) == 3 {
			files[path] = object{mode: parts[0], hash: parts[2]}
		}
	}
	return files, nil
}

// blobs reads objects. What is larger than any rule file is cut.
func (g git) blobs(ctx context.Context, hashes []string) (map[string][]byte, error) {
	if len(hashes) == 0 {
		return nil, nil
	}
	cmd := g.command(ctx, "cat-file", "--batch")
	cmd.Stdin = strings.NewReader(strings.Join(hashes, "\n") + "\n")
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	all, err := readBlobs(bufio.NewReaderSize(pipe, 1<<16), len(hashes))
	if err != nil {
		_ = cmd.Process.Kill()
	}
	if waited := cmd.Wait(); err == nil && waited != nil {
		err = fmt.Errorf("git cat-file: %w", waited)
	}
	return all, err
}

// readBlobs reads the answers to so many questions.
func readBlobs(r *bufio.Reader, n int) (map[string][]byte, error) {
	all := map[string][]byte{}
	for range n {
		head, err := r.ReadString('\n')
		if err != nil {
			return nil, fmt.Errorf("git cat-file: %w", err)
		}
		parts := strings.Fields(head)
		if len(parts) != 3 || parts[1] != "blob" {
			return nil, fmt.Errorf("git cat-file: %s (is it a partial clone? fetch what it lacks first)", strings.TrimSpace(head))
		}
		size, err := strconv.ParseInt(parts[2], 10, 64)
		if err != nil {
			return nil, fmt.Errorf("git cat-file: %w", err)
		}
		kept := make([]byte, min(size, rules.MaxFileSize+1))
		if _, err := io.ReadFull(r, kept); err != nil {
			return nil, fmt.Errorf("git cat-file: %w", err)
		}
		if _, err := io.CopyN(io.Discard, r, size-int64(len(kept))+1); err != nil {
			return nil, fmt.Errorf("git cat-file: %w", err)
		}
		all[parts[0]] = kept
	}
	return all, nil
}
