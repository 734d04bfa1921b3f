package rules

import (
	"strings"
	"sync"
	"unsafe"

	"go.yaml.in/yaml/v3"
)

// Rule files are for the most part made of a small part of YAML: mappings and
// lists in blocks, and scalars. A quickYAML reads that part into the same
// nodes as the YAML package, less their comments, several times as fast and in
// memory that it uses over and over. It gives up on all else, which the
// package then reads: on anchors, tags, directives, several documents, tabs,
// on what is not ASCII, on empty values, and wherever the text might be no
// YAML. Tests hold the two against each other.
type quickYAML struct {
	src string

	// The line that is read: its number from 1, where it starts, where its first
	// character other than a space stands, and where it ends.
	line          int
	start, at, to int
	end           bool // no line is left

	nodes    chunks[yaml.Node]
	contents chunks[*yaml.Node]
	open     []*yaml.Node // children of what is being read
	buf      []byte
}

var quickReaders = sync.Pool{New: func() any { return new(quickYAML) }}

// maxQuickDepth bounds how deep mappings and lists nest; those of rule files do
// not nest deeper than seven levels.
const maxQuickDepth = 16

// decode reads every document, quickly where it can.
func (q *quickYAML) decode(src []byte) ([]*yaml.Node, error) {
	if doc := q.read(src); doc != nil {
		return []*yaml.Node{doc}, nil
	}
	return decode(src)
}

// read returns the one document of a source, nil where it gives up. Its nodes
// are good until release.
func (q *quickYAML) read(src []byte) *yaml.Node {
	for _, c := range src {
		if c < ' ' && c != '\n' || c >= 0x7F {
			return nil
		}
	}
	q.src = unsafe.String(unsafe.SliceData(src), len(src))
	q.line, q.to, q.end = 0, -1, false
	q.next()
	if !q.end && q.src[q.start:q.to] == "---" {
		q.next()
	}
	if q.end || q.marker() {
		return nil
	}
	root := q.mapping(q.at, q.at-q.start, 1)
	if root == nil || !q.end {
		return nil
	}
	doc := q.nodes.one()
	*doc = yaml.Node{Kind: yaml.DocumentNode, Line: 1, Column: 1, Content: q.contents.some(1)}
	doc.Content[0] = root
	return doc
}

// release takes the nodes back.
func (q *quickYAML) release() {
	q.nodes.clear()
	q.contents.clear()
	clear(q.open[:cap(q.open)])
	q.open, q.src = q.open[:0], ""
	quickReaders.Put(q)
}

// next goes to the next line that is neither blank nor a comment.
func (q *quickYAML) next() {
	for {
		q.nextLine()
		if q.end || q.at < q.to && q.src[q.at] != '#' {
			return
		}
	}
}

func (q *quickYAML) nextLine() {
	if q.to >= len(q.src) {
		q.end = true
		return
	}
	q.line++
	q.start = q.to + 1
	q.to = len(q.src)
	if n := strings.IndexByte(q.src[q.start:], '\n'); n >= 0 {
		q.to = q.start + n
	}
	q.at = q.start
	for q.at < q.to && q.src[q.at] == ' ' {
		q.at++
	}
}

// marker reports whether the line starts with a mark between documents or a
// directive.
func (q *quickYAML) marker() bool {
	text := q.src[q.start:q.to]
	return strings.HasPrefix(text, "---") || strings.HasPrefix(text, "...") || strings.HasPrefix(text, "%")
}

func (q *quickYAML) column() int { return q.at - q.start }

func (q *quickYAML) isItem(at int) bool {
	return q.src[at] == '-' && (at+1 == q.to || q.src[at+1] == ' ')
}

func (q *quickYAML) node(kind yaml.Kind, at int) *yaml.Node {
	n := q.nodes.one()
	n.Kind, n.Line, n.Column = kind, q.line, at-q.start+1
	switch kind {
	case yaml.MappingNode:
		n.Tag = "!!map"
	case yaml.SequenceNode:
		n.Tag = "!!seq"
	}
	return n
}

// close gives a node the children that were opened since.
func (q *quickYAML) close(n *yaml.Node, since int) *yaml.Node {
	n.Content = q.contents.some(len(q.open) - since)
	copy(n.Content, q.open[since:])
	q.open = q.open[:since]
	return n
}

