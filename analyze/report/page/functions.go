package page

import (
	"html/template"
	"strings"
)

var functions = template.FuncMap{"capital": capital, "parts": parts}

// capital begins with a capital letter.
func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// A part of a text is code where it stood in backticks.
type part struct {
	Text string
	Code bool
}

func parts(s string) (out []part) {
	split := strings.Split(s, "`")
	for i, t := range split {
		code := i%2 == 1 && i < len(split)-1
		if i%2 == 1 && !code {
			t = "`" + t // nothing ends it
		}
		if t != "" {
			out = append(out, part{t, code})
		}
	}
	return out
}
