package tmpl

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	promtemplate "github.com/prometheus/prometheus/template"
	"go.yaml.in/yaml/v3"

	"github.com/crywolf-dev/crywolf/fixtures/corpora"
)

// expander is Prometheus's own, set up as its rules do.
func expander(text string, lbls map[string]string, value float64) *promtemplate.Expander {
	external := map[string]string{"cluster": "c1"}
	data := promtemplate.AlertTemplateData(lbls, external, "http://p.test", promql.Sample{F: value})
	query := func(_ context.Context, q string, _ time.Time) (promql.Vector, error) {
		return promql.Vector{
			{Metric: labels.FromStrings("a", q, "instance", "i"), F: 1},
			{Metric: labels.FromStrings("b", "other"), F: float64(len(q))},
		}, nil
	}
	return promtemplate.NewTemplateExpander(context.Background(), definitions+text, templateName, data,
		model.Time(0), query, &url.URL{Scheme: "http", Host: "p.test", Path: "/x"}, nil)
}

var labelNames = []string{"a", "b", "c"}

// A generator writes random templates, most of which parse and execute.
type generator struct {
	*rand.Rand
	depth int
}

func (g *generator) pick(s ...string) string { return s[g.IntN(len(s))] }

func (g *generator) label() string { return g.pick(labelNames...) }

func (g *generator) variable() string {
	return g.pick("$labels", "$value", "$externalLabels", "$x", "$y", "$", "$x", "$labels")
}

// labelMap is something that is, often, the alert's labels.
func (g *generator) labelMap() string {
	return g.pick("$labels", "$labels", ".Labels", "$.Labels", "(.Labels)", "$x", ".", "$externalLabels")
}

func (g *generator) operand() string {
	if g.depth++; g.depth > 8 {
		g.depth--
		return `"k"`
	}
	defer func() { g.depth-- }()
	switch g.IntN(14) {
	case 0, 1, 2:
		return g.labelMap() + "." + g.label()
	case 3:
		return g.variable()
	case 4:
		return g.pick("$value", ".Value", "$.Value", "$externalLabels.cluster", ".", ".ExternalLabels")
	case 5:
		return fmt.Sprintf("%q", g.label())
	case 6:
		return "(" + g.pipeline() + ")"
	case 7:
		return "(index " + g.labelMap() + " " + g.pick(`"a"`, `"b"`, "$x", "$y") + ")"
	case 8:
		return "(" + g.pick("or", "and") + " " + g.operand() + " " + g.operand() + ")"
	case 9:
		return "(printf " + g.pick(`"%v"`, `"%v-"`) + " " + g.operand() + ")"
	case 10:
		return "(eq " + g.operand() + " " + g.operand() + ")"
	case 11:
		return g.pick("$x."+g.label(), "."+g.label(), "$y", "$x")
	case 12:
		return g.labelMap() + "." + g.label()
	}
	return g.pick("1", `"s"`, "true", "now", "$labels", "nil")
}

func (g *generator) pipeline() string {
	switch g.IntN(9) {
	case 0:
		return g.operand() + " | " + g.pick("printf \"%v\"", "print", "toUpper", "or "+g.operand(), "len", "html")
	case 1:
		return `"` + g.label() + `" | index ` + g.labelMap()
	case 2:
		return "not " + g.operand()
	case 3:
		return "printf \"%v %v\" " + g.operand() + " " + g.operand()
	case 4:
		return g.pick("query \"up\" | first | label \"a\"", "args "+g.operand(), "len "+g.operand(), "print "+g.operand())
	}
	return g.operand()
}

func (g *generator) text(n int) string {
	var b strings.Builder
	for range n {
		b.WriteString(g.node())
	}
	return b.String()
}

func (g *generator) node() string {
	if g.depth++; g.depth > 6 {
		g.depth--
		return "t"
	}
	defer func() { g.depth-- }()
	body := func() string { return g.text(g.IntN(3)) }
	end := func() string {
		if g.IntN(3) == 0 {
			return "{{else}}" + body() + "{{end}}"
		}
		return "{{end}}"
	}
	switch g.IntN(14) {
	case 0, 1:
		return g.pick("text ", "", "\n", "é ")
	case 2:
		return "{{" + g.pick("$x", "$y", "$labels", "$value") + " := " + g.pipeline() + "}}"
	case 3:
		return "{{" + g.pick("$x", "$y", "$labels") + " = " + g.pipeline() + "}}"
	case 4:
		return "{{if " + g.pick("", "$x := ") + g.pipeline() + "}}" + body() + end()
	case 5:
		return "{{with " + g.pick("", "$x := ") + g.pipeline() + "}}" + body() + end()
	case 6:
		over := g.pick(`query "up"`, "$labels", g.operand(), `query "down"`)
		return "{{range " + g.pick("", "$x := ", "$y, $x := ") + over + "}}" + body() + end()
	case 7:
		return "{{template " + g.pick(`"one"`, `"two"`) + " " + g.pick(".", "$labels", g.operand()) + "}}"
	case 8:
		return "{{if " + g.operand() + "}}" + body() + "{{else if " + g.operand() + "}}" + body() + end()
	}
	return "{{" + g.pick("", "- ") + g.pipeline() + g.pick("", " -") + "}}"
}

// template is a whole random template.
func (g *generator) template() string {
	g.depth = 0
	t := g.pick("", "{{$x := $labels.a}}", "{{$x := $labels}}", "{{$x := .}}", `{{$x := "a"}}`) +
		g.pick("", `{{$y := ""}}`, "{{$y := $x}}") + g.text(1+g.IntN(5))
	if g.IntN(3) == 0 {
		t += `{{define "one"}}` + g.text(2) + `{{end}}{{define "two"}}` + g.pick("{{.}}", "{{.a}}", "{{$.Labels.b}}", g.text(1)) + "{{end}}"
	}
	return t
}

// corpus returns every distinct scalar of the real rule files that lie beside
// a checkout, where they do, which looks like a template.
func corpus(t testing.TB) []string {
	if dir := corpora.Dir(); dir != "" {
		return readCorpus(t, dir)
	}
	t.Log(corpora.Missing)
	return nil
}

func readCorpus(t testing.TB, root string) []string {
	var out []string
	known := map[string]bool{}
	var collect func(n *yaml.Node)
	collect = func(n *yaml.Node) {
		if n.Kind == yaml.ScalarNode && strings.Contains(n.Value, "{{") && !known[n.Value] {
			known[n.Value] = true
			out = append(out, n.Value)
		}
		for _, c := range n.Content {
			collect(c)
		}
	}
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".yaml") && !strings.HasSuffix(path, ".yml") {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		dec := yaml.NewDecoder(strings.NewReader(string(data)))
		for {
			var n yaml.Node
			if dec.Decode(&n) != nil {
				return nil // the end, or a Helm template
			}
			collect(&n)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
