package baseline

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/checks"
	"github.com/crywolf-dev/crywolf/rules"
)

func hostile(r *rand.Rand) string {
	parts := []string{"a", "é", "\n", "\r", "'", `"`, "{{ $x }}", ": ", " #", "- ", "\t", "\x00", "\u2028", "\ufeff", "null", "~", "1e3", "]", "}", ",", "&a", "*a", "!!int 3", "<<", " ", "yes", "🐺"}
	s := ""
	for range r.IntN(6) {
		s += parts[r.IntN(len(parts))]
	}
	return s
}

// TestRoundTrip: what is written is read again, whatever rules are called, and
// every entry has one line.
func TestRoundTrip(t *testing.T) {
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 1))
		b := &Baseline{Paths: []string{".", hostile(r) + "x"}}
		for range r.IntN(5) {
			b.Entries = append(b.Entries, Entry{
				File: hostile(r), Alert: hostile(r), Record: hostile(r), Check: "c" + hostile(r), ID: "i" + hostile(r), Variant: hostile(r),
			})
		}
		text, err := b.Encode()
		require.NoError(t, err)
		again, err := Decode("b.yaml", text)
		require.NoError(t, err, "%s", text)
		Sort(b.Entries)
		require.ElementsMatch(t, b.Paths, again.Paths, "%s", text)
		require.Equal(t, b.Entries, again.Entries, "%s", text)
		if len(b.Entries) > 0 {
			require.Equal(t, len(b.Entries)+4, strings.Count(string(text), "\n"), "%s", text)
		}
		same, err := again.Encode()
		require.NoError(t, err)
		require.Equal(t, string(text), string(same))
	}
}

func TestDecodeRefuses(t *testing.T) {
	entry := "{check: a/b, id: x}"
	for text, want := range map[string]string{
		"":                                 "b.yaml: the file is empty",
		"[]":                               "b.yaml:1:1: a baseline must be a mapping",
		"findings: []":                     "b.yaml:1:1: a baseline needs a version",
		"version: 2\nfindings: []":         "b.yaml:1:10: the version of the baseline is not 1",
		"version: 1":                       "needs findings",
		"version: 1\nfindings: {}":         "b.yaml:2:11: findings must be a list",
		"version: 1\nfindings:\n- x":       "b.yaml:3:3: a finding must be a mapping",
		"version: 1\nfindings:\n- {id: x}": "b.yaml:3:3: a finding needs check",
		"version: 1\nfindings:\n- {check: [], id: x}":               "b.yaml:3:11: check must be text",
		"version: 1\nfindings:\n- {check: ~, id: x}":                "check must be text",
		"version: 1\nfindings:\n- {check: a, check: b}":             `b.yaml:3:14: key "check" is already set`,
		"version: 1\nfindings:\n- {chek: a}":                        `b.yaml:3:4: unknown key "chek" in a finding`,
		"version: 1\nfinding: []":                                   `b.yaml:2:1: unknown key "finding" in a baseline`,
		"version: 1\nfindings: [&a " + entry + ", *a]":              "a finding must be a mapping",
		"version: 1\nfindings: []\n---\n":                           "after the first YAML document",
		"version: 1\nfindings: [" + strings.Repeat("[", 20000):      "b.yaml: ",
		"version: 1\nfindings: [" + strings.Repeat(",", maxMarks+1): "signs that can start a YAML node",
		strings.Repeat("#", maxSize+1):                              "larger than 16 MiB",
	} {
		_, err := Decode("b.yaml", []byte(text))
		require.ErrorContains(t, err, want, "%.60q", text)
	}
	_, err := Read(filepath.Join(t.TempDir(), "none"))
	require.ErrorIs(t, err, os.ErrNotExist)
}

func judge(t *testing.T, files map[string]string) *analyze.Result {
	t.Helper()
	var list []*rules.File
	for path, src := range files {
		list = append(list, rules.Parse(path, []byte(src), rules.Options{}))
	}
	res, err := analyze.Run(t.Context(), analyze.NewFacts(rules.NewSet(list), analyze.Settings{}), analyze.Options{Checks: checks.All()})
	require.NoError(t, err)
	return res
}

func file(rules ...string) string {
	return "groups:\n- name: g\n  rules:\n" + strings.Join(rules, "")
}

