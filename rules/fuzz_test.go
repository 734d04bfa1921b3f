package rules

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// Words that crywolf takes otherwise than Prometheus on purpose: keys of Thanos
// and Mimir, what shows a document to be of another format, or Helm. A byte order
// mark within a file makes the YAML package lose characters, depending on where
// its buffers end.
var deliberate = []string{"partial_response_strategy", "namespace", "apiVersion", "kind", "tests", "rule_files",
	".Values.", ".Release.", ".Chart.", ".Capabilities.", "include", "{{`", "{{ `", "{{- `", "\n{{", "\uFEFF",
	"source_tenants", "evaluation_delay", "align_evaluation", "remote_write", "type", "concurrency", "filter_labels", "params", "headers",
	"tenant", "eval_", "debug"}

// FuzzParse: nothing makes the reader panic, and what it makes of a plain file
// is what Prometheus makes of it.
func FuzzParse(f *testing.F) {
	r := rand.New(rand.NewPCG(5, 6))
	f.Add(wholesome)
	for range 50 {
		lines := strings.Split(wholesome, "\n")
		for range 1 + r.IntN(3) {
			lines = mutate(r, lines)
		}
		f.Add(strings.Join(lines, "\n"))
	}
	f.Add("apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {name: a}\nspec:\n  groups:\n  - name: a\n    rules:\n    - alert: A\n      expr: 1\n")
	f.Add("\xff\xfe")
	f.Add("&a}")
	f.Add("  ! : \n 0")              // no key, and broken after that
	f.Add("{}< &a {<<: *a:}x]}\xcc") // not UTF-8, behind all that Prometheus reads
	f.Add("groups: &a [{name: x, rules: *a}]")
	f.Add("groups: [{name: x, rules: [{<<: &a {<<: *a}}]}]")
	for seed := range uint64(30) {
		f.Add((&chart{Rand: rand.New(rand.NewPCG(seed, 1))}).file())
	}
	f.Add("apiVersion: v1\nkind: ConfigMap\ndata:\n  a: |\n    groups:\n    - name: g\n      rules:\n      - alert: A\n        expr: up\n    ---\n    {}\n")
	f.Fuzz(func(t *testing.T, src string) {
		file := Parse("fuzz.yml", []byte(src), Options{Named: true})
		for _, p := range slices.Concat(file.Problems, file.Passed) {
			if p.Span.Start.Offset > p.Span.End.Offset || p.Span.End.Offset > len(src) {
				t.Fatalf("problem %q at %+v", p.Message, p.Span)
			}
		}
		for _, g := range file.Groups {
			for _, r := range g.Rules {
				for _, field := range r.fields() {
					s := field.Value.Span()
					part := field.Value.Sub(len(field.Value.Text())/3, len(field.Value.Text())*2/3)
					if s.Start.Offset > s.End.Offset || s.End.Offset > len(src) || part.Start.Offset < s.Start.Offset || part.End.Offset > s.End.Offset {
						t.Fatalf("%s at %+v, part of it at %+v", field.Key.Text(), s, part)
					}
				}
				_ = r.Conditions()
				_ = r.Source()
			}
		}
		if strings.HasPrefix(src, "{{") {
			return
		}
		for _, word := range deliberate {
			if strings.Contains(src, word) {
				return
			}
		}
		if err := compare(bytes.Clone([]byte(src))); err != nil {
			t.Fatal(err)
		}
	})
}

// FuzzSpans: wherever YAML reads a label's value, its span and those of its
// parts are right.
func FuzzSpans(f *testing.F) {
	s := &scribe{Rand: rand.New(rand.NewPCG(7, 8))}
	for range 100 {
		s.eol = s.one("\n", "\r\n", "\r")
		f.Add(s.value(6, false), s.chance(50))
	}
	f.Fuzz(func(t *testing.T, value string, flow bool) {
		src := "groups:\n- name: g\n  rules:\n  - alert: A\n    expr: up\n    labels:\n      k: " + value
		if flow {
			src = "groups:\n- name: g\n  rules:\n  - alert: A\n    expr: up\n    labels: {k: " + value + "}"
		}
		if strings.Contains(value, "\uFEFF") || strings.Contains(value, "!") {
			return // see deliberate; tags such as !!binary change the text
		}
		file := Parse("fuzz.yml", []byte(src), Options{Named: true})
		if file.misread > 0 {
			t.Fatalf("misread: %q", src)
		}
		for _, g := range file.Groups {
			for _, r := range g.Rules {
				for _, field := range r.fields() {
					if err := checkScalar(field.Value); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
	})
}
