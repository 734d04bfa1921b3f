package report

import (
	"slices"
	"strings"
)

// A column of a table. Its first cell is the header.
type column struct {
	cells []string // sanitized
	right bool     // numbers
	least int      // width below which it is not cut; 0: never cut
	drop  int      // 1 goes first where there is no room, 0 never

	// shorten fits a cell to a width; cut where nil.
	shorten func(row, width int) string
}

func (c *column) width() int {
	w := 0
	for _, cell := range c.cells {
		w = max(w, columns(cell))
	}
	return w
}

const columnGap = 2

// layOut chooses the columns that fit the width and how wide each is: those
// that can be cut give way to their least, then columns are dropped, and what
// room is left goes to those that were cut, the first first.
func layOut(cols []*column, width int) (kept []*column, widths []int) {
	kept = slices.Clone(cols)
	for {
		total := 0
		widths = widths[:0]
		for _, c := range kept {
			w := c.width()
			if c.least > 0 {
				w = min(w, c.least)
			}
			widths = append(widths, w)
			total += w + columnGap
		}
		total -= columnGap
		if spare := width - total; spare >= 0 {
			for i, c := range kept {
				more := min(spare, c.width()-widths[i])
				widths[i] += more
				spare -= more
			}
			return kept, widths
		}
		first := -1
		for i, c := range kept {
			if c.drop > 0 && (first < 0 || c.drop < kept[first].drop) {
				first = i
			}
		}
		if first < 0 {
			return kept, widths
		}
		kept = slices.Delete(kept, first, first+1)
	}
}

// table writes columns side by side, the header first. Tint paints a cell that
// is laid out already. The layout is its own, and not a library's, since
// columns are dropped and names cut to suit the width, and since widths must
// not depend on the locale.
func (s *sheet) table(cols []*column, tint func(c *column, row int, cell string) string) {
	kept, widths := layOut(cols, s.width)
	for row := range kept[0].cells {
		var line strings.Builder
		for i, c := range kept {
			cell := c.cells[row]
			if columns(cell) > widths[i] {
				if c.shorten != nil && row > 0 {
					cell = c.shorten(row, widths[i])
				}
				cell = cut(cell, widths[i])
			}
			if c.right {
				cell = padLeft(cell, widths[i])
			} else {
				cell = padRight(cell, widths[i])
			}
			if row == 0 {
				cell = s.in(dim, cell)
			} else {
				cell = tint(c, row, cell)
			}
			if i > 0 {
				line.WriteString(spaces(columnGap))
			}
			line.WriteString(cell)
		}
		s.line(line.String())
	}
}
