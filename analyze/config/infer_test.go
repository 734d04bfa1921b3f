package config_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/checks"
	"github.com/crywolf-dev/crywolf/analyze/config"
	"github.com/crywolf-dev/crywolf/fixtures/corpora"
	"github.com/crywolf-dev/crywolf/rules"
)

// houses are sets of rule files: the real ones, where they are there, and some
// that are made up. A house's files are within the working directory of f.
func houses(t *testing.T, f func(t *testing.T, files map[string]string)) {
	for _, name := range []string{"awesome", "mixins", "kube-prometheus", "openshift-cmo"} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(corpora.Dir(), name)
			if _, err := os.Stat(dir); corpora.Dir() == "" || err != nil {
				t.Skip(corpora.Missing)
			}
			t.Chdir(dir)
			set, err := rules.Load(t.Context(), []string{"."}, rules.Options{})
			require.NoError(t, err)
			files := map[string]string{}
			for _, f := range set.Files {
				if len(f.Groups) > 0 {
					files[f.Path] = string(f.Source)
				}
			}
			f(t, files)
		})
	}
	for seed := range 8 {
		t.Run(fmt.Sprintf("made-up-%d", seed), func(t *testing.T) {
			f(t, madeUp(rand.New(rand.NewPCG(uint64(seed), 7))))
		})
	}
}

// madeUp is a house of a few dozen rules that share names, expressions, keys
// and severities enough for everything inferred to be on the brink.
func madeUp(random *rand.Rand) map[string]string {
	pick := func(list ...string) string { return list[random.IntN(len(list))] }
	words := [][]string{{"critical", "warning"}, {"page", "critical", "ticket"}, {"P1", "p3", "odd"}, {"none", "info", "warning", "critical"}}[random.IntN(4)]
	owner := pick("team", "squad", "owner")
	files := map[string]string{}
	for i := range 2 + random.IntN(8) {
		var b strings.Builder
		b.WriteString("groups:\n")
		for g := range 1 + random.IntN(2) {
			fmt.Fprintf(&b, "- name: g%d\n  rules:\n", g)
			for range 1 + random.IntN(6) {
				fmt.Fprintf(&b, "  - alert: %s\n    expr: %s\n", pick("Down", "Busy", "Slow", "Full", "Late", "Odd"),
					pick("up == 0", "node_load1 > 5", "queue_length > 7", "sum(rate(x_total[5m]))", "sum by (team) (y) > 1", "a:b:c > 2"))
				if random.IntN(2) == 0 {
					b.WriteString("    for: 5m\n")
				}
				b.WriteString("    labels:\n      job: x\n")
				if random.IntN(6) > 0 {
					fmt.Fprintf(&b, "      severity: %s\n", pick(words...))
				}
				if random.IntN(3) > 0 {
					fmt.Fprintf(&b, "      %s: x\n", owner)
				}
				b.WriteString("    annotations:\n      text: x\n")
				for _, key := range []string{"summary", "message", "runbook_url", "docs"} {
					if random.IntN(3) > 0 {
						fmt.Fprintf(&b, "      %s: %s\n", key, pick("TODO", "it is {{ $labels.pod }}", "https://x.test/y"))
					}
				}
			}
			if random.IntN(2) == 0 {
				b.WriteString("  - record: a:b:c\n    expr: sum(z)\n")
			}
		}
		files[fmt.Sprintf("%s/%s%d.yml", pick("eu", "us", "rules"), pick("a", "b-"), i)] = b.String()
	}
	return files
}

func load(files map[string]string) *rules.Set {
	var out []*rules.File
	for path, text := range files { // in any order
		out = append(out, rules.Parse(path, []byte(text), rules.Options{}))
	}
	return rules.NewSet(out)
}

// inited is what a run is told by the configuration that init writes.
func inited(t *testing.T, set *rules.Set) analyze.Settings {
	t.Helper()
	text, err := config.Write(analyze.NewFacts(set, analyze.Settings{}), nil, "")
	require.NoError(t, err)
	c, err := config.Parse(config.Name, text, checks.All())
	require.NoError(t, err, "%s", text)
	agree(t, compiled(t), string(text))
	return c.Settings()
}

func judged(t *testing.T, set *rules.Set, s analyze.Settings) *analyze.Result {
	t.Helper()
	res, err := analyze.Run(t.Context(), analyze.NewFacts(set, s), analyze.Options{Checks: checks.All()})
	require.NoError(t, err)
	return res
}

// TestInit: what init writes is what was inferred.
func TestInit(t *testing.T) {
	houses(t, func(t *testing.T, files map[string]string) {
		set := load(files)
		settings := inited(t, set)
		before, after := judged(t, set, analyze.Settings{}), judged(t, set, settings)
		for i, a := range before.Alerts {
			b := after.Alerts[i]
			require.Equal(t, a.Urgency, b.Urgency, a.Rule.Name())
			require.False(t, b.UrgencyInferred)
			for _, c := range analyze.Concerns() {
				require.Equal(t, a.Meets(c), b.Meets(c), "%s %s", c, a.Rule.Name())
			}
		}
		for _, c := range analyze.Concerns()[1:] {
			for _, u := range c.AskedOf() {
				require.Equal(t, before.Style.Expected(c, u), after.Style.Expected(c, u), "%s of %s", c, u)
			}
		}
		show := func(res *analyze.Result) (out []string) {
			for _, f := range res.Findings {
				if f.Key == "house" { // what most do not do, the configuration does not ask for
					continue
				}
				message := f.Message
				if f.Inferred && f.Check != "unique/identical" || strings.HasPrefix(f.Check, "actionable/") {
					message = "" // which says why it is asked for
				}
				out = append(out, fmt.Sprintf("%s:%d %s %s", f.File.Path, f.Position().Line, f.Check, message))
			}
			return out
		}
		drop := func(list []string) []string {
			return slices.DeleteFunc(list, func(s string) bool { return strings.Contains(s, " mapped/") })
		}
		if diff := cmp.Diff(drop(show(before)), drop(show(after))); diff != "" {
			t.Error(diff)
		}
		for _, f := range after.Findings {
			require.False(t, f.Inferred, "%s: %s", f.Check, f.Message)
		}
	})
}

