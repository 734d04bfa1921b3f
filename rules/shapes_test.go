package rules

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// summary says what was read of a file: rules with their objects, and what was
// passed over, at its line.
func summary(f *File) (read []string) {
	for _, g := range f.Groups {
		for _, r := range g.Rules {
			state := ""
			if r.Expr() == nil {
				state = " unjudged"
			}
			read = append(read, g.Object+":"+g.Name()+"/"+r.Name()+state)
		}
	}
	for _, p := range f.Passed {
		read = append(read, fmt.Sprintf("%d: %s", p.Span.Start.Line, p.Message))
	}
	for _, p := range f.Problems {
		read = append(read, fmt.Sprintf("problem %d:%d: %s", p.Span.Start.Line, p.Span.Start.Column, p.Message))
	}
	return read
}

func TestShapes(t *testing.T) {
	const group = "groups:\n- name: g\n  rules:\n  - alert: A\n    expr: up == 0\n"
	indented := func(text string, by int) string {
		pad := strings.Repeat(" ", by)
		return pad + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n"+pad) + "\n"
	}
	for _, c := range []struct {
		name, src string
		shape     Shape
		want      []string
	}{
		{"Mimir's namespaces", "namespace: a\n" + group + "---\nnamespace: b\n" + group, ShapePlain, []string{"a/:g/A", "b/:g/A"}},
		{"a namespace twice", "namespace: a\n" + group + "---\nnamespace: a\n" + group, ShapePlain,
			[]string{"a/:g/A", "a/:g/A", `problem 8:12: namespace "a" is defined by an earlier document of the file`}},
		{"Mimir's keys", "groups:\n- name: g\n  source_tenants: [a, b]\n  evaluation_delay: 1m\n  rules:\n  - {alert: A, expr: up}\n", ShapePlain, []string{":g/A"}},
		{"vmalert's keys", "groups:\n- name: g\n  concurrency: 2\n  rules:\n  - {alert: A, expr: up, debug: true}\n  - {alert: B, expr: 'rate(x) > 1'}\n", ShapePlain,
			[]string{":g/A", ":g/B unjudged", "6: the expression is MetricsQL, which is not judged"}},
		{"Graphite's language", "groups:\n- name: g\n  type: graphite\n  rules:\n  - {alert: A, expr: 'a.b.c'}\n", ShapePlain,
			[]string{":g/A unjudged", "5: the expression is Graphite's language, which is not judged"}},
		{"VMRule", "apiVersion: operator.victoriametrics.com/v1beta1\nkind: VMRule\nmetadata: {name: n, namespace: ns}\nspec:\n" +
			"  groups:\n  - name: g\n    rules:\n    - {alert: A, expr: up == 0}\n    - {alert: B, expr: 'up default 0 > 1'}\n", ShapeVMRule,
			[]string{"ns/n:g/A", "ns/n:g/B unjudged", "9: the expression is MetricsQL, which is not judged"}},
		{"ConfigMap", "apiVersion: v1\nkind: ConfigMap\ndata:\n  readme: none\n  a.yml: |\n" + indented(group, 4) + "  b.yml: |-\n" + indented(group, 6), ShapeConfigMap,
			[]string{":g/A", ":g/A"}},
		{"documents in a ConfigMap", "apiVersion: v1\nkind: ConfigMap\ndata:\n  a.yml: |\n" + indented("namespace: a\n"+group+"---\nnamespace: b\n"+group, 4), ShapeConfigMap,
			[]string{"a/:g/A", "b/:g/A"}},
		{"a broken rule in a ConfigMap", "apiVersion: v1\nkind: ConfigMap\ndata:\n  a.yml: |\n" + indented(strings.Replace(group, "up ==", "up =", 1), 4), ShapeConfigMap,
			[]string{":g/A unjudged", `problem 9:18: not PromQL: unexpected "="`}},
		{"broken YAML in a ConfigMap", "apiVersion: v1\nkind: ConfigMap\ndata:\n  a.yml: |\n" + indented(group+"  - [", 4), ShapeUnknown,
			[]string{"1: a ConfigMap in which no rules were found", "problem 10:7: not valid YAML: did not find expected node content"}},
		{"a quoted ConfigMap", "apiVersion: v1\nkind: ConfigMap\ndata:\n  a.yml: " + fmt.Sprintf("%q", group) + "\n", ShapeUnknown,
			[]string{"4: rules in a value that is not a literal block (|) are not read", "1: a ConfigMap in which no rules were found"}},
		{"a list of groups", strings.ReplaceAll(strings.TrimPrefix(group, "groups:\n"), "\n  ", "\n  "), ShapeGroups, []string{":g/A"}},
		{"values of a chart", "prometheus:\n  serverFiles:\n    alerts.yml:\n" + indented(group, 6), ShapeEmbedded, []string{":g/A"}},
		{"unit tests", "rule_files: [a.yml]\ntests:\n- alert_rule_test:\n  - {alertname: A, eval_time: 1m}\n  - {alertname: B}\n# groups\n", ShapeTests,
			[]string{"1: unit tests for promtool, not rules"}},
		{"a patch", "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nspec:\n  groups:\n  - name: g\n    rules:\n    - {alert: A, for: 1h}\n", ShapePrometheusRule,
			[]string{"1: its rules have no expr: it patches rules that stand elsewhere"}},
		{"LogQL", "groups:\n- name: g\n  rules:\n  - {alert: A, expr: 'sum(rate({app=\"a\"} |= \"x\" [5m])) > 1'}\n  - {alert: B, expr: 'sum(rate({app=\"a\"}[5m])) > 1'}\n  - {alert: C, expr: up == 0}\n", ShapePlain,
			[]string{":g/A unjudged", ":g/B unjudged", ":g/C", "4: the expression is LogQL, which is not judged", "5: the expression is LogQL, as others of the file, which is not judged"}},
		{"Jinja", "{% if on %}\ngroups:\n- name: g\n  rules:\n  - alert: A\n    expr: up == 0\n    for: {{ wait }}\n    annotations:\n      s: '{% raw %}{{ $labels.x }}{% endraw %}'\n" +
			"{% for x in y %}\n  - alert: B\n    expr: x > {{ x }}\n{% endfor %}\n{% endif %}\n", ShapePlain,
			[]string{":g/A", ":g/B unjudged", "12: the expression holds a template action, {{ x }}"}},
		{"Jinja without statements", "groups:\n- name: g\n  rules:\n  - alert: A\n    expr: up == 0\n    for: {{ wait }}\n", ShapePlain, []string{":g/A"}},
		{"too many braces", "groups:\n- name: g\n  rules:\n  - alert: A\n    expr: up{{job=\"a\"}} == 0\n", ShapePlain,
			[]string{":g/A unjudged", "problem 5:14: not PromQL: unexpected left brace '{'"}},
		{"variables", "groups:\n- name: g\n  rules:\n  - alert: A\n    expr: up > ${LIMIT}\n", ShapePlain,
			[]string{":g/A unjudged", "5: the expression holds a variable that something substitutes"}},
		{"Helm's own $value", "{{- if .Values.x }}\ngroups:\n- name: g\n  rules:\n  - alert: A\n    expr: up == 0\n    labels:\n      {{- range $key, $value := .Values.labels }}\n      {{ $key }}: {{ $value | quote }}\n      {{- end }}\n" +
			"  - alert: B\n    expr: x > {{ $value }}\n{{- end }}\n", ShapePlain,
			[]string{":g/A", ":g/B unjudged", "12: the expression holds a template action, {{ $value }}"}},
		{"rules from values", "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata:\n  name: {{ include \"x\" . }}\nspec:\n  groups:\n  - name: g\n    rules:\n{{- toYaml .Values.rules | nindent 4 }}\n", ShapePrometheusRule,
			[]string{"9: its rules are written by a template action"}},
		{"a rule by a template", "kind: PrometheusRule\napiVersion: monitoring.coreos.com/v1\nspec:\n  groups:\n  - name: {{ include \"x\" . }}\n    rules:\n    - alert: {{ $name }}\n      {{- toYaml $rule | nindent 6 }}\n", ShapePrometheusRule,
			[]string{`:{{ include "x" . }}/{{ $name }} unjudged`, "7: the expression is written by a template action"}},
		{"a HelmRelease", "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nspec:\n  values:\n    additionalPrometheusRulesMap:\n      a:\n" + indented(group, 8), ShapeEmbedded, []string{":g/A"}},
		{"an Argo Application", "apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec:\n  source:\n    helm:\n      values: |\n        server:\n" + indented(group, 10), ShapeEmbedded, []string{":g/A"}},
		{"Loki's AlertingRule", "apiVersion: loki.grafana.com/v1\nkind: AlertingRule\nspec:\n" + indented(group, 2), ShapeEmbedded,
			[]string{":g/A unjudged", "8: the expression is LogQL, which is not judged"}},
		{"bare rules", "prometheusRule:\n  enabled: true\n  rules:\n  - {alert: A, expr: up == 0, team: x}\n", ShapeEmbedded, []string{":/A"}},
		{"bare rules at the top", "- alert: A\n  expr: up == 0\n", ShapeEmbedded, []string{":/A"}},
		{"vmalert's documents", "groups:\n- {name: g, concurrency: 2, interval: 1.5m, rules: [{record: a, expr: up, annotations: {x: y}}]}\n---\n" + group, ShapePlain, []string{":g/a", ":g/A"}},
		{"Prometheus 1", "ALERT Down\n  IF up == 0\n# groups\n", ShapeUnknown, []string{"1: rules in the notation of Prometheus 1, which Prometheus reads no more"}},
		{"a slip in rules:", "groups:\n- name: g\n  rule:\n  - alert: A\n    expr: up\n", ShapePlain, []string{"problem 3:3: unknown key \"rule\" in a group"}},
		{"a slip in groups:", "group:\n- name: g\n  rules:\n  - alert: A\n    expr: up\n", ShapePlain, []string{"problem 1:1: unknown key \"group\" in a rule file"}},
		{"capitals", "groups:\n- name: g\n  rules:\n  - Alert: A\n    Expr: up\n", ShapePlain, []string{
			"problem 4:5: a rule needs a name", "problem 4:5: the rule has no expr", "problem 4:5: unknown key \"Alert\" in a rule", "problem 5:5: unknown key \"Expr\" in a rule"}},
		{"a group without its dash", "groups:\n  name: g\n  rules:\n  - alert: A\n    expr: up\n", ShapePlain, []string{"problem 2:3: groups must be a list, not a mapping"}},
		{"a slip that is no patch", "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nspec:\n  groups:\n  - name: g\n    rules:\n    - {alert: A, exp: up}\n", ShapePrometheusRule,
			[]string{":g/A unjudged", "problem 7:15: the rule has no expr", "problem 7:18: unknown key \"exp\" in a rule"}},
		{"Grafana's own", "apiVersion: 1\ngroups:\n- {orgId: 1, name: a, folder: b, rules: [{uid: x, title: y}]}\n", ShapeUnknown,
			[]string{"1: alert rules of Grafana's own, which are not Prometheus's"}},
		{"an SLO", "# of a shop\napiVersion: openslo/v1\nkind: SLO\nspec: {}\n", ShapeUnknown, []string{"3: an SLO, in which no rules were found"}},
		{"other YAML", "---\nservices:\n  web: {}\n", ShapeUnknown, []string{"2: a document that starts with services:, in which no rules were found"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := Parse("x.yml", []byte(c.src), Options{})
			require.Equal(t, c.want, summary(f))
			require.Equal(t, c.shape, f.Shape)
		})
	}
	f := Parse("x.yml", []byte("rule_files: [a.yml]\ntests:\n- alert_rule_test:\n  - {alertname: A}\n# groups"), Options{})
	require.Len(t, f.Tests, 1)
	require.Equal(t, "A", f.Tests[0].Text())
}
