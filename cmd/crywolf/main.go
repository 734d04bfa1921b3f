// Command crywolf judges Prometheus alerts: whether each can fire and stop,
// stands for something a user feels, keeps quiet, says what no other says, and
// tells whoever is woken what to do.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// version is set when a release is built.
var version = "devel"

// Exit codes, part of the interface.
const (
	exitFindings   = 1
	exitUsage      = 2
	exitUnfinished = 3
)

// An exit ends the command with a code; its error, if any, is printed.
type exit struct {
	code int
	err  error
}

func (e *exit) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e *exit) Unwrap() error { return e.err }

func main() { os.Exit(run(os.Args[1:])) }

// run executes the command line and returns the exit code.
func run(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	root := command()
	root.SetArgs(args)
	interrupted := func() { fmt.Fprintln(root.ErrOrStderr(), "crywolf: interrupted") }
	defer abandon(ctx, stopWithin, func() {
		interrupted()
		os.Exit(exitUnfinished)
	})()
	err := root.ExecuteContext(ctx)
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		interrupted()
		return exitUnfinished
	}
	if err != nil && err.Error() != "" {
		fmt.Fprintln(root.ErrOrStderr(), "crywolf: "+err.Error())
	}
	return exitCode(err)
}

// exitCode of an error; what cobra itself refuses is the user's mistake.
func exitCode(err error) int {
	var e *exit
	switch {
	case err == nil:
		return 0
	case errors.As(err, &e):
		return e.code
	}
	return exitUsage
}

func command() *cobra.Command {
	root := &cobra.Command{
		Use:           "crywolf",
		Short:         "Judge Prometheus alerts by their rules, their meaning and their history",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return c.Help()
		},
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(lintCommand(), reviewCommand(), mapCommand(), baselineCommand(), initCommand(), explainCommand(), versionCommand())
	return root
}

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: cobra.NoArgs,
		Run: func(c *cobra.Command, _ []string) { fmt.Fprintln(c.OutOrStdout(), "crywolf "+version) },
	}
}
