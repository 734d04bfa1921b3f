package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/crywolf-dev/crywolf/analyze/report"
	"github.com/crywolf-dev/crywolf/analyze/score"
	"github.com/crywolf-dev/crywolf/rules"
)

func lintCommand() *cobra.Command {
	var (
		f flags
		n news
	)
	c := &cobra.Command{
		Use:   "lint [PATH...]",
		Short: "Check rule files, without their history",
		Long: `Check alerting rules in files and folders (default: the working directory; - reads standard input).

Exit codes: 0 nothing at or above --fail-on, no score under --fail-under; 1 findings; 2 usage; 3 could not finish.`,
		RunE: func(c *cobra.Command, args []string) error { return lint(c, f, n, args) },
	}
	f.register(c.Flags(), "warning")
	completeFormats(c)
	n.register(c.Flags())
	return c
}

func lint(c *cobra.Command, f flags, n news, paths []string) error {
	chosen, err := f.checks()
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
	names := newNaming()
	if len(paths) == 0 {
		paths = []string{"."}
	}
	read, err := n.read(names, paths)
	if err != nil {
		return err
	}
	j := judging{names: names, opts: opts}
	collectSeldom()
	set, err := load(c, read)
	if err != nil {
		return err
	}
	res, err := j.judge(c.Context(), set)
	if err != nil {
		return err
	}
	if err := n.apply(c, j, res, paths, read); err != nil {
		return err
	}
	cards := score.Cards(res)
	r := &report.Report{
		ToolVersion: version, Command: "lint", Result: res, Cards: cards,
		Total: score.Sum(cards, func(*score.Card) int { return 0 }), Verbose: f.verbose, Failing: least,
	}
	if err := to.write(r); err != nil {
		return err
	}
	if err := unread(res.Set); err != nil {
		return err
	}
	return verdict(r, f.failUnder)
}

// unread is the exit for files that could not be opened: whatever was found in
// the others, the run did not finish.
func unread(set *rules.Set) error {
	n := 0
	for _, f := range set.Files {
		for _, p := range f.Problems {
			if p.Kind == rules.Unreadable {
				n++
			}
		}
	}
	if n == 0 {
		return nil
	}
	return &exit{code: exitUnfinished, err: fmt.Errorf("%d of %d files could not be read", n, len(set.Files))}
}

// load reads the rule files under the paths, by default the working directory.
func load(c *cobra.Command, paths []string) (*rules.Set, error) {
	if len(paths) == 0 {
		paths = []string{"."}
	}
	set, err := rules.Load(c.Context(), paths, ruleOptions(c))
	if err != nil {
		return nil, usage("%w", err)
	}
	return set, nil
}

func ruleOptions(c *cobra.Command) rules.Options { return rules.Options{Stdin: c.InOrStdin()} }
