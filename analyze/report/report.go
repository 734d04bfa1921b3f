// Package report says what a run found: one file, or a few, per format.
package report

import (
	"io"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/analyze/score"
	"github.com/crywolf-dev/crywolf/rules"
)

// Commands that have a report.
const (
	Lint   = "lint"
	Review = "review"
	Map    = "map"
)

// Report is what a command has to say, ready for any format.
type Report struct {
	ToolVersion string
	Command     string // Lint, Review or Map
	Result      *analyze.Result
	Cards       []score.Card // of every alert, in the order of Result.Alerts
	Total       score.Total
	Window      history.Interval // zero without history
	Source      string           // what the history was read from, as the user named it
	Episodes    bool             // list episodes, in formats that can
	Verbose     bool             // all findings and alerts, nothing folded
	Failing     analyze.Severity // findings from this severity on fail the run; 0: none does
	Last        *Last            // an earlier review to compare with; nil for none
	By          string           // the label to group by; "" for none
	Hints       []string         // what the command skipped or took for granted, a line each

	// Locate turns the path of a file into its path from the repository's root,
	// with links resolved and slashes; for one outside of it, into its absolute
	// path. Nil leaves paths as they are.
	Locate func(path string) (located string, inside bool)
}

// A Format writes a report down.
type Format interface {
	// Write writes the whole report; its errors are those of w.
	Write(w io.Writer, r *Report) error
}

// failures counts the findings that fail the run.
func (r *Report) failures() int {
	if r.Failing == 0 {
		return 0
	}
	n := 0
	for i := range r.Result.Findings {
		if r.Result.Findings[i].Severity >= r.Failing {
			n++
		}
	}
	return n
}

// files counts the files that hold rules, or should and do not.
func (r *Report) files() int {
	n := 0
	for _, f := range r.Result.Set.Files {
		if holdsRules(f) {
			n++
		}
	}
	return n
}

// holdsRules reports whether a file holds rules, or should and does not.
func holdsRules(f *rules.File) bool { return len(f.Groups) > 0 || len(f.Problems) > 0 }
