package page

import (
	"embed"
	"html/template"
	"io/fs"
	"regexp"
	"strings"
)

// The page's own scripts and style are embedded as they are. Charts are drawn by
// a library, which "make assets" bundles into built/charts.js; that file is not
// part of the repository, and without it the page shows tables in their place.

//go:embed ui/page.html ui/style.css ui/app
var own embed.FS

//go:embed built
var built embed.FS

// modules are the page's own scripts, each after those that it imports.
var modules = []string{"dom", "data", "words", "figure", "source", "timeline", "panel", "filter", "table", "theme", "main"}

var (
	layout = template.Must(template.New("page.html").Funcs(functions).Parse(text(own, "ui/page.html")))
	style  = text(own, "ui/style.css")
	app    = link()
)

// charts is the bundle that draws charts, "" where none was built in.
func charts() string {
	b, err := fs.ReadFile(built, "built/charts.js")
	if err != nil {
		return ""
	}
	return string(b)
}

// HasCharts reports whether pages have charts, or tables in their place.
func HasCharts() bool { return charts() != "" }

func text(from fs.FS, name string) string {
	b, err := fs.ReadFile(from, name)
	if err != nil {
		panic(err) // it is embedded
	}
	return string(b)
}

var (
	importLine = regexp.MustCompile(`(?m)^import .*\n`)
	exporting  = regexp.MustCompile(`(?m)^export `)
)

// link makes one script of the modules, which in one file cannot import each
// other: all of their names are in one scope, which a test sees to that they
// can be.
func link() string {
	var b strings.Builder
	b.WriteString("\"use strict\";\n(() => {\n")
	for _, name := range modules {
		src := text(own, "ui/app/"+name+".js")
		b.WriteString(exporting.ReplaceAllString(importLine.ReplaceAllString(src, ""), ""))
	}
	b.WriteString("})();\n")
	return b.String()
}
