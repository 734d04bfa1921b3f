// Command generate writes the reference pages that come from the code:
// docs/checks.md from the registry of checks.
package main

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/checks"
	"github.com/crywolf-dev/crywolf/analyze/report"
)

//go:generate go run . ..

func main() {
	dir := "."
	if len(os.Args) > 1 {
		dir = os.Args[1]
	}
	page, err := checksPage()
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "checks.md"), []byte(page), 0o644); err != nil {
		log.Fatal(err)
	}
}

// checksPage is the reference of all checks: one table of defaults, then a
// page for each.
func checksPage() (string, error) {
	var b strings.Builder
	b.WriteString(`# The checks

<!-- Generated from the code by "make generate"; edit the checks, not this page. -->

| check | severity | costs | thresholds |
|---|---|---|---|
`)
	all := checks.All()
	for _, c := range all {
		costs := report.Costs(c)
		var options []string
		for _, o := range report.Options(c) {
			options = append(options, fmt.Sprintf("`%s` %s", o.Name, o.Default))
		}
		fmt.Fprintf(&b, "| [%s](#%s) | %s | %s | %s |\n", c.ID, report.Anchor(c.ID), c.Severity, costs, strings.Join(options, ", "))
	}
	fmt.Fprintf(&b, `
The actionable checks hold alerts to what their house does: what at least %.0f %% of at least %d alerts of an urgency have.
`, 100*analyze.HouseShare, analyze.HouseLeast)
	b.WriteString(`
What rests on a house style or an urgency that was inferred is of severity info, whatever the table says.
An alert starts at 100 points; the score is explained in [score.md](score.md).
`)
	for _, c := range all {
		b.WriteByte('\n')
		if err := report.CheckPage(&b, c); err != nil {
			return "", err
		}
	}
	return b.String(), nil
}
