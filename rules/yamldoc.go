package rules

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Bounds on what is read; what goes over them is refused, since no rule file
// written by people or their generators comes near.
const (
	MaxFileSize   = 64 << 20  // bytes
	MaxScalarSize = 1 << 20   // bytes, decoded
	MaxExprSize   = 128 << 10 // bytes, decoded
	MaxExprDepth  = 200       // nested parentheses, brackets and braces
	MaxExprParts  = 10_000    // operators and ranges; parsing them takes quadratic time
	MaxYAMLDepth  = 100       // nested mappings and sequences

	// maxYAMLMarks bounds the memory that the YAML parser takes, around 200
	// bytes for each of the characters that can start a node.
	maxYAMLMarks = 4 << 20

	// Nodes that may be visited through aliases: as many times those of the
	// file, and in all. The YAML package's own limits for decoding are about these.
	maxAliasRatio = 100
	maxAliasNodes = 200_000
)

// decode reads every YAML document of the source. The error is that of the
// first document which could not be read.
func decode(src []byte) (docs []*yaml.Node, err error) {
	// The YAML package has panicked on hostile input before.
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the YAML parser gave up: %v", r)
		}
	}()
	dec := yaml.NewDecoder(bytes.NewReader(src))
	for {
		doc := new(yaml.Node)
		switch err := dec.Decode(doc); {
		case errors.Is(err, io.EOF):
			return docs, nil
		case err != nil:
			return docs, err
		}
		docs = append(docs, doc)
	}
}

// A layout replaces the lines and columns of a document's nodes by byte
// offsets: Line becomes the start of a node and Column its end. (A mapping or
// sequence ends with its last value.) On its way it collects the comments.
type layout struct {
	file    *File
	loc     *locator
	cursor  int // up to here comments have been looked for
	nodes   int
	misread int // scalars that the scanner reads otherwise than the YAML parser
}

type refusal struct {
	offset  int
	message string
}

func (l *layout) place(n *yaml.Node, depth int) *refusal {
	l.nodes++
	start := l.loc.at(n.Line, n.Column)
	if depth > MaxYAMLDepth {
		return &refusal{start, fmt.Sprintf("nested deeper than %d levels", MaxYAMLDepth)}
	}
	switch n.Kind {
	case yaml.ScalarNode:
		refused := l.scalar(n, start)
		l.anchor(n)
		return refused
	case yaml.AliasNode:
		n.Line, n.Column = start, min(start+1+len(n.Value), len(l.file.view))
		return nil
	}
	end := start
	for i, c := range n.Content {
		if r := l.place(c, depth+1); r != nil {
			return r
		}
		if i == 0 && n.Kind == yaml.MappingNode {
			start = c.Line
		}
		end = c.Column
	}
	if n.Kind == yaml.SequenceNode && n.Style&yaml.FlowStyle != 0 {
		end = closing(l.file.view, end)
	}
	n.Line, n.Column = start, max(start, end)
	l.anchor(n)
	return nil
}

// maxAnchors is how many are kept in mind for Shared; in a file with more
// everything counts as shared.
const maxAnchors = 10_000

func (l *layout) anchor(n *yaml.Node) {
	if n.Anchor != "" && len(l.file.anchored) <= maxAnchors {
		l.file.anchored = append(l.file.anchored, span{n.Line, n.Column})
	}
}

// closing finds the end of a flow sequence after that of its last value, or
// after its opening bracket where it has none.
func closing(src []byte, i int) int {
	end := i
	for i < len(src) {
		switch src[i] {
		case ',', '}', '[':
			i++
		case ']':
			return i + 1
		default:
			next := skipSpace(src, i)
			if next == i {
				return end
			}
			i = next
		}
	}
	return end
}

func (l *layout) scalar(n *yaml.Node, start int) *refusal {
	src := l.file.view
	quoted := n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0
	start = skipProperties(src, start, n.Value != "" || quoted)
	if len(n.Value) > MaxScalarSize {
		return &refusal{start, fmt.Sprintf("a value of %d bytes; at most %d are read", len(n.Value), MaxScalarSize)}
	}
	end := start
	if n.Value != "" || quoted {
		sc := scanner{src: src, text: n.Value, pos: start}
		var ok bool
		if end, ok = sc.scan(); !ok {
			l.misread++
			end = max(start, lineEnd(src, start))
		}
	}
	l.comments(start)
	if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		l.cursor = start + 1
		l.comments(min(headerEnd(src, start), len(src)))
	}
	l.cursor = max(l.cursor, end)
	n.Line, n.Column = start, end
	return nil
}

// skipProperties finds the scalar that stands after an anchor and a tag.
func skipProperties(src []byte, i int, more bool) int {
	end := i
	for i < len(src) && (src[i] == '&' || src[i] == '!') {
		if src[i] == '&' {
			for i++; i < len(src) && isAnchor(src[i]); i++ {
			}
		} else {
			i = word(src, i, len(src), ' ', ' ')
		}
		end = i
		i = skipSpace(src, i)
	}
	if more {
		return i
	}
	return end // an empty scalar stands right after its properties
}

func isAnchor(c byte) bool {
	return c == '-' || c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// skipSpace goes over white space, line breaks and comments.
func skipSpace(src []byte, i int) int {
	for i < len(src) {
		switch w := breakWidth(src, i); {
		case w > 0:
			i += w
		case isBlank(src[i]):
			i++
		case src[i] == '#':
			i = lineEnd(src, i)
		default:
			return i
		}
	}
	return i
}

// comments collects those between the cursor and a scalar: there every '#'
// starts one.
func (l *layout) comments(upTo int) {
	src := l.file.view
	for i := l.cursor; i < upTo; i++ {
		if src[i] != '#' {
			continue
		}
		end := lineEnd(src, i)
		l.file.addComment(i, end, l.file.text[i+1:end])
		i = end
	}
	l.cursor = max(l.cursor, upTo)
}

func (f *File) addComment(start, end int, text string) {
	c := Comment{Span: f.span(start, end), Text: strings.TrimSpace(text)}
	before := f.Source[start-c.Span.Start.Column+1 : start]
	c.Own = len(bytes.TrimLeft(before, " \t")) == 0
	f.Comments = append(f.Comments, c)
}
