package rules

import (
	"bytes"
	"fmt"
	"regexp"
	"unicode/utf8"
)

var (
	groupsLine = regexp.MustCompile(`(?:^|[\r\n])[ \t]*groups:`)
	ruleLine   = regexp.MustCompile(`[\r\n{,][ \t]*(?:-[ \t]+)?\{?[ \t]*(?:alert|record):`)

	// Helm's objects and functions, which Prometheus's own templates don't have.
	helmMark = regexp.MustCompile(`\{\{[^}]*(?:[\s($]\.(?:Values|Release|Chart|Capabilities)\.|\$\.(?:Values|Release|Chart)\.|\binclude ")`)

	// Where a file is not YAML these say why: Helm's way to write a literal {{,
	// a template action at the start of a line of the file, a Jinja statement.
	brokenByTemplate = regexp.MustCompile("\\{\\{-?[ ]*`|(?m:^\\{\\{)|\\{%")
)

// helmMarks are what only Helm's templates have: a literal {{, and actions at
// the very start of a line.
var helmMarks = []string{"{{`", "{{ `", "{{- `", "\n{{"}

const renderFirst = "It looks like a template: render it first, and check the result."

// looksLikeRules judges by the text alone, for files that are not YAML.
func looksLikeRules(src []byte) bool {
	return groupsLine.Match(src) && ruleLine.Match(src)
}

// isTemplate reports whether the file makes rules only once Helm has rendered
// it, even if it happens to be YAML as it stands.
func (f *File) isTemplate() bool {
	if bytes.HasPrefix(f.Source, []byte("{{")) {
		return true
	}
	for _, mark := range helmMarks {
		if bytes.Contains(f.Source, []byte(mark)) {
			return true
		}
	}
	for _, word := range []string{".Values.", ".Release.", ".Chart.", ".Capabilities.", "include"} {
		if bytes.Contains(f.Source, []byte(word)) {
			return helmMark.Match(f.Source)
		}
	}
	return false
}

// checkEncoding refuses what no YAML parser should see, at its place.
func (f *File) checkEncoding() bool {
	src := f.Source
	if bytes.HasPrefix(src, []byte("\xff\xfe")) || bytes.HasPrefix(src, []byte("\xfe\xff")) {
		f.limit(0, "the file is in UTF-16, which Prometheus reads and crywolf does not", "Save it as UTF-8.")
		return false
	}
	marks := 0
	for i := 0; i < len(src); {
		c := src[i]
		if c >= utf8.RuneSelf {
			r, w := utf8.DecodeRune(src[i:])
			switch {
			case r == utf8.RuneError && w == 1:
				f.refuse(i, fmt.Sprintf("byte 0x%02x is not UTF-8", c), "Save the file as UTF-8.")
				return false
			case r < 0xA0 && r != 0x85 || r == 0xFFFE || r == 0xFFFF:
				f.refuse(i, fmt.Sprintf("control character %U is not allowed in YAML", r), "Remove it, or write it as an escape in double quotes.")
				return false
			}
			i += w
			continue
		}
		i++
		switch {
		case c == 0:
			f.refuse(i-1, "a NUL byte: the file is binary, or in UTF-16", "Save it as UTF-8 text.")
			return false
		case c < ' ' && c != '\t' && c != '\n' && c != '\r' || c == 0x7F:
			f.refuse(i-1, fmt.Sprintf("control character %U is not allowed in YAML", c), "Remove it, or write it as an escape in double quotes.")
			return false
		case c == ':' || c == ',' || c == '[' || c == '{' || c == '-' || c == '?':
			marks++
		}
	}
	if marks > maxYAMLMarks {
		f.limit(0, fmt.Sprintf("the file has %d signs that can start a YAML node; at most %d are read", marks, maxYAMLMarks), "Split the file.")
		return false
	}
	return true
}

// otherAction is an action of some template language where YAML and PromQL have
// none: one that is not a selector in too many braces.
var otherAction = regexp.MustCompile(`\{\{-? *['"]?[A-Za-z_.][^{}=]*\}\}|\{%`)

// failsAsTemplate reports whether what is wrong with the file is where it has
// template actions, so that it may have to be rendered first.
func (f *File) failsAsTemplate() bool {
	if !bytes.Contains(f.Source, []byte("{{")) && !bytes.Contains(f.Source, []byte("{%")) {
		return false
	}
	for _, list := range [][]Problem{f.Problems, f.Passed} {
		for _, p := range list {
			switch p.Kind {
			case BadYAML:
				return otherAction.Match(f.Source)
			case BadField, BadValue, BadExpr:
				text := f.Line(p.Span.Start.Line)
				if p.Rule != nil && p.Kind == BadExpr {
					text = []byte(p.Rule.ExprField.Value.Text())
				}
				if otherAction.Match(text) {
					return true
				}
			case PassedOver:
				if p.Rule == nil && p.Detail == "" && bytes.Contains([]byte(p.Message), []byte("not valid YAML")) {
					return otherAction.Match(f.Source)
				}
			}
		}
	}
	return false
}

// parseAsTemplate reads the file once more, with its actions set aside, and
// returns that if it is any better.
func (f *File) parseAsTemplate() *File {
	again := &File{Path: f.Path, Named: f.Named, Source: f.Source, text: f.text, lines: f.lines,
		shared: f.shared, matchers: f.matchers, slab: &slab{size: len(f.Source)}}
	again.parse(true)
	if again.mask != nil && len(again.Problems) <= len(f.Problems) && again.ruleCount() >= f.ruleCount() {
		return again
	}
	return f
}
