package rules

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

// complaint is a problem as a reader sees it: at LINE:COLUMN, what is under the
// span, the message and the hint.
func complaint(f *File, p Problem) string {
	s := fmt.Sprintf("%d:%d %q %s", p.Span.Start.Line, p.Span.Start.Column, slice(f, p.Span), p.Message)
	if p.Hint != "" {
		s += " | " + p.Hint
	}
	return s
}

func TestProblems(t *testing.T) {
	const durations = "Write numbers with units from largest to smallest, such as 90s, 5m or 1h30m; units are ms, s, m, h, d, w and y."
	rule := func(lines ...string) string {
		return "groups:\n- name: g\n  rules:\n  - " + strings.Join(lines, "\n    ") + "\n"
	}
	for _, c := range []struct {
		name, src string
		kind      ProblemKind
		want      []string
	}{
		{"misspelt key", rule("alert: A", "expr: up", "lables: {a: b}"), BadField,
			[]string{`6:5 "lables" unknown key "lables" in a rule | Did you mean "labels"?`}},
		{"foreign key", rule("alert: A", "expr: up", "notify: me"), BadField,
			[]string{`6:5 "notify" unknown key "notify" in a rule | Known keys are alert, record, expr, for, keep_firing_for, labels, annotations.`}},
		{"misspelt group key", "groups:\n- name: g\n  intervall: 1m\n  rules: [{alert: A, expr: up}]\n", BadField,
			[]string{`3:3 "intervall" unknown key "intervall" in a group | Did you mean "interval"?`}},
		{"top", "groups: [{name: g, rules: [{alert: A, expr: up}]}]\ngroup: []\n", BadField,
			[]string{`2:1 "group" unknown key "group" in a rule file | Did you mean "groups"?`}},
		{"repeated key", rule("alert: A", "expr: up", "for: 1m", "for: 2m"), DuplicateKey,
			[]string{`7:5 "for" key "for" is already set on line 6 | Remove one of the two: Prometheus refuses the file.`}},
		{"no expr", rule("alert: 'A'"), BadField, []string{`4:12 "'A'" the rule has no expr | Add expr: with a PromQL expression.`}},
		{"empty expr", rule("alert: A", "expr:"), BadField, []string{`5:5 "expr" the rule has no expr | Add expr: with a PromQL expression.`}},
		{"no name", rule("expr: up", "for: 1m"), BadField,
			[]string{`4:5 "expr: up" a rule needs a name | Add alert: for an alerting rule, or record: for a recording rule.`}},
		{"two names", rule("alert: A", "record: b", "expr: up"), BadField,
			[]string{`5:5 "record" a rule has either alert or record, not both | Make two rules of it.`}},
		{"bare number", rule("alert: A", "expr: up", `for: "5"`), BadValue,
			[]string{`6:10 "\"5\"" for must be a duration, not "5" | ` + durations}},
		{"units the wrong way", rule("alert: A", "expr: up", "keep_firing_for: 1m1h"), BadValue,
			[]string{`6:22 "1m1h" keep_firing_for must be a duration, not "1m1h" | ` + durations}},
		{"interval", "groups: [{name: g, interval: soon, rules: [{alert: A, expr: up}]}]", BadValue,
			[]string{`1:30 "soon" interval must be a duration, not "soon" | ` + durations}},
		{"limit", "groups: [{name: g, limit: ten, rules: [{alert: A, expr: up}]}]", BadValue,
			[]string{`1:27 "ten" limit must be a whole number, not the text "ten"`}},
		{"list for text", rule("alert: A", "expr: up", "labels:", "  team: [a, b]"), BadField,
			[]string{`7:13 "[a, b]" team must be text, not a list`}},
		{"text for mapping", rule("alert: A", "expr: up", "labels: page"), BadField,
			[]string{`6:13 "page" labels must be a mapping, not the text "page"`}},
		{"mapping for list", "groups:\n- name: g\n  rules:\n    alert: A\n    expr: up\n- {name: h, rules: [{alert: A, expr: up}]}\n", BadField,
			[]string{`4:5 "alert: A" rules must be a list, not a mapping | Start each of its items with "- ".`}},
		{"label name", rule("alert: A", "expr: up", `labels: {"": x, __name__: y}`), BadValue,
			[]string{`6:14 "\"\"" "" is not a name for a label`, `6:21 "__name__" the label __name__ can't be set by a rule`}},
		{"recording", rule("record: a{b}", "expr: up", "for: 1m", "annotations: {a: b}"), BadField,
			[]string{
				`4:13 "a{b}" braces in the name of a recording rule | record: takes a metric name alone; labels go to labels:, expressions to expr:.`,
				`6:5 "for" for in a recording rule | Only alerting rules have it: remove the key.`,
				`7:5 "annotations" annotations in a recording rule | Only alerting rules have it: remove the key.`,
			}},
		{"group twice", "groups:\n- {name: g, rules: [{alert: A, expr: up}]}\n- {name: g}\n", BadValue,
			[]string{`3:10 "g" group name "g" is used twice in the file | Give each group of a file its own name.`}},
		{"group without name", "groups:\n- rules: [{alert: A, expr: up}]\n", BadValue,
			[]string{`2:3 "rules: [{alert: A, expr: up}]" a group needs a name | Add name: to the group.`}},
		{"PromQL", rule("alert: A", "expr: |", "  sum(up) by", "    > foo{a=1}"), BadExpr,
			[]string{`7:9 ">" not PromQL: unexpected <op:>> in grouping opts, expected "("`}},
		{"PromQL in quotes", rule("alert: A", `expr: "up{a=\"b\"} ===\x20 1"`), BadExpr,
			[]string{`5:26 "=" not PromQL: unexpected "="`}},
		{"merge of a list", rule("alert: A", "expr: up", "labels: {<<: 5}"), BadField,
			[]string{`6:18 "5" << merges mappings, not the number 5 | Write an alias of a mapping, or a list of such aliases.`}},
		{"strategy", "groups: [{name: g, partial_response_strategy: never, rules: [{alert: A, expr: up}]}]", BadValue,
			[]string{`1:47 "never" partial_response_strategy must be abort or warn, not "never"`}},
		{"second document", rule("alert: A", "expr: up") + "---\n" + rule("alert: B", "expr: up"), IgnoredDocument,
			[]string{`7:1 "groups:" Prometheus reads the first YAML document of a file only; this one is ignored | Move its groups to the first document, or to a file of their own.`}},
		{"after an empty document", "---\n# nothing\n---\n" + rule("alert: B", "expr: up"), IgnoredDocument,
			[]string{`4:1 "groups:" Prometheus reads the first YAML document of a file only; this one is ignored | Move its groups to the first document, or to a file of their own.`}},
		{"no rules", "groups: []\n", NoRules, []string{`1:1 "groups: []" no rules in the file`}},
		{"object without rules", "kind: PrometheusRule\napiVersion: monitoring.coreos.com/v1\nspec: {}\n", NoRules,
			[]string{`1:1 "kind: PrometheusRule" no rules in the file`}},
		{"object's spec", "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nspec:\n  group: []\n", BadField,
			[]string{`4:3 "group" unknown key "group" in the spec of a PrometheusRule | Did you mean "groups"?`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := Parse("x.yml", []byte(c.src), Options{})
			var got []string
			for _, p := range f.Problems {
				got = append(got, complaint(f, p))
			}
			require.Empty(t, cmp.Diff(c.want, got))
			require.Equal(t, c.kind, f.Problems[len(f.Problems)-1].Kind)
		})
	}
}

