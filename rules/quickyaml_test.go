package rules

import (
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// quickSamples has what quickYAML reads, and some that it should not.
var quickSamples = []string{`# a comment
---
groups:   # and another
  - name: a
    interval: 30s
    rules:
      # one more
      - alert: Down   # trailing
        expr: up{job="a"} == 0 and on (job)
          foo
            > 5

          - bar
        for: 5m
        labels: {severity: page, team: "a b", empty: '', n: 5}
        annotations:
          summary: 'it''s {{ $labels.job }}
            and more


            lines'
          description: "a \"b\" \\ \n c/d
            e  f

            g"
          runbook_url: https://x.test/a#b
          list:
          - a: 1
            b: ~
          -   c: true
              d: 2001-12-14
          - plain
          - 'quoted'
          - -5
      - record: a:b
        expr: |
          sum (
            up

          # not a comment
          )
        labels:
          x: null
          y: 1.5e3
          z: no
      - record: c
        expr: >-

          a
          b

          c
            d
          e


            f
          g
  - name: b
    rules:
    - alert: X
      expr: >
        up
        == 0
# the end
`, `groups:
- name: g
  rules:
  - alert: A
    expr: |-
      a
       b
        
      c
    for: 1h
  - alert: B
    expr: |
      x`, `a:
  b: c
e: .inf
f: 0x1F
g: 1_000
h: 'x'
i: "y"
j: -z
k: 12:30:45
l: "a\tb"
m: 0o17
n: +1
p: a:b
q: a#b
`}

// quickly requires that what quickYAML reads is what the YAML package does.
func quickly(t *testing.T, src string) bool {
	t.Helper()
	q := new(quickYAML)
	doc := q.read([]byte(src))
	if doc == nil {
		return false
	}
	want, err := decode([]byte(src))
	require.NoError(t, err, "%q", src)
	require.Len(t, want, 1, "%q", src)
	sameNodes(t, src, want[0].Content[0], doc.Content[0])
	return true
}

func sameNodes(t *testing.T, src string, want, got *yaml.Node) {
	t.Helper()
	w, g := *want, *got
	w.HeadComment, w.LineComment, w.FootComment, w.Content, g.Content = "", "", "", nil, nil
	if require.Equal(t, w, g, "%s", src); len(want.Content) != len(got.Content) {
		require.Fail(t, "children", "%d, want %d of %+v in\n%s", len(got.Content), len(want.Content), w, src)
	}
	for i := range want.Content {
		sameNodes(t, src, want.Content[i], got.Content[i])
	}
}

func TestQuickYAML(t *testing.T) {
	for _, s := range quickSamples {
		require.True(t, quickly(t, s), "%s", s)
	}
	quick := 0
	files := 0
	for _, dir := range []string{"awesome", "mixins", "kube-prometheus", "openshift-cmo"} {
		require.NoError(t, filepath.WalkDir(corpus(t, dir), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !hasRuleExtension(path) {
				return err
			}
			src, err := os.ReadFile(path)
			if files++; quickly(t, string(src)) {
				quick++
			}
			return err
		}))
	}
	t.Logf("%d of %d files are read quickly", quick, files)
}

func TestQuickYAMLMutated(t *testing.T) {
	bits := []string{" ", "  ", "\n", "\n\n", "#", " #", ":", ": ", "-", "- ", "'", "''", "\"", "\\", "\\n", "{", "}", "[", "]", ",", "|", ">", "|-", ">+", "|2", "&a", "*a", "!x",
		"---", "...", "%", "?", "~", "null", "<<", "true", "5", "a", "\n  ", "\n    ", "\n          ", "@", "`", "é", "\t", "\r"}
	r := rand.New(rand.NewPCG(11, 3))
	quick := 0
	for range 150_000 {
		src := []byte(quickSamples[r.IntN(len(quickSamples))])
		for range 1 + r.IntN(3) {
			at := r.IntN(len(src) + 1)
			cut := min(len(src), at+r.IntN(4)*r.IntN(8))
			bit := ""
			if r.IntN(3) > 0 {
				bit = bits[r.IntN(len(bits))]
			}
			src = append(append(append([]byte(nil), src[:at]...), bit...), src[cut:]...)
		}
		if quickly(t, string(src)) {
			quick++
		}
	}
	t.Logf("%d mutants are read quickly", quick)
	require.Greater(t, quick, 10_000)
}

// Memory that was used for one file is as new for the next.
func TestQuickYAMLReused(t *testing.T) {
	for range 3 {
		q := quickReaders.Get().(*quickYAML)
		long := "a:\n" + strings.Repeat("  - b: c\n    d: {e: f}\n", 3*chunkSize)
		docs, err := q.decode([]byte(long))
		require.NoError(t, err)
		want, err := decode([]byte(long))
		require.NoError(t, err)
		sameNodes(t, "long", want[0].Content[0], docs[0].Content[0])
		q.release()
	}
}

func FuzzQuickYAML(f *testing.F) {
	for _, s := range quickSamples {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) { quickly(t, src) })
}
