package checks_test

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/checks"
	"github.com/crywolf-dev/crywolf/fixtures/corpora"
	"github.com/crywolf-dev/crywolf/rules"
	"github.com/crywolf-dev/crywolf/rules/fix"
)

var fixDay = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

// fixesOf are the fixes that a run over one file offers.
func fixesOf(t testing.TB, f *rules.File) (out []*rules.Fix) {
	t.Helper()
	res, err := analyze.Run(t.Context(), analyze.NewFacts(rules.NewSet([]*rules.File{f}), analyze.Settings{}),
		analyze.Options{Checks: checks.All(), Now: fixDay})
	require.NoError(t, err)
	for _, found := range res.Findings {
		if found.Fix != nil {
			require.Equal(t, f, found.File)
			out = append(out, found.Fix)
		}
	}
	return out
}

// fixed makes all fixes of a file until there are no more, as the command does.
func fixed(t testing.TB, path string, src []byte, named bool) []byte {
	t.Helper()
	f := rules.Parse(path, src, rules.Options{Named: named})
	for range 10 {
		fixes := fixesOf(t, f)
		out := fix.Apply(f, fixes)
		require.Empty(t, out.Refused, "what is offered has been tried")
		if out.File == f {
			break
		}
		onlyEdits(t, f, out)
		f = out.File
	}
	return f.Source
}

// onlyEdits holds what became of a file to its fixes: bytes outside of the edits
// stand as they did, and no problem came about.
func onlyEdits(t testing.TB, was *rules.File, out fix.Outcome) {
	t.Helper()
	var edits []rules.Edit
	for _, fx := range out.Done {
		edits = append(edits, fx.Edits...)
	}
	slices.SortFunc(edits, func(a, b rules.Edit) int { return a.Span.Start.Offset - b.Span.Start.Offset })
	edits = slices.Compact(edits)
	rest := out.File.Source
	at := 0
	for _, e := range edits {
		from, to := e.Span.Start.Offset, e.Span.End.Offset
		require.True(t, at <= from && from <= to && to <= len(was.Source), "edit at %d to %d, after %d", from, to, at)
		kept := was.Source[at:from]
		require.True(t, bytes.HasPrefix(rest, kept), "bytes %d to %d changed", at, from)
		rest = rest[len(kept):]
		require.True(t, bytes.HasPrefix(rest, []byte(e.Text)))
		rest, at = rest[len(e.Text):], to
	}
	require.Equal(t, string(was.Source[at:]), string(rest))
	require.LessOrEqual(t, len(out.File.Problems), len(was.Problems))
}

