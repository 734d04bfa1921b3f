package report

import (
	"slices"
	"strings"
)

// A Choice is a format that can be asked for by its name. The flags, their
// errors and completion, and the table in docs/formats.md come from here.
type Choice struct {
	Name string
	Doc  string // what it is for, in a line
	Of   string // the commands whose reports are written in it, by spaces
	New  func(Screen) Format
}

// Commands whose reports can be written in the format.
func (c Choice) Commands() []string { return strings.Fields(c.Of) }

// A Screen is what a report is shown on, for formats that are made to be read
// there.
type Screen struct {
	Width int  // columns; 0 where it is no terminal
	Color bool // colour by ANSI sequences
}

// Formats lists all formats in the documented order, the default first.
func Formats() []Choice {
	return []Choice{
		{"table", "for people: worst first, folded where there is much; lines fit the terminal", "lint review map",
			func(s Screen) Format { return Terminal(s) }},
		{"json", "for programs: everything, by a versioned schema", "lint review map",
			func(Screen) Format { return JSON{} }},
		{"sarif", "for code scanning and editors: SARIF 2.1.0, at most 25,000 findings, the worst first", "lint review",
			func(Screen) Format { return SARIF{} }},
		{"github", "for GitHub Actions: annotations by workflow commands, the worst ten of a kind, and a job summary", "lint review",
			func(Screen) Format { return GitHub{} }},
		{"markdown", "for a job's page or a comment: a summary in GitHub's Markdown, at most a million bytes", "lint review map",
			func(Screen) Format { return Markdown{} }},
		{"gitlab", "for GitLab: a Code Quality report", "lint review",
			func(Screen) Format { return GitLab{} }},
		{"junit", "for what reads test results: a failed test for each finding that fails the run, others are skipped", "lint review",
			func(Screen) Format { return JUnit{} }},
		{"html", "for the on-call team: a review as one page, with charts and all about each alert; needs no network", "review",
			func(Screen) Format { return HTML{} }},
		{"csv", "for spreadsheets: one row per alert with all its measures", "lint review",
			func(Screen) Format { return CSV{} }},
	}
}

// For lists the formats in which a command's report can be written.
func For(command string) []Choice {
	return slices.DeleteFunc(Formats(), func(c Choice) bool { return !slices.Contains(c.Commands(), command) })
}

// Names lists the names of a command's formats.
func Names(command string) []string {
	var names []string
	for _, c := range For(command) {
		names = append(names, c.Name)
	}
	return names
}

// Named finds a format of a command by its name.
func Named(command, name string) (Choice, bool) {
	all := For(command)
	i := slices.IndexFunc(all, func(c Choice) bool { return c.Name == name })
	if i < 0 {
		return Choice{}, false
	}
	return all[i], true
}
