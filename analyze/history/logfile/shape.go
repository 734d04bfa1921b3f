package logfile

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"strings"
)

const (
	shapeMost  = 1 << 16 // bytes that a shape is taken of
	shapeDepth = 4
	shapeLines = 20
)

// A Shape is what a JSON text is made of, as far as it is there: the paths of
// what it has, such as "data.notification" or "[].type", each with the first
// string found there, or "".
type Shape map[string]string

// Has reports whether all of the paths are there.
func (s Shape) Has(paths ...string) bool {
	for _, p := range paths {
		if _, ok := s[p]; !ok {
			return false
		}
	}
	return true
}

// Shapes are those of the first few lines of a file that begins like this, or
// that of the one text that it is. The beginning may be zipped, and cut off
// anywhere.
func Shapes(first []byte) []Shape {
	if bytes.HasPrefix(first, gzipMagic) {
		z, err := gzip.NewReader(bytes.NewReader(first))
		if err != nil {
			return nil
		}
		first, _ = io.ReadAll(io.LimitReader(z, shapeMost)) // as much as there is
	}
	first = first[:min(len(first), shapeMost)]
	out := []Shape{shapeOf(first)}
	lines := bufio.NewScanner(bytes.NewReader(first))
	lines.Buffer(nil, shapeMost+1)
	for n := 0; n < shapeLines && lines.Scan(); n++ {
		if s := shapeOf(lines.Bytes()); len(s) > 0 {
			out = append(out, s)
		}
	}
	return out
}

// shapeOf is the shape of the first JSON value in a text.
func shapeOf(text []byte) Shape {
	s := Shape{}
	dec := json.NewDecoder(bytes.NewReader(text))
	s.walk(dec, nil)
	return s
}

// walk takes in the next value and reports whether it was there to its end.
func (s Shape) walk(dec *json.Decoder, path []string) bool {
	t, err := dec.Token()
	if err != nil {
		return false
	}
	delim, nested := t.(json.Delim)
	if !nested {
		text, _ := t.(string)
		if at := strings.Join(path, "."); at != "" && s[at] == "" {
			s[at] = text
		}
		return true
	}
	if at := strings.Join(path, "."); at != "" && !s.Has(at) {
		s[at] = ""
	}
	if len(path) >= shapeDepth {
		return skip(dec)
	}
	for dec.More() {
		next := append(path[:len(path):len(path)], "[]")
		if delim == '{' {
			key, err := dec.Token()
			if err != nil {
				return false
			}
			name, _ := key.(string)
			next[len(path)] = name
			if at := strings.Join(next, "."); !s.Has(at) {
				s[at] = ""
			}
		}
		if !s.walk(dec, next) {
			return false
		}
	}
	_, err = dec.Token()
	return err == nil
}

// skip passes over the rest of an object or array that was begun.
func skip(dec *json.Decoder) bool {
	for depth := 1; depth > 0; {
		t, err := dec.Token()
		if err != nil {
			return false
		}
		switch t {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
	}
	return true
}
