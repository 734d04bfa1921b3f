package revision

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/crywolf-dev/crywolf/rules"
	"github.com/crywolf-dev/crywolf/rules/promexpr"
)

// A Change is when an alerting rule became what it is.
type Change struct {
	// At is when the commit was made that brought the change to the branch that
	// is checked out: of a merge, when it was merged. When it was deployed nobody
	// knows. Zero where the change is not committed yet.
	At     time.Time
	Commit string // its hash; "" where it is not committed yet
}

// Committed reports whether the change is part of some commit.
func (c Change) Committed() bool { return c.Commit != "" }

// Changes finds the alerting rules that were something else after a time, by
// their expression, for and keep_firing_for, and tells when they became what
// they are. What came to be since, or is in no version that git has, did not
// change; nor did what recording rules make of an unchanged expression.
//
// The error is about git or ctx.
func Changes(ctx context.Context, top string, now []*rules.File, place Place, after time.Time, opts rules.Options) (map[*rules.Rule]Change, error) {
	g := git{top}
	tree, err := g.tree(ctx, "HEAD")
	if err != nil {
		return nil, err
	}
	touched, err := g.touched(ctx, after)
	if err != nil {
		return nil, err
	}
	out := map[*rules.Rule]Change{}
	for _, f := range now {
		below, ok := place(f.Path)
		o, known := tree[below]
		if !ok || !known || o.mode == modeLink || o.mode == modeSubmodule || f.Source == nil {
			continue
		}
		edited := blobHash(f.Source, len(o.hash)) != o.hash
		if !edited && !touched[below] {
			continue
		}
		steps, err := g.steps(ctx, below, after)
		if err != nil {
			return nil, err
		}
		c := &chronicle{file: f, opts: opts, steps: steps, parsed: map[string]*rules.File{}}
		if edited {
			c.steps = append([]step{{was: o.hash}}, c.steps...)
		}
		if err := c.load(ctx, g); err != nil {
			return nil, err
		}
		c.tell(out)
	}
	return out, nil
}

// touched are the paths that commits after a time touched, on the way that the
// branch took.
func (g git) touched(ctx context.Context, after time.Time) (map[string]bool, error) {
	out, _, err := g.output(ctx, "log", "--first-parent", "-m", "--format=", "--name-only", "--no-renames", "-z", "--since="+strconv.FormatInt(after.Unix(), 10))
	if err != nil {
		return nil, err
	}
	paths := map[string]bool{}
	for p := range strings.SplitSeq(string(out), "\x00") {
		paths[strings.TrimLeft(p, "\n")] = true
	}
	return paths, nil
}

// A step is one commit's change of a file.
type step struct {
	Change
	was string // the blob that the file was before; "" where it was not there
}

// maxSteps bounds how many commits of one file are looked at.
const maxSteps = 200

// steps of a file after a time, the last first. Renames are followed.
func (g git) steps(ctx context.Context, below string, after time.Time) ([]step, error) {
	out, _, err := g.output(ctx, "log", "--first-parent", "-m", "--follow", "--no-abbrev", "--raw", "-z", "--format=%x01%H %ct",
		"-n", strconv.Itoa(maxSteps), "--since="+strconv.FormatInt(after.Unix(), 10), "--", below)
	if err != nil {
		return nil, err
	}
	var steps []step
	for commit := range strings.SplitSeq(string(out), "\x01") {
		head, raw, ok := strings.Cut(commit, "\x00")
		hash, at, told := strings.Cut(strings.TrimSpace(head), " ")
		seconds, err := strconv.ParseInt(at, 10, 64)
		if !ok || !told || err != nil {
			continue
		}
		// ":mode mode blob blob status", of the file before and after.
		fields := strings.Fields(strings.TrimLeft(strings.SplitN(raw, "\x00", 2)[0], "\n:"))
		if len(fields) < 5 {
			return nil, fmt.Errorf("git log: the change of %s in %s is %q; expected two modes, two blobs and a status", below, hash, raw)
		}
		s := step{Change: Change{At: time.Unix(seconds, 0), Commit: hash}}
		if strings.Trim(fields[2], "0") != "" {
			s.was = fields[2]
		}
		steps = append(steps, s)
	}
	return steps, nil
}

// A chronicle is what a file was, step by step.
type chronicle struct {
	file   *rules.File
	opts   rules.Options
	steps  []step
	parsed map[string]*rules.File // by blob
}

func (c *chronicle) load(ctx context.Context, g git) error {
	var hashes []string
	for _, s := range c.steps {
		if s.was != "" {
			hashes = append(hashes, s.was)
		}
	}
	slices.Sort(hashes)
	texts, err := g.blobs(ctx, slices.Compact(hashes))
	if err != nil {
		return err
	}
	opts := c.opts
	opts.Named = true
	for hash, text := range texts {
		c.parsed[hash] = rules.Parse(c.file.Path, text, opts)
	}
	return nil
}

// tell says of each alerting rule when it became what it is, if that is known.
func (c *chronicle) tell(out map[*rules.Rule]Change) {
	for _, group := range c.file.Groups {
		for _, r := range group.Rules {
			if r.Kind != rules.Alerting || !r.HasExpr() {
				continue
			}
			is := meaning(r)
			for _, s := range c.steps {
				before := earlier(c.parsed[s.was], r)
				if before == nil {
					break
				}
				if meaning(before) != is {
					out[r] = s.Change
					break
				}
			}
		}
	}
}

// meaning is what makes a rule fire, apart from how it is written.
func meaning(r *rules.Rule) string {
	expr := r.ExprField.Value.Text()
	if e := r.Expr(); e != nil {
		expr = promexpr.Canonical(e)
	}
	return fmt.Sprint(r.For, " ", r.KeepFiringFor, " ", expr)
}

// earlier finds a rule in an earlier version of its file: that of its group and
// name, or the only one of its name.
func earlier(f *rules.File, r *rules.Rule) *rules.Rule {
	if f == nil {
		return nil
	}
	ordinal := 0
	for _, o := range r.Group.Rules {
		if o == r {
			break
		}
		if o.Kind == r.Kind && o.Name() == r.Name() {
			ordinal++
		}
	}
	var all []*rules.Rule
	for _, g := range f.Groups {
		n := 0
		for _, o := range g.Rules {
			if o.Kind != r.Kind || o.Name() != r.Name() {
				continue
			}
			if g.Name() == r.Group.Name() {
				if n == ordinal {
					return o
				}
				n++
			}
			all = append(all, o)
		}
	}
	if len(all) == 1 {
		return all[0]
	}
	return nil
}
