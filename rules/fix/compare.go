package fix

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/crywolf-dev/crywolf/rules"
)

// An entry is one thing that a file says, with the place where it says so.
type entry struct {
	path, text string
	at         int
}

// outline is all that a file says of its rules.
func outline(f *rules.File) (out []entry) {
	add := func(at rules.Span, text, format string, args ...any) {
		out = append(out, entry{fmt.Sprintf(format, args...), text, at.Start.Offset})
	}
	for i, g := range f.Groups {
		group := func(name string, field rules.Field) {
			if field.IsSet() {
				add(field.Value.Span(), field.Value.Text(), "group %d %s", i, name)
			}
		}
		add(g.Node, g.Object, "group %d", i)
		add(g.Node, g.Reads, "group %d other keys", i)
		group("name", g.NameField)
		group("interval", g.IntervalField)
		group("limit", g.LimitField)
		group("query_offset", g.QueryOffsetField)
		for _, l := range g.Labels {
			group("label "+l.Key.Text(), l)
		}
		for _, r := range g.Rules {
			rule := func(name string, field rules.Field) {
				if field.IsSet() {
					add(field.Value.Span(), field.Value.Text(), "group %d rule %d %s", i, r.Index, name)
				}
			}
			add(r.Node(), fmt.Sprint(r.Kind, r.Open), "group %d rule %d", i, r.Index)
			rule("name", r.NameField)
			rule("expr", r.ExprField)
			rule("for", r.ForField)
			rule("keep_firing_for", r.KeepFiringForField)
			if r.ExprField.IsSet() {
				add(r.ExprField.Value.Span(), strconv.FormatBool(r.HasExpr()), "group %d rule %d expr parses", i, r.Index)
			}
			for _, l := range r.Labels {
				rule("label "+l.Key.Text(), l)
			}
			for _, a := range r.Annotations {
				rule("annotation "+a.Key.Text(), a)
			}
		}
	}
	for i, test := range f.Tests {
		add(test.Span(), test.Text(), "test %d", i)
	}
	for _, p := range f.Passed {
		add(p.Span, "", "passed over: %s", p.Message)
	}
	return out
}

// compare says what the fixed file has that it should not, "" if nothing.
func (t *text) compare(was, is *rules.File, fixes []*rules.Fix) string {
	if was.Shape != is.Shape || (was.Origin == nil) != (is.Origin == nil) {
		return "the file would be read as one of another kind"
	}
	if p := t.newProblem(was, is); p != nil {
		return fmt.Sprintf("line %d would have a problem that was not there: %s", p.Span.Start.Line, p.Message)
	}
	var before, after regions
	for _, fx := range fixes {
		if fx.Within.IsZero() {
			continue
		}
		from, to := fx.Within.Start.Offset, fx.Within.End.Offset
		before = append(before, region{from, to})
		from, there := t.moved(from)
		to, still := t.moved(to)
		if !there || !still {
			return "another fix takes out where it begins or ends"
		}
		after = append(after, region{from, to})
	}
	old := said(outline(was), before)
	now := said(outline(is), after)
	var otherwise []string
	for path, text := range now {
		if !slices.Equal(old[path], text) {
			otherwise = append(otherwise, path)
		}
	}
	for path := range old {
		if now[path] == nil {
			otherwise = append(otherwise, path)
		}
	}
	if len(otherwise) > 0 {
		return slices.Min(otherwise) + " would be read otherwise"
	}
	return ""
}

// newProblem finds a problem of the fixed file that it did not have, or had
// elsewhere.
func (t *text) newProblem(was, is *rules.File) *rules.Problem {
	type place struct {
		kind rules.ProblemKind
		at   int
	}
	known := map[place]int{}
	for _, p := range was.Problems {
		if t.edited(p.Span.Start.Offset) {
			continue // one with that place would be another
		}
		if at, ok := t.moved(p.Span.Start.Offset); ok {
			known[place{p.Kind, at}]++
		}
	}
	for i, p := range is.Problems {
		key := place{p.Kind, p.Span.Start.Offset}
		if known[key]--; known[key] < 0 {
			return &is.Problems[i]
		}
	}
	return nil
}

type region struct{ from, to int }

type regions []region

func (rs regions) hold(offset int) bool {
	return slices.ContainsFunc(rs, func(r region) bool { return r.from <= offset && offset < r.to })
}

// said is what an outline says outside of some regions, by path.
func said(entries []entry, outside regions) map[string][]string {
	out := map[string][]string{}
	for _, e := range entries {
		if !outside.hold(e.at) {
			out[e.path] = append(out[e.path], e.text)
		}
	}
	return out
}
