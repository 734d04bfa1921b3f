package report

import (
	"strings"

	"github.com/clipperhouse/displaywidth"
)

// Lengths in this package are columns of a terminal, and text is sanitized
// before it is measured.

const ellipsis = "…"

func columns(s string) int { return displaywidth.String(s) }

// cut shortens text to a number of columns, marking that it did.
func cut(s string, most int) string {
	if columns(s) <= most {
		return s
	}
	return displaywidth.TruncateString(s, max(most, 1), ellipsis)
}

func padRight(s string, to int) string {
	return s + strings.Repeat(" ", max(0, to-columns(s)))
}

func padLeft(s string, to int) string {
	return strings.Repeat(" ", max(0, to-columns(s))) + s
}

// prose is the widest that running text gets: lines longer than that are hard
// to read, however wide the terminal.
const prose = 100

// wrapLines is the most lines one text may take: messages quote rule files,
// and these hold anything.
const wrapLines = 12

// wrap breaks text at its spaces into lines of at most width columns. A word
// longer than a line is broken where the line ends.
func wrap(s string, width int) []string {
	var lines []string
	line, used := "", 0
	for _, word := range strings.Fields(s) {
		n := columns(word)
		if used > 0 && used+1+n <= width {
			line, used = line+" "+word, used+1+n
			continue
		}
		if used > 0 {
			lines = append(lines, line)
			line, used = "", 0
		}
		for n > width && len(lines) < wrapLines {
			head := displaywidth.TruncateString(word, width, "")
			if head == "" {
				break
			}
			lines = append(lines, head)
			word = word[len(head):]
			n = columns(word)
		}
		line, used = word, n
		if len(lines) >= wrapLines {
			break
		}
	}
	if used > 0 {
		lines = append(lines, line)
	}
	if len(lines) > wrapLines {
		lines = lines[:wrapLines]
		lines[wrapLines-1] = cut(lines[wrapLines-1], width-2) + " " + ellipsis
	}
	return lines
}