// One bad rule costs nothing but itself.
func TestTheRestStands(t *testing.T) {
	f := Parse("x.yml", []byte(`groups:
- name: a
  rules:
  - alert: Good
    expr: up == 0
  - alert: Bad
    expr: up ==
    for: long
    labels: {severity: page}
  - expr: up
  - ~
  - alert: Also
    expr: up == 1
- nonsense
- name: b
  rules:
  - record: b
    expr: 1
`), Options{})
	var got []string
	for _, g := range f.Groups {
		for _, r := range g.Rules {
			got = append(got, fmt.Sprint(g.Name(), g.Index, " ", r.Name(), r.Index, " ", r.Expr() != nil))
		}
	}
	require.Equal(t, []string{"a0 Good0 true", "a0 Bad1 false", "a0 Also3 true", "b2 b0 true"}, got)
	require.Len(t, f.Problems, 4)
	require.Equal(t, "Bad", f.Problems[0].Rule.Name())
}

func TestPassedOver(t *testing.T) {
	for name, src := range map[string]string{
		"not rules":              "services:\n  web: {image: nginx}\n",
		"other groups":           "groups: [admin, users]\nname: x\n",
		"security groups":        "groups:\n- name: web\n  rules:\n  - {from: 80, to: 80}\n",
		"Grafana":                "apiVersion: 1\ngroups:\n- orgId: 1\n  name: a\n  rules: [{uid: x, title: y}]\n",
		"promtool tests":         "rule_files: [a.yml]\ntests:\n- groups: []\n  alert_rule_test: []\n",
		"Helm":                   "{{- if .Values.on }}\ngroups:\n- name: a\n  rules:\n  - alert: A\n    expr: up\n{{- end }}\n",
		"Helm that is YAML":      "groups:\n- name: a\n  rules:\n  - alert: A\n    expr: up\n    labels: {severity: {{ .Values.severity }}}\n    annotations: {{ include \"notes\" . }}\n",
		"broken, not rules":      "a: 'b\n# groups\n",
		"other object":           "apiVersion: v1\nkind: ConfigMap\ndata: {groups: x}\n",
		"VMRule":                 "apiVersion: operator.victoriametrics.com/v1beta1\nkind: VMRule\nspec:\n  groups:\n  - {name: a, rules: [{alert: A, expr: up}]}\n",
		"binary":                 "groups\x00",
		"empty":                  "",
		"Thanos":                 "groups:\n- name: a\n  partial_response_strategy: warn\n  rules: [{alert: A, expr: up}]\n",
		"Mimir":                  "namespace: a\ngroups:\n- {name: a, rules: [{alert: A, expr: up}]}\n---\nnamespace: b\ngroups:\n- {name: a, rules: [{alert: A, expr: up}]}\n",
		"comment after document": "groups:\n- {name: a, rules: [{alert: A, expr: up}]}\n---\n# nothing\n",
	} {
		f := Parse("x.yml", []byte(src), Options{})
		require.Empty(t, f.Problems, name)
	}
}

func TestNamedFiles(t *testing.T) {
	for _, src := range []string{"", "a: b\n", "apiVersion: 1\ngroups: []\n", "- groups\n", "groups:\n"} {
		f := Parse("x.yml", []byte(src), Options{Named: true})
		require.Len(t, f.Problems, 1, "%q", src)
		require.Equal(t, NoRules, f.Problems[0].Kind)
	}
	for src, kind := range map[string]ProblemKind{
		"{{- if .Values.on }}\ngroups:\n- name: a\n": NoRules,
		"{{- if .on }}\ngroups:\n- name: a\n":        NoRules,
		"{{- if .on }}\ngroups:\n- name: 'a\n":       Limit,
		"{% if on %}\ngroups:\n- name: a\n":          NoRules,
	} {
		f := Parse("x.yml", []byte(src), Options{Named: true})
		require.Len(t, f.Problems, 1)
		require.Equal(t, kind, f.Problems[0].Kind)
		require.Equal(t, renderFirst, f.Problems[0].Hint)
	}
}
