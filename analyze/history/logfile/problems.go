package logfile

import (
	"errors"
	"fmt"
	"strings"
)

// shown is how many lines of a file are named for what is wrong with them; the
// others are counted.
const shown = 3

// Problems are what could not be read of a number of files. The zero value is
// ready for use.
type Problems struct {
	order []string
	files map[string]*problems
}

type problems struct {
	texts []string
	more  int
}

// Add notes what is wrong with a line, 0 where it is not known.
func (l *Problems) Add(path string, line int, err error) {
	f := l.files[path]
	if f == nil {
		if l.files == nil {
			l.files = map[string]*problems{}
		}
		f = &problems{}
		l.files[path] = f
		l.order = append(l.order, path)
	}
	if len(f.texts) == shown {
		f.more++
		return
	}
	at := path
	if line > 0 {
		at = fmt.Sprintf("%s:%d", path, line)
	}
	f.texts = append(f.texts, fmt.Sprintf("%s: %s; it was left out", at, shorten(err.Error())))
}

// Any reports whether anything is wrong with a file.
func (l *Problems) Any(path string) bool { return l.files[path] != nil }

// Warnings say what was left out, file by file.
func (l *Problems) Warnings() []string {
	var out []string
	for _, path := range l.order {
		f := l.files[path]
		out = append(out, f.texts...)
		switch {
		case f.more == 1:
			out = append(out, fmt.Sprintf("%s: one more was left out", path))
		case f.more > 1:
			out = append(out, fmt.Sprintf("%s: %d more were left out", path, f.more))
		}
	}
	return out
}

// First is the first thing that is wrong with a file, nil where nothing is.
func (l *Problems) First(path string) error {
	if f := l.files[path]; f != nil {
		return errors.New(f.texts[0])
	}
	return nil
}

const textMost = 300

// shorten bounds what is quoted of a file.
func shorten(s string) string {
	if len(s) > textMost {
		s = strings.ToValidUTF8(s[:textMost], "") + "…"
	}
	return s
}
