package rules

import (
	"sort"

	"github.com/prometheus/prometheus/promql/parser/posrange"
)

// A Scalar is a YAML scalar: its decoded text, and the way back from any part
// of that text to the bytes of the file.
type Scalar struct {
	Text string // decoded, as Prometheus reads it

	file  *File
	start int32 // byte offset of the scalar's first byte (a quote, the block indicator, or the text)
	end   int32 // byte offset after its last byte, see scanner
}

// Span is the extent of the whole scalar in its file, quotes and block
// indicator included. That of a block scalar ends before its last line break.
func (s Scalar) Span() Span {
	if s.file == nil {
		return Span{}
	}
	return s.file.span(int(s.start), int(s.end))
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
	start = max(0, min(start, len(s.Text)))
	end = max(start, min(end, len(s.Text)))
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
	text := s.Text
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
			out[i] = span{int(s.start), int(s.end)}
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
		o.to = min(o.to, int(s.end))
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
		if _, ok := upper.Get(f.Key.Text); !ok {
			out = append(out, f)
		}
	}
	out = append(out, upper...)
	sort.SliceStable(out, func(i, j int) bool { return out[i].Key.Text < out[j].Key.Text })
	return out
}
