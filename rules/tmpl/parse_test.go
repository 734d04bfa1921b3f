package tmpl

import (
	"errors"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/template"

	promtemplate "github.com/prometheus/prometheus/template"
	"github.com/prometheus/prometheus/util/features"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFunctionsAreThoseOfPrometheus(t *testing.T) {
	registry := features.NewRegistry()
	promtemplate.RegisterFeatures(registry)
	want := slices.Sorted(maps.Keys(registry.Get()[features.TemplatingFunctions]))
	require.NotEmpty(t, want)
	assert.ElementsMatch(t, want, strings.Fields(functionNames))
}

func TestBuiltinsAreThoseOfGo(t *testing.T) {
	for name := range strings.FieldsSeq(builtinNames) {
		_, err := template.New("").Parse("{{" + name + "}}")
		assert.NoError(t, err)
	}
	path := filepath.Join(build.Default.GOROOT, "src", "text", "template", "funcs.go")
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		t.Skip("SKIPPED: are there other builtins: Go's own sources are not here: ", err)
	}
	var want []string
	for _, decl := range file.Decls {
		if f, ok := decl.(*ast.FuncDecl); ok && f.Name.Name == "builtins" {
			ast.Inspect(f, func(n ast.Node) bool {
				if kv, ok := n.(*ast.KeyValueExpr); ok {
					name, err := strconv.Unquote(kv.Key.(*ast.BasicLit).Value)
					require.NoError(t, err)
					want = append(want, name)
				}
				return true
			})
		}
	}
	assert.ElementsMatch(t, want, strings.Fields(builtinNames))
}

// compareParse fails unless Prometheus accepts text just when Parse does.
func compareParse(t *testing.T, text string) (accepted bool) {
	t.Helper()
	want := expander(text, nil, 0).ParseTest()
	_, err := Parse(text)
	if (want == nil) != (err == nil) {
		t.Errorf("Parse(%q) = %v, Prometheus says %v", text, err, want)
	}
	if err != nil {
		var e *Error
		if !errors.As(err, &e) || e.Pos < 0 || e.Pos > len(text) || strings.Contains(e.Msg, templateName) {
			t.Errorf("Parse(%q): bad error %#v", text, err)
		}
	}
	return err == nil
}

func TestParseAgreesWithPrometheus(t *testing.T) {
	g := &generator{Rand: rand.New(rand.NewPCG(1, 2))}
	accepted, refused := 0, 0
	count := func(ok bool) {
		if ok {
			accepted++
		} else {
			refused++
		}
	}
	for range 1500 {
		text := g.template()
		count(compareParse(t, text))
		count(compareParse(t, damage(g, text)))
	}
	assert.Greater(t, accepted, 400)
	assert.Greater(t, refused, 400)
	for _, text := range corpus(t) {
		compareParse(t, text)
		compareParse(t, damage(g, text))
	}
}

// damage breaks a template somewhere.
func damage(g *generator, text string) string {
	if text == "" {
		return "{{"
	}
	i := g.IntN(len(text))
	switch g.IntN(4) {
	case 0:
		return text[:i]
	case 1:
		return text[:i] + text[i+1:]
	case 2:
		return text[i:]
	}
	junk := g.pick("{{", "}}", `"`, "`", "'", "{{end}}", "{{else}}", "$", "(", ")", "|", "{{/*", "*/}}", "-", ":=", "{{if}}", "{{break}}", "\n", "%", "{{nosuch}}", "$nosuch")
	return text[:i] + junk + text[i:]
}

