package main

import (
	"slices"

	"github.com/spf13/cobra"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/config"
	"github.com/crywolf-dev/crywolf/analyze/report"
	"github.com/crywolf-dev/crywolf/analyze/sli"
)

func mapCommand() *cobra.Command {
	var (
		f flags
		m sources
	)
	c := &cobra.Command{
		Use:   "map [PATH...]",
		Short: "Show which alerts stand for which SLIs, and which for none",
		Long: `Hold the alerting rules in files and folders (default: those that the configuration names, else the working directory)
against the service level indicators that are declared: first what is missing, then each SLI with the alerts that are about
it and how that is known, then the alerts that are about none, and what they stand for.

SLIs are those of --slo, by default those that the configuration names, and those that it declares itself. With --history, such
as a Prometheus data directory or the URL of a server, also how often each SLI was breached, and of each alert how many of
its firings tell of a breach, of how many breaches it tells, and how late. --data names where the samples are taken from,
where that is another directory or server.

Exit codes: 0, whatever is missing; 2 usage; 3 could not finish.`,
		RunE: func(c *cobra.Command, args []string) error { return mapAlerts(c, f, m, args) },
	}
	f.told.register(c.Flags())
	f.registerReport(c.Flags(), report.Map)
	completeFormats(c)
	m.register(c.Flags())
	return c
}

func mapAlerts(c *cobra.Command, f flags, m sources, paths []string) error {
	window, err := m.parse(c)
	if err != nil {
		return err
	}
	cfg, all, err := f.read()
	if err != nil {
		return err
	}
	settings, err := f.settings(c.Context(), cfg)
	if err != nil {
		return err
	}
	opts, err := f.options(slices.DeleteFunc(all, func(c *analyze.Check) bool {
		return cfg.Off(c.ID) || !slices.Contains(report.Gaps(), c.ID)
	}))
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
	settings.Partial = f.part(cfg, sel, settings)
	set, err := sel.Read(c.Context(), sel.Paths, ruleOptions(c))
	if err != nil {
		return mistaken(err)
	}
	if err := to.spare(set, append(specifications(settings.Catalog), f.config, f.alertmanager, config.Name)...); err != nil {
		return err
	}
	names := newNaming()
	facts := analyze.NewFacts(set, settings)
	facts.Naming = names.name
	r := &report.Report{ToolVersion: version, Command: report.Map, Source: m.String(), Verbose: f.verbose}
	switch {
	case settings.Catalog.Empty():
		r.Hints = append(r.Hints, "no SLI is declared, so that none can lack an alert: name specifications with --slo, or declare slis in "+config.Name+" (docs/map.md)")
	case m.any():
		if r.Window, r.Hints, err = m.measure(c.Context(), cfg, names, facts, window, newProgress(c.ErrOrStderr())); err != nil {
			return &exit{code: exitUnfinished, err: err}
		}
	}
	if settings.Partial {
		r.Hints = append(r.Hints, partNote)
	}
	if r.Result, err = analyze.Run(c.Context(), facts, opts); err != nil {
		return &exit{code: exitUnfinished, err: err}
	}
	if err := to.write(r); err != nil {
		return err
	}
	return unread(set)
}

// specifications are the files that a catalogue was read from.
func specifications(c *sli.Catalog) (paths []string) {
	if c == nil {
		return nil
	}
	for _, s := range c.SLIs {
		paths = append(paths, s.File.Path)
	}
	for _, p := range slices.Concat(c.Problems, c.Passed) {
		paths = append(paths, p.File.Path)
	}
	return paths
}
