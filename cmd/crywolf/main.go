// Command crywolf judges Prometheus alerts: whether each can fire and stop,
// stands for something a user feels, keeps quiet, says what no other says, and
// tells whoever is woken what to do.
package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
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

// collectSeldom lets a small heap grow before the garbage is collected: most
// runs end before that would have been worth it. The limit keeps a large run
// from paying for it in memory; GOGC in the environment has the last word.
func collectSeldom() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(600)
		debug.SetMemoryLimit(200 << 20)
	}
}

// collectAsUsual undoes it for runs whose heap is past the limit, which would
// otherwise be collected all the time.
func collectAsUsual() {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	if os.Getenv("GOGC") == "" && m.HeapAlloc > 150<<20 {
		debug.SetGCPercent(100)
		debug.SetMemoryLimit(math.MaxInt64)
	}
}

// run executes the command line and returns the exit code.
func run(args []string) int {
	collectSeldom()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	root := command()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	code := exitUsage // what cobra itself refuses
	var e *exit
	if errors.As(err, &e) {
		code = e.code
	}
	if err.Error() != "" {
		fmt.Fprintln(root.ErrOrStderr(), "crywolf: "+err.Error())
	}
	return code
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
	root.AddCommand(lintCommand(), reviewCommand(), explainCommand(), versionCommand())
	return root
}

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: cobra.NoArgs,
		Run: func(c *cobra.Command, _ []string) { fmt.Fprintln(c.OutOrStdout(), "crywolf "+version) },
	}
}
