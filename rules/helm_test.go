package rules

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"text/template"

	"github.com/stretchr/testify/require"
)

// A chart writes templates the way charts do: whole rules under conditions,
// texts for Prometheus escaped, values and named templates where they fit.
type chart struct {
	*rand.Rand
	out strings.Builder
}

func (c *chart) one(list ...string) string { return list[c.IntN(len(list))] }

func (c *chart) chance(percent int) bool { return c.IntN(100) < percent }

// control is a line that renders to nothing or to lines of its own.
func (c *chart) control(indent int, list ...string) {
	pad := strings.Repeat(" ", c.number(0, indent, indent+2))
	c.out.WriteString(pad + c.one(list...) + c.one("", "", "  ") + "\n")
}

func (c *chart) number(list ...int) int { return list[c.IntN(len(list))] }

func (c *chart) line(indent int, text string) {
	c.out.WriteString(strings.Repeat(" ", indent) + text + "\n")
}

// text is an annotation's, for Prometheus's templates too.
func (c *chart) text() string {
	var b strings.Builder
	for range 1 + c.IntN(4) {
		b.WriteString(c.one("Till ", "{{`{{`}} $labels.till {{`}}`}} ", "{{`{{ $value }}`}} ", `{{ "{{" }} $value {{ "}}" }}`, "{{ .Values.name }} ",
			"é ", "of {{- .Values.name }} ", "{{ $x }}", "{{ include \"name\" . }} ", "# no "))
	}
	return c.quoted(strings.TrimSpace(b.String()))
}

func (c *chart) quoted(text string) string {
	switch {
	case c.chance(30):
		return "'" + text + "'"
	case c.chance(30) && !strings.Contains(text, `"`):
		return `"` + text + `"`
	}
	return "text " + strings.ReplaceAll(text, "# no", "no")
}

func (c *chart) rule(n int) {
	conditional := c.chance(40)
	if conditional {
		c.control(4, "{{- if .Values.on }}", "{{- if and .Values.on (eq .Values.name \"shop\") }}", "{{ if .Values.on }}", "{{- with $ }}")
	}
	c.line(4, fmt.Sprintf("- alert: %s%d", c.one("Till", "Door"), n))
	if c.chance(20) {
		c.control(6, "{{- /* a comment: with {{ braces */}}", "{{/* two\nlines */}}", "{{- $x := 5 }}", "{{- $x = 7 }}")
	}
	expr := c.one("up == 0", `rate(x{job="a"}[5m]) > 1`, `x{job="{{ .Values.name }}"} > 1`, "till_errors > {{ $x }}", `absent(up{job="é"})`)
	switch {
	case c.chance(40):
		c.line(6, "expr: "+c.one("|", "|-", ">", ">-"))
		c.line(c.number(8, 10), expr)
		if c.chance(30) {
			c.control(8, "{{- if .Values.on }}")
			c.line(10, "or vector(1)")
			c.control(8, "{{- end }}")
		}
	case c.chance(50) && !strings.Contains(expr, "'"):
		c.line(6, "expr: '"+expr+"'")
	default:
		c.line(6, "expr: "+expr)
	}
	if c.chance(50) {
		c.line(6, "for: "+c.one("5m", "{{ .Values.wait }}", `"{{ .Values.wait }}"`))
	}
	c.line(6, "labels:")
	c.line(8, "severity: "+c.one("page", "{{ .Values.name }}", "{{`page`}}"))
	if c.chance(30) {
		c.control(8, "{{- toYaml .Values.labels | nindent 8 }}", "{{- toYaml .Values.wait | nindent 8 }}")
	}
	if c.chance(70) {
		c.line(6, "annotations:")
		c.line(8, "summary: "+c.text())
		if c.chance(30) {
			c.line(8, "description: |-")
			c.line(10, "First {{`{{ $labels.x }}`}}")
			c.line(10, "second {{ .Values.name }}")
		}
	}
	if conditional {
		c.control(4, "{{- end }}", "{{ end }}")
	}
}

