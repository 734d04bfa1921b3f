package rules

import (
	"bytes"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// describeDocument names what a document is, for one that holds no rules.
func describeDocument(n *yaml.Node) string {
	kind, version := scalarAt(n, "kind"), scalarAt(n, "apiVersion")
	switch {
	case kind != "" && version != "":
		return fmt.Sprintf("a %s (%s), which holds no rules", shorten(kind), shorten(version))
	case kind != "":
		return fmt.Sprintf("a %s, which holds no rules", shorten(kind))
	case version == "1" && get(n, "groups") != nil:
		return "alert rules of Grafana's own, which are not Prometheus's"
	case n.Kind == yaml.MappingNode && len(n.Content) > 0:
		return fmt.Sprintf("a document that starts with %s: and holds no groups of rules", shorten(n.Content[0].Value))
	}
	return "a document without groups of rules"
}

// passOverText says by the text alone what a file is that holds no rules.
func (f *File) passOverText(src []byte) {
	at, what := 0, "an empty file"
	for start := 0; start < len(src); {
		end := start + bytes.IndexByte(src[start:], '\n')
		if end < start {
			end = len(src)
		}
		line := string(bytes.TrimRight(src[start:end], "\r \t"))
		key, value, ok := strings.Cut(line, ":")
		switch {
		case line == "" || line[0] == '#' || line[0] == '%' || strings.HasPrefix(line, "---") || strings.HasPrefix(line, bom):
		case ok && key == "kind":
			at, what = start, fmt.Sprintf("a %s, which holds no rules", shorten(strings.TrimSpace(value)))
			start = len(src)
			continue
		case what == "an empty file" && ok && isKey(key):
			at, what = start, fmt.Sprintf("a document that starts with %s: and holds no groups of rules", shorten(key))
		case what == "an empty file":
			at, what = start, "a document without groups of rules"
		}
		start = end + 1
	}
	line := bytes.Count(src[:at], []byte{'\n'}) + 1
	p := Position{Offset: at, Line: line, Column: 1}
	f.Passed = append(f.Passed, Problem{Kind: PassedOver, Message: what, Span: Span{Start: p, End: p}})
}

func isKey(s string) bool {
	return s != "" && strings.IndexFunc(s, func(c rune) bool {
		return !(c == '_' || c == '-' || c == '.' || c == '/' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z')
	}) < 0
}
