package tmpl

import (
	"strings"
	"sync"
)

// functionNames are those that Prometheus adds to the ones of text/template.
// The package that defines them brings the query engine and its storage with
// it, so they are named here, and a test compares them with it.
const functionNames = `
args externalURL first graphLink humanize humanize1024 humanizeDuration
humanizePercentage humanizeTimestamp label match now parseDuration pathPrefix
query reReplaceAll safeHtml sortByLabel stripDomain stripPort strvalue
tableLink title toDuration toLower toTime toUpper urlQueryEscape value
`

// builtinNames are those of text/template, which keeps them to itself and
// takes as long to be set up as to parse.
const builtinNames = `
and call html index slice js len not or print printf println urlquery
eq ge gt le lt ne
`

// functions maps every name to something; none is ever called.
var functions = sync.OnceValue(func() map[string]any {
	m := map[string]any{}
	for name := range strings.FieldsSeq(functionNames + builtinNames) {
		m[name] = struct{}{}
	}
	return m
})