func TestFixes(t *testing.T) {
	rule := func(lines ...string) string {
		return "groups:\n- name: g\n  rules:\n  - " + strings.Join(lines, "\n    ") + "\n"
	}
	alert := func(lines ...string) string { return rule(append([]string{"alert: A", "expr: up > 5"}, lines...)...) }
	annotated := func(style string) string { return alert("annotations:", "  summary: "+style) }
	for _, c := range []struct{ name, from, to string }{
		{"key", alert("lables: {a: b} # why"), alert("labels: {a: b} # why")},
		{"key in capitals", alert("Labels: {a: b}"), alert("labels: {a: b}")},
		{"key in quotes", alert(`"lables": {a: b}`), alert(`"labels": {a: b}`)},
		{"key with hyphens", alert("keep-firing-for: 5m"), alert("keep_firing_for: 5m")},
		{"key after a tag", alert("!!str lables: {a: b}"), alert("!!str labels: {a: b}")},
		{"explicit key", alert("? lables", ": {a: b}"), alert("? labels", ": {a: b}")},
		{"swapped letters", alert("fro: 5m"), alert("for: 5m")},
		{"key in flow style", "groups: [{name: g, rules: [{alert: A, exprs: up}]}]\n", "groups: [{name: g, rules: [{alert: A, expr: up}]}]\n"},
		{"name of a rule", rule("alret: A", "expr: up > 5", "labels: {a: b}"), rule("alert: A", "expr: up > 5", "labels: {a: b}")},
		{"key of a group", "groups:\n- nmae: g\n  rules: [{alert: A, expr: up}]\n", "groups:\n- name: g\n  rules: [{alert: A, expr: up}]\n"},
		{"the right key is there", alert("labels: {a: b}", "lables: {c: d}"), ""},
		{"one wrong key twice", alert("lables: {a: b}", "lables: {c: d}"), ""},
		{"two wrong keys for one", alert("lables: {a: b}", "label: {c: d}"), ""},
		{"two names", rule("alert: A", "recrod: b", "expr: up"), ""},
		{"another letter of a short word", alert("far: 5m"), ""},
		{"merge", "x: &x {for: 5m}\n" + alert("<<: *x", "lables: {a: b}"), ""},
		{"shared", "groups:\n- name: g\n  rules:\n  - &r {alert: A, exprs: up}\n  - *r\n", ""},
		{"a value that does not fit", alert("lables: [a]"), ""},
		{"an expression that does not parse", rule("alert: A", "exprs: sum(up"), ""},
		{"not in recording rules", rule("record: a", "expr: up", "anotations: {a: b}"), ""},
		{"label of any name", alert("labels: {lables: b}"), ""},

		{"minutes", alert("for: 10 minutes"), alert("for: 10m")},
		{"one word", alert("for: 5min # c"), alert("for: 5m # c")},
		{"in quotes", alert(`for: "5 min"`, "keep_firing_for: '1 Hour'"), alert(`for: "5m"`, "keep_firing_for: '1h'")},
		{"several units", alert("for: 1h 30m"), alert("for: 1h30m")},
		{"and", alert("for: 1 hour and 30 minutes"), alert("for: 1h30m")},
		{"in flow style", "groups: [{name: g, interval: 1 min, rules: [{alert: A, expr: up}]}]", "groups: [{name: g, interval: 1m, rules: [{alert: A, expr: up}]}]"},
		{"days", "groups:\n- name: g\n  query_offset: 2 days\n  rules: [{alert: A, expr: up}]\n", "groups:\n- name: g\n  query_offset: 2d\n  rules: [{alert: A, expr: up}]\n"},
		{"bare number", alert("for: 10"), ""},
		{"months or minutes", alert("for: 10M"), ""},
		{"wrong order", alert("for: 5 minutes 1 hour"), ""},
		{"fraction", alert("for: 1.5h"), ""},
		{"no unit", alert("for: 5 apples"), ""},
		{"two lines", alert("for: 10", "  minutes"), ""},
		{"block", alert("for: |-", "  10 minutes"), alert("for: |-", "  10m")},
		{"escape", alert(`for: "10\x20minutes"`), ""},
		{"aliased", "groups:\n- name: g\n  interval: &i 1 minute\n  rules:\n  - {alert: A, expr: up, for: *i}\n", ""},
		{"in a recording rule", rule("record: a", "expr: up", "for: 10 minutes"), ""},

		{"variable", annotated("{{`x`}}") /* Helm's */, ""},
		{"labels", annotated(`"a {{ $label.job }} b {{$lables.x}}"`), annotated(`"a {{ $labels.job }} b {{$labels.x}}"`)},
		{"in single quotes", annotated(`'it''s {{ $Labels.job }}'`), annotated(`'it''s {{ $labels.job }}'`)},
		{"value", annotated(`at {{ $values | humanize }}`), annotated(`at {{ $value | humanize }}`)},
		{"block scalar", annotated("|\n        at {{ $valeu }}\n        é {{ $label.a }}"), annotated("|\n        at {{ $value }}\n        é {{ $labels.a }}")},
		{"folded", annotated(">-\n        at {{ $value }}\n        é {{ $label.a }}"), annotated(">-\n        at {{ $value }}\n        é {{ $labels.a }}")},
		{"Grafana's values", annotated(`at {{ $values.A }}`), ""},
		{"Grafana's index", annotated(`at {{ index $values "A" }}`), ""},
		{"somebody's own", annotated(`at {{ $valve }}`), ""},
		{"something else is wrong", annotated(`"{{ $label.a }} {{ nothing }}"`), ""},
		{"unclosed", annotated(`"{{ $labels.a }"`), ""},
		{"declared", annotated(`"{{ $label := $labels.a }}{{ $label }}"`), ""},

		{"repeated", alert("labels:", "  a: b # c", "  a: 'b'", "  # d", "  c: d"), alert("labels:", "  a: b # c", "  # d", "  c: d")},
		{"repeated mapping", alert("labels:", "  a: b", "annotations: {a: b}", "labels:", "  a: b", "for: 5m"), alert("labels:", "  a: b", "annotations: {a: b}", "for: 5m")},
		{"repeated at the end", strings.TrimSuffix(alert("for: 5m", "for: 5m"), "\n"), alert("for: 5m")},
		{"thrice", alert("for: 5m", "for: 5m", "for: 5m"), alert("for: 5m")},
		{"repeated expression", rule("alert: A", "expr: |", "  up > 5", "expr: |", "  up > 5"), rule("alert: A", "expr: |", "  up > 5")},
		{"another value", alert("for: 5m", "for: 6m"), ""},
		{"a comment would go", alert("for: 5m", "for: 5m # c"), ""},
		{"in one line", alert("labels: {a: b, a: b}"), ""},
		{"with an anchor", alert("labels: {a: &x b}", "labels: {a: &x b}"), ""},

		{"misspelt check", "groups:\n- name: g\n  rules:\n  # crywolf disable quiet/no-fro, actionable/owner: c\n  - alert: A\n    expr: load > 5\n",
			"groups:\n- name: g\n  rules:\n  # crywolf disable quiet/no-for, actionable/owner: c\n  - alert: A\n    expr: load > 5\n"},
		{"misspelt directive", "groups:\n- name: g\n  rules:\n  - alert: A # crywolf ignore quiet/no-for: c: d\n    expr: load > 5\n",
			"groups:\n- name: g\n  rules:\n  - alert: A # crywolf disable quiet/no-for: c: d\n    expr: load > 5\n"},
		{"misspelt for the file", "#crywolf:disable-file quiet/no-for: c\ngroups:\n- name: g\n  rules:\n  - alert: A\n    expr: load > 5\n",
			"#crywolf disable-file quiet/no-for: c\ngroups:\n- name: g\n  rules:\n  - alert: A\n    expr: load > 5\n"},
		{"would silence nothing", "groups:\n- name: g\n  rules:\n  - alert: A # crywolf ignore quiet/no-for: c\n    expr: up == 0\n    for: 5m\n", ""},
		{"no reason", "groups:\n- name: g\n  rules:\n  - alert: A # crywolf ignore quiet/no-for\n    expr: load > 5\n", ""},
		{"a day that is none", "groups:\n- name: g\n  rules:\n  - alert: A # crywolf ignore quiet/no-for until soon: c\n    expr: load > 5\n", ""},
		{"expired", "groups:\n- name: g\n  rules:\n  - alert: A # crywolf disable quiet/no-for until 2026-05-31: c\n    expr: up == 0\n    for: 5m\n    # crywolf disable unique until 2026-05-31: c\n",
			"groups:\n- name: g\n  rules:\n  - alert: A\n    expr: up == 0\n    for: 5m\n"},
		{"unused", "# a\n\n# crywolf disable-file quiet/no-for: c\n# b\ngroups:\n- name: g\n  rules:\n  - alert: A\n    expr: up == 0\n    for: 5m\n",
			"# a\n\n# b\ngroups:\n- name: g\n  rules:\n  - alert: A\n    expr: up == 0\n    for: 5m\n"},
		{"unused of two", "groups:\n- name: g\n  rules:\n  # crywolf disable  mapped/page-on-cause,\tquiet/no-for: c\n  - alert: A\n    expr: load > 5\n",
			"groups:\n- name: g\n  rules:\n  # crywolf disable  quiet/no-for: c\n  - alert: A\n    expr: load > 5\n"},
		{"unused last of two", "groups:\n- name: g\n  rules:\n  # crywolf disable quiet/no-for , mapped/page-on-cause until 2999-01-01: c\n  - alert: A\n    expr: load > 5\n",
			"groups:\n- name: g\n  rules:\n  # crywolf disable quiet/no-for until 2999-01-01: c\n  - alert: A\n    expr: load > 5\n"},
		{"unused comparison", "groups:\n- name: g\n  rules:\n  # crywolf disable unique/identical: c\n  - alert: A\n    expr: up == 0\n    for: 5m\n", ""},
		{"in an expression", "groups:\n- name: g\n  rules:\n  - alert: A\n    for: 5m\n    expr: |\n      up\n      # crywolf disable quiet/no-for: c\n      == 0\n", ""},
		{"above an expression", "groups:\n- name: g\n  rules:\n  - alert: A\n    for: 5m\n    expr: | # crywolf disable quiet/no-for: c\n      up\n      == 0\n",
			"groups:\n- name: g\n  rules:\n  - alert: A\n    for: 5m\n    expr: |\n      up\n      == 0\n"},
		{"generated", "# Generated by Sloth\n" + alert("for: 10 minutes"), ""},
		{"silenced", "# crywolf disable-file sound/syntax: c\n" + alert("for: 10 minutes"), ""},
		{"within a ConfigMap", "apiVersion: v1\nkind: ConfigMap\ndata:\n  a.yml: |\n    groups:\n    - name: g\n      rules:\n      - alert: A\n        expr: up > 5\n        fro: 5m\n        labels:\n          a: b\n          a: b\n",
			"apiVersion: v1\nkind: ConfigMap\ndata:\n  a.yml: |\n    groups:\n    - name: g\n      rules:\n      - alert: A\n        expr: up > 5\n        for: 5m\n        labels:\n          a: b\n"},
		{"within a template", "{{ if .Values.x }}\n" + alert("for: 10 minutes", "labels: {a: '{{ .Values.a }}'}", "lables: {}") + "{{ end }}\n",
			"{{ if .Values.x }}\n" + alert("for: 10m", "labels: {a: '{{ .Values.a }}'}", "lables: {}") + "{{ end }}\n"},
		{"a template's value", "{{ if .Values.x }}\n" + alert("for: '{{ .Values.for }} minutes'") + "{{ end }}\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.to == "" {
				c.to = c.from
			}
			named := c.name == "misspelt for the file"
			for _, eol := range []string{"\n", "\r\n", "\r"} {
				for _, mark := range []string{"", "\uFEFF"} {
					in := strings.NewReplacer("\n", eol)
					if (mark != "" || eol == "\r") && strings.Contains(c.from, ".Values") {
						continue // it would not be read as a template
					}
					from, to := mark+in.Replace(c.from), mark+in.Replace(c.to)
					got := fixed(t, "r.yml", []byte(from), named)
					require.Equal(t, to, string(got))
				}
			}
		})
	}
}

