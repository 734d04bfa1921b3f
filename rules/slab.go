package rules

import "unsafe"

// A slab is where the parts of one file are made, many at a time: what the
// garbage collector has to look after then is a few large things rather than
// many small ones.
type slab struct {
	size   int // of the file, in bytes, by which the slab reckons
	rules  []Rule
	fields []Field
	text   []byte
}

// expect makes room for more rules, and labels and annotations.
func (s *slab) expect(rules, fields int) {
	s.rules = make([]Rule, 0, min(rules, s.size/8+1))
	s.fields = make([]Field, 0, min(fields, s.size/2))
}

func (s *slab) rule() *Rule {
	if len(s.rules) == cap(s.rules) {
		s.rules = make([]Rule, 0, 4)
	}
	s.rules = s.rules[:len(s.rules)+1]
	return &s.rules[len(s.rules)-1]
}

// mapping makes an empty one with room for n fields.
func (s *slab) mapping(n int) Mapping {
	at := len(s.fields)
	if cap(s.fields)-at < n {
		s.fields, at = make([]Field, 0, max(n, 8)), 0
	}
	s.fields = s.fields[:at+n]
	return Mapping(s.fields[at : at : at+n])
}

// keep returns a text that stands by itself in memory among the others.
func (s *slab) keep(text string) string {
	chunk := min(s.size/8, 1<<10)
	if len(text) == 0 || len(text) > chunk/4 {
		return text
	}
	if cap(s.text)-len(s.text) < len(text) {
		s.text = make([]byte, 0, chunk)
	}
	at := len(s.text)
	s.text = append(s.text, text...)
	return unsafe.String(&s.text[at], len(text))
}
