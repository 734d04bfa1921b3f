package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/config"
	"github.com/crywolf-dev/crywolf/analyze/report"
	"github.com/crywolf-dev/crywolf/analyze/score"
	"github.com/crywolf-dev/crywolf/analyze/sli"
	"github.com/crywolf-dev/crywolf/rules"
)

func lintCommand() *cobra.Command {
	var (
		f flags
		n news
		m mending
	)
	c := &cobra.Command{
		Use:   "lint [PATH...]",
		Short: "Check rule files, without their history",
		Long: `Check alerting rules in files and folders (default: those that the configuration names, else the working directory;
- reads standard input).

Exit codes: 0 nothing at or above --fail-on, no score under --fail-under; 1 findings; 2 usage; 3 could not finish.`,
		RunE: func(c *cobra.Command, args []string) error { return lint(c, f, n, m, args) },
	}
	f.register(c.Flags(), "warning")
	completeFormats(c)
	n.register(c.Flags())
	m.register(c.Flags())
	return c
}

func lint(c *cobra.Command, f flags, n news, m mending, paths []string) error {
	cfg, all, err := f.read()
	if err != nil {
		return err
	}
	chosen, err := f.checks(cfg, all)
	if err != nil {
		return err
	}
	settings, err := f.settings(c.Context(), cfg)
	if err != nil {
		return err
	}
	least, err := f.threshold()
	if err != nil {
		return err
	}
	opts, err := f.options(chosen)
	if err != nil {
		return err
	}
	to, err := f.outputs(c)
	if err != nil {
		return err
	}
	if err := m.check(c, paths); err != nil {
		return err
	}
	names := newNaming()
	n.widen(names, paths)
	sel, err := cfg.Select(paths, n.context)
	if err != nil {
		return mistaken(err)
	}
	settings.Partial = f.part(cfg, sel, settings)
	read, err := n.read(names, sel.Paths)
	if err != nil {
		return err
	}
	j := judging{names: names, settings: settings, opts: opts}
	j.declaredBefore = func(was func(now []*rules.File, paths []string) ([]*rules.File, error)) (*sli.Catalog, error) {
		return f.catalogBefore(c.Context(), cfg, was)
	}
	collectSeldom()
	set, err := sel.Read(c.Context(), read, ruleOptions(c))
	if err != nil {
		return mistaken(err)
	}
	if err := to.spare(set, append(specifications(settings.Catalog), n.baseline, f.config, f.alertmanager, config.Name)...); err != nil {
		return err
	}
	run := &linting{
		set:       set,
		concerned: names.under(sel.Paths),
		judge: func(set *rules.Set, notes io.Writer) (*analyze.Result, error) {
			res, err := j.judge(c.Context(), set)
			if err == nil {
				err = n.apply(c, j, res, sel, read, notes)
			}
			return res, err
		},
	}
	if m.diff {
		return run.diff(c.OutOrStdout(), c.ErrOrStderr())
	}
	unwritten := error(nil)
	if m.fix {
		if unwritten, err = run.fix(c.ErrOrStderr()); err != nil {
			return err
		}
	}
	res, err := run.judge(run.set, c.ErrOrStderr())
	if err != nil {
		return err
	}
	cards := score.Cards(res)
	r := &report.Report{
		ToolVersion: version, Command: "lint", Result: res, Cards: cards,
		Total: score.Sum(cards, func(*score.Card) int { return 0 }), Verbose: f.verbose, Failing: least,
	}
	if settings.Partial {
		r.Hints = append(r.Hints, partNote+"; --context reads the others too")
	}
	if err := to.write(r); err != nil {
		return err
	}
	if err := errors.Join(unwritten, unread(res.Set)); err != nil {
		return err
	}
	return verdict(r, f.failUnder)
}

// unread is the exit for files that could not be opened: whatever was found in
// the others, the run did not finish.
func unread(set *rules.Set) error {
	n := set.Unreadable()
	if n == 0 {
		return nil
	}
	return &exit{code: exitUnfinished, err: fmt.Errorf("%d of %d files could not be read", n, len(set.Files))}
}

func ruleOptions(c *cobra.Command) rules.Options { return rules.Options{Stdin: c.InOrStdin()} }
