package rules

import "strings"

// block reads a literal or folded scalar. Its end is that of its last line
// which adds to the text, before the line break.
func (s *scanner) block() (int, bool) {
	folded := s.src[s.pos] == '>'
	s.pos++
	chomp := byte(0)
	for s.pos < len(s.src) && (s.src[s.pos] == '+' || s.src[s.pos] == '-' || s.src[s.pos] >= '1' && s.src[s.pos] <= '9') {
		if c := s.src[s.pos]; c == '+' || c == '-' {
			chomp = c
		}
		s.pos++
	}
	end := s.pos
	s.pos = headerEnd(s.src, s.pos)
	indent, ok := s.blockIndent()
	if !ok {
		return end, false
	}

	var first span // the break that ended the last line
	afterBlank := false
	s.breaks = s.breaks[:0]
	content := s.blockLineStart(indent)
	for content {
		blank := isBlank(s.src[s.pos])
		switch {
		case first.to == 0:
			ok = s.putBreaks()
		case folded && !afterBlank && !blank:
			ok = s.fold(first)
		default:
			ok = s.putBreak(first) && s.putBreaks()
		}
		afterBlank = blank
		stop := lineEnd(s.src, s.pos)
		if !ok || !s.take(s.pos, stop) {
			return end, false
		}
		s.pos, end = stop, stop
		if w := breakWidth(s.src, s.pos); w > 0 {
			first = span{s.pos, s.pos + w}
			s.pos += w
		} else {
			first = span{}
		}
		content = s.done < len(s.text) && s.blockLineStart(indent)
	}
	if s.done == len(s.text) {
		return end, true
	}
	if chomp != '-' && first.to > 0 {
		if !s.putBreak(first) {
			return end, false
		}
		end = first.from
	}
	if chomp == '+' {
		for _, b := range s.breaks {
			if !s.putBreak(b) {
				return end, false
			}
			end = b.from
		}
	}
	return end, s.done == len(s.text)
}

// blockLineStart eats the breaks and indentations up to the next line of
// content, keeping the breaks in s.breaks. It is false where none follows.
func (s *scanner) blockLineStart(indent int) bool {
	for {
		column := 0
		for s.pos < len(s.src) && s.src[s.pos] == ' ' && (indent == 0 || column < indent) {
			s.pos++
			column++
		}
		w := breakWidth(s.src, s.pos)
		if w == 0 {
			return indent > 0 && column == indent && s.pos < len(s.src)
		}
		s.breaks = append(s.breaks, span{s.pos, s.pos + w})
		s.pos += w
	}
}

// blockIndent finds the indentation from the first line of content: the spaces
// before it in the source less those which the text has. It is 0 where there is
// no content.
func (s *scanner) blockIndent() (indent int, ok bool) {
	text := s.text
	pos := s.pos
	for {
		w := 0
		switch {
		case strings.HasPrefix(text, "\n"):
			w = 1
		case strings.HasPrefix(text, "\u2028"), strings.HasPrefix(text, "\u2029"):
			w = 3
		}
		if w == 0 {
			break
		}
		text = text[w:]
		pos = lineEnd(s.src, pos)
		pos += breakWidth(s.src, pos)
	}
	if text == "" {
		return 0, true
	}
	return spaces(s.src[pos:]) - spaces(text), spaces(s.src[pos:]) > spaces(text)
}

func spaces[T string | []byte](s T) int {
	n := 0
	for n < len(s) && s[n] == ' ' {
		n++
	}
	return n
}

// lineEnd is the offset of the next YAML line break, or the end of the source.
func lineEnd(src []byte, i int) int {
	for i < len(src) && breakWidth(src, i) == 0 {
		i++
	}
	return i
}

// headerEnd is the start of the line after i.
func headerEnd(src []byte, i int) int {
	i = lineEnd(src, i)
	return i + breakWidth(src, i)
}
