package main

import (
	"github.com/spf13/cobra"

	"github.com/crywolf-dev/crywolf/analyze/checks"
	"github.com/crywolf-dev/crywolf/analyze/report"
)

func explainCommand() *cobra.Command {
	var f flags
	c := &cobra.Command{
		Use:   "explain [CHECK]",
		Short: "Explain a check, or list them all",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			out := c.OutOrStdout()
			color, err := f.colored(out)
			if err != nil {
				return err
			}
			on := report.Screen{Width: width(out), Color: color}
			if len(args) == 0 {
				return report.List(out, checks.All(), on)
			}
			for _, check := range checks.All() {
				if check.ID == args[0] {
					return report.Explain(out, check, on)
				}
			}
			return noCheck("check", args[0], checks.All())
		},
	}
	f.registerColor(c.Flags())
	return c
}
