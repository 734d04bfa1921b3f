package checks_test

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/checks"
	"github.com/crywolf-dev/crywolf/analyze/sli"
	"github.com/crywolf-dev/crywolf/analyze/sli/spec"
	"github.com/crywolf-dev/crywolf/rules"
)

const fixtures = "../../fixtures/checks"

func TestRegistryIsValid(t *testing.T) {
	if err := analyze.Validate(checks.All()); err != nil {
		t.Fatal(err)
	}
	order := analyze.Qualities()
	if !slices.IsSortedFunc(checks.All(), func(a, b *analyze.Check) int {
		return slices.Index(order, a.Quality()) - slices.Index(order, b.Quality())
	}) {
		t.Error("the registry is not in the order of the qualities")
	}
}

// TestFixtures runs each check over its bad.yaml, in which it must find just
// what the want comments say, and over its good.yaml, in which it must find
// nothing. A check without fixtures, and fixtures without a check, fail.
func TestFixtures(t *testing.T) {
	for _, c := range checks.All() {
		t.Run(c.ID, func(t *testing.T) {
			bad := runFixture(t, c, "bad.yaml")
			if bad == 0 {
				t.Error("bad.yaml wants nothing: a check must fire somewhere")
			}
			if good := runFixture(t, c, "good.yaml"); good != 0 {
				t.Error("good.yaml holds want comments")
			}
		})
	}
	known := map[string]bool{}
	for _, c := range checks.All() {
		known[c.ID] = true
	}
	dirs, _ := filepath.Glob(fixtures + "/*/*/bad.yaml")
	for _, d := range dirs {
		rel, _ := filepath.Rel(fixtures, filepath.Dir(d))
		if !known[filepath.ToSlash(rel)] {
			t.Errorf("fixtures for %s, which is no check", rel)
		}
	}
}

// runFixture compares findings with wants and returns the number of wants.
func runFixture(t *testing.T, c *analyze.Check, name string) int {
	t.Helper()
	path := filepath.Join(fixtures, filepath.FromSlash(c.ID), name)
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	wants := map[string]map[int][]*regexp.Regexp{filepath.ToSlash(path): parseWants(t, string(src))}
	var slos *sli.Catalog
	if path, src := besides(path, ".slos.yaml"); src != nil {
		slos = spec.Parse(path, src, true)
		wants[path] = parseWants(t, string(src))
	}
	total := 0
	for _, lines := range wants {
		for _, line := range lines {
			total += len(line)
		}
	}
	res := judge(t, path, src, strings.TrimSuffix(path, ".yaml")+".history", slos)
	for _, f := range res.Findings {
		if f.Check != c.ID || f.File.Path == housePath {
			continue
		}
		line := f.Position().Line
		here := wants[f.File.Path]
		i := slices.IndexFunc(here[line], func(re *regexp.Regexp) bool { return re.MatchString(f.Message) })
		if i < 0 {
			t.Errorf("%s:%d: unwanted: %s", f.File.Path, line, f.Message)
			continue
		}
		here[line] = slices.Delete(here[line], i, i+1)
	}
	for path, lines := range wants {
		for line, left := range lines {
			for _, re := range left {
				t.Errorf("%s:%d: nothing matches %q", path, line, re)
			}
		}
	}
	return total
}

// besides reads the file that goes with a fixture, if there is one.
func besides(path, suffix string) (string, []byte) {
	path = filepath.ToSlash(strings.TrimSuffix(path, ".yaml") + suffix)
	src, err := os.ReadFile(path)
	if err != nil {
		return path, nil
	}
	return path, src
}

const housePath = "house.yaml"

// judge runs all checks over a file beside the house, with the history that
// the third path describes, if there is such a file, and the SLOs that are
// declared, if any are.
func judge(t *testing.T, path string, src []byte, historyPath string, slos *sli.Catalog) *analyze.Result {
	t.Helper()
	house, err := os.ReadFile(fixtures + "/house.yaml")
	if err != nil {
		t.Fatal(err)
	}
	file := rules.Parse(filepath.ToSlash(path), src, rules.Options{Named: true})
	set := rules.NewSet([]*rules.File{file, rules.Parse(housePath, house, rules.Options{})})
	facts := analyze.NewFacts(set, analyze.Settings{Catalog: slos})
	if text, err := os.ReadFile(historyPath); err == nil {
		facts.History = scriptedHistory(t, string(text), set)
		facts.Noise = facts.StudyNoise(facts.History)
		facts.Impact = scriptedImpact(t, string(text), slos, facts.History.Coverage.Window)
	}
	res, err := analyze.Run(t.Context(), facts, analyze.Options{Checks: checks.All()})
	if err != nil {
		t.Fatal(err)
	}
	return res
}

var (
	wantComment = regexp.MustCompile(`#\s*want(\+\d+)?((?:\s+"(?:[^"\\]|\\.)*")+)\s*$`)
	wantRegexp  = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)
)

// parseWants reads the want comments: `# want "regexp"` for its own line,
// `# want+2 "regexp"` for the line two further down.
func parseWants(t *testing.T, src string) map[int][]*regexp.Regexp {
	t.Helper()
	wants := map[int][]*regexp.Regexp{}
	for i, line := range strings.Split(src, "\n") {
		m := wantComment.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		at := i + 1
		if m[1] != "" {
			n, _ := strconv.Atoi(m[1])
			at += n
		}
		for _, q := range wantRegexp.FindAllString(m[2], -1) {
			s, err := strconv.Unquote(q)
			if err != nil {
				t.Fatalf("line %d: %v", i+1, err)
			}
			re, err := regexp.Compile(s)
			if err != nil {
				t.Fatalf("line %d: %v", i+1, err)
			}
			wants[at] = append(wants[at], re)
		}
	}
	return wants
}

// TestExamples runs the examples of every check's page: the bad one must be
// found by that check, and no check may find anything in the good one.
func TestExamples(t *testing.T) {
	for _, c := range checks.All() {
		t.Run(c.ID, func(t *testing.T) {
			history := filepath.Join(fixtures, filepath.FromSlash(c.ID), "example.history")
			bad := judge(t, "bad.yaml", []byte(c.Doc.Bad), history, declared(c.Doc.SLOs))
			if !slices.ContainsFunc(bad.Findings, func(f analyze.Finding) bool { return f.Check == c.ID && f.File.Path != housePath }) {
				t.Errorf("the bad example is not found; found: %s", list(bad))
			}
			if good := judge(t, "good.yaml", []byte(c.Doc.Good), "", declared(cmp.Or(c.Doc.GoodSLOs, c.Doc.SLOs))); slices.ContainsFunc(good.Findings, func(f analyze.Finding) bool { return f.File.Path != housePath }) {
				t.Errorf("the good example is not clean: %s", list(good))
			}
		})
	}
}

// declared are the SLOs of an example, nil where it has none.
func declared(src string) *sli.Catalog {
	if src == "" {
		return nil
	}
	return spec.Parse("slos.yaml", []byte(src), true)
}

func list(res *analyze.Result) string {
	var b strings.Builder
	for _, f := range res.Findings {
		fmt.Fprintf(&b, "\n%s:%d: %s: %s", f.File.Path, f.Position().Line, f.Check, f.Message)
	}
	return b.String()
}
