package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/baseline"
	"github.com/crywolf-dev/crywolf/analyze/config"
	"github.com/crywolf-dev/crywolf/analyze/score"
	"github.com/crywolf-dev/crywolf/analyze/sli"
	"github.com/crywolf-dev/crywolf/rules"
	"github.com/crywolf-dev/crywolf/rules/revision"
)

// news are the flags that say which findings of a run are to be told.
type news struct {
	baseline     string
	changedSince string
	context      []string
}

func (n *news) register(fs *pflag.FlagSet) {
	fs.StringVar(&n.baseline, "baseline", "", "report only findings that are not in this file, which `crywolf baseline` writes")
	fs.StringVar(&n.changedSince, "changed-since", "", "report only findings that came after the branch parted from this git revision")
	fs.StringArrayVar(&n.context, "context", nil, "read these files and folders too, to compare with, and report what concerns the named paths only")
}

// widen has a change looked at with the whole working directory as context,
// where some part of it was named: a rule of the part may repeat one outside.
func (n *news) widen(names *naming, paths []string) {
	here := names.place(".").top
	outside := func(p string) bool { return p == "-" || !filepath.IsLocal(p) || names.place(p).top != here }
	if n.changedSince != "" && len(n.context) == 0 && len(paths) > 0 && !slices.ContainsFunc(paths, outside) {
		n.context = []string{"."}
	}
}

// judging is how rules are judged.
type judging struct {
	names    *naming
	settings analyze.Settings
	opts     analyze.Options

	// declaredBefore gives what was declared of SLIs before a change.
	declaredBefore func(was func(now []*rules.File, paths []string) ([]*rules.File, error)) (*sli.Catalog, error)
}

// judge runs the checks over rules.
func (j judging) judge(ctx context.Context, set *rules.Set) (*analyze.Result, error) {
	facts := analyze.NewFacts(set, j.settings)
	facts.Naming = j.names.name
	res, err := analyze.Run(ctx, facts, j.opts)
	if err != nil {
		return nil, &exit{code: exitUnfinished, err: err}
	}
	return res, nil
}

// read returns the paths to read. What lies in a context is read as part of it:
// which of the files named hold rules, and which are to be ignored, is then
// decided as for all the others, as it must be where a hook names whatever was
// committed.
func (n *news) read(names *naming, paths []string) ([]string, error) {
	read := slices.Clone(n.context)
	for _, p := range paths {
		if p == "-" || !names.within(names.place(p).dir, n.context) {
			read = append(read, p)
		} else if _, err := os.Stat(p); err != nil {
			return nil, usage("reading rules: %w", err)
		}
	}
	return read, nil
}

// apply sets aside what is no news, and leaves what concerns the named paths.
// What there is to say of that goes to the notes.
func (n *news) apply(c *cobra.Command, j judging, res *analyze.Result, sel *config.Selection, read []string, notes io.Writer) error {
	origins := make([]analyze.Origin, len(res.Findings))
	if n.changedSince != "" {
		before, err := n.before(c, j, res.Set, sel, read)
		if err != nil {
			return err
		}
		mark(origins, baseline.Before(before, res), analyze.FromBefore)
	}
	if n.baseline != "" {
		known, err := readBaseline(n.baseline)
		if err != nil {
			return err
		}
		partner, left := baseline.Match(known.Entries, baseline.Of(res))
		mark(origins, paired(partner), analyze.FromBaseline)
		run := baseline.Run{Result: res, Paths: j.names.names(read), Known: j.opts.Known}
		if stale := known.Stale(run, left); len(stale) > 0 {
			fmt.Fprintf(notes, "crywolf: %s of %s stale, the finding gone (such as %s); `crywolf baseline` takes them out\n",
				entries(len(stale)), n.baseline, known.Entries[stale[0]])
		}
	}
	if n.baseline != "" || n.changedSince != "" {
		res.SetAside(origins)
	}
	if len(n.context) > 0 {
		res.Narrow(j.names.under(sel.Paths))
	}
	return nil
}

// before judges the rules as they were before the change.
func (n *news) before(c *cobra.Command, j judging, now *rules.Set, sel *config.Selection, paths []string) (*analyze.Result, error) {
	top := j.names.place(paths[0]).top
	if top == "" {
		return nil, usage("--changed-since asks git, and %s is in no git repository", paths[0])
	}
	for _, p := range paths {
		if j.names.place(p).top != top {
			return nil, usage("--changed-since asks one git repository, and %s is not in %s as %s is", p, top, paths[0])
		}
	}
	place := func(path string) (string, bool) {
		l := j.names.place(path)
		return j.names.name(path), l.top == top
	}
	set, err := revision.Before(c.Context(), top, n.changedSince, now, paths, place, sel.Options(ruleOptions(c)))
	if c.Context().Err() != nil {
		return nil, &exit{code: exitUnfinished, err: c.Context().Err()}
	}
	if err != nil {
		return nil, usage("--changed-since %s: %w", n.changedSince, err)
	}
	if j.settings.Catalog != nil {
		was := func(now []*rules.File, paths []string) ([]*rules.File, error) {
			return revision.Files(c.Context(), top, n.changedSince, now, paths, place, rules.Options{}, textOf)
		}
		if j.settings.Catalog, err = j.declaredBefore(was); err != nil {
			return nil, usage("--changed-since %s: %w", n.changedSince, err)
		}
	}
	return j.judge(c.Context(), sel.Keep(set))
}

func textOf(path string, src []byte, named bool) *rules.File {
	f := rules.Text(path, src)
	f.Named = named
	return f
}

// mark gives an origin to the findings that are known.
func mark(origins []analyze.Origin, known []bool, origin analyze.Origin) {
	for i, k := range known {
		if k {
			origins[i] = origin
		}
	}
}

func readBaseline(path string) (*baseline.Baseline, error) {
	b, err := baseline.Read(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, usage("there is no baseline %s; `crywolf baseline --baseline %s` writes one", path, path)
	}
	if err != nil {
		return nil, usage("%w", err)
	}
	return b, nil
}

// paired says of each finding whether it has a partner.
func paired(partner []int) []bool {
	out := make([]bool, len(partner))
	for i, p := range partner {
		out[i] = p >= 0
	}
	return out
}

func entries(n int) string {
	if n == 1 {
		return "1 entry"
	}
	return fmt.Sprintf("%d entries", n)
}

// scoreVerdict is the exit that --fail-under demands; 0 demands none.
func scoreVerdict(least float64, total score.Total) error {
	if total.Alerts == 0 || total.Lead() >= least {
		return nil
	}
	return &exit{code: exitFindings, err: fmt.Errorf("the score is %.2f, under the %g that --fail-under demands", total.Lead(), least)}
}
