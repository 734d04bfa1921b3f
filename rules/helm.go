package rules

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A mask lets a Helm template be read as YAML before it is rendered. Its view
// of the file has the same length, so that every offset stays true: actions
// that stand on lines of their own become line breaks, other actions become
// filler, and of an action that only writes a constant ({{`{{`}}) the constant
// stays.
type mask struct {
	filler  byte
	actions []action          // in order of the text
	blocks  []block           // what if, with and range enclose
	unknown bool              // they don't match, or are too many
	raws    map[int32]rawText // texts of scalars as in the view, by their starts, where actions changed them
	unsure  map[int32]bool    // starts of values that a condition gives twice
}

// A block is what one branch of an if, with or range encloses.
type block struct {
	from, to  int
	condition string
}

const (
	maxTemplateBlocks = 10_000 // what is looked through for each rule
	maxCondition      = 512    // bytes of a condition that are kept as they are
)

// maskActions makes the view of a template; where that can't be done it says
// why at which place.
func (f *File) maskActions() (refused string, at int) {
	filler, ok := absentByte(f.Source)
	if !ok {
		return "the template leaves no sign unused to stand for its actions", 0
	}
	m := &mask{filler: filler, raws: map[int32]rawText{}, unsure: map[int32]bool{}}
	lex := actionLexer{src: f.Source, own: ownVariables(f.Source), jinja: bytes.Contains(f.Source, []byte("{%"))}
	for {
		a, ok := lex.next()
		if !ok {
			break
		}
		if a.to < 0 {
			return "a template action is opened here and never closed", a.from
		}
		if a.kind != 0 {
			m.actions = append(m.actions, a)
		}
	}
	m.findOwn(f.Source)
	m.findDeep(f.Source)
	m.findBlocks(f.Source)
	f.view = m.over(f.Source)
	f.mask = m
	return "", 0
}

// absentByte finds a character that the source lacks and that means nothing to
// YAML wherever it stands.
func absentByte(src []byte) (byte, bool) {
	var has [256]bool
	for _, c := range src {
		has[c] = true
	}
	for _, c := range []byte("~^;$+(_ZXQJKVYWUBHGFDPRMLCNTSAIOEzxqjkvywubhgfdprmlcntsaioe") {
		if !has[c] {
			return c, true
		}
	}
	return 0, false
}

// findOwn finds the actions that share their lines with nothing but others and
// comments.
func (m *mask) findOwn(src []byte) {
	for i := 0; i < len(m.actions); {
		from := m.actions[i].from
		line := lineStart(src, from)
		alone := len(bytes.TrimLeft(src[line:from], " \t")) == 0
		last := i
		for ; last+1 < len(m.actions); last++ {
			between := src[m.actions[last].to:m.actions[last+1].from]
			if bytes.IndexByte(between, '\n') >= 0 {
				break
			}
			alone = alone && len(bytes.TrimLeft(between, " \t")) == 0
		}
		end := m.actions[last].to
		rest := bytes.TrimLeft(src[end:lineEnd(src, end)], " \t")
		alone = alone && (len(rest) == 0 || rest[0] == '#')
		for ; i <= last; i++ {
			m.actions[i].own, m.actions[i].line = alone, line
		}
	}
}

func lineStart(src []byte, i int) int {
	return 1 + bytes.LastIndexAny(src[:i], "\r\n")
}

// findBlocks matches conditions with their ends. Where they don't match nothing
// is known.
func (m *mask) findBlocks(src []byte) {
	type branch struct {
		block
		header string
		number int
	}
	var open []branch
	for _, a := range m.actions {
		if a.kind != writesNothing {
			continue
		}
		inner := a.words(src)
		word, _, _ := strings.Cut(inner, " ")
		switch word {
		case "if", "with", "range", "define", "block", "for":
			open = append(open, branch{block: block{from: a.to, condition: inner}, header: inner})
		case "else", "elif", "end", "endif", "endfor":
			if len(open) == 0 || len(m.blocks) == maxTemplateBlocks {
				m.unknown = true
				return
			}
			top := &open[len(open)-1]
			m.blocks = append(m.blocks, block{top.from, a.from, top.condition})
			if strings.HasPrefix(word, "end") {
				open = open[:len(open)-1]
				break
			}
			top.number++
			top.from, top.condition = a.to, fmt.Sprintf("%s, branch %d: %s", top.header, top.number, inner)
		}
	}
	m.unknown = len(open) > 0
}

// words are those of an action, single spaces between them; long ones are told
// apart by their digest.
func (a action) words(src []byte) string {
	text := bytes.Trim(src[a.from+2:a.to-2], "- \t\r\n")
	if len(text) > maxCondition {
		return fmt.Sprintf("%s %x", bytes.Fields(text[:maxCondition])[0], sha256.Sum256(text))
	}
	return strings.Join(strings.Fields(string(text)), " ")
}

// over makes the view.
func (m *mask) over(src []byte) []byte {
	view := slices.Clone(src)
	for i := range m.actions {
		a := &m.actions[i]
		switch {
		case a.own && a.comment:
			fill(view[a.line:a.to], '\n')
		case a.kind == writesConstant:
			fill(view[a.from:a.inner.from], m.filler)
			fill(view[a.inner.to:a.to], m.filler)
		case a.own && !a.deep:
			fill(view[a.line:a.to], '\n')
		default:
			// What indents itself starts where it will.
			a.start = min(max(a.from, a.line+a.column), a.to-1)
			fill(view[a.from:a.start], ' ')
			fill(view[a.start:a.to], m.filler)
		}
	}
	return view
}

func fill(b []byte, with byte) {
	for i := range b {
		b[i] = with
	}
}

// blockHeader ends a line that a block scalar follows.
var blockHeader = regexp.MustCompile(`[:-] *(?:[!&][^ ]+ +)*[|>][-+0-9]*[ \t]*(?:#.*)?$`)

// findDeep finds the values on lines of their own that are part of a block
// scalar: of the text below a line that ends with | or >, and deeper.
func (m *mask) findDeep(src []byte) {
	within := -1 // indentation of the line that started the block, -1 for none
	next := 0
	for at := 0; at < len(src); at = headerEnd(src, at) {
		end := lineEnd(src, at)
		for next < len(m.actions) && m.actions[next].to <= at {
			next++
		}
		line := src[at:end]
		indent := spaces(line)
		if next < len(m.actions) && m.actions[next].own && m.actions[next].from < end {
			for i := next; i < len(m.actions) && m.actions[i].from < end; i++ {
				if a := &m.actions[i]; a.kind == writesValue && within >= 0 {
					a.column = max(a.from-at, a.indents(src))
					a.deep = a.column > within
				}
			}
			continue
		}
		if indent == len(line) || within >= 0 && indent > within {
			continue
		}
		within = -1
		if blockHeader.Match(line) {
			for within = indent; within+1 < len(line) && line[within] == '-' && line[within+1] == ' '; {
				within += 1 + spaces(line[within+1:])
			}
		}
	}
}