func (c *chart) file() string {
	c.control(0, "{{- $x := 5 -}}", "{{- /* made by hand */ -}}\n{{- $x := 1 -}}")
	c.line(0, "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata:")
	c.line(2, `name: {{ include "name" . }}`)
	c.line(2, "labels:")
	c.line(0, "{{ toYaml .Values.labels | indent 4 }}")
	c.line(0, "spec:\n  groups:\n  - name: g\n    rules:")
	for i := range 1 + c.IntN(6) {
		c.rule(i)
	}
	return c.out.String()
}

// render is what Helm would: Go's own templates, and Helm's functions as far as
// they are used here.
func render(t testing.TB, src string) []byte {
	indent := func(n int, s string) string {
		pad := strings.Repeat(" ", n)
		return pad + strings.ReplaceAll(s, "\n", "\n"+pad)
	}
	tpl, err := template.New("x").Funcs(template.FuncMap{
		"include": func(string, any) string { return "included" },
		"toYaml":  func(any) string { return "app: shop\nzone: north" },
		"indent":  indent,
		"nindent": func(n int, s string) string { return "\n" + indent(n, s) },
	}).Parse(src)
	require.NoError(t, err, src)
	var b bytes.Buffer
	require.NoError(t, tpl.Execute(&b, map[string]any{"Values": map[string]any{"on": true, "name": "shop", "wait": "7m", "labels": 1}}), src)
	return b.Bytes()
}

// What is read of a template is what is read once it is rendered, except where
// a value is known only then.
func TestTemplatesAsRendered(t *testing.T) {
	exprs, texts := 0, 0
	for seed := range uint64(1500) {
		c := &chart{Rand: rand.New(rand.NewPCG(seed, 1))}
		src := c.file()
		rendered := Parse("rendered.yml", render(t, src), Options{})
		if len(rendered.Problems) > 0 {
			t.Fatalf("%v\n%s\n%s", rendered.Problems, src, rendered.Source)
		}
		f := Parse("template.yml", []byte(src), Options{})
		if len(f.Problems) > 0 {
			t.Fatalf("%v\n%s", f.Problems, src)
		}
		a, b := f.Groups[0].Rules, rendered.Groups[0].Rules
		require.Equal(t, len(b), len(a), src)
		for i := range a {
			require.Equal(t, b[i].Name(), a[i].Name(), src)
			if a[i].Expr() != nil {
				exprs++
				require.Equal(t, b[i].Expr().String(), a[i].Expr().String(), src)
				requireTrueSpans(t, a[i])
			} else {
				require.Contains(t, slice(f, a[i].ExprField.Value.Span()), "{{", src)
			}
			if a[i].ForField.Value.Rendered() {
				require.Equal(t, b[i].For, a[i].For, src)
			}
			for _, m := range [][2]Mapping{{a[i].Labels, b[i].Labels}, {a[i].Annotations, b[i].Annotations}} {
				require.True(t, a[i].Open || len(m[0]) == len(m[1]), src)
				for _, field := range m[0] {
					want, ok := m[1].Get(field.Key.Text())
					require.True(t, ok, src)
					if !field.Value.Rendered() {
						continue
					}
					texts++
					require.Equal(t, want.Value.Text(), field.Value.Text(), src)
					for at := strings.Index(field.Value.Text(), "$"); at >= 0; at = -1 {
						require.Equal(t, "$", slice(f, field.Value.Sub(at, at+1)), src)
					}
				}
			}
		}
	}
	t.Logf("%d expressions and %d texts compared", exprs, texts)
	require.Greater(t, exprs, 1000)
	require.Greater(t, texts, 1000)
}

func TestConditions(t *testing.T) {
	src := "{{- if .Values.on }}\ngroups:\n- name: g\n  rules:\n  - {alert: A, expr: up}\n{{- if eq .Values.cloud \"a\" }}\n  - {alert: B, expr: up}\n" +
		"{{- else }}\n  - {alert: C, expr: up}\n{{- end }}\n{{- end }}\n"
	f := Parse("x.yml", []byte(src), Options{})
	require.Empty(t, f.Problems)
	rules := f.Groups[0].Rules
	require.Equal(t, []string{"if .Values.on"}, rules[0].Conditions())
	require.Equal(t, []string{`if .Values.on`, `if eq .Values.cloud "a"`}, rules[1].Conditions())
	require.Equal(t, []string{`if .Values.on`, `if eq .Values.cloud "a", branch 1: else`}, rules[2].Conditions())
}

