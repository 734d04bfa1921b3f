package report

import (
	"io"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
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
// is cut to its width already. Which columns there are and where cells are cut
// depends on the width of the sheet and is decided here; the rest is the
// library's. It returns the columns that there was room for.
func (s *sheet) table(cols []*column, tint func(c *column, row int, cell string) string) (kept []*column) {
	kept, widths := layOut(cols, s.width)
	align := make([]tw.Align, len(kept))
	for i, c := range kept {
		align[i] = tw.AlignLeft
		if c.right {
			align[i] = tw.AlignRight
		}
	}
	var drawn strings.Builder
	t := newTable(&drawn, align)
	for row := range kept[0].cells {
		cells := make([]string, len(kept))
		for i, c := range kept {
			cells[i] = c.cells[row]
			if columns(cells[i]) > widths[i] {
				if c.shorten != nil && row > 0 {
					cells[i] = c.shorten(row, widths[i])
				}
				cells[i] = cut(cells[i], widths[i])
			}
			if row == 0 {
				cells[i] = s.in(dim, cells[i])
			} else {
				cells[i] = tint(c, row, cells[i])
			}
		}
		if row == 0 {
			t.Header(cells)
		} else if err := t.Append(cells); err != nil {
			s.fail(err)
			return kept
		}
	}
	if err := t.Render(); err != nil {
		s.fail(err)
		return kept
	}
	for line := range strings.Lines(drawn.String()) {
		s.line(trimPainted(line))
	}
	return kept
}

// trimPainted takes away the space at the end of a line, also where the library
// has put it within a colour.
func trimPainted(line string) string {
	const reset = "\x1b[0m"
	bare := strings.TrimRight(line, " \n")
	painted := false
	for strings.HasSuffix(bare, reset) {
		bare, painted = strings.TrimRight(strings.TrimSuffix(bare, reset), " "), true
	}
	if painted {
		bare += reset
	}
	return bare
}

// newTable is a table without lines, its columns set apart by spaces.
func newTable(w io.Writer, align []tw.Align) *tablewriter.Table {
	cell := tw.CellConfig{
		Formatting: tw.CellFormatting{AutoFormat: tw.Off, AutoWrap: tw.WrapNone},
		Padding:    tw.CellPadding{Global: tw.Padding{Right: strings.Repeat(" ", columnGap), Overwrite: true}},
		Alignment:  tw.CellAlignment{PerColumn: align},
	}
	return tablewriter.NewTable(w,
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Borders:  tw.BorderNone,
			Settings: tw.Settings{Separators: tw.SeparatorsNone, Lines: tw.LinesNone},
		})),
		tablewriter.WithConfig(tablewriter.Config{Header: cell, Row: cell, Behavior: tw.Behavior{TrimSpace: tw.Off}}),
	)
}