func rule(name, labels, expr string) string {
	return fmt.Sprintf("  - {alert: %s, labels: {%s}, expr: %s, annotations: {summary: x}}\n", name, labels, expr)
}

// news are the findings that a baseline of one state does not know in another.
func news(t *testing.T, before, after map[string]string) (found []string, left int) {
	t.Helper()
	known, res := Of(judge(t, before)), judge(t, after)
	partner, gone := Match(known, Of(res))
	for i, p := range partner {
		if p < 0 {
			f := res.Findings[i]
			found = append(found, fmt.Sprintf("%s:%d %s", f.File.Path, f.Position().Line, f.Check))
		}
	}
	return found, len(gone)
}

// TestNamesakes: of rules of one name, that which was added is the new one.
func TestNamesakes(t *testing.T) {
	eu, us, ap := rule("Busy", "severity: warning, zone: eu", "load > 5"), rule("Busy", "severity: warning, zone: us", "load > 5"), rule("Busy", "severity: warning, zone: ap", "load > 5")
	one := func(r ...string) map[string]string { return map[string]string{"a.yml": file(r...)} }
	for name, tt := range map[string]struct {
		before, after map[string]string
		want          []string
		left          int
	}{
		"added behind":       {one(eu, us), one(eu, us, ap), []string{"a.yml:6 quiet/no-for"}, 0},
		"added in front":     {one(eu, us), one(ap, eu, us), []string{"a.yml:4 quiet/no-for"}, 0},
		"the first of two":   {one(us), one(ap, us), []string{"a.yml:4 quiet/no-for"}, 0},
		"swapped":            {one(eu, us), one(us, eu), nil, 0},
		"taken out":          {one(eu, us, ap), one(us), nil, 2},
		"another label":      {one(eu, us), one(eu, ap), nil, 0},
		"another expression": {one(us), one(rule("Busy", "severity: warning, zone: us", "other_load > 7")), nil, 0},
		"copied to a file": {one(us), map[string]string{"a.yml": file(us), "0/a.yml": file(us)},
			[]string{"0/a.yml:4 quiet/no-for"}, 0},
		"moved to a file": {one(us), map[string]string{"b.yml": file(us)}, nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			found, left := news(t, tt.before, tt.after)
			require.Equal(t, tt.want, found)
			require.Equal(t, tt.left, left)
		})
	}
}

// TestMatchIsOneToOne on random lists: nothing is used twice, what can be
// paired by ID is, and the closest likeness goes first.
func TestMatchIsOneToOne(t *testing.T) {
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 2))
		list := func() (out []Entry) {
			for range r.IntN(8) {
				out = append(out, Entry{ID: string('a' + rune(r.IntN(2))), File: string('f' + rune(r.IntN(2))), Variant: string('v' + rune(r.IntN(2)))})
			}
			return out
		}
		entries, findings := list(), list()
		partner, left := Match(entries, findings)
		used := map[int]bool{}
		for i, p := range partner {
			if p < 0 {
				for _, l := range left {
					require.NotEqual(t, entries[l].ID, findings[i].ID, "an entry and a finding of one ID are both alone")
				}
				continue
			}
			require.False(t, used[p])
			used[p] = true
			require.Equal(t, entries[p].ID, findings[i].ID)
			if entries[p] != findings[i] {
				for _, l := range left {
					require.NotEqual(t, entries[l], findings[i], "its like was left")
				}
			}
		}
		require.Len(t, left, len(entries)-len(used))
	}
}

// FuzzDecode: no baseline makes the reader panic, and what is read is written
// and read again.
func FuzzDecode(f *testing.F) {
	f.Add("version: 1\npaths: [.]\nfindings:\n- {file: a.yml, alert: A, check: quiet/no-for, id: 0123, variant: ab}\n")
	f.Add("version: 1\nfindings: []\n")
	f.Add("version: 1\nfindings: [{check: 0, id: \"\"}]\n")
	f.Add("version: 1\nfindings: [{check: &a x, id: *a}]\n")
	f.Fuzz(func(t *testing.T, src string) {
		b, err := Decode("b.yaml", []byte(src))
		if err != nil {
			return
		}
		text, err := b.Encode()
		if err != nil {
			t.Fatal(err)
		}
		again, err := Decode("b.yaml", text)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if len(again.Entries) != len(b.Entries) {
			t.Fatalf("%d entries became %d", len(b.Entries), len(again.Entries))
		}
	})
}
