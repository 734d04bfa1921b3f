package rules

import (
	"slices"
	"strings"

	"github.com/prometheus/prometheus/promql/parser/posrange"
)

// A Scalar is a YAML scalar: its decoded text, and the way back from any part
// of that text to the bytes of the file.
//
// There are so many of them that what they take decides on how much a large
// set takes: that is why the text is not among the fields.
type Scalar struct {
	file  *File
	start int32 // byte offset of the scalar's first byte (a quote, the block indicator, or the text)
	stop  int32 // end, where the text stands in the source as it is; else the complement of an index into file.decoded
}

// A decodedText is the text of a scalar that reads otherwise in the source.
type decodedText struct {
	text string
	end  int32
}

// Text is what the scalar says, decoded, as Prometheus reads it.
func (s Scalar) Text() string {
	switch {
	case s.file == nil:
		return ""
	case s.stop < 0:
		return s.file.decoded[^s.stop].text
	}
	from, to := s.file.bare(int(s.start), int(s.stop))
	return s.file.text[from:to]
}

// bare is the extent of a scalar without the quotes around it.
func (f *File) bare(start, end int) (from, to int) {
	if end-start >= 2 && isQuote(f.view, start) {
		return start + 1, end - 1
	}
	return start, end
}

// end is the byte offset after the scalar's last byte, see scanner.
func (s Scalar) end() int {
	if s.stop < 0 {
		return int(s.file.decoded[^s.stop].end)
	}
	return int(s.stop)
}

// newScalar makes one of the source's bytes and what they say.
func (f *File) newScalar(start, end int, text string) Scalar {
	from, to := f.bare(start, end)
	if from <= to && to <= len(f.text) && f.text[from:to] == text {
		return Scalar{file: f, start: int32(start), stop: int32(end)}
	}
	f.decoded = append(f.decoded, decodedText{f.slab.keep(text), int32(end)})
	return Scalar{file: f, start: int32(start), stop: ^int32(len(f.decoded) - 1)}
}

// Span is the extent of the whole scalar in its file, quotes and block
// indicator included. That of a block scalar ends before its last line break.
func (s Scalar) Span() Span {
	if s.file == nil {
		return Span{}
	}
	return s.file.span(int(s.start), s.end())
}

// Sub is the span in the file of the decoded bytes Text[start:end]; where these
// go over a fold of the source, the span does too. Part of an escape sequence
// is all of it. An empty range is an empty span at its place. Bounds outside of
// the text are moved to its ends. Cost is linear in the length of the text.
func (s Scalar) Sub(start, end int) Span {
	if s.file == nil {
		return Span{}
	}
	from, to := s.sub(start, end)
	return s.file.span(from, to)
}

// sub finds the source bytes of Text[start:end].
func (s Scalar) sub(start, end int) (from, to int) {
	size := len(s.Text())
	start = max(0, min(start, size))
	end = max(start, min(end, size))
	found := s.sources([]span{{start, end}})[0]
	return found.from, found.to
}

// sources finds the source bytes of several parts of Text, which must be in
// order and apart from each other, in one scan.
func (s Scalar) sources(parts []span) []span {
	out := make([]span, len(parts))
	for i := range out {
		out[i] = span{-1, -1}
	}
	text := s.Text()
	if s.file.mask != nil {
		if raw, ok := s.file.mask.raws[s.start]; ok {
			text = raw.text
			parts = raw.places(parts)
		}
	}
	last := int(s.start)
	if isQuote(s.file.view, last) {
		last++
	}
	next := 0 // the first part whose end is not found
	sc := scanner{src: s.file.view, text: text, pos: int(s.start)}
	sc.emit = func(p piece) {
		last = p.to
		for next < len(parts) && parts[next].from < p.at+p.n {
			part, o := parts[next], &out[next]
			if o.from < 0 {
				o.from = p.source(part.from)
			}
			if part.to > p.at+p.n {
				return
			}
			if part.to > p.at {
				o.to = p.sourceEnd(part.to)
			}
			next++
		}
	}
	if _, ok := sc.scan(); !ok {
		for i := range out {
			out[i] = span{int(s.start), s.end()}
		}
		return out
	}
	for i, part := range parts {
		o := &out[i]
		if o.from < 0 { // at the very end of the text
			o.from = last
		}
		if part.from == part.to {
			o.to = o.from
		}
		// The line break that ends a block scalar is none of its span.
		o.to = min(o.to, s.end())
		o.from = min(o.from, o.to)
	}
	return out
}

// NodeSpan is the span of a part of the rule's expression: of a node, or of a
// parse error.
func (r *Rule) NodeSpan(pos posrange.PositionRange) Span {
	return r.ExprField.Value.Sub(int(pos.Start), int(pos.End))
}

func overlay(lower, upper Mapping) []Field {
	out := make([]Field, 0, len(lower)+len(upper))
	for _, f := range lower {
		if _, ok := upper.Get(f.Key.Text()); !ok {
			out = append(out, f)
		}
	}
	out = append(out, upper...)
	slices.SortStableFunc(out, func(a, b Field) int { return strings.Compare(a.Key.Text(), b.Key.Text()) })
	return out
}
