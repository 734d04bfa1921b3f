package rules

import (
	"unsafe"

	"go.yaml.in/yaml/v3"
)

// Text is a file that is no rule file and whose places findings may name all
// the same, such as the specification of an SLO. It keeps src.
func Text(path string, src []byte) *File {
	return &File{
		Path: path, Named: true, Source: src, lines: lineStarts(src),
		view: src, text: unsafe.String(unsafe.SliceData(src), len(src)), slab: &slab{size: len(src)},
	}
}

// Span is the part of the file from one offset to another, in bytes.
func (f *File) Span(start, end int) Span { return f.span(start, end) }

// ScalarAt is a YAML scalar that something else read from the file, with the way
// back from its text to the file. It starts at a line and a column, see
// Position, with its anchor and its tag if it has any.
func (f *File) ScalarAt(line, column int, n *yaml.Node) Scalar {
	start := len(f.Source)
	if line >= 1 && line <= len(f.lines) {
		start = min(int(f.lines[line-1])+max(column, 1)-1, start)
	}
	at := *n // place changes it
	(&layout{file: f, cursor: len(f.Source)}).scalar(&at, start)
	return f.NodeScalar(&at)
}