// mapping reads one in a block, whose first key stands at a place of the line
// and all others in the same column. It ends on the line after it.
func (q *quickYAML) mapping(at, column, depth int) *yaml.Node {
	if depth > maxQuickDepth {
		return nil
	}
	n, since := q.node(yaml.MappingNode, at), len(q.open)
	for {
		after := q.key(at)
		if after < 0 || after < q.to && q.src[after] != ' ' {
			return nil
		}
		if after = q.skip(after); after < q.to {
			if !q.value(after, column) {
				return nil
			}
		} else {
			q.next()
			var v *yaml.Node
			switch {
			case q.end || q.marker():
			case q.column() >= column && q.isItem(q.at):
				v = q.sequence(q.column(), depth+1)
			case q.column() > column:
				v = q.mapping(q.at, q.column(), depth+1)
			}
			if v == nil {
				return nil
			}
			q.open = append(q.open, v)
		}
		if q.end || q.column() < column {
			return q.close(n, since)
		}
		if q.column() > column || q.marker() {
			return nil
		}
		at = q.at
		if q.isItem(at) {
			return nil
		}
	}
}

func (q *quickYAML) sequence(column, depth int) *yaml.Node {
	if depth > maxQuickDepth {
		return nil
	}
	n, since := q.node(yaml.SequenceNode, q.at), len(q.open)
	for !q.end && q.column() == column && q.isItem(q.at) && !q.marker() {
		at := q.skip(q.at + 1)
		if at >= q.to || q.isItem(at) {
			return nil
		}
		if end := keyEnd(q.src[at:q.to]); end > 0 && at+end < q.to && q.src[at+end] == ':' && (at+end+1 == q.to || q.src[at+end+1] == ' ') {
			v := q.mapping(at, at-q.start, depth+1)
			if v == nil {
				return nil
			}
			q.open = append(q.open, v)
		} else if !q.value(at, column) {
			return nil
		}
	}
	if !q.end && q.column() > column {
		return nil
	}
	return q.close(n, since)
}

// skip goes over spaces and a comment at the end of the line.
func (q *quickYAML) skip(at int) int {
	from := at
	for at < q.to && q.src[at] == ' ' {
		at++
	}
	if at < q.to && q.src[at] == '#' && at > from {
		return q.to
	}
	return at
}

// key reads one with its colon, and returns where they end; -1 where there is
// none.
func (q *quickYAML) key(at int) int {
	end := keyEnd(q.src[at:q.to])
	if end == 0 || at+end >= q.to || q.src[at+end] != ':' {
		return -1
	}
	q.plainScalar(at, q.src[at:at+end])
	return at + end + 1
}

// keyEnd is the length of the key that a text starts with.
func keyEnd(s string) int {
	const longest = 128
	for i := 0; i < len(s); i++ {
		if c := s[i]; !isNameByte(c) && (i == 0 || c < '-' || c > '9') || i > longest {
			if i > longest {
				return 0
			}
			return i
		}
	}
	return len(s)
}

// isNameByte is of letters and the underscore.
func isNameByte(c byte) bool { return c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z' }

// plainScalar opens a scalar whose type its text tells.
func (q *quickYAML) plainScalar(at int, text string) *yaml.Node {
	n := q.node(yaml.ScalarNode, at)
	n.Value = text
	resolve(n)
	q.open = append(q.open, n)
	return n
}

// resolve gives a plain scalar its tag, as the YAML package does.
func resolve(n *yaml.Node) {
	n.Tag = "!!str"
	first, last := n.Value[0], n.Value[len(n.Value)-1]
	switch {
	case isNameByte(first) && len(n.Value) > len("false"):
	case first >= '0' && first <= '9' && strings.IndexByte("mhwys", last) >= 0: // a duration
	default:
		n.Tag = ""
		n.Tag = n.ShortTag()
	}
}

// A chunks hands out things in order, and takes all of them back at once.
type chunks[T any] struct {
	all  [][]T
	at   int // the chunk that is used
	used int // of it
}

const chunkSize = 512

func (c *chunks[T]) one() *T { return &c.some(1)[0] }

func (c *chunks[T]) some(n int) []T {
	if n > chunkSize {
		return make([]T, n)
	}
	if len(c.all) > 0 && c.used+n > chunkSize {
		c.at, c.used = c.at+1, 0
	}
	if c.at == len(c.all) {
		c.all = append(c.all, make([]T, chunkSize))
	}
	c.used += n
	return c.all[c.at][c.used-n : c.used : c.used]
}

// maxChunks is how many are kept for the next file.
const maxChunks = 64

func (c *chunks[T]) clear() {
	for i, chunk := range c.all {
		switch {
		case i < c.at:
			clear(chunk)
		case i == c.at:
			clear(chunk[:c.used])
		}
	}
	c.all = c.all[:min(len(c.all), maxChunks)]
	c.at, c.used = 0, 0
}
