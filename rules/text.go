package rules

// Text is a file that is no rule file and whose places findings may name all
// the same, such as the specification of an SLO. It keeps src.
func Text(path string, src []byte) *File {
	return &File{Path: path, Named: true, Source: src, lines: lineStarts(src)}
}

// Span is the part of the file from one offset to another, in bytes.
func (f *File) Span(start, end int) Span { return f.span(start, end) }