// TestFixesAreDocumented holds what a check's page says of fixes to what its
// fixtures get.
func TestFixesAreDocumented(t *testing.T) {
	for _, c := range checks.All() {
		src, err := os.ReadFile(filepath.Join(fixtures, filepath.FromSlash(c.ID), "bad.yaml"))
		require.NoError(t, err)
		res, err := analyze.Run(t.Context(), analyze.NewFacts(rules.NewSet([]*rules.File{rules.Parse("bad.yaml", src, rules.Options{})}), analyze.Settings{}),
			analyze.Options{Checks: checks.All(), Now: fixDay})
		require.NoError(t, err)
		offered := slices.ContainsFunc(res.Findings, func(f analyze.Finding) bool { return f.Check == c.ID && f.Fix != nil })
		require.Equal(t, c.Doc.Fixes != "", offered, "%s: its doc says that it has fixes, or its fixtures show some, not both", c.ID)
	}
}

// slips are mistakes that the checks have fixes for, by what they spoil.
var slips = [][2]string{
	{"labels:", "lables:"}, {"labels:", "Labels:"}, {"annotations:", "anotations:"}, {"annotations:", "annotation:"}, {"expr:", "exprs:"},
	{"for: 5m", "for: 5 minutes"}, {"for: 10m", "for: 10 min"}, {"for: ", "fro: "}, {"for: 1h", "for: 1 hour"}, {"alert:", "alerts:"},
	{"$labels", "$lables"}, {"$labels", "$label"}, {"$value", "$values"}, {"name:", "nmae:"}, {"rules:", "rule:"}, {"interval:", "intervall:"},
	{"record:", "recrod:"}, {"for: 15m", "for: 15 Minutes"},
}

