package rules

import (
	"bytes"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
)

var (
	yamlErrorLine = regexp.MustCompile(`^line (\d+): `)
	unknownAnchor = regexp.MustCompile(`^unknown anchor '(.*)' referenced`)
)

// misplaced are those errors of the YAML package that name the line where the
// surrounding mapping or list starts, or none.
var misplaced = []string{
	"did not find expected key", "did not find expected '-' indicator", "did not find expected node content",
	"found undefined tag handle", "unknown anchor", "exceeded max depth",
}

// atTab are the errors at a tab that stands where it can't. They name the line
// where the last token began or ended, which may be further up.
var atTab = []string{"found character that cannot start any token", "found a tab character"}

// maxSought is the largest source, in bytes, in which the line of such an error
// is sought, which takes reading it several times.
const maxSought = 1 << 20

// problem turns the YAML package's error into a problem at its line.
func (s *stream) problem(err error) Problem {
	f := s.file
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	line := 1
	if m := yamlErrorLine.FindStringSubmatch(message); m != nil {
		line, _ = strconv.Atoi(m[1])
		message = message[len(m[0]):]
		if strings.HasPrefix(message, "did not find expected ','") {
			line++ // of the bracket, which this error alone counts from 0
		}
	}
	isMisplaced := slices.ContainsFunc(misplaced, func(s string) bool { return strings.HasPrefix(message, s) })
	if isMisplaced && s.to-s.from <= maxSought {
		line = s.seek(err)
	}
	line = max(1, min(line, len(s.starts)))
	line = f.Position(s.from + int(s.starts[line-1])).Line // as editors count them
	if slices.ContainsFunc(atTab, func(s string) bool { return strings.HasPrefix(message, s) }) {
		line = f.tabbed(line)
	}
	text := f.Line(line)
	start := int(f.lines[line-1])
	from := len(text) - len(bytes.TrimLeft(text, " \t"))
	p := Problem{Kind: BadYAML, Message: "not valid YAML: " + message}
	p.Span = f.span(start+from, start+max(from, len(bytes.TrimRight(text, " \t"))))
	if m := unknownAnchor.FindStringSubmatch(message); m != nil {
		if i := bytes.Index(text, []byte("*"+m[1])); i >= 0 {
			p.Span = f.span(start+i, start+i+1+len(m[1]))
		}
	}
	if i := bytes.IndexByte(text[:from], '\t'); i >= 0 {
		p.Span = f.span(start+i, start+from)
		p.Hint = "Indent with spaces: YAML takes no tabs there."
	}
	return p
}

// seek finds the line on which reading fails: the last of the fewest lines that
// fail in the same way. An error depends on nothing that comes after it.
func (s *stream) seek(err error) int {
	return 1 + sort.Search(len(s.starts)-1, func(i int) bool {
		_, got := decode(s.source()[:s.starts[i+1]])
		return got != nil && got.Error() == err.Error()
	})
}

// tabbed is the first line from the given one on that is indented with a tab,
// or the given one where there is none.
func (f *File) tabbed(line int) int {
	for i := line; i <= len(f.lines); i++ {
		text := f.Line(i)
		if indent := text[:len(text)-len(bytes.TrimLeft(text, " \t"))]; bytes.IndexByte(indent, '\t') >= 0 && len(indent) < len(text) {
			return i
		}
	}
	return line
}
