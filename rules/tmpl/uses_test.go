package tmpl

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// describe writes uses as "name@text", with ? after those guarded and ! after
// those only tested.
func describe(text string, uses []Use) string {
	var out []string
	for _, u := range uses {
		s := u.Name + "@" + text[u.Pos:u.End]
		if u.Guarded {
			s += "?"
		}
		if u.Tested {
			s += "!"
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

func TestUses(t *testing.T) {
	for _, tt := range []struct{ text, labels, value, rest string }{
		{"plain", "", "", ""},
		{"{{ $labels.a }}", "a@$labels.a", "", ""},
		{"{{ .Labels.a }} {{ $.Labels.b }}", "a@.Labels.a b@$.Labels.b", "", ""},
		{"{{ ($labels).a }}", "a@.a", "", ""},
		{`{{ index $labels "a" }}`, `a@index $labels "a"`, "", ""},
		{`{{ "a" | index $labels }}`, `a@"a"`, "", ""},
		{"{{ index $labels `a` | toUpper }}", "a@index $labels `a`", "", ""},
		{`{{ $k := "a" }}{{ index $labels $k }}`, "", "", "whole"},
		{"{{ $labels }}", "", "", "whole"},
		{"{{ . }}", "", "@.", "whole external"},
		{"{{ range $k, $v := $labels }}{{ $k }}={{ $v }}{{ end }}", "", "", "whole"},
		{"{{ $labels.a | humanize }} {{ $value | printf `%.2f` }}", "a@$labels.a", "@$value", ""},
		{"{{ .Value }}{{ $.Value }}", "", "@.Value @$.Value", ""},
		{"{{ $v := $value }}x", "", "", ""},
		{"{{ $v := $value }}{{ $v }}", "", "@$v", ""},
		{"{{ if gt $value 1.0 }}{{ $labels.a }}{{ end }}", "a@$labels.a", "@$value!", ""},
		{"{{ with $value }}{{ . }}{{ end }}", "", "@$value! @.", ""},
		{"{{ $externalLabels.cluster }}", "", "", "external"},
		{"{{ .ExternalLabels.cluster }}{{ .ExternalURL }}{{ $externalURL }}", "", "", "external"},

		// Tested first.
		{"{{ if $labels.a }}{{ $labels.a }}{{ end }}", "a@$labels.a?! a@$labels.a?", "", ""},
		{"{{ if $labels.a }}x{{ else }}{{ $labels.b }}{{ end }}", "a@$labels.a?! b@$labels.b?", "", ""},
		{"{{ if ne .Labels.a `` }}x{{ end }}{{ $labels.a }}", "a@.Labels.a?! a@$labels.a", "", ""},
		{"{{ with $labels.a }}{{ . }}{{ end }}", "a@$labels.a?", "", ""},
		{"{{ or $labels.a `none` }} {{ $labels.a | or }}", "a@$labels.a? a@$labels.a", "", ""},
		{"{{ if $labels }}{{ $labels.a }}{{ end }}", "a@$labels.a?", "", "whole"},
		{"{{ $x := $labels.a }}{{ if $x }}{{ $x }}{{ end }}", "a@$labels.a?", "", ""},
		{"{{ $x := $labels.a }}{{ $x }}", "a@$labels.a", "", ""},
		{"{{ $x := $labels.a | toUpper }}{{ $y := print $x }}{{ if $y }}{{ $y }}{{ end }}", "a@$labels.a?", "", ""},
		{"{{ $x := $labels.a | toUpper }}{{ $y := print $x }}{{ $y }}", "a@$labels.a", "", ""},
		{"{{ $x := $labels.a }}{{ if $x }}{{ $labels.b }}{{ end }}", "a@$labels.a? b@$labels.b?", "", ""},
		{"{{ $x := `` }}{{ if $value }}{{ $x = $labels.a }}{{ end }}{{ $x }}", "a@$labels.a?", "@$value!", ""},

		// Dot and variables rebound.
		{"{{ with $labels }}{{ .a }}{{ end }}", "a@.a?", "", "whole"},
		{"{{ range query `up` }}{{ .Labels.a }}{{ $labels.b }}{{ .Value }}{{ end }}", "b@$labels.b", "", "query"},
		{"{{ with query `up` }}{{ . | first | value }}{{ end }}{{ .Labels.a }}", "a@.Labels.a", "", "query"},
		{"{{ $labels := 1 }}{{ $labels.a }}", "", "", ""},
		{"{{ if true }}{{ $labels := 1 }}{{ $labels }}{{ end }}{{ $labels.a }}", "a@$labels.a", "", ""},
		{"{{ if $value }}{{ $labels := 1 }}{{ else }}{{ $labels.a }}{{ end }}", "a@$labels.a", "@$value!", ""},
		{"{{ range query `up` }}{{ $labels := . }}{{ else }}{{ $labels.a }}{{ end }}", "a@$labels.a", "", "query"},
		{"{{ if true }}{{ $labels = `` }}{{ end }}{{ $labels.a }}", "", "", "whole"},
		{"{{ $l := $labels }}{{ $l.a }}", "a@$l.a", "", ""},
		{"{{ range query `up` }}{{ $labels = . }}{{ end }}", "", "", "query"},
		{"{{ define `x` }}{{ .Labels.a }}{{ $.Labels.b }}{{ end }}{{ template `x` . }}", "a@.Labels.a b@$.Labels.b", "", ""},
		{"{{ define `x` }}{{ .Labels.a }}{{ end }}", "", "", ""},
		{"{{ define `x` }}{{ .a }}{{ end }}{{ template `x` $labels }}", "a@.a", "", ""},
		{"{{ define `x` }}{{ .a }}{{ end }}{{ template `x` (args $labels) }}", "", "", "whole"},
		{"{{ block `x` .Labels }}{{ .a }}{{ end }}", "a@.a", "", ""},
		{"{{ (query (printf `up{a=%q}` $labels.a) | first).Labels.b }}", "a@$labels.a", "", "query"},
	} {
		parsed, err := Parse(tt.text)
		require.NoError(t, err, tt.text)
		assert.Equal(t, tt.labels, describe(tt.text, parsed.Labels()), tt.text)
		assert.Equal(t, tt.value, describe(tt.text, parsed.UsesValue()), tt.text)
		var rest []string
		for name, is := range map[string]bool{"whole": parsed.WholeLabels(), "query": parsed.UsesQuery(), "external": parsed.UsesExternalLabels()} {
			if is {
				rest = append(rest, name)
			}
		}
		slices.Sort(rest)
		slices.Reverse(rest)
		assert.Equal(t, tt.rest, strings.Join(rest, " "), tt.text)
	}
}

// outcome is what Prometheus makes of a template.
func outcome(text string, lbls map[string]string, value float64) string {
	out, err := expander(text, lbls, value).Expand()
	return fmt.Sprint(out, err)
}

// TestUsesAgainstExecution executes templates with and without a label, and
// with other values: what changes the outcome must have been found.
func TestUsesAgainstExecution(t *testing.T) {
	g := &generator{Rand: rand.New(rand.NewPCG(7, 8))}
	texts := corpus(t)
	for range 2000 {
		texts = append(texts, g.template())
	}
	changed, exact := 0, 0
	for _, text := range texts {
		parsed, err := Parse(text)
		if err != nil {
			continue
		}
		names := labelNames
		for _, u := range parsed.Labels() {
			names = append(slices.Clip(names), u.Name)
		}
		for range 2 {
			lbls := map[string]string{}
			for _, name := range names {
				if g.IntN(3) > 0 {
					lbls[name] = g.pick("1", "x.y:9090", "", "a")
				}
			}
			before := outcome(text, lbls, 1)
			for name := range maps.Clone(lbls) {
				without := maps.Clone(lbls)
				delete(without, name)
				after := outcome(text, without, 1)
				if after == before || strings.Contains(after, "0xc0") { // an address differs every time
					continue
				}
				changed++
				found := slices.ContainsFunc(parsed.Labels(), func(u Use) bool { return u.Name == name })
				if !found && !parsed.WholeLabels() {
					t.Fatalf("%q: label %q of %v changes the outcome and was not found", text, name, lbls)
				}
				if found && !parsed.WholeLabels() {
					exact++
				}
			}
			if after := outcome(text, lbls, 2.5); after != before && !strings.Contains(after, "0xc0") && len(parsed.UsesValue()) == 0 && !parsed.WholeLabels() && !mayHoldValue(text) {
				t.Fatalf("%q: the value changes the outcome and was not found", text)
			}
		}
	}
	assert.Greater(t, changed, 300)
	assert.Greater(t, exact, 100)
}

// mayHoldValue reports whether a variable is assigned to, which leaves it open
// whether it holds the value.
func mayHoldValue(text string) bool { return strings.Contains(text, " = ") }

// TestUnguardedUsesShow takes away each label that a real template reads
// unguarded: the text must change.
func TestUnguardedUsesShow(t *testing.T) {
	for _, text := range corpus(t) {
		parsed, err := Parse(text)
		if err != nil {
			continue
		}
		for _, u := range parsed.Labels() {
			if u.Guarded || parsed.UsesQuery() || strings.Contains(text, "{{ if") || strings.Contains(text, "{{if") {
				continue
			}
			lbls := map[string]string{}
			for _, other := range parsed.Labels() {
				lbls[other.Name] = "x"
			}
			before := outcome(text, lbls, 1)
			delete(lbls, u.Name)
			if outcome(text, lbls, 1) == before {
				t.Errorf("%q: label %q makes no difference", text, u.Name)
			}
		}
	}
}