// misleading are comments that the checks have fixes for.
var misleading = [][2]string{
	{"  - alert:", "  # crywolf disable quiet/no-fro: x\n  - alert:"}, {"  - alert:", "  # crywolf disable unique until 2020-01-01: x\n  - alert:"},
	{"  - alert:", "  # crywolf ignore quiet/no-for: x\n  - alert:"}, {"  - alert:", "  # crywolf disable sound/template: x\n  - alert:"},
}

// slip replaces one occurrence of what a slip spoils.
func slip(r *rand.Rand, src string, s [2]string) string {
	n := strings.Count(src, s[0])
	if n == 0 {
		return src
	}
	at := 0
	for range r.IntN(min(n, 50)) {
		at += strings.Index(src[at:], s[0]) + len(s[0])
	}
	return src[:at] + strings.Replace(src[at:], s[0], s[1], 1)
}

// spoil makes several mistakes in a file.
func spoil(r *rand.Rand, src string) string {
	all := slices.Concat(slips, misleading)
	for range 1 + r.IntN(8) {
		src = slip(r, src, all[r.IntN(len(all))])
	}
	if lines := strings.SplitAfter(src, "\n"); r.IntN(2) == 0 {
		i := r.IntN(len(lines))
		src = strings.Join(slices.Insert(lines, i, lines[i]), "")
	}
	return src
}

