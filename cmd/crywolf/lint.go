package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/report"
	"github.com/crywolf-dev/crywolf/analyze/score"
	"github.com/crywolf-dev/crywolf/rules"
)

func lintCommand() *cobra.Command {
	var f flags
	c := &cobra.Command{
		Use:   "lint [PATH...]",
		Short: "Check rule files, without their history",
		Long: `Check alerting rules in files and folders (default: the working directory; - reads standard input).

Exit codes: 0 nothing at or above --fail-on; 1 findings; 2 usage; 3 could not finish.`,
		RunE: func(c *cobra.Command, args []string) error { return lint(c, f, args) },
	}
	f.register(c.Flags(), "warning")
	completeFormats(c)
	return c
}

func lint(c *cobra.Command, f flags, paths []string) error {
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
	collectSeldom()
	set, err := load(c, paths)
	if err != nil {
		return err
	}
	res, err := analyze.Run(c.Context(), analyze.NewFacts(set, analyze.Settings{}), opts)
	if err != nil {
		return &exit{code: exitUnfinished, err: err}
	}
	cards := score.Cards(res)
	r := &report.Report{
		ToolVersion: version, Command: "lint", Result: res, Cards: cards,
		Total: score.Sum(cards, func(*score.Card) int { return 0 }), Verbose: f.verbose, Failing: least,
	}
	if err := to.write(r); err != nil {
		return err
	}
	if err := unread(set); err != nil {
		return err
	}
	return verdict(res, least)
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
	set, err := rules.Load(c.Context(), paths, rules.Options{Stdin: c.InOrStdin()})
	if err != nil {
		return nil, usage("%w", err)
	}
	return set, nil
}