// What is hostile takes no more time and memory than its size warrants.
func TestHostileTemplates(t *testing.T) {
	const rule = "groups:\n- name: g\n  rules:\n  - alert: A\n    expr: up\n"
	for name, src := range map[string]string{
		"actions on a line": rule + "    # " + strings.Repeat("{{x}}", 200_000),
		"a long value":      rule + "    labels: {a: " + strings.Repeat("{{x}}", 100_000) + "}\n",
		"own lines":         rule + strings.Repeat("{{ x }}\n", 100_000),
		"branches":          "{{ if " + strings.Repeat("x", 100_000) + " }}\n" + rule + strings.Repeat("{{ else }}\n", 9_000) + "{{ end }}\n",
		"conditions":        strings.Repeat("{{ if x }}\n", 100_000) + rule,
		"deep blocks":       rule + "    annotations:\n      a: |\n" + strings.Repeat("        {{ x | indent 99999999 }}\n", 50_000),
		"never closed":      strings.Repeat("{{ `", 100_000) + rule,
		"rules":             "{{ if x }}\n" + rule + strings.Repeat("  - alert: A\n    expr: up\n{{ x }}\n", 20_000) + "{{ end }}\n",
	} {
		t.Run(name, func(t *testing.T) {
			f := Parse("x.yml", []byte(src), Options{Named: true})
			for _, g := range f.Groups {
				for _, r := range g.Rules {
					require.LessOrEqual(t, len(r.Conditions()), maxTemplateBlocks)
				}
			}
			require.True(t, len(f.Groups) > 0 || len(f.Problems) > 0)
		})
	}
}

func TestTemplateTrouble(t *testing.T) {
	const rule = "groups:\n- name: g\n  rules:\n  - alert: A\n    expr: "
	for _, c := range []struct {
		src  string
		want []string
	}{
		{rule + "x{{ .Values.y }} > 1\n", []string{":g/A unjudged", "5: the expression holds a template action, {{ .Values.y }}"}},
		{rule + "{{ include \"e\" . | nindent 8 }}\n", []string{":g/A unjudged", `5: the expression holds a template action, {{ include "e" . | nindent 8 }}`}},
		{rule + "|\n{{ include \"e\" . | indent 8 }}\n    for: 5m\n", []string{":g/A unjudged", `6: the expression holds a template action, {{ include "e" . | indent 8 }}`}},
		{rule + "|\n        {{ .Values.e }}\n    for: 5m\n", []string{":g/A unjudged", `6: the expression holds a template action, {{ .Values.e }}`}},
		{rule + "|-\n      up\n{{- if .Values.x }}\n      == 0\n{{- end }}\n    for: 5m\n", []string{":g/A unjudged", `7: the expression holds a template action, {{- if .Values.x }}`}},
		{rule + "up\n{{- if .Values.x }}\n    expr: down\n{{- end }}\n", []string{":g/A unjudged", `7: the expression depends on a template condition`}},
		{rule + "up\n    labels: {{ toYaml .Values.x | nindent 6 }}\n", []string{":g/A", "6: labels is written by a template action"}},
		{"groups:\n- name: g\n  rules: {{ toYaml .Values.x | nindent 4 }}\n", []string{"1: a document that starts with groups:, in which no rules were found"}},
		{rule + "up ==\n{{- if .Values.x }}\n    for: 5m\n{{- end }}\n", []string{":g/A unjudged", "problem 5:16: not PromQL: unexpected end of input"}},
		{rule + "up\n    fro: {{ .Values.x }}\n", []string{":g/A", `problem 6:5: unknown key "fro" in a rule`}},
	} {
		f := Parse("x.yml", []byte(c.src), Options{})
		require.Equal(t, c.want, summary(f), c.src)
	}
	f := Parse("x.yml", []byte(rule+"up {{ .Values.x\n"), Options{})
	require.Len(t, f.Problems, 1)
	require.Equal(t, Limit, f.Problems[0].Kind)
	require.Equal(t, 5, f.Problems[0].Span.Start.Line)
}
