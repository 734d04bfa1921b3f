package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/prometheus/common/model"
	"github.com/spf13/cobra"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/config"
	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/analyze/report"
	"github.com/crywolf-dev/crywolf/analyze/score"
	"github.com/crywolf-dev/crywolf/rules"
)

func reviewCommand() *cobra.Command {
	var (
		f                   flags
		source, since, till string
		episodes            bool
	)
	c := &cobra.Command{
		Use:   "review [PATH...] --history DIR",
		Short: "Judge alerts by their rules and by what they did",
		Long: `Judge the alerting rules in files and folders (default: those that the configuration names, else the working
directory) by their history: what each alert did, how often and for how long, and what that adds up to. Where SLOs are declared and
the samples behind them are stored, alerts are held against the times in which those SLOs were not met.

--history is a Prometheus data directory, with blocks or a write-ahead log in it; a Prometheus may be running on it, and
nothing is ever written there. --since and --until bound the window: a duration (30d) counts back from the end of the
window, which is the end of the data unless --until says otherwise; a time is RFC 3339 (2026-10-01T00:00:00Z).

Exit codes: 0 nothing at or above --fail-on; 1 findings; 2 usage; 3 could not finish.`,
		RunE: func(c *cobra.Command, args []string) error {
			if source == "" {
				return usage("review needs --history, a Prometheus data directory; `crywolf lint` judges rules without one")
			}
			w, err := parseWindow(since, till)
			if err != nil {
				return err
			}
			return review(c, f, args, source, w, episodes)
		},
	}
	f.register(c.Flags(), "never")
	completeFormats(c)
	c.Flags().StringVar(&source, "history", "", "Prometheus data directory to take the history from")
	c.Flags().StringVar(&since, "since", "30d", "start of the window: a duration before its end, or a time")
	c.Flags().StringVar(&till, "until", "", "end of the window: a time (default: where the data end)")
	c.Flags().BoolVar(&episodes, "episodes", false, "list every episode in the JSON output")
	return c
}

func review(c *cobra.Command, f flags, paths []string, source string, window history.ReadOptions, episodes bool) error {
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
	if err := to.spare(set, append(specifications(settings.Catalog), f.config, f.alertmanager, config.Name)...); err != nil {
		return err
	}
	settings.Partial = f.part(cfg, sel, settings)
	names := newNaming()
	facts := analyze.NewFacts(set, settings)
	past, err := readHistory(c.Context(), source, window, set)
	if err != nil {
		return &exit{code: exitUnfinished, err: err}
	}
	facts.Naming = names.name
	hints := append(slices.Clone(past.Warnings), splitChanged(c.Context(), names, past, set)...)
	if !facts.Catalog().Empty() {
		var more []string
		if facts.Impact, more, err = readImpact(c.Context(), source, past.Coverage.Window, facts.Catalog().SLIs); err != nil {
			return &exit{code: exitUnfinished, err: err}
		}
		hints = append(hints, more...)
	}
	facts.History, facts.Introduced = past, newGitAges(c.Context()).introduced
	res, err := analyze.Run(c.Context(), facts, opts)
	if err != nil {
		return &exit{code: exitUnfinished, err: err}
	}
	cards := score.Cards(res)
	r := &report.Report{
		ToolVersion: version, Command: "review", Result: res, Cards: cards,
		Total:  score.Sum(cards, func(card *score.Card) int { return past.Measures(card.Alert.Rule).Firings }),
		Window: past.Coverage.Window, Source: source, Hints: hints, Episodes: episodes, Verbose: f.verbose, Failing: least,
	}
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

// readHistory reads the source and measures it rule by rule.
func readHistory(ctx context.Context, source string, opts history.ReadOptions, set *rules.Set) (*history.Review, error) {
	probes := history.ProbesOf(set.Alerts())
	opts.Probes = probes.Matchers()
	h, err := history.ReadTSDB(ctx, source, opts)
	if err != nil {
		return nil, err
	}
	w := h.Coverage.Window
	if w.Start >= w.End || h.Coverage.Covered().Milliseconds() == 0 {
		return nil, fmt.Errorf("%s holds no data in the window that --since and --until ask for", source)
	}
	return history.NewReview(set.Alerts(), h, probes), nil
}

// parseWindow reads --since and --until.
func parseWindow(since, until string) (history.ReadOptions, error) {
	var opts history.ReadOptions
	if until != "" {
		t, err := time.Parse(time.RFC3339, until)
		if err != nil {
			return opts, usage("--until is %q; it must be a time such as 2026-10-31T00:00:00Z", until)
		}
		opts.Window.End = t.UnixMilli()
	}
	if t, err := time.Parse(time.RFC3339, since); err == nil {
		opts.Window.Start = t.UnixMilli()
	} else if d, err := model.ParseDuration(since); err == nil && d > 0 {
		opts.Last = time.Duration(d).Milliseconds()
	} else {
		return opts, usage("--since is %q; it must be a duration such as 30d or a time such as 2026-10-01T00:00:00Z", since)
	}
	if opts.Window.Start != 0 && opts.Window.End != 0 && opts.Window.Start >= opts.Window.End {
		return opts, usage("--since %s is not before --until %s", since, until)
	}
	return opts, nil
}
