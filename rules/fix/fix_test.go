package fix

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/rules"
)

const wholesome = `groups:
- name: g
  rules:
  - alert: A # a
    expr: up > 5
    for: 5m
    labels: {a: b, c: d}
    annotations:
      summary: é {{ $value }}
  - alert: B
    expr: up > 6
`

// edit replaces the first occurrence of some text, and lets all that is under
// another read otherwise.
func edit(f *rules.File, old, new, within string) *rules.Fix {
	span := func(s string) rules.Span {
		if s == "" {
			return rules.Span{}
		}
		i := strings.Index(string(f.Source), s)
		return rules.Span{Start: f.Position(i), End: f.Position(i + len(s))}
	}
	return &rules.Fix{Message: new, Edits: []rules.Edit{{Span: span(old), Text: new}}, Within: span(within)}
}

func TestApply(t *testing.T) {
	f := rules.Parse("r.yml", []byte(wholesome), rules.Options{})
	require.Empty(t, f.Problems)
	for _, c := range []struct{ name, old, new, within, refused string }{
		{name: "comment", old: " # a", new: ""},
		{name: "comment in other words", old: "# a", new: "# b"},
		{name: "quotes that mean nothing", old: "up > 6", new: "'up > 6'"},
		{name: "within", old: "5m", new: "6m", within: "5m"},
		{name: "duration", old: "5m", new: "6m", refused: "group 0 rule 0 for would be read otherwise"},
		{name: "elsewhere", old: "5m", new: "6m", within: "up > 5", refused: "group 0 rule 0 for would be read otherwise"},
		{name: "white space in an expression", old: "up > 6", new: "up >6", refused: "group 0 rule 1 expr would be read otherwise"},
		{name: "label", old: "a: b", new: "a: x", refused: "group 0 rule 0 label a would be read otherwise"},
		{name: "label gone", old: "a: b, ", new: "", refused: "group 0 rule 0 label a would be read otherwise"},
		{name: "annotation", old: "é", new: "e", refused: "group 0 rule 0 annotation summary would be read otherwise"},
		{name: "name", old: "alert: B", new: "alert: C", refused: "group 0 rule 1 name would be read otherwise"},
		{name: "kind", old: "alert: B", new: "record: B", refused: "group 0 rule 1 would be read otherwise"},
		{name: "group", old: "name: g", new: "name: h", refused: "group 0 name would be read otherwise"},
		{name: "new problem", old: "for: 5m", new: "for: 5", within: "for: 5m", refused: "line 6 would have a problem that was not there: for must be a duration"},
		{name: "not YAML", old: "groups:", new: "groups: [", refused: "the file would be read as one of another kind"},
		{name: "nothing", old: "# a", new: "# a", refused: "it changes nothing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := Apply(f, []*rules.Fix{edit(f, c.old, c.new, c.within)})
			if c.refused != "" {
				require.Len(t, out.Refused, 1)
				require.Contains(t, out.Refused[0].Reason, c.refused)
				require.Same(t, f, out.File)
				require.Empty(t, out.Done)
				return
			}
			require.Empty(t, out.Refused)
			require.Len(t, out.Done, 1)
			require.Equal(t, strings.Replace(wholesome, c.old, c.new, 1), string(out.File.Source))
		})
	}
	require.Equal(t, wholesome, string(f.Source))
}

// Good fixes are made whatever others there are.
func TestApplyMany(t *testing.T) {
	f := rules.Parse("r.yml", []byte(wholesome), rules.Options{})
	comment, bad := edit(f, "# a", "# b", ""), edit(f, "up > 5", "up > 7", "")
	inner, last := edit(f, "a", "b", ""), edit(f, "up > 6", `"up > 6"`, "")
	inner.Edits[0].Span = rules.Span{Start: f.Position(comment.Edits[0].Span.End.Offset - 1), End: comment.Edits[0].Span.End}
	twin := edit(f, "# a", "# b", "")
	outside := &rules.Fix{Edits: []rules.Edit{{Span: rules.Span{Start: f.Position(1), End: rules.Position{Offset: len(wholesome) + 1}}}}}
	backwards := &rules.Fix{Edits: []rules.Edit{last.Edits[0], comment.Edits[0]}}
	out := Apply(f, []*rules.Fix{last, bad, inner, {}, outside, comment, backwards, twin})
	require.ElementsMatch(t, []*rules.Fix{comment, last, twin}, out.Done)
	require.Equal(t, []*rules.Fix{inner}, out.Later)
	require.Len(t, out.Refused, 4)
	require.Equal(t, strings.NewReplacer("# a", "# b", "up > 6", `"up > 6"`).Replace(wholesome), string(out.File.Source))
}

// A file full of fixes that are no good is given up on.
func TestApplyIsBounded(t *testing.T) {
	src := wholesome + strings.Repeat("  - {alert: C, expr: up > 9}\n", 200)
	f := rules.Parse("r.yml", []byte(src), rules.Options{})
	var fixes []*rules.Fix
	for at := 0; ; {
		i := strings.Index(src[at:], "up > 9")
		if i < 0 {
			break
		}
		at += i
		fixes = append(fixes, &rules.Fix{Edits: []rules.Edit{{Span: rules.Span{Start: f.Position(at), End: f.Position(at + 6)}, Text: "up > 8"}}})
		at++
	}
	a := &application{from: f, out: Outcome{File: f}}
	a.make(fixes)
	require.Len(t, a.out.Refused, len(fixes))
	require.Less(t, a.tries, len(fixes), "most were never tried")
	require.Same(t, f, a.out.File)
}
