package tmpl

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// The quick ways agree with parsing.
func TestQuick(t *testing.T) {
	texts := corpus(t)
	texts = append(texts,
		`{{ $labels }}`, `{{ .Labels }}`, `{{ $labels. }}`, `{{ $labelsx }}`, `{{ $labels.a }}`, `{{$labels.a}}`, `{{- $labels.a -}}`, `{{ $labels.a -}}`, `{{ $Labels.a }}`, `{{ .labels.a }}`, `{{ .Labels.a }}`, `{{ $labels.1a }}`,
		`{{ $value | humanize }}`, `{{ $value|humanize }}`, `{{ $value | humanise }}`, `{{ printf "%.2f" $value }}`, `{{ $value | printf "%.2f" }}`,
		`{{ $value`, `{{ $value }`, `{{ $labels.a}} }}`, `{{{ $value }}`, `{{ index $labels "a.b" }}`, "{{ index $labels `a` }}", `{{ index $labels "\u0061" }}`,
		`{{/* c */}}`, `{{-$value}}`, `{{ -$value }}`, `{{$value-}}`, `{{ .Value }}`, `{{ $value}}`, `{{  $value  }}`, `{{ "}}" }}{{ $labels.a }}`,
		`{{ printf "}}" $labels.a }}`, `{{ printf "}}%c" '"' }}{{ $labels.a }}`, `{{/* }} */}}{{ $labels.a }}`)
	rng := rand.New(rand.NewPCG(7, 7))
	for _, space := range []string{"\n", "\t", "\r\n", "\u00a0", "\v"} {
		for _, text := range []string{"{{ $labels.a }}", "{{ printf \"%.2f\" $value }}", "{{ $value | humanize -}}", "{{- $value | printf \"% d\" -}}"} {
			for i := range text {
				if text[i] == ' ' {
					texts = append(texts, text[:i]+space+text[i+1:])
				}
			}
		}
	}
	parts := []string{"{{", "}}", " ", "-", "$labels", ".a", "$value", "|", "humanize", `"x"`, "printf", "{", "}", "é", "if ", "end"}
	for range 20000 {
		text := ""
		for range 1 + rng.IntN(9) {
			text += parts[rng.IntN(len(parts))]
		}
		texts = append(texts, text)
	}
	quick := 0
	for _, text := range texts {
		parsed, err := Parse(text)
		if got := Check(text); (got == nil) != (err == nil) {
			t.Fatalf("Check(%q) is %v, Parse says %v", text, got, err)
		}
		if simple(text) {
			quick++
		}
		if err != nil {
			continue
		}
		uses, err := Uses(text)
		if diff := cmp.Diff(parsed.Labels(), uses, cmpopts.EquateEmpty()); diff != "" || err != nil {
			t.Fatalf("Uses(%q) differs from Parse: %v\n%s", text, err, diff)
		}
		for _, use := range parsed.Labels() {
			if !MayRead(text, func(name string) bool { return name == use.Name }) {
				t.Fatalf("MayRead denies that %q reads %q", text, use.Name)
			}
		}
	}
	t.Logf("%d of %d texts took the quick way", quick, len(texts))
}
