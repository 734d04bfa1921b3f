package page

import (
	"html/template"
	"strings"
)

var functions = template.FuncMap{"capital": capital}

// capital begins with a capital letter.
func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
