package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/crywolf-dev/crywolf/analyze/checks"
	"github.com/crywolf-dev/crywolf/analyze/report"
)

func explainCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "explain [CHECK]",
		Short: "Explain a check, or list them all",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				w := tabwriter.NewWriter(c.OutOrStdout(), 0, 0, 2, ' ', 0)
				for _, check := range checks.All() {
					fmt.Fprintf(w, "%s\t%s\t%s\n", check.ID, check.Severity, check.Doc.Title)
				}
				return w.Flush()
			}
			for _, check := range checks.All() {
				if check.ID == args[0] {
					return report.CheckPage(c.OutOrStdout(), check)
				}
			}
			return usage("there is no check %q; `crywolf explain` lists them", args[0])
		},
	}
}
