package report

import (
	"strings"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"

	"github.com/crywolf-dev/crywolf/rules"
)

// tabStop is the distance of tab stops in excerpts.
const tabStop = 4

// reachBack and reachOn bound how much of a line is looked at around a span, in
// bytes: a generated file may hold megabytes in one line.
const reachBack, reachOn = 1 << 10, 1 << 12

// A cell is one character of a source line as it will show.
type cell struct {
	text   string
	width  int
	marked bool
	blank  bool
}

// excerpt is the line on which a span starts, cut around the span to a number
// of columns, and the line of marks below it. Of a span of several lines the
// first is marked to its end. Both are empty where the file has no such line.
func excerpt(f *rules.File, span rules.Span, most int) (line, marks string) {
	if f == nil || span.IsZero() {
		return "", ""
	}
	src := f.Line(span.Start.Line)
	if len(src) == 0 {
		return "", ""
	}
	start := max(0, min(span.Start.Column-1, len(src)))
	end := len(src)
	if span.End.Line == span.Start.Line {
		end = max(start, min(span.End.Column-1, len(src)))
	}
	cells, clippedLeft, clippedRight := cellsOf(src, start, end)
	cells, clippedLeft, clippedRight = fit(cells, clippedLeft, clippedRight, most)
	return draw(cells, clippedLeft, clippedRight)
}

// cellsOf splits the neighbourhood of src[start:end] into cells, the
// indentation left away. Some cell is always marked: an empty span marks the
// character after it. It reports whether there was more of the line on either
// side.
func cellsOf(src []byte, start, end int) (cells []cell, left, right bool) {
	end = max(end, start+1)
	from, to := max(0, start-reachBack), min(len(src), start+reachOn)
	for from > 0 && !utf8.RuneStart(src[from]) {
		from--
	}
	for to < len(src) && !utf8.RuneStart(src[to]) {
		to++
	}
	at, column, any := from, 0, false
	for g := displaywidth.StringGraphemes(string(src[from:to])); g.Next(); {
		raw := g.Value()
		c := cell{text: sanitize(raw), marked: at < end && at+len(raw) > start}
		if raw == "\t" {
			c.text = strings.Repeat(" ", tabStop-column%tabStop)
		}
		c.width = columns(c.text)
		c.blank = strings.TrimSpace(c.text) == ""
		at += len(raw)
		column += c.width
		if len(cells) == 0 && c.blank && !c.marked && at <= start && from == 0 {
			continue
		}
		any = any || c.marked
		cells = append(cells, c)
	}
	if !any {
		cells = append(cells, cell{text: " ", width: 1, blank: true, marked: true})
	}
	for cells[len(cells)-1].blank && !cells[len(cells)-1].marked {
		cells = cells[:len(cells)-1]
	}
	return cells, from > 0, to < len(src)
}

// fit drops cells on both sides until the rest, with the marks of what is
// missing, takes no more than the given columns. The start of the span stays,
// and so does what leads up to it as far as there is room.
func fit(cells []cell, left, right bool, most int) ([]cell, bool, bool) {
	first, last := -1, 0
	for i, c := range cells {
		if c.marked {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	room := most
	if left {
		room--
	}
	if right {
		room--
	}
	if widthOf(cells) <= room {
		return cells, left, right
	}
	lead := max(most/8, (most-2-widthOf(cells[first:last+1]))*2/3)
	lo := first
	if w := widthOf(cells[:first]); w <= lead && !left {
		lo = 0
	} else {
		for used := 1; lo > 0 && used+cells[lo-1].width <= lead; lo-- {
			used += cells[lo-1].width
		}
	}
	left = left || lo > 0
	room = most - 1
	if left {
		room--
	}
	hi := lo
	for used := 0; hi < len(cells) && used+cells[hi].width <= room; hi++ {
		used += cells[hi].width
	}
	if hi == len(cells) && !right { // what is not needed after the span is given to what leads up to it
		for used := widthOf(cells[lo:hi]); lo > 0 && used+cells[lo-1].width < most; lo-- {
			used += cells[lo-1].width
		}
	}
	right = right || hi < len(cells)
	return cells[lo:hi], left, right
}

func widthOf(cells []cell) int {
	n := 0
	for _, c := range cells {
		n += c.width
	}
	return n
}

// draw writes the cells and the marks below them: a caret, then tildes.
func draw(cells []cell, left, right bool) (line, marks string) {
	var l, m strings.Builder
	if left {
		l.WriteString(ellipsis)
		m.WriteByte(' ')
	}
	begun := false
	for _, c := range cells {
		l.WriteString(c.text)
		for range c.width {
			switch {
			case !c.marked:
				m.WriteByte(' ')
			case !begun:
				m.WriteByte('^')
				begun = true
			default:
				m.WriteByte('~')
			}
		}
	}
	if right {
		l.WriteString(ellipsis)
	}
	return strings.TrimRight(l.String(), " "), strings.TrimRight(m.String(), " ")
}