// ruleFiles are good rule files: the fixtures', the demo's, and real ones where
// there are any.
func ruleFiles(t testing.TB) (sources []string) {
	t.Helper()
	for _, folder := range []string{fixtures, "../../fixtures/demo/rules", corpora.Dir()} {
		if folder == "" {
			continue
		}
		set, err := rules.Load(t.Context(), []string{folder}, rules.Options{})
		require.NoError(t, err)
		for _, f := range set.Files {
			if len(f.Problems) == 0 && len(f.Groups) > 0 && f.Origin == nil && len(f.Source) < 32<<10 {
				sources = append(sources, string(f.Source))
			}
		}
	}
	require.NotEmpty(t, sources)
	return sources
}

// TestFixesRestore makes one slip in a good file: the fix brings back what was
// there, byte by byte, or there is none.
func TestFixesRestore(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 16))
	sources := ruleFiles(t)
	spoilt, restored := 0, 0
	for range 600 {
		good := sources[r.IntN(len(sources))]
		bad := slip(r, good, slips[r.IntN(len(slips))])
		if bad == good {
			continue
		}
		spoilt++
		f := rules.Parse("r.yml", []byte(bad), rules.Options{Named: true})
		was := rules.Parse("r.yml", []byte(good), rules.Options{Named: true})
		if len(fixesOf(t, was)) > 0 {
			continue
		}
		switch got := string(fix.Apply(f, fixesOf(t, f)).File.Source); got {
		case good:
			restored++
		default:
			require.Equal(t, bad, got)
		}
	}
	t.Logf("%d of %d slips were set right", restored, spoilt)
	require.Greater(t, restored, spoilt/2)
}

// TestFixesOfSpoiltFiles spoils good files: what the fixes make of one is fixed
// for good, and Prometheus's own rules are in it as they were.
func TestFixesOfSpoiltFiles(t *testing.T) {
	sources := ruleFiles(t)
	r := rand.New(rand.NewPCG(11, 12))
	changed := 0
	for range 400 {
		src := spoil(r, sources[r.IntN(len(sources))])
		if r.IntN(4) == 0 {
			src = strings.ReplaceAll(src, "\n", "\r\n")
		}
		named := r.IntN(2) == 0
		once := fixed(t, "r.yml", []byte(src), named)
		if string(once) != src {
			changed++
		}
		require.Empty(t, fixesOf(t, rules.Parse("r.yml", once, rules.Options{Named: named})), "fixed once more:\n%s", once)
	}
	t.Logf("%d of 400 files were changed", changed)
	require.Greater(t, changed, 200)
}

// FuzzFix: whatever a file holds, its fixes lie within it, change nothing but
// what they say, and once made leave nothing to fix.
func FuzzFix(f *testing.F) {
	r := rand.New(rand.NewPCG(13, 14))
	paths, err := filepath.Glob(fixtures + "/*/*/*.yaml")
	require.NoError(f, err)
	for _, p := range paths {
		src, err := os.ReadFile(p)
		require.NoError(f, err)
		if len(src) < 4<<10 {
			f.Add(spoil(r, string(src)), true)
			f.Add(spoil(r, string(src)), false)
		}
	}
	f.Add("{{ if .Values.x }}\ngroups:\n- name: g\n  rules:\n  - {alert: A, expr: up, for: 5 min}\n{{ end }}\n", false)
	f.Add("apiVersion: v1\nkind: ConfigMap\ndata:\n  a.yml: |\n    groups:\n    - name: g\n      rules:\n      - alert: A\n        exprs: up\n        for: 5m\n        for: 5m\n", false)
	f.Add("groups:\n- name: g\n  rules:\n  - &r {alert: A, exprs: up}\n  - *r\n", true)
	f.Fuzz(func(t *testing.T, src string, named bool) {
		if len(src) > 64<<10 {
			return
		}
		once := fixed(t, "r.yml", []byte(src), named)
		require.Empty(t, fixesOf(t, rules.Parse("r.yml", once, rules.Options{Named: named})))
	})
}
