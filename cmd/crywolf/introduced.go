package main

import (
	"bytes"
	"context"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/crywolf-dev/crywolf/rules"
)

// gitAges tells when rules came to be, from the version control of their
// files: when the line that names a rule was last touched. It asks git only
// for rules that it is asked about, once a file.
type gitAges struct {
	ctx   context.Context
	mu    sync.Mutex
	files map[*rules.File]map[int]time.Time // line → when, nil where git does not know the file
}

func newGitAges(ctx context.Context) *gitAges {
	return &gitAges{ctx: ctx, files: map[*rules.File]map[int]time.Time{}}
}

// introduced reports when the line that names the rule was committed; ok is
// false where git does not know, such as for a file that it does not track.
func (g *gitAges) introduced(r *rules.Rule) (when time.Time, ok bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	f := r.File()
	lines, asked := g.files[f]
	if !asked {
		lines = blame(g.ctx, f.Path)
		g.files[f] = lines
	}
	when, ok = lines[r.NameField.Value.Span().Start.Line]
	return when, ok
}

// blame returns when each line of a file was committed. Author times are used:
// they survive a rebase.
func blame(ctx context.Context, path string) map[int]time.Time {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, "git", "blame", "--line-porcelain", "-w", "--", filepath.Base(path))
	cmd.Dir = filepath.Dir(path)
	out, err := cmd.Output()
	if err != nil {
		return nil // no git, no repository, or not tracked
	}
	lines := map[int]time.Time{}
	line := 0
	for _, l := range bytes.Split(out, []byte("\n")) {
		fields := strings.Fields(string(l))
		switch {
		case len(l) > 0 && l[0] == '\t':
		case len(fields) >= 3 && len(fields[0]) == 40:
			line, _ = strconv.Atoi(fields[2])
		case len(fields) == 2 && fields[0] == "author-time":
			if sec, err := strconv.ParseInt(fields[1], 10, 64); err == nil {
				lines[line] = time.Unix(sec, 0)
			}
		}
	}
	return lines
}
