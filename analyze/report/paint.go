package report

import (
	"strings"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/score"
)

// paint colours text, or leaves it as it is. Only the sixteen colours are used
// whose shades the reader's own terminal theme decides.
type paint bool

const (
	bold   = "1"
	dim    = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
	blue   = "34"
	cyan   = "36"
	loud   = "1;31"
)

// in paints text, but not the spaces after it, which a line may lose.
func (p paint) in(code, s string) string {
	text := strings.TrimRight(s, " ")
	if !p || text == "" || code == "" {
		return s
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m" + s[len(text):]
}

func severityColour(s analyze.Severity) string {
	switch s {
	case analyze.Error:
		return loud
	case analyze.Warning:
		return yellow
	}
	return blue
}

func gradeColour(g score.Grade) string {
	switch g {
	case "A", "B":
		return green
	case "C":
		return yellow
	case "D":
		return red
	}
	return loud
}
