package report

import "slices"

// A Choice is a format that can be asked for by its name. The flags, their
// errors and completion, and the table in docs/formats.md come from here.
type Choice struct {
	Name string
	Doc  string // what it is for, in a line
	Maps bool   // a map can be written in it too
	New  func(Screen) Format
}

// A Screen is what a report is shown on, for formats that are made to be read
// there.
type Screen struct {
	Width int  // columns; 0 where it is no terminal
	Color bool // colour by ANSI sequences
}

// Formats lists all formats in the documented order, the default first.
func Formats() []Choice {
	return []Choice{
		{"table", "for people: worst first, folded where there is much; lines fit the terminal", true,
			func(s Screen) Format { return Terminal(s) }},
		{"json", "for programs: everything, by a versioned schema", true,
			func(Screen) Format { return JSON{} }},
		{"sarif", "for code scanning and editors: SARIF 2.1.0, at most 25,000 findings, the worst first", false,
			func(Screen) Format { return SARIF{} }},
		{"github", "for GitHub Actions: annotations by workflow commands, the worst ten of a kind, and a job summary", false,
			func(Screen) Format { return GitHub{} }},
		{"markdown", "for a job's page or a comment: a summary in GitHub's Markdown, at most a million bytes", true,
			func(Screen) Format { return Markdown{} }},
		{"gitlab", "for GitLab: a Code Quality report", false,
			func(Screen) Format { return GitLab{} }},
		{"junit", "for what reads test results: a failed test for each finding that fails the run, others are skipped", false,
			func(Screen) Format { return JUnit{} }},
	}
}

// For lists the formats in which a command's report can be written.
func For(command string) []Choice {
	return slices.DeleteFunc(Formats(), func(c Choice) bool { return command == Map && !c.Maps })
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
