package rules

import "strings"

// A piece says where some decoded bytes come from.
type piece struct {
	at, n    int // decoded bytes at..at+n
	from, to int // source bytes from..to
}

// Pieces as long in the source as they are decoded are copied byte by byte;
// others (escapes, folds) are one thing.
func (p piece) linear() bool { return p.to-p.from == p.n }

func (p piece) source(at int) int {
	if p.linear() {
		return p.from + at - p.at
	}
	return p.from
}

func (p piece) sourceEnd(end int) int {
	if p.linear() {
		return p.from + end - p.at
	}
	return p.to
}

// A scanner reads one YAML scalar again, knowing what the YAML parser made of
// it. The text makes the scan free of context: it tells where a plain scalar
// ends and how deep a block scalar is indented. Any disagreement with the text
// ends the scan with ok = false.
type scanner struct {
	src  []byte
	text string
	pos  int
	done int         // bytes of text accounted for
	emit func(piece) // nil when only the extent is wanted

	breaks []span // line breaks kept back by a fold
}

type span struct{ from, to int }

// scan returns the offset at which the scalar ends.
func (s *scanner) scan() (end int, ok bool) {
	if s.pos >= len(s.src) {
		return s.pos, s.text == ""
	}
	switch s.src[s.pos] {
	case '\'':
		return s.single()
	case '"':
		return s.double()
	case '|', '>':
		return s.block()
	}
	return s.plain()
}

func isQuote(src []byte, i int) bool {
	return i < len(src) && (src[i] == '\'' || src[i] == '"')
}

// put accounts for decoded bytes, and reports whether the text has them.
func (s *scanner) put(decoded string, from, to int) bool {
	if !strings.HasPrefix(s.text[s.done:], decoded) {
		return false
	}
	if s.emit != nil && decoded != "" {
		s.emit(piece{at: s.done, n: len(decoded), from: from, to: to})
	}
	s.done += len(decoded)
	return true
}

// take accounts for source bytes that stand for themselves.
func (s *scanner) take(from, to int) bool {
	n := to - from
	if len(s.text)-s.done < n || s.text[s.done:s.done+n] != string(s.src[from:to]) {
		return false
	}
	if s.emit != nil && n > 0 {
		s.emit(piece{at: s.done, n: n, from: from, to: to})
	}
	s.done += n
	return true
}

// putBreak accounts for a line break: every break but LS and PS is decoded to \n.
func (s *scanner) putBreak(b span) bool {
	if b.to-b.from == 3 {
		return s.take(b.from, b.to)
	}
	return s.put("\n", b.from, b.to)
}

func (s *scanner) putBreaks() bool {
	for _, b := range s.breaks {
		if !s.putBreak(b) {
			return false
		}
	}
	s.breaks = s.breaks[:0]
	return true
}

// fold accounts for the first line break of a run and those after it, in
// s.breaks: a single one becomes a space, the first of several vanishes. LS and
// PS are never folded.
func (s *scanner) fold(first span) bool {
	if first.to-first.from == 3 {
		return s.putBreak(first) && s.putBreaks()
	}
	if len(s.breaks) == 0 {
		return s.put(" ", first.from, first.to)
	}
	return s.putBreaks()
}
