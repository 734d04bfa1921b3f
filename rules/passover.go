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
		return fmt.Sprintf("%s (%s), in which no rules were found", article(shorten(kind)), shorten(version))
	case kind != "":
		return article(shorten(kind)) + ", in which no rules were found"
	case isGrafana(get(n, "groups")):
		return "alert rules of Grafana's own, which are not Prometheus's"
	case n.Kind == yaml.MappingNode && len(n.Content) > 0:
		return fmt.Sprintf("a document that starts with %s:, in which no rules were found", shorten(n.Content[0].Value))
	}
	return "a document without groups of rules"
}

// isGrafana recognises groups of Grafana's own alert rules, which name the data
// that they query.
func isGrafana(groups *yaml.Node) bool {
	if groups == nil || groups.Kind != yaml.SequenceNode {
		return false
	}
	for _, g := range groups.Content {
		if g = resolved(g); get(g, "orgId") != nil || get(g, "folder") != nil {
			return true
		}
	}
	return false
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
		case strings.HasPrefix(line, "ALERT ") && strings.Contains(string(src), " IF "):
			at, what = start, "rules in the notation of Prometheus 1, which Prometheus reads no more"
			start = len(src)
			continue
		case line == "" || line[0] == '#' || line[0] == '%' || strings.HasPrefix(line, "---") || strings.HasPrefix(line, bom):
		case ok && key == "kind":
			at, what = start, article(shorten(strings.TrimSpace(value)))+", in which no rules were found"
			start = len(src)
			continue
		case what == "an empty file" && ok && isKey(key):
			at, what = start, fmt.Sprintf("a document that starts with %s:, in which no rules were found", shorten(key))
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

// passOverTemplate says of a template with no rules of its own which action
// writes them.
func (f *File) passOverTemplate() {
	p := Problem{Kind: PassedOver, Message: "a template without rules of its own", Span: f.span(0, 0)}
	for _, a := range f.mask.actions {
		if a.own && a.kind == writesValue {
			p.Message = "its rules are written by a template action"
			p.Span = f.span(a.from, min(a.to, lineEnd(f.Source, a.from)))
		}
	}
	f.Passed = append(f.Passed, p)
}

// article puts a or an before a word.
func article(word string) string {
	if word != "" && strings.ContainsRune("AEIOUaeiou", rune(word[0])) || strings.HasPrefix(word, "SLO") {
		return "an " + word
	}
	return "a " + word
}
