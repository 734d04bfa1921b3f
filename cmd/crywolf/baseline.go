package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/crywolf-dev/crywolf/analyze/baseline"
)

func baselineCommand() *cobra.Command {
	var (
		t         told
		path, now string
		add       bool
	)
	c := &cobra.Command{
		Use:   "baseline [PATH...]",
		Short: "Write down the findings there are, so that lint can report new ones only",
		Long: `Write down the findings in files and folders (default: those that the configuration names, else the
working directory), so that ` + "`crywolf lint --baseline FILE`" + `
reports only those that come later. Where there is a baseline already, take out of it what is gone; new findings get
into it with --add alone.

Exit codes: 0 written, or nothing to change; 2 usage; 3 could not finish.`,
		RunE: func(c *cobra.Command, args []string) error { return writeBaseline(c, t, args, path, now, add) },
	}
	t.register(c.Flags())
	c.Flags().StringVar(&path, "baseline", "", "the file to write (default: "+baseline.Name+" at the top of the repository)")
	c.Flags().StringVar(&now, "now", "", "take this for the present: a time or a day (default: the clock)")
	c.Flags().BoolVar(&add, "add", false, "take new findings into a baseline that there is")
	return c
}

func writeBaseline(c *cobra.Command, t told, paths []string, path, now string, add bool) error {
	cfg, all, err := t.read()
	if err != nil {
		return err
	}
	f := flags{now: now}
	chosen, err := f.checks(cfg, all)
	if err != nil {
		return err
	}
	settings, err := t.settings(c.Context(), cfg)
	if err != nil {
		return err
	}
	opts, err := f.options(chosen)
	if err != nil {
		return err
	}
	names := newNaming()
	if path == "" {
		path = defaultBaseline(names)
	}
	sel, err := cfg.Select(paths, nil)
	if err != nil {
		return mistaken(err)
	}
	settings.Partial = t.part(cfg, sel, settings)
	set, err := sel.Read(c.Context(), sel.Paths, ruleOptions(c))
	if err != nil {
		return mistaken(err)
	}
	if err := unread(set); err != nil {
		return err
	}
	res, err := judging{names: names, settings: settings, opts: opts}.judge(c.Context(), set)
	if err != nil {
		return err
	}
	old, err := baseline.Read(path)
	var said string
	b := old
	switch {
	case errors.Is(err, fs.ErrNotExist):
		b = &baseline.Baseline{Paths: names.names(sel.Paths), Entries: baseline.Of(res)}
		said = fmt.Sprintf("wrote %s to %s", count(len(b.Entries), "finding"), path)
	case err != nil:
		return usage("%w", err)
	default:
		b, said = revise(old, baseline.Run{Result: res, Paths: names.names(sel.Paths), Known: opts.Known}, add)
		said = path + ": " + said
	}
	text, err := b.Encode()
	if err == nil {
		err = writeFile(path, text)
	}
	if err != nil {
		return &exit{code: exitUnfinished, err: fmt.Errorf("the baseline was not written: %w", err)}
	}
	fmt.Fprintln(c.ErrOrStderr(), "crywolf: "+said)
	return nil
}

// revise takes out of a baseline what is gone, brings up to date what is still
// there, and adds what is new only if told to.
func revise(old *baseline.Baseline, run baseline.Run, add bool) (b *baseline.Baseline, said string) {
	found := baseline.Of(run.Result)
	partner, left := baseline.Match(old.Entries, found)
	stale := old.Stale(run, left)
	b = &baseline.Baseline{Paths: old.Paths}
	for _, i := range left {
		if !slices.Contains(stale, i) {
			b.Entries = append(b.Entries, old.Entries[i])
		}
	}
	added, news := 0, 0
	for i, p := range partner {
		switch {
		case p >= 0:
		case add:
			added++
		default:
			news++
			continue
		}
		b.Entries = append(b.Entries, found[i])
	}
	said = fmt.Sprintf("took out %s, kept %d", entries(len(stale)), len(b.Entries)-added)
	if add {
		b.Paths = append(slices.Clone(old.Paths), run.Paths...)
		said += fmt.Sprintf(", added %d", added)
	}
	if news > 0 {
		said += fmt.Sprintf("; %s not in it, which --add takes in", count(news, "new finding"))
	}
	return b, said
}

// defaultBaseline is at the top of the repository, as seen from the working
// directory.
func defaultBaseline(names *naming) string {
	path := filepath.Join(names.top, baseline.Name)
	if here, err := os.Getwd(); err == nil {
		if rel, err := filepath.Rel(target(here), path); err == nil {
			return rel
		}
	}
	return path
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
