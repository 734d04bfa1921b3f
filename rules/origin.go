package rules

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
)

// An Origin says what a generated file was made from, where a change belongs.
type Origin struct {
	By   string // the generator: "Sloth", "hack/build.sh"; "" where it is not named
	From string // what it was made from, as far as the file says
	Span Span   // where the file says so
}

// generated starts a comment line that says so of its file, not of something else.
const generated = `(?i)^[ \t#/*]*(?:(?:this )?(?:file|code) (?:(?:is|was|has been) )?)?(?:auto(?:matically)?[- ]?)?generated\b`

var (
	isGenerated   = regexp.MustCompile(generated)
	generatedBy   = regexp.MustCompile(generated + ` (?:automatically )?(?:by|with|using) +([^\s,;:()]+)`)
	generatedFrom = regexp.MustCompile(generated + ` (?:automatically )?from +('[^']+' group from \S+|\S+)`)
	pyrraOwner    = regexp.MustCompile(`(?m)^[ -]*kind:[ ]*ServiceLevelObjective[ ]*$|^[ ]*pyrra\.dev/`)
)

// maxHeader is how much of a file may stand before its groups, in bytes, and
// still be looked through for where it comes from.
const maxHeader = 8 << 10

// findOrigin looks for who made the file, in the comments and metadata before
// its groups.
func (f *File) findOrigin() {
	head := f.Source[:min(len(f.Source), maxHeader)]
	if i := bytes.Index(head, []byte("groups:")); i >= 0 {
		head = head[:i]
	}
	if !bytes.Contains(head, []byte("enerated")) &&
		!bytes.Contains(head, []byte("ServiceLevelObjective")) && !bytes.Contains(head, []byte("pyrra")) {
		return
	}
	for at := int(f.lines[0]); at < len(head); at = headerEnd(head, at) {
		line := head[at:lineEnd(head, at)]
		span := f.span(at, at+len(bytes.TrimRight(line, " \t")))
		switch {
		case pyrraOwner.Match(line):
			f.Origin = &Origin{By: "Pyrra", Span: span}
			return
		case !f.inComment(at, line):
		case generatedFrom.Match(line):
			f.Origin = &Origin{From: strings.TrimRight(string(generatedFrom.FindSubmatch(line)[1]), ".,;"), Span: span}
			return
		case generatedBy.Match(line):
			f.Origin = &Origin{By: strings.TrimRight(string(generatedBy.FindSubmatch(line)[1]), ".,;"), Span: span}
			return
		case isGenerated.Match(line):
			f.Origin = &Origin{Span: span}
			return
		}
	}
}

// inComment reports whether a line is a comment of YAML or of a template.
func (f *File) inComment(at int, line []byte) bool {
	if text := bytes.TrimLeft(line, " \t"); len(text) > 0 && text[0] == '#' {
		return true
	}
	if f.mask == nil {
		return false
	}
	for _, a := range f.mask.actions {
		if a.from > at+len(line) {
			break
		}
		if a.kind != writesValue && a.to > at && bytes.Contains(f.Source[a.from:a.to], []byte("/*")) {
			return true
		}
	}
	return false
}

// Source says where a change of the rule belongs, "" where that is the rule
// itself.
func (r *Rule) Source() string {
	o := r.File().Origin
	if o == nil {
		return ""
	}
	label := func(name string) string {
		if f, ok := r.Label(name); ok {
			return f.Value.Text()
		}
		// Generated alerts select their SLO by its labels.
		_, after, _ := strings.Cut(r.ExprField.Value.Text(), name+`="`)
		value, _, _ := strings.Cut(after, `"`)
		return value
	}
	switch slo, service := label("sloth_slo"), label("sloth_service"); {
	case o.By == "Sloth" && slo != "" && service != "":
		return fmt.Sprintf("the SLO %s of the service %s, from which Sloth generates this file", shorten(slo), shorten(service))
	case o.By == "Pyrra" && label("slo") != "":
		return fmt.Sprintf("the ServiceLevelObjective %s, from which Pyrra generates this file", shorten(label("slo")))
	}
	return o.String()
}

// String says where a change of the file belongs.
func (o *Origin) String() string {
	switch {
	case o.From != "":
		return fmt.Sprintf("%s, from which this file is generated (line %d)", o.From, o.Span.Start.Line)
	case o.By != "":
		return fmt.Sprintf("what %s generates this file from (line %d)", o.By, o.Span.Start.Line)
	}
	return fmt.Sprintf("what this file is generated from (line %d)", o.Span.Start.Line)
}
