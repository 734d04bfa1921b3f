package spec

import (
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/crywolf-dev/crywolf/analyze/sli"
	"github.com/crywolf-dev/crywolf/rules"
)

// Bounds on what is read of one file: what goes over them is refused.
const (
	maxProblems   = 200     // listed
	maxAliasRatio = 20      // nodes visited for each that the file has
	maxAliasNodes = 200_000 // nodes visited besides those of the file, through aliases
	maxKeys       = 100     // in an object of known keys, for slips to be looked for

	// maxEffort bounds the sum of the squares of the lengths of queries, in bytes:
	// parsing one can take time by the square of its length.
	maxEffort = 1 << 32
)

// A reader turns the documents of one file into SLIs and problems.
type reader struct {
	*loader
	file    *rules.File
	budget  int // nodes that may yet be visited
	listed  int // problems
	stopped bool

	effort  int                    // see maxEffort; what is left
	queries map[*yaml.Node]*parsed // those that were parsed, which aliases may lead to again

	lost bool // what is wrong with the SLI that is being read leaves nothing of it
}

func newReader(l *loader, file *rules.File, roots []*yaml.Node) *reader {
	nodes := 0
	for _, root := range roots {
		nodes += count(root)
	}
	return &reader{
		loader: l, file: file,
		budget:  4*nodes + min(maxAliasRatio*nodes, maxAliasNodes),
		effort:  maxEffort,
		queries: map[*yaml.Node]*parsed{},
	}
}

// count the nodes under one, not those that aliases lead to.
func count(n *yaml.Node) int {
	sum := 1
	for _, c := range n.Content {
		sum += count(c)
	}
	return sum
}

// fault reports what is wrong at a place.
func (r *reader) fault(at rules.Span, hint, format string, args ...any) {
	r.listed++
	switch {
	case r.stopped, r.listed > maxProblems:
		return
	case r.listed == maxProblems:
		hint, format, args = "", "more is wrong with this file, which is not listed", nil
	}
	r.problems = append(r.problems, sli.Problem{File: r.file, Span: at, Message: fmt.Sprintf(format, args...), Hint: hint})
}

// lose reports what leaves nothing of the SLI that is being read.
func (r *reader) lose(at rules.Span, hint, format string, args ...any) {
	r.fault(at, hint, format, args...)
	r.lost = true
}

// pass says why the SLI that is being read is not for crywolf, which is nobody's
// fault. One reason is enough.
func (r *reader) pass(at rules.Span, format string, args ...any) {
	if r.lost || r.stopped {
		return
	}
	r.lost = true
	r.passed = append(r.passed, sli.Problem{File: r.file, Span: at, Message: fmt.Sprintf(format, args...)})
}

// visit counts nodes, of which aliases can make many more than the file has.
func (r *reader) visit(n *yaml.Node, nodes int) {
	if r.budget -= nodes; r.budget < 0 {
		r.stop(n, "Write less with aliases.", "aliases make the file many times its size; the rest is not read")
	}
}

// stop reads no more of the file.
func (r *reader) stop(n *yaml.Node, hint, message string) {
	if r.stopped {
		return
	}
	r.listed = 0 // so that it is listed
	r.fault(r.file.NodeSpan(n), hint, "%s", message)
	r.stopped = true
}

// one reads one SLI of which its names are known. What read reports of it
// carries its ID if it is lost.
func (r *reader) one(s *sli.SLI, namespace string, order int, read func()) {
	s.File = r.file
	if s.ID = s.Name; s.Service != "" {
		s.ID = s.Service + "/" + s.Name
	}
	problems, passed := len(r.problems), len(r.passed)
	r.lost = false
	if read(); !r.lost && !r.stopped {
		r.slis = append(r.slis, &found{SLI: s, namespace: namespace, order: order})
		return
	}
	for _, list := range [][]sli.Problem{r.problems[problems:], r.passed[passed:]} {
		for i := range list {
			if list[i].File == r.file {
				list[i].ID, list[i].Labels = s.ID, s.Labels
			}
		}
	}
}

// resolved follows an alias.
func resolved(n *yaml.Node) *yaml.Node {
	if n != nil && n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

func isNull(n *yaml.Node) bool { return n == nil || n.ShortTag() == "!!null" }

// describe says what a node is, in the words of who wrote it.
func describe(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case isNull(n):
		return "nothing"
	}
	return strconv.Quote(shorten(n.Value))
}

// shorten keeps messages to a line.
func shorten(s string) string {
	const most = 60
	if r := []rune(s[:min(len(s), 4*most)]); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// firstLine is the first line of a text, for a title.
func firstLine(s string) string {
	s, _, _ = strings.Cut(strings.TrimSpace(s), "\n")
	return strings.TrimSpace(s)
}

// firstOf is the first text that there is.
func firstOf(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

// ownerOf is whose a specification is by its labels.
func ownerOf(labels map[string]string) string { return firstOf(labels["owner"], labels["team"]) }
