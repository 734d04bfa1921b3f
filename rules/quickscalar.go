package rules

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// value opens the scalar or flow mapping that starts at a place of the line, in
// a block that is indented to a column, and goes on to the line after it.
func (q *quickYAML) value(at, column int) bool {
	switch c := q.src[at]; {
	case c == '|' || c == '>':
		return q.block(at, column)
	case c == '"' || c == '\'':
		return q.quoted(at, column)
	case c == '{':
		return q.flow(at)
	case isNameByte(c) || c >= '0' && c <= '9' || strings.IndexByte("($/+.~", c) >= 0,
		c == '-' && at+1 < q.to && q.src[at+1] != ' ':
		return q.plain(at, column)
	}
	return false
}

// plainEnd is where the plain text from a place of the line ends; ok is false
// where there may be a key in it.
func (q *quickYAML) plainEnd(at int) (end int, comment, ok bool) {
	for i := at; i < q.to; i++ {
		switch q.src[i] {
		case ':':
			if i+1 == q.to || q.src[i+1] == ' ' {
				return 0, false, false
			}
		case '#':
			if i > at && q.src[i-1] == ' ' {
				end, comment = i, true
			}
		}
		if comment {
			break
		}
	}
	if !comment {
		end = q.to
	}
	for end > at && q.src[end-1] == ' ' {
		end--
	}
	return end, comment, true
}

// plain reads a scalar without quotes, which may go on for some lines.
func (q *quickYAML) plain(at, column int) bool {
	end, comment, ok := q.plainEnd(at)
	if !ok {
		return false
	}
	n := q.plainScalar(at, q.src[at:end])
	q.buf = q.buf[:0]
	for {
		if comment {
			q.next()
			break
		}
		blank := 0
		for q.nextLine(); !q.end && q.at == q.to; q.nextLine() {
			blank++
		}
		if q.end || q.column() <= column {
			if !q.end && q.src[q.at] == '#' {
				q.next()
			}
			break
		}
		if q.src[q.at] == '#' {
			q.next()
			break
		}
		if end, comment, ok = q.plainEnd(q.at); !ok {
			return false
		}
		if len(q.buf) == 0 {
			q.buf = append(q.buf, n.Value...)
		}
		q.fold(blank)
		q.buf = append(q.buf, q.src[q.at:end]...)
	}
	if len(q.buf) > 0 {
		n.Value = string(q.buf)
		resolve(n)
	}
	return true
}

// fold writes what a line break and blank lines after it are read as.
func (q *quickYAML) fold(blank int) {
	if blank == 0 {
		q.buf = append(q.buf, ' ')
	}
	for range blank {
		q.buf = append(q.buf, '\n')
	}
}

// quoted reads a scalar in quotes, which may go on for some lines.
func (q *quickYAML) quoted(at, column int) bool {
	quote := q.src[at]
	n := q.node(yaml.ScalarNode, at)
	n.Tag, n.Style = "!!str", yaml.SingleQuotedStyle
	if quote == '"' {
		n.Style = yaml.DoubleQuotedStyle
	}
	q.open = append(q.open, n)
	q.buf = q.buf[:0]
	from, i := at+1, at+1 // what is not in buf yet starts at from
	for {
		if i >= q.to {
			blank, end := 0, i
			for end > from && q.src[end-1] == ' ' {
				end--
			}
			q.buf = append(q.buf, q.src[from:end]...)
			for q.nextLine(); !q.end && q.at == q.to; q.nextLine() {
				blank++
			}
			if q.end || q.column() <= column {
				return false
			}
			q.fold(blank)
			from, i = q.at, q.at
			continue
		}
		switch c := q.src[i]; {
		case c == '\\' && quote == '"':
			if i+1 >= q.to {
				return false
			}
			e := strings.IndexByte(`"\nt`, q.src[i+1])
			if e < 0 {
				return false
			}
			q.buf = append(append(q.buf, q.src[from:i]...), "\"\\\n\t"[e])
			i += 2
			from = i
			if i >= q.to { // blanks that an escape makes are not dropped
				return false
			}
		case c != quote:
			i++
		case quote == '\'' && i+1 < q.to && q.src[i+1] == '\'':
			q.buf = append(q.buf, q.src[from:i+1]...)
			i += 2
			from = i
		default:
			n.Value = q.src[from:i]
			if len(q.buf) > 0 {
				n.Value = string(append(q.buf, n.Value...))
			}
			if q.skip(i+1) < q.to {
				return false
			}
			q.next()
			return true
		}
	}
}

