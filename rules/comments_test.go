package rules

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

func TestComments(t *testing.T) {
	const src = "# top\n" +
		"groups: # of groups\n" +
		"- name: 'a # b' # after quotes\n" +
		"  rules: [ # in a list\n" +
		"    {alert: A#b, expr: \"up # c\"},#close\n" +
		"  ]\n" +
		"  # between\n" +
		"- name: b\n" +
		"  rules:\n" +
		"  - alert: B\n" +
		"    # own\r\n" +
		"    expr: | # header\n" +
		"      up # in PromQL\n" +
		"      # own in PromQL\n" +
		"        == 0\n" +
		"    labels: &x # after an anchor\n" +
		"      a: !!str # after a tag\n" +
		"        b\n" +
		"      c: d#e\n" +
		"      f: \"\n" +
		"        # no\"\n" +
		"    annotations: *x # after an alias\n" +
		"--- # next\n" +
		"# é"
	f := Parse("x.yml", []byte(src), Options{})
	var got []string
	for _, c := range f.Comments {
		text := c.Text
		if c.Own {
			text += " (own)"
		}
		got = append(got, text)
		under := slice(f, c.Span)
		require.True(t, strings.HasPrefix(under, "#"))
		require.Equal(t, c.Text, strings.TrimSpace(under[1:]))
	}
	require.Equal(t, []string{
		"top (own)", "of groups", "after quotes", "in a list", "c", "close", "between (own)", "own (own)", "header",
		"in PromQL", "own in PromQL (own)", "after an anchor", "after a tag", "after an alias", "next", "é (own)",
	}, got)
}

// yamlComments are the comments that the YAML package finds, in no order.
func yamlComments(t *testing.T, src []byte) []string {
	var out []string
	var walk func(n *yaml.Node)
	walk = func(n *yaml.Node) {
		for _, text := range []string{n.HeadComment, n.LineComment, n.FootComment} {
			for line := range strings.Lines(text) {
				if line = strings.TrimSpace(line); line != "" {
					out = append(out, strings.TrimSpace(line[1:]))
				}
			}
		}
		for _, c := range n.Content {
			walk(c)
		}
	}
	dec := yaml.NewDecoder(strings.NewReader(string(src)))
	for {
		var n yaml.Node
		err := dec.Decode(&n)
		if errors.Is(err, io.EOF) {
			return out
		}
		require.NoError(t, err)
		walk(&n)
	}
}

func TestCommentsOfCorpora(t *testing.T) {
	for _, name := range []string{"awesome", "mixins", "kube-prometheus", "openshift-cmo"} {
		t.Run(name, func(t *testing.T) {
			set, err := Load(context.Background(), []string{corpus(t, name)}, Options{})
			require.NoError(t, err)
			seen := 0
			for _, f := range set.Files {
				if f.Shape == ShapeUnknown {
					continue
				}
				inExpr := 0
				var got []string
				for _, c := range f.Comments {
					if slices.ContainsFunc(set.Rules(), func(r *Rule) bool {
						return r.File() == f && within(r.ExprField.Value, c.Span)
					}) {
						inExpr++
						continue
					}
					got = append(got, c.Text)
				}
				want := yamlComments(t, f.Source)
				slices.Sort(want)
				slices.Sort(got)
				require.Equal(t, want, got, f.Path)
				seen += len(got)
			}
			t.Logf("%d comments", seen)
		})
	}
}

func within(s Scalar, inner Span) bool {
	return inner.Start.Offset > int(s.start) && inner.End.Offset <= s.end()
}
