package main

import (
	"os"
	"slices"

	"github.com/spf13/cobra"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/config"
	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/analyze/report"
	"github.com/crywolf-dev/crywolf/analyze/score"
)

func reviewCommand() *cobra.Command {
	var (
		f        flags
		from     sources
		episodes bool
		last, by string
	)
	c := &cobra.Command{
		Use:   "review [PATH...] --history SOURCE",
		Short: "Judge alerts by their rules and by what they did",
		Long: `Judge the alerting rules in files and folders (default: those that the configuration names, else the working
directory) by their history: what each alert did, how often and for how long, and what that adds up to. Where SLOs are declared and
the samples behind them are stored, alerts are held against the times in which those SLOs were not met.

` + sourcesHelp + `

Exit codes: 0 nothing at or above --fail-on; 1 findings; 2 usage; 3 could not finish.`,
		RunE: func(c *cobra.Command, args []string) error {
			if len(from.history) == 0 {
				return usage("review needs --history, such as a Prometheus data directory; `crywolf lint` judges rules without one")
			}
			window, err := from.parse(c)
			if err != nil {
				return err
			}
			r := &report.Report{ToolVersion: version, Command: report.Review, Episodes: episodes, By: by, Verbose: f.verbose}
			if last != "" {
				if r.Last, err = readLast(last); err != nil {
					return err
				}
			}
			return review(c, f, args, from, window, r, last)
		},
	}
	f.register(c.Flags(), "never")
	completeFormats(c)
	from.register(c.Flags())
	c.Flags().StringVar(&last, "compare", "", "JSON output of an earlier review to compare with")
	c.Flags().StringVar(&by, "by", "", "label to group by, such as team, service or severity")
	c.Flags().BoolVar(&episodes, "episodes", false, "list every episode in the JSON output")
	return c
}

func review(c *cobra.Command, f flags, paths []string, from sources, window history.ReadOptions, r *report.Report, last string) error {
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
	sel, err := cfg.Select(paths, nil)
	if err != nil {
		return mistaken(err)
	}
	set, err := sel.Read(c.Context(), sel.Paths, ruleOptions(c))
	if err != nil {
		return mistaken(err)
	}
	if err := to.spare(set, append(specifications(settings.Catalog), f.config, f.alertmanager, config.Name, last)...); err != nil {
		return err
	}
	settings.Partial = f.part(cfg, sel, settings)
	names := newNaming()
	facts := analyze.NewFacts(set, settings)
	bar := newProgress(c.ErrOrStderr())
	past, err := from.read(c.Context(), cfg, window, set, bar)
	if err != nil {
		return &exit{code: exitUnfinished, err: err}
	}
	facts.Naming = names.name
	hints := append(slices.Clone(past.Warnings), splitChanged(c.Context(), names, past, set)...)
	if !facts.Catalog().Empty() {
		var more []string
		if facts.Impact, more, err = from.readImpact(c.Context(), cfg, past.Coverage.Window, facts.Catalog().SLIs, bar); err != nil {
			return &exit{code: exitUnfinished, err: err}
		}
		hints = append(hints, more...)
	}
	facts.History, facts.Introduced = past, newGitAges(c.Context()).introduced
	facts.Noise = facts.StudyNoise(past)
	res, err := analyze.Run(c.Context(), facts, opts)
	if err != nil {
		return &exit{code: exitUnfinished, err: err}
	}
	r.Result, r.Cards = res, score.Cards(res)
	r.Total = score.Sum(r.Cards, received(facts))
	r.Window, r.Source, r.Hints, r.Failing = past.Coverage.Window, from.String(), hints, least
	if settings.Partial {
		r.Hints = append(r.Hints, partNote)
	}
	if err := to.write(r); err != nil {
		return err
	}
	if err := unread(set); err != nil {
		return err
	}
	return verdict(r, f.failUnder)
}

// received tells how often an alert was received: notifications that say it
// fires where those are known, else firings.
func received(facts *analyze.Facts) func(*score.Card) int {
	return func(c *score.Card) int {
		if c.Alert.Deadman {
			return 0 // machines hear it
		}
		if n := facts.Noise; n != nil && n.Notices != nil {
			if sent := n.Profile(c.Alert.Rule).Notices; sent != nil {
				return sent.Sent - sent.Resolved
			}
			return 0
		}
		return facts.History.Measures(c.Alert.Rule).Firings
	}
}

func readLast(path string) (*report.Last, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, usage("--compare: %w", err)
	}
	defer file.Close()
	last, err := report.ReadLast(path, file)
	if err != nil {
		return nil, usage("--compare: %w", err)
	}
	return last, nil
}
