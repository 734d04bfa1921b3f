package rules

// A Scalar is a YAML scalar: its decoded text, and the way back from any part
// of that text to the bytes of the file.
type Scalar struct {
	Text string // decoded, as YAML gives it

	file  *File
	start int32 // byte offset of the scalar's first byte (a quote, the block indicator, or the text)
}

// Span is the extent of the whole scalar in its file, quotes and block
// indicator included.
func (s Scalar) Span() Span { panic("unwritten") }

// Sub is the span in the file of the decoded bytes Text[start:end].
func (s Scalar) Sub(start, end int) Span { panic("unwritten") }

func overlay(lower, upper Mapping) []Field { panic("unwritten") }