func FuzzParse(f *testing.F) {
	g := &generator{Rand: rand.New(rand.NewPCG(3, 4))}
	for range 50 {
		f.Add(g.template())
	}
	f.Add("{{- /* c */ -}} x {{`raw\n`}}{{'\\''}}")
	f.Fuzz(func(t *testing.T, text string) {
		if s := scan(text); s.bounds() != nil {
			return
		}
		if compareParse(t, text) {
			parsed, _ := Parse(text)
			for _, u := range slices.Concat(parsed.Labels(), parsed.UsesValue()) {
				if u.Pos < 0 || u.End > len(text) || u.Pos >= u.End || !strings.Contains(text[u.Pos:u.End], u.Name) && !strings.Contains(text[u.Pos:u.End], `\`) {
					t.Errorf("Parse(%q): bad use %+v", text, u)
				}
			}
		}
	})
}

func TestErrors(t *testing.T) {
	for _, tt := range []struct{ text, at, msg string }{
		{"hello {{ nosuch $labels.x }}", "nosuch", `function "nosuch" not defined`},
		{"{{ nosuchfn 1 }} nosuchfn", "nosuchfn 1", `function "nosuchfn" not defined`},
		{"line\n{{ $lables.instance }} is down", "$lables", `undefined variable "$lables"`},
		{"{{ $labels.a }} and {{ $x }}", "$x", `undefined variable "$x"`},
		{"a {{ if $value }} b", "{{ if", "unexpected EOF"},
		{"{{ if 1 }}{{ with 2 }}{{ end }} b", "{{ if", "unexpected EOF"},
		{"a {{ $value", "{{ $value", "unclosed action"},
		{"a {{ printf \"x }}", `"x }}`, "unterminated quoted string"},
		{"a {{ end }}", "{{ end", "unexpected {{end}}"},
		{"a {{ }}", "{{ }}", "missing value for command"},
		{"a\n\nb {{ ($value }}", "{{ (", "unclosed left paren"},
		{"{{ humanize $value) }}", ") }}", "unexpected right paren"},
		{"{{ $labels.foo-bar }}", "-bar", `bad character U+002D '-'`},
		{"x {{/* open", "{{/*", "unclosed comment"},
		{"{{ $value |\n humanise }}", "humanise", `function "humanise" not defined`},
	} {
		_, err := Parse(tt.text)
		var e *Error
		if !assert.ErrorAs(t, err, &e, "%q", tt.text) {
			continue
		}
		assert.Contains(t, e.Msg, tt.msg, "%q", tt.text)
		assert.NotContains(t, e.Msg, "template:", "%q", tt.text)
		assert.Equal(t, tt.at, first(tt.text[e.Pos:], len(tt.at)), "%q: %s", tt.text, e.Msg)
	}
}

func first(s string, n int) string { return s[:min(n, len(s))] }

func TestHostile(t *testing.T) {
	const size = 1 << 20
	fill := func(s string) string { return strings.Repeat(s, size/len(s)) }
	for _, tt := range []struct{ name, text, refused string }{
		{"plain", fill("a"), ""},
		{"nested", strings.Repeat("{{if 1}}", 10000) + strings.Repeat("{{end}}", 10000), "nest over 1000 deep"},
		{"nested in full", fill("{{if 1}}"), "nest over 1000 deep"},
		{"else if", "{{if 1}}" + fill("{{else if 1}}") + "{{end}}", "nest over 1000 deep"},
		{"defined", fill("{{block `a` .}}"), "nest over 1000 deep"},
		{"declared", fill("{{$a:=1}}"), "over 1000 variables"},
		{"one declared, always used", "{{$a:=$labels.x}}" + fill("{{$a}}"), ""},
		{"grown", "{{$a:=$labels.x}}" + strings.Repeat("{{$a:=print $a $a}}", 999), ""},
		{"in parentheses", "{{" + strings.Repeat("(", 9999) + "1" + strings.Repeat(")", 9999) + "}}", ""},
		{"too many parentheses", "{{" + fill("("), "max expression depth"},
		{"labels", fill("{{$labels.x}}"), ""},
		{"fields", "{{" + fill(".Labels") + "}}", ""},
		{"open", fill("{{"), ""},
		{"reassigned", "{{$a:=1}}" + strings.Repeat("{{$a = $labels}}{{$b:=$a}}", 499) + fill("{{$a}}"), ""},
		{"recursive", `{{define "a"}}{{template "b" .}}{{end}}{{define "b"}}{{template "a" $}}{{.Labels.x}}{{end}}{{template "a" .}}`, ""},
	} {
		_, err := Parse(tt.text)
		if tt.refused != "" {
			assert.ErrorContains(t, err, tt.refused, tt.name)
		} else if tt.name != "open" {
			assert.NoError(t, err, tt.name)
		}
	}
	deep := strings.Repeat("{{if 1}}", maxDepth) + strings.Repeat("{{end}}", maxDepth)
	_, err := Parse(deep)
	assert.NoError(t, err)
}

func TestMatches(t *testing.T) {
	for _, tt := range []struct {
		text, value string
		want        bool
	}{
		{"plain", "plain", true},
		{"plain", "plainer", false},
		{"", "", true},
		{"{{ $labels.a }}", "", true},
		{"{{ $labels.a }}", "anything", true},
		{"p-{{ $labels.a }}-s", "p-x-s", true},
		{"p-{{ $labels.a }}-s", "p--s", true},
		{"p-{{ $labels.a }}-s", "p-s", false},
		{"p-{{ $labels.a }}-s", "q-x-s", false},
		{"p-{{ $labels.a }}-s", "<error expanding template: x>", true},
		{"p {{- $labels.a }}", "px", true},
		{"{{ $x := 1 }}p{{/* c */}}q", "pq", true},
		{"{{ $x := 1 }}p{{/* c */}}q", "p", false},
	} {
		parsed, err := Parse(tt.text)
		require.NoError(t, err)
		assert.Equal(t, tt.want, parsed.Matches(tt.value), "%q, %q", tt.text, tt.value)
	}
}

func TestMatchesWhatPrometheusExpands(t *testing.T) {
	g := &generator{Rand: rand.New(rand.NewPCG(5, 6))}
	for range 1000 {
		text := g.template()
		parsed, err := Parse(text)
		if err != nil {
			continue
		}
		out, err := expander(text, map[string]string{"a": "1", "c": "3"}, 7).Expand()
		if err == nil && !parsed.Matches(out) {
			t.Errorf("%q expands to %q, which does not match", text, out)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	text := "{{ $labels.job }} at {{ $labels.instance }} has {{ $value | humanizePercentage }} errors"
	b.Run("crywolf", func(b *testing.B) {
		for b.Loop() {
			_, _ = Parse(text)
		}
	})
	b.Run("Prometheus", func(b *testing.B) {
		for b.Loop() {
			_ = expander(text, nil, 0).ParseTest()
		}
	})
}