// block reads a literal or folded scalar.
func (q *quickYAML) block(at, column int) bool {
	n := q.node(yaml.ScalarNode, at)
	n.Tag, n.Style = "!!str", yaml.LiteralStyle
	folded := q.src[at] == '>'
	if folded {
		n.Style = yaml.FoldedStyle
	}
	q.open = append(q.open, n)
	at++
	chomp := byte(0)
	if at < q.to && (q.src[at] == '-' || q.src[at] == '+') {
		chomp = q.src[at]
		at++
	}
	if q.skip(at) < q.to {
		return false
	}
	q.buf = q.buf[:0]
	indent, blank, brk, spaced := 0, 0, false, false // brk: a line break is due
	for q.nextLine(); !q.end; q.nextLine() {
		if q.at == q.to && (indent == 0 || q.column() <= indent) {
			if indent == 0 && q.at > q.start {
				return false // blanks before the first line may set its indentation
			}
			blank++
			continue
		}
		if indent == 0 {
			if indent = q.column(); indent <= column {
				return false
			}
		}
		if q.column() < indent {
			break
		}
		text := q.src[q.start+indent : q.to]
		startsBlank := text[0] == ' '
		if brk && (!folded || spaced || startsBlank) {
			q.buf = append(q.buf, '\n')
		} else if brk && blank == 0 {
			q.buf = append(q.buf, ' ')
		}
		for range blank {
			q.buf = append(q.buf, '\n')
		}
		q.buf = append(q.buf, text...)
		blank, spaced, brk = 0, startsBlank, q.to < len(q.src)
	}
	if indent == 0 {
		return false
	}
	if brk && chomp != '-' {
		q.buf = append(q.buf, '\n')
	}
	if chomp == '+' {
		return false // what counts as a line at the very end is the package's to say
	}
	n.Value = string(q.buf)
	if !q.end && q.src[q.at] == '#' {
		q.next()
	}
	return true
}

// flow reads a mapping of plain and quoted scalars in braces, on one line.
func (q *quickYAML) flow(at int) bool {
	n, since := q.node(yaml.MappingNode, at), len(q.open)
	n.Style = yaml.FlowStyle
	at++
	for {
		for at < q.to && q.src[at] == ' ' {
			at++
		}
		if at = q.key(at); at < 0 || at >= q.to || q.src[at] != ' ' {
			return false
		}
		for at < q.to && q.src[at] == ' ' {
			at++
		}
		if at = q.flowScalar(at); at < 0 {
			return false
		}
		for at < q.to && q.src[at] == ' ' {
			at++
		}
		if at < q.to && q.src[at] == ',' {
			at++
			continue
		}
		break
	}
	if at >= q.to || q.src[at] != '}' || q.skip(at+1) < q.to {
		return false
	}
	q.open = append(q.open, q.close(n, since))
	q.next()
	return true
}

func (q *quickYAML) flowScalar(at int) (end int) {
	if at >= q.to {
		return -1
	}
	c := q.src[at]
	if c == '"' || c == '\'' {
		i := at + 1
		for i < q.to && q.src[i] != c && q.src[i] != '\\' {
			i++
		}
		if i+1 >= q.to || q.src[i] != c || q.src[i+1] == c {
			return -1
		}
		n := q.node(yaml.ScalarNode, at)
		n.Tag, n.Value, n.Style = "!!str", q.src[at+1:i], yaml.SingleQuotedStyle
		if c == '"' {
			n.Style = yaml.DoubleQuotedStyle
		}
		q.open = append(q.open, n)
		return i + 1
	}
	i := at
	for i < q.to && (isNameByte(q.src[i]) || q.src[i] >= '0' && q.src[i] <= '9' || i > at && strings.IndexByte(" -./", q.src[i]) >= 0) {
		i++
	}
	end = i
	for end > at && q.src[end-1] == ' ' {
		end--
	}
	if end == at {
		return -1
	}
	q.plainScalar(at, q.src[at:end])
	return end
}
