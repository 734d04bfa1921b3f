package rules

import (
	"bytes"
	"unicode/utf8"
)

const bom = "\xef\xbb\xbf"

// lineStarts are the offsets at which lines start, as editors count them. The
// first line starts after a byte order mark.
func lineStarts(src []byte) []int32 {
	first := 0
	if bytes.HasPrefix(src, []byte(bom)) {
		first = len(bom)
	}
	starts := make([]int32, 1, 1+bytes.Count(src, []byte{'\n'})+bytes.Count(src, []byte{'\r'}))
	starts[0] = int32(first)
	for i := first; i < len(src); i++ {
		switch src[i] {
		case '\r':
			if i+1 < len(src) && src[i+1] == '\n' {
				i++
			}
			starts = append(starts, int32(i+1))
		case '\n':
			starts = append(starts, int32(i+1))
		}
	}
	return starts
}

// breakWidth is the length of the YAML 1.1 line break at src[i], 0 where there
// is none. Besides those of editors these are NEL, LS and PS.
func breakWidth(src []byte, i int) int {
	if i >= len(src) {
		return 0
	}
	switch src[i] {
	case '\n':
		return 1
	case '\r':
		if i+1 < len(src) && src[i+1] == '\n' {
			return 2
		}
		return 1
	case 0xC2: // NEL
		if i+1 < len(src) && src[i+1] == 0x85 {
			return 2
		}
	case 0xE2: // LS, PS
		if i+2 < len(src) && src[i+1] == 0x80 && (src[i+2] == 0xA8 || src[i+2] == 0xA9) {
			return 3
		}
	}
	return 0
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

// A locator turns the line and column of a YAML node, which count YAML's own
// line breaks and runes, into a byte offset. Places asked for in the order of
// the text cost linear time in all.
type locator struct {
	src    []byte
	base   int // offset of src in the file
	starts []int32
	ascii  bool

	line, column, offset int // the last place asked for
}

func newLocator(src []byte, base int, lines []int32) *locator {
	l := &locator{src: src, base: base, starts: lines, ascii: true}
	for _, c := range src {
		if c >= utf8.RuneSelf {
			l.ascii = false
			break
		}
	}
	if !l.ascii && (bytes.Contains(src, []byte("\u0085")) || bytes.Contains(src, []byte("\u2028")) || bytes.Contains(src, []byte("\u2029"))) {
		l.starts = yamlLineStarts(src)
	}
	return l
}

func yamlLineStarts(src []byte) []int32 {
	var starts []int32
	if bytes.HasPrefix(src, []byte(bom)) {
		starts = append(starts, int32(len(bom)))
	} else {
		starts = append(starts, 0)
	}
	for i := int(starts[0]); i < len(src); {
		if w := breakWidth(src, i); w > 0 {
			i += w
			starts = append(starts, int32(i))
			continue
		}
		i++
	}
	return starts
}

func (l *locator) at(line, column int) int {
	if line < 1 || line > len(l.starts) {
		return l.base + len(l.src)
	}
	start := int(l.starts[line-1])
	if l.ascii {
		return l.base + min(start+column-1, len(l.src))
	}
	if l.line != line || l.column > column {
		l.line, l.column, l.offset = line, 1, start
	}
	for l.column < column && l.offset < len(l.src) {
		_, w := utf8.DecodeRune(l.src[l.offset:])
		l.offset += w
		l.column++
	}
	return l.base + l.offset
}
