package rules

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/prometheus/prometheus/promql/parser"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/crywolf-dev/crywolf/rules/promexpr"
)

func slice(f *File, s Span) string { return string(f.Source[s.Start.Offset:s.End.Offset]) }

// decodeAlone lets the YAML package decode a scalar's source cut out of its
// file. Where a block scalar states its indentation, that is relative to a
// depth which the cut does not show, so each is tried.
func decodeAlone(src, want string) error {
	for _, end := range []string{"\n", "\u2028", "\u2029"} { // not in the span
		if strings.HasSuffix(want, end) {
			if end == "\n" && strings.HasSuffix(src, "\r") {
				end = "\r" // with \n it would be one break
			}
			src += end
		}
	}
	var got, tries []string
	tries = append(tries, "--- "+src, "--- !!str "+src, "[!!str "+src+"]")
	if src != "" && (src[0] == '|' || src[0] == '>') {
		for n := range 40 {
			tries = append(tries, strings.Repeat(" ", n)+"k: "+src)
		}
	}
	for _, doc := range tries {
		var n yaml.Node
		if err := yaml.Unmarshal([]byte(doc), &n); err != nil || len(n.Content) == 0 {
			got = append(got, fmt.Sprint(err))
			continue
		}
		v := n.Content[0]
		if v.Kind != yaml.ScalarNode && len(v.Content) > 0 {
			v = v.Content[len(v.Content)-1]
		}
		if v.Kind == yaml.ScalarNode && v.Value == want {
			return nil
		}
		got = append(got, v.Value)
	}
	return fmt.Errorf("source %q decodes to %q, not %q", src, got, want)
}

// checkScalar proves a scalar's span, and where each of its characters comes
// from: the characters stand in order, each decodes to itself, and what lies
// between them is white space only.
func checkScalar(s Scalar) error {
	f := s.file
	whole := s.Span()
	switch slice(f, whole) {
	case "~", "null", "Null", "NULL": // read as nothing
		if s.Text() == "" {
			return nil
		}
	}
	if err := decodeAlone(slice(f, whole), s.Text()); err != nil {
		return err
	}
	if s.Text() == "" {
		return nil
	}
	style := slice(f, whole)[0]
	cursor := whole.Start.Offset
	switch style {
	case '"', '\'':
		cursor++
	case '|', '>':
		cursor = headerEnd(f.Source, cursor)
	}
	var pieces []piece
	sc := scanner{src: f.Source, text: s.Text(), pos: int(s.start), emit: func(p piece) { pieces = append(pieces, p) }}
	sc.scan()
	for i, r := range s.Text() {
		w := utf8.RuneLen(r)
		for pieces[0].at+pieces[0].n <= i {
			pieces = pieces[1:]
		}
		from, to := pieces[0].source(i), pieces[0].sourceEnd(i+w)
		from, to = min(from, whole.End.Offset), min(to, whole.End.Offset)
		if i%61 == 0 {
			if f, t := s.sub(i, i+w); f != from || t != to {
				return fmt.Errorf("byte %d of %q comes from %d:%d, not from %d:%d", i, s.Text(), from, to, f, t)
			}
		}
		if from < cursor {
			if strings.TrimRight(s.Text()[i:], "\n\u2028\u2029") == "" {
				return nil // breaks that end a block scalar are outside of its span
			}
			return fmt.Errorf("byte %d of %q comes from %d, before %d", i, s.Text(), from, cursor)
		}
		if between := f.Source[cursor:from]; !isFold(between, style == '"') {
			return fmt.Errorf("between bytes %d and %d of %q: %q", i-1, i, s.Text(), between)
		}
		src := string(f.Source[from:to])
		cursor = to
		switch {
		case src == string(r):
		case (r == ' ' || r == '\n') && len(src) > 0 && breakWidth([]byte(src), 0) == len(src):
		case r == '\'' && style == '\'' && src == "''":
		case style == '"' && src[0] == '\\' && decodeAlone(`"`+src+`"`, string(r)) == nil:
		case src == "" && (r == '\n' || r == '\u2028' || r == '\u2029') && from == whole.End.Offset:
		default:
			return fmt.Errorf("byte %d of %q, %q, comes from %q", i, s.Text(), r, src)
		}
	}
	switch end := whole.End.Offset; style {
	case '"', '\'':
		if !isFold(f.Source[cursor:end-1], style == '"') || f.Source[end-1] != style {
			return fmt.Errorf("after the text: %q", f.Source[cursor:end])
		}
	case '|', '>':
	default:
		if cursor != end {
			return fmt.Errorf("after the text: %q", f.Source[cursor:end])
		}
	}
	return nil
}