// seen is all that matters of a run's findings, but for those at some rules.
func seen(res *analyze.Result, but func(*rules.Rule) bool) (out []string) {
	for _, f := range res.Findings {
		if f.Rule != nil && but(f.Rule) {
			continue
		}
		var covers []string
		for _, r := range f.Covers {
			covers = append(covers, r.File().Path+" "+r.Name())
		}
		out = append(out, fmt.Sprint(f.File.Path, f.Check, f.Severity, f.Points, f.Fingerprint, f.Inferred, "\n", f.Message, "\n", covers, f.Evidence))
	}
	slices.Sort(out)
	return out
}

func nobody(*rules.Rule) bool { return false }

// TestOrderAfterInit: files in any order, and any of them, are judged alike.
func TestOrderAfterInit(t *testing.T) {
	houses(t, func(t *testing.T, files map[string]string) {
		settings := inited(t, load(files))
		want := seen(judged(t, load(files), settings), nobody)
		for range 3 {
			require.Equal(t, want, seen(judged(t, load(files), settings), nobody)) // a map has no order
		}
		// What relates rules with each other, or follows a recording rule into
		// another file, needs both; nothing else does.
		random := rand.New(rand.NewPCG(3, 4))
		alone := func(res *analyze.Result, of map[string]string) (out []string) {
			for _, f := range res.Findings {
				if _, in := of[f.File.Path]; in && !strings.HasPrefix(f.Check, "unique/") && (f.Rule == nil || !strings.Contains(f.Rule.ExprField.Value.Text(), ":")) {
					out = append(out, fmt.Sprint(f.File.Path, f.Position().Line, f.Check, f.Severity, f.Points, f.Inferred, "\n", f.Message))
				}
			}
			return out
		}
		all := judged(t, load(files), settings)
		for range 3 {
			some := map[string]string{}
			for path, text := range files {
				if random.IntN(3) == 0 {
					some[path] = text
				}
			}
			require.Equal(t, alone(all, some), alone(judged(t, load(some), settings), some))
		}
	})
}

// TestUnrelatedRuleAfterInit: a rule whose names are shared with nobody changes
// no finding but its own, whether it comes or goes.
func TestUnrelatedRuleAfterInit(t *testing.T) {
	moved := 0
	houses(t, func(t *testing.T, files map[string]string) {
		settings := inited(t, load(files))
		random := rand.New(rand.NewPCG(5, 6))
		want := seen(judged(t, load(files), settings), nobody)
		inferred := seen(judged(t, load(files), analyze.Settings{}), nobody)
		unrelated := func(r *rules.Rule) bool {
			return strings.HasPrefix(r.Name(), "Unrelated") || r.Name() == "un:related:x"
		}
		for range 6 {
			more := with(random, files)
			require.Equal(t, want, seen(judged(t, load(more), settings), unrelated))
			if !slices.Equal(inferred, seen(judged(t, load(more), analyze.Settings{}), unrelated)) {
				moved++
			}
		}
	})
	require.Positive(t, moved, "not one of the rules was on the brink of anything: the test shows nothing")
}

// with is the house with an unrelated rule in one of its files.
func with(random *rand.Rand, files map[string]string) map[string]string {
	set := load(files)
	var places []*rules.Rule
	for _, r := range set.Rules() {
		at := r.Node().Start
		if r.Index == 0 && strings.TrimSpace(string(r.File().Line(at.Line)[:at.Column-1])) == "-" {
			places = append(places, r)
		}
	}
	out := map[string]string{}
	for path, text := range files {
		out[path] = text
	}
	if len(places) == 0 {
		return out
	}
	r := places[random.IntN(len(places))]
	at := r.Node().Start
	indent := strings.Repeat(" ", at.Column-3)
	rule := []string{
		"- alert: Unrelated\n  expr: unrelated_things > 5\n  labels: {severity: page}\n",
		"- alert: Unrelated\n  expr: sum(rate(unrelated_total[5m]))\n  labels: {severity: odd, squad: x}\n  annotations: {docs: TODO, brief: x}\n",
		"- alert: UnrelatedToo\n  expr: unrelated_things < 5\n  for: 5m\n",
		"- record: un:related:x\n  expr: sum(unrelated_things)\n",
	}[random.IntN(4)]
	rule = indent + strings.TrimSuffix(strings.ReplaceAll(rule, "\n", "\n"+indent), indent)
	start := at.Offset - at.Column + 1
	text := files[r.File().Path]
	out[r.File().Path] = text[:start] + rule + text[start:]
	return out
}
