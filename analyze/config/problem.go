package config

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// A Problem is one thing wrong with a configuration, at its place.
type Problem struct {
	Line, Column int // from 1, the column in bytes
	Message      string
}

// Invalid is the error of a configuration that can't be used, with all that is
// wrong with it.
type Invalid struct {
	Path     string
	Problems []Problem // in the order of the file
}

// maxProblems are listed of one file; who made more has other things to do.
const maxProblems = 50

func (e *Invalid) Error() string {
	var b strings.Builder
	for i, p := range e.Problems {
		if i > 0 {
			b.WriteByte('\n')
		}
		if i == maxProblems {
			fmt.Fprintf(&b, "%s: and %d more", e.Path, len(e.Problems)-i)
			break
		}
		fmt.Fprintf(&b, "%s:%d:%d: %s", e.Path, p.Line, p.Column, p.Message)
	}
	return b.String()
}

// report adds a problem at a node.
func (d *decoder) report(n *yaml.Node, format string, args ...any) {
	d.reportAt(d.place(n), format, args...)
}

func (d *decoder) reportAt(at position, format string, args ...any) {
	d.problems = append(d.problems, Problem{at.line, at.column, fmt.Sprintf(format, args...)})
}

// place is where a node starts. The YAML package counts columns in characters.
func (d *decoder) place(n *yaml.Node) position {
	at := position{max(n.Line, 1), max(n.Column, 1)}
	if at.line > len(d.lines) {
		return position{len(d.lines), 1}
	}
	line := d.lines[at.line-1]
	runes, bytes := 0, len(line)
	for i := range line {
		if runes == at.column-1 {
			bytes = i
			break
		}
		runes++
	}
	at.column = bytes + 1
	return at
}