func isFold(src []byte, double bool) bool {
	for i := 0; i < len(src); {
		switch w := breakWidth(src, i); {
		case w > 0:
			i += w
		case isBlank(src[i]):
			i++
		case double && src[i] == '\\' && breakWidth(src, i+1) > 0:
			i++
		default:
			return false
		}
	}
	return true
}

var foldLines = regexp.MustCompile(`[ \t]*(\r\n?|\n)[ \t]*`)

// checkNodes proves that what stands under the span of each part of the
// expression is that part.
func checkNodes(r *Rule) error {
	if r.Expr() == nil {
		return nil
	}
	ranges := map[parser.Node]bool{}
	var failed error
	parser.Inspect(r.Expr(), func(n parser.Node, _ []parser.Node) error {
		if m, ok := n.(*parser.MatrixSelector); ok {
			// It holds the selector with the offset that stands after the range.
			ranges[m.VectorSelector] = true
		}
		e, ok := n.(parser.Expr)
		if !ok || ranges[n] {
			return nil
		}
		src := slice(r.File(), r.NodeSpan(e.PositionRange()))
		whole := slice(r.File(), r.ExprField.Value.Span())
		text := src
		switch whole[0] {
		case '"', '\'':
			var n yaml.Node
			if err := yaml.Unmarshal([]byte(whole[:1]+src+whole[:1]), &n); err != nil {
				failed = fmt.Errorf("%q: %w", src, err)
				return nil
			}
			text = n.Content[0].Value
		case '|':
		default:
			text = foldLines.ReplaceAllString(src, " ") // within a PromQL string it matters
		}
		got, err := promexpr.Parse(text)
		if err != nil {
			failed = fmt.Errorf("%q: %w", text, err)
		} else if got.String() != e.String() {
			failed = fmt.Errorf("%q is %s, not %s", text, got, e)
		}
		return nil
	})
	return failed
}

func (r *Rule) fields() []Field {
	out := []Field{r.NameField, r.ExprField}
	for _, f := range []Field{r.ForField, r.KeepFiringForField} {
		if f.IsSet() {
			out = append(out, f)
		}
	}
	out = append(out, r.Labels...)
	return append(out, r.Annotations...)
}

func checkFile(t testing.TB, f *File) {
	t.Helper()
	require.Zero(t, f.misread, "%s: scalars that the scanner reads otherwise than the YAML package", f.Path)
	for _, g := range f.Groups {
		for _, r := range g.Rules {
			for _, field := range r.fields() {
				require.NoError(t, checkScalar(field.Key), "%s: %s: %s", f.Path, r.Name(), field.Key.Text())
				require.NoError(t, checkScalar(field.Value), "%s: %s: %s", f.Path, r.Name(), field.Key.Text())
				if r.File().Shape != ShapeUnknown {
					requireInside(t, r.Node(), field.Key.Span())
				}
			}
			require.NoError(t, checkNodes(r), "%s: %s", f.Path, r.Name())
		}
	}
}

func requireInside(t testing.TB, outer, inner Span) {
	t.Helper()
	require.LessOrEqual(t, outer.Start.Offset, inner.Start.Offset)
	require.GreaterOrEqual(t, outer.End.Offset, inner.End.Offset)
}

func TestSpansOfCorpora(t *testing.T) {
	for _, name := range []string{"awesome", "mixins", "kube-prometheus", "openshift-cmo"} {
		t.Run(name, func(t *testing.T) {
			set, err := Load(context.Background(), []string{corpus(t, name)}, Options{})
			require.NoError(t, err)
			for _, f := range set.Files {
				checkFile(t, f)
				checkPositions(t, f)
			}
		})
	}
}

// checkPositions compares lines and columns with counting from the start.
func checkPositions(t testing.TB, f *File) {
	t.Helper()
	line, column := 1, 1
	for i := range f.Source {
		if p := f.Position(i); p != (Position{i, line, column}) {
			t.Fatalf("%s: %+v, not %d:%d", f.Path, p, line, column)
		}
		column++
		if f.Source[i] == '\n' {
			line, column = line+1, 1
		}
	}
	for i, l := range bytes.Split(f.Source, []byte("\n")) {
		if !bytes.Equal(l, f.Line(i+1)) {
			t.Fatalf("%s: line %d is %q, not %q", f.Path, i+1, f.Line(i+1), l)
		}
	}
}
