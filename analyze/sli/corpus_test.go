package sli

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/promql/parser"
	"go.yaml.in/yaml/v3"

	"github.com/crywolf-dev/crywolf/fixtures/corpora"
)

// A specimen is one alert of a real rule file.
type specimen struct {
	corpus, file, name string
	labels             map[string]string
	expr               parser.Expr
	records            func(string) []parser.Expr
}

type yamlRule struct {
	Alert, Record, Expr string
	Labels              map[string]string
}

// corpus reads the alerts of real rule files where these are at hand, and
// skips the test where they are not.
func corpus(t testing.TB) []specimen {
	return corpusOf(t, "awesome", "mixins", "kube-prometheus", "openshift-cmo")
}

func corpusOf(t testing.TB, names ...string) []specimen {
	dir := corpora.Dir()
	if dir == "" {
		t.Skip(corpora.Missing)
	}
	var out []specimen
	for _, name := range names {
		from := len(out)
		recorded := map[string]map[string][]parser.Expr{} // by folder: these never meet in one Prometheus
		err := filepath.WalkDir(filepath.Join(dir, name), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".yaml") && !strings.HasSuffix(path, ".yml") {
				return err
			}
			scope := filepath.Dir(path)
			if name == "kube-prometheus" || name == "openshift-cmo" {
				scope = name
			}
			if recorded[scope] == nil {
				recorded[scope] = map[string][]parser.Expr{}
			}
			here := recorded[scope]
			for _, r := range readRules(t, path) {
				e, err := parser.NewParser(parser.Options{EnableExperimentalFunctions: true}).ParseExpr(r.Expr)
				if err != nil {
					continue
				}
				if r.Record != "" {
					here[r.Record] = append(here[r.Record], e)
					continue
				}
				out = append(out, specimen{corpus: name, file: path, name: r.Alert, labels: r.Labels, expr: e,
					records: func(n string) []parser.Expr { return here[n] }})
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(out) == from {
			t.Logf("SKIPPED: no alerts in corpus %s", name)
		}
	}
	if len(out) == 0 {
		t.Skip("SKIPPED: the corpora are empty")
	}
	return out
}

// readRules finds every mapping with an expr and an alert or record in a file,
// at whatever depth.
func readRules(t testing.TB, path string) []yamlRule {
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out []yamlRule
	dec := yaml.NewDecoder(bytes.NewReader(src))
	for {
		var doc yaml.Node
		if err := dec.Decode(&doc); err != nil {
			if !errors.Is(err, io.EOF) {
				t.Logf("%s: %v", path, err)
			}
			return out
		}
		gather(&doc, &out)
	}
}

func gather(n *yaml.Node, out *[]yamlRule) {
	if n.Kind == yaml.MappingNode {
		var r yamlRule
		if n.Decode(&r) == nil && r.Expr != "" && (r.Alert != "" || r.Record != "") {
			*out = append(*out, r)
			return
		}
	}
	for _, c := range n.Content {
		gather(c, out)
	}
}

// Counts per verdict over real rules, for -v; and what must hold of every
// judgement, whatever it is.
func TestCorpora(t *testing.T) {
	counts := map[string]map[Verdict]int{}
	rungs := map[Rung]int{}
	var m memo
	for i, s := range corpus(t) {
		j := judgeExpr(s.expr, s.labels, s.name, s.records, &m)
		if counts[s.corpus] == nil {
			counts[s.corpus] = map[Verdict]int{}
		}
		counts[s.corpus][j.Verdict]++
		rungs[j.Rung]++
		checkJudgement(t, s.name, s.expr, j)
		if i%10 == 0 { // what is remembered must not matter
			if again := JudgeExpr(s.expr, s.labels, s.name, s.records); again != j {
				t.Errorf("%s: judged differently without a memory: %+v, %+v", s.name, j, again)
			}
		}
	}
	for _, name := range slices.Sorted(mapKeys(counts)) {
		c := counts[name]
		t.Logf("%-16s symptom %4d  imminent %4d  cause %4d  meta %4d  unknown %4d", name, c[Symptom], c[Imminent], c[Cause], c[Meta], c[Unknown])
	}
	t.Logf("by rung: generator %d, shape %d, class %d, unknown %d", rungs[RungGenerator], rungs[RungShape], rungs[RungClass], rungs[RungUnknown])
}

// Every alert that Sloth generates guards a service level objective.
func TestGeneratedAlerts(t *testing.T) {
	for _, s := range corpusOf(t, "slo-specs/sloth-generated") {
		if j := JudgeExpr(s.expr, s.labels, s.name, s.records); j.Verdict != Symptom || j.Rung != RungGenerator {
			t.Errorf("%s: %s: got %s on rung %s: %s", s.file, s.name, j.Verdict, j.Rung, j.Evidence)
		}
	}
}

func mapKeys[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// checkJudgement checks what holds of every judgement.
func checkJudgement(t testing.TB, name string, e parser.Expr, j Judgement) {
	t.Helper()
	if j.Evidence == "" {
		t.Errorf("%s: no evidence", name)
	}
	if (j.Verdict == Unknown) != (j.Rung == RungUnknown) {
		t.Errorf("%s: verdict %s on rung %s", name, j.Verdict, j.Rung)
	}
	whole := e.PositionRange()
	if j.Pos.Start < whole.Start || j.Pos.End > whole.End || j.Pos.Start >= j.Pos.End {
		t.Errorf("%s: position %v outside of %v", name, j.Pos, whole)
	}
}

func BenchmarkJudgeExpr(b *testing.B) {
	all := corpus(b)
	var m memo // as a Judger has one for a whole run
	for b.Loop() {
		for _, s := range all {
			judgeExpr(s.expr, s.labels, s.name, s.records, &m)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(all)), "ns/alert")
}
