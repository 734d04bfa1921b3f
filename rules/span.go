package rules

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
