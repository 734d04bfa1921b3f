package rules

import "sort"

// Position is a place in a source file.
type Position struct {
	Offset int // bytes from the start of the file, 0-based
	Line   int // 1-based; lines end at \n, \r\n or a lone \r, as editors count them
	Column int // 1-based, in bytes from the start of the line; a BOM is not counted
}

// Span is a half-open region of a source file: End is the first position that
// no longer belongs to it. The zero Span means "nowhere in particular".
type Span struct {
	Start, End Position
}

// IsZero reports whether the span points nowhere.
func (s Span) IsZero() bool { return s == Span{} }

// Position is the place of a byte offset; one outside of the file is moved to
// its nearer end.
func (f *File) Position(offset int) Position {
	offset = max(0, min(offset, len(f.Source)))
	line := sort.Search(len(f.lines), func(i int) bool { return int(f.lines[i]) > offset }) - 1
	if line < 0 { // within a BOM
		return Position{Offset: offset, Line: 1, Column: 1}
	}
	return Position{Offset: offset, Line: line + 1, Column: offset - int(f.lines[line]) + 1}
}

// Line is the text of a line, counted from 1, without its line break; nil
// where the file has no such line. It is part of Source: not to be changed.
func (f *File) Line(n int) []byte {
	if n < 1 || n > len(f.lines) {
		return nil
	}
	start, end := int(f.lines[n-1]), len(f.Source)
	if n < len(f.lines) {
		end = int(f.lines[n])
	}
	line := f.Source[start:end]
	if k := len(line); k > 0 && line[k-1] == '\n' {
		line = line[:k-1]
	}
	if k := len(line); k > 0 && line[k-1] == '\r' {
		line = line[:k-1]
	}
	return line
}

// Lines is the number of lines, one at least; text after the last line break
// counts as a line even when there is none.
func (f *File) Lines() int { return len(f.lines) }

func (f *File) span(start, end int) Span {
	return Span{Start: f.Position(start), End: f.Position(end)}
}
