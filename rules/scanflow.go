package rules

import (
	"strconv"
	"unicode/utf8"
)

// word is the end of the run of bytes from i, at most to limit, that are
// neither blank nor break, nor one of the two that stop it.
func word(src []byte, i, limit int, stop1, stop2 byte) int {
	for ; i < limit; i++ {
		switch c := src[i]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == stop1 || c == stop2:
			return i
		case c == 0xC2 || c == 0xE2:
			if breakWidth(src, i) > 0 {
				return i
			}
		}
	}
	return i
}

// gap reads the white space between two words of a plain or quoted scalar. The
// blanks before a line break, and all those after one, are dropped. escaped
// says that an escaped line break went before.
func (s *scanner) gap(escaped bool) bool {
	start := s.pos
	var first span
	folding := escaped
	s.breaks = s.breaks[:0]
	for s.pos < len(s.src) {
		if isBlank(s.src[s.pos]) {
			s.pos++
			continue
		}
		w := breakWidth(s.src, s.pos)
		if w == 0 {
			break
		}
		b := span{s.pos, s.pos + w}
		if folding {
			s.breaks = append(s.breaks, b)
		} else {
			first, folding = b, true
		}
		s.pos += w
	}
	switch {
	case !folding:
		return s.take(start, s.pos)
	case escaped:
		return s.putBreaks()
	}
	return s.fold(first)
}

func (s *scanner) plain() (int, bool) {
	end := s.pos
	for s.done < len(s.text) {
		if s.done > 0 && (!s.gap(false) || s.done >= len(s.text)) {
			return end, false
		}
		// What follows the text (a comma, a colon) is not part of it.
		limit := min(len(s.src), s.pos+len(s.text)-s.done)
		stop := word(s.src, s.pos, limit, ' ', ' ')
		if stop == s.pos || !s.take(s.pos, stop) {
			return end, false
		}
		s.pos, end = stop, stop
	}
	return end, true
}

func (s *scanner) single() (int, bool) {
	s.pos++
	for s.pos < len(s.src) {
		start := s.pos
		s.pos = word(s.src, start, len(s.src), '\'', '\'')
		if !s.take(start, s.pos) || s.pos >= len(s.src) {
			break
		}
		switch {
		case s.src[s.pos] != '\'':
			if !s.gap(false) {
				return 0, false
			}
		case s.pos+1 < len(s.src) && s.src[s.pos+1] == '\'':
			if !s.put("'", s.pos, s.pos+2) {
				return 0, false
			}
			s.pos += 2
		default:
			return s.pos + 1, s.done == len(s.text)
		}
	}
	return 0, false
}

func (s *scanner) double() (int, bool) {
	s.pos++
	for s.pos < len(s.src) {
		start := s.pos
		s.pos = word(s.src, start, len(s.src), '"', '\\')
		if !s.take(start, s.pos) || s.pos >= len(s.src) {
			break
		}
		ok := true
		switch c := s.src[s.pos]; {
		case c == '"':
			return s.pos + 1, s.done == len(s.text)
		case c != '\\':
			ok = s.gap(false)
		case breakWidth(s.src, s.pos+1) > 0:
			s.pos += 1 + breakWidth(s.src, s.pos+1)
			ok = s.gap(true)
		default:
			ok = s.escape()
		}
		if !ok {
			break
		}
	}
	return 0, false
}

// escapes are those of YAML 1.1 which stand for one character each.
var escapes = [256]string{
	'0': "\x00", 'a': "\a", 'b': "\b", 't': "\t", '\t': "\t", 'n': "\n", 'v': "\v", 'f': "\f",
	'r': "\r", 'e': "\x1b", ' ': " ", '"': `"`, '\'': "'", '\\': `\`,
	'N': "\u0085", '_': "\u00a0", 'L': "\u2028", 'P': "\u2029",
}

func (s *scanner) escape() bool {
	if s.pos+1 >= len(s.src) {
		return false
	}
	digits := 0
	switch c := s.src[s.pos+1]; c {
	case 'x':
		digits = 2
	case 'u':
		digits = 4
	case 'U':
		digits = 8
	default:
		if escapes[c] == "" || !s.put(escapes[c], s.pos, s.pos+2) {
			return false
		}
		s.pos += 2
		return true
	}
	end := s.pos + 2 + digits
	if end > len(s.src) {
		return false
	}
	code, err := strconv.ParseUint(string(s.src[s.pos+2:end]), 16, 32)
	if err != nil || code > utf8.MaxRune {
		return false
	}
	if !s.put(string(rune(code)), s.pos, end) {
		return false
	}
	s.pos = end
	return true
}
