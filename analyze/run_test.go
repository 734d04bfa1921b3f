package analyze_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/checks"
	"github.com/crywolf-dev/crywolf/rules"
)

func run(t *testing.T, files ...*rules.File) *analyze.Result {
	t.Helper()
	res, err := analyze.Run(t.Context(), analyze.NewFacts(rules.NewSet(files), analyze.Settings{}), analyze.Options{Checks: checks.All()})
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func parse(path, src string) *rules.File { return rules.Parse(path, []byte(src), rules.Options{}) }

const shop = `groups:
- name: shop
  rules:
  - alert: Down
    expr: up{job="shop"} == 0
    labels: {severity: critical}
    annotations: {runbook_url: TODO}
  - alert: Busy
    expr: shop_load > 5
    labels: {severity: warning}
    annotations: {summary: "{{ $labels.job }}"}
  - alert: Errors
    expr: sum(rate(errors_total[5m]))
    for: 5m
    labels: {severity: warning}
    annotations: {summary: "{{ $labels.pod }}"}
`

func prints(res *analyze.Result) []string {
	var out []string
	for _, f := range res.Findings {
		out = append(out, f.Check+" "+f.Fingerprint)
	}
	slices.Sort(out)
	return out
}

// TestFingerprintsSurvive what does not change what a finding is about.
func TestFingerprintsSurvive(t *testing.T) {
	want := prints(run(t, parse("a.yml", shop)))
	if len(want) < 4 {
		t.Fatalf("too few findings to test with: %v", want)
	}
	for name, change := range map[string]func(string) string{
		"moved lines":        func(s string) string { return "# a comment\n\n" + s },
		"another indent":     reindent,
		"tuned threshold":    func(s string) string { return strings.Replace(s, "> 5", "> 7", 1) },
		"order in its group": reorder,
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(want, prints(run(t, parse("a.yml", change(shop))))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func reindent(s string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines[3:] {
		if l != "" {
			lines[i+3] = "  " + l
		}
	}
	return strings.Join(lines, "\n")
}

// reorder puts the last rule first.
func reorder(s string) string {
	head, rest, _ := strings.Cut(s, "  - alert")
	parts := strings.Split("  - alert"+rest, "  - alert")[1:]
	slices.Reverse(parts)
	return head + "  - alert" + strings.Join(parts, "  - alert")
}

// TestFingerprintsAreUnique also among namesakes with the same faults.
func TestFingerprintsAreUnique(t *testing.T) {
	twice := shop + strings.SplitN(shop, "rules:\n", 2)[1]
	seen := map[string]bool{}
	for _, f := range run(t, parse("a.yml", twice), parse("b.yml", shop)).Findings {
		if seen[f.Fingerprint] {
			t.Errorf("%s at %s: the fingerprint is taken", f.Check, f.File.Path)
		}
		seen[f.Fingerprint] = true
	}
}

// TestOrderOfFilesDoesNotMatter: nor does that of the work.
func TestOrderOfFilesDoesNotMatter(t *testing.T) {
	var files []*rules.File
	for i := range 40 {
		files = append(files, parse(fmt.Sprintf("f%02d.yml", i), strings.ReplaceAll(shop, "shop", fmt.Sprintf("shop%d", i))))
	}
	show := func(res *analyze.Result) (out []string) {
		for _, f := range res.Findings {
			out = append(out, fmt.Sprintf("%s:%d %s %s %s %s", f.File.Path, f.Position().Line, f.Check, f.Severity, f.Message, f.Fingerprint))
		}
		return out
	}
	want := show(run(t, files...))
	for range 5 {
		if diff := cmp.Diff(want, show(run(t, slices.Clone(files)...))); diff != "" {
			t.Fatal(diff)
		}
	}
	slices.Reverse(files)
	if diff := cmp.Diff(want, show(run(t, files...))); diff != "" {
		t.Error(diff)
	}
}

func TestUrgency(t *testing.T) {
	rule := func(severity string) string {
		return fmt.Sprintf("  - {alert: %q, expr: up == 0, labels: {severity: %q}}\n", "A-"+severity, severity)
	}
	for _, tt := range []struct {
		severities []string
		want       map[string]analyze.Urgency
		inferred   bool
	}{
		{[]string{"critical", "warning", "info", "none"},
			map[string]analyze.Urgency{"critical": "page", "warning": "ticket", "info": "info", "none": "none"}, true},
		{[]string{"page", "critical", "notify"}, // where a severity says page, only that pages
			map[string]analyze.Urgency{"page": "page", "critical": "ticket", "notify": "ticket"}, false},
		{[]string{"P1", "p3", "p5"}, map[string]analyze.Urgency{"P1": "page", "p3": "ticket", "p5": "info"}, false},
		{[]string{"{{ $labels.x }}", "purple", ""}, map[string]analyze.Urgency{"{{ $labels.x }}": "ticket", "purple": "ticket", "": "ticket"}, true},
	} {
		src := "groups:\n- name: g\n  rules:\n"
		for _, s := range tt.severities {
			src += rule(s)
		}
		facts := analyze.NewFacts(rules.NewSet([]*rules.File{parse("a.yml", src)}), analyze.Settings{})
		for _, a := range facts.Alerts {
			if want := tt.want[strings.TrimPrefix(a.Rule.Name(), "A-")]; a.Urgency != want {
				t.Errorf("%v: %s is %s, want %s", tt.severities, a.Rule.Name(), a.Urgency, want)
			}
		}
		if facts.UrgencyInferred() != tt.inferred {
			t.Errorf("%v: inferred is %v", tt.severities, !tt.inferred)
		}
	}
}

// TestInferenceFailsNoBuild: what rests on an inferred style or urgency is of
// severity info.
func TestInferenceFailsNoBuild(t *testing.T) {
	for _, f := range run(t, parse("a.yml", shop)).Findings {
		if f.Inferred && f.Severity != analyze.Info {
			t.Errorf("%s rests on an inference and is of severity %s", f.Check, f.Severity)
		}
		if strings.HasPrefix(f.Check, "mapped/") && !f.Inferred {
			t.Errorf("%s: that critical pages is a convention", f.Check)
		}
	}
}

func TestScopesNeverMeet(t *testing.T) {
	object := func(namespace string) *rules.File {
		return parse(namespace+".yml", fmt.Sprintf(`apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {name: r, namespace: %s}
spec:
  groups:
  - name: g
    rules:
    - {alert: A-%s, expr: x > 5, for: 5m, labels: {severity: warning}}
`, namespace, namespace))
	}
	count := func(files ...*rules.File) (n int) {
		for _, f := range run(t, files...).Findings {
			if f.Check == "unique/identical" {
				n++
			}
		}
		return n
	}
	if n := count(object("blue"), object("green")); n != 0 {
		t.Errorf("objects of two namespaces were compared")
	}
	plain := func(path, name string) *rules.File {
		return parse(path, "groups:\n- name: g\n  rules:\n  - {alert: "+name+", expr: x > 5, for: 5m}\n")
	}
	if n := count(plain("eu/a.yml", "A"), plain("us/b.yml", "A")); n != 0 {
		t.Errorf("one alert deployed to two places is called a duplicate")
	}
	if n := count(plain("eu/a.yml", "A"), plain("us/b.yml", "B")); n != 1 {
		t.Errorf("two alerts that are one are not found across folders")
	}
	if n := count(plain("a.yml", "A"), plain("a-v2.yml", "B")); n != 0 {
		t.Errorf("variants are compared")
	}
}
