package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2/maybe"
	"github.com/spf13/cobra"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/config"
	"github.com/crywolf-dev/crywolf/rules"
)

func initCommand() *cobra.Command {
	var (
		t             told
		force, stdout bool
	)
	c := &cobra.Command{
		Use:   "init [PATH...]",
		Short: "Write " + config.Name + " from what the rules show",
		Long: `Write ` + config.Name + ` into the working directory: the scopes, the urgencies and the house style that crywolf infers from
the rule files in the paths (default: the working directory), each line with its reason. From then on nothing is inferred.

Exit codes: 0 written; 2 usage, or the file is there already; 3 could not finish.`,
		RunE: func(c *cobra.Command, args []string) error { return initialise(c, t, args, force, stdout) },
	}
	t.registerAlertmanager(c.Flags())
	c.Flags().BoolVar(&force, "force", false, "write over a "+config.Name+" that is there already")
	c.Flags().BoolVar(&stdout, "stdout", false, "print it, and write nothing")
	return c
}

func initialise(c *cobra.Command, t told, paths []string, force, stdout bool) error {
	var within []string
	for _, p := range paths {
		rel, err := local(p)
		if err != nil {
			return err
		}
		within = append(within, rel)
	}
	if _, err := os.Lstat(config.Name); !force && !stdout && !errors.Is(err, fs.ErrNotExist) {
		return usage("%s is there already; --force writes over it, --stdout prints what it would be", config.Name)
	}
	set, err := rules.Load(c.Context(), orHere(within), ruleOptions(c))
	if err != nil {
		return usage("%w", err)
	}
	settings, err := t.settings(c.Context(), nil)
	if err != nil {
		return err
	}
	facts := analyze.NewFacts(set, settings)
	if len(facts.Alerts) == 0 {
		return usage("there are no alerts in these paths, so nothing to infer from; name the folder that holds the rules")
	}
	manager := ""
	if t.alertmanager != "" {
		if manager, err = local(t.alertmanager); err != nil {
			return err
		}
	}
	text, err := config.Write(facts, within, manager)
	if err != nil {
		return &exit{code: exitUnfinished, err: err}
	}
	if stdout {
		_, err = c.OutOrStdout().Write(text)
	} else if err = maybe.WriteFile(config.Name, text, 0o644); err == nil {
		fmt.Fprintf(c.ErrOrStderr(), "wrote %s, from %d alerts; read it, and change what is not so\n", config.Name, len(facts.Alerts))
	}
	if err != nil {
		return &exit{code: exitUnfinished, err: err}
	}
	return unread(set)
}

// local is a path as seen from the working directory, which it must be in: a
// configuration speaks only of what lies under its own folder.
func local(path string) (string, error) {
	if path == "-" {
		return "", usage("a configuration is about files: run init in their folder, not on standard input")
	}
	full, err := filepath.Abs(path)
	if err != nil {
		return "", usage("%w", err)
	}
	here, err := filepath.Abs(".")
	if err != nil {
		return "", usage("%w", err)
	}
	rel, err := filepath.Rel(here, full)
	if err != nil || !filepath.IsLocal(rel) {
		return "", usage("%s lies outside of the working directory; run init in the folder that holds all the rules", path)
	}
	return filepath.ToSlash(rel), nil
}

func orHere(paths []string) []string {
	if len(paths) == 0 {
		return []string{"."}
	}
	return paths
}
