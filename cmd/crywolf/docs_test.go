package main

import (
	"bytes"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/crywolf-dev/crywolf/analyze/checks"
	"github.com/crywolf-dev/crywolf/analyze/config"
	"github.com/crywolf-dev/crywolf/analyze/history/historytest"
	"github.com/crywolf-dev/crywolf/analyze/history/promapi/promapitest"
	"github.com/crywolf-dev/crywolf/rules"
)

// pages are those whose commands and examples are executed.
var pages = []string{"README.md", "docs/score.md", "docs/checks.md", "docs/formats.md", "docs/html.md", "docs/rule-files.md", "docs/adopting.md", "docs/fix.md",
	"docs/configuration.md", "docs/map.md", "docs/sources.md", "docs/review.md", "docs/measures.md", "fixtures/demo/README.md"}

var fence = regexp.MustCompile("(?ms)^```([a-z]*)\n(.*?)^```$")

// TestDocs runs every crywolf command that the pages show, and loads every rule
// that they show. Commands of make and go are run by hand and by CI.
func TestDocs(t *testing.T) {
	t.Chdir("../..")
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(t.TempDir(), "data")
	if _, err := historytest.GenerateBench(data, 3, 1, 1); err != nil {
		t.Fatal(err)
	}
	// What the pages take for granted, and what stands for it here.
	own := filepath.Join(t.TempDir(), "rules") // to be written to
	if err := os.CopyFS(own, os.DirFS("fixtures/demo/rules")); err != nil {
		t.Fatal(err)
	}
	from, until := historytest.BenchWindow(1)
	outputs, logs := filepath.Join(t.TempDir(), "crywolf."), logsOf(t, from, until)
	stands := strings.NewReplacer("--fix rules/", "--fix "+own, " rules/", " fixtures/demo/rules", " alertmanager.yml", " fixtures/demo/alertmanager.yml",
		"/var/lib/prometheus", data, ".demo/data", data, "=crywolf.", "="+outputs, " crywolf.october.", " "+outputs+"october.",
		" events.jsonl", " "+logs+"/events.jsonl", " pagerduty.jsonl", " "+logs+"/pagerduty.jsonl", ":silences.json", ":"+logs+"/silences.json",
		"https://prometheus.example.com/prometheus", serverOf(t, data), "2026-11-01T00:00:00Z", rfc3339(from), "2026-12-01T00:00:00Z", rfc3339(until))
	ran := 0
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		stands := stands
		if page == "docs/adopting.md" {
			// Its commands write, and ask git.
			t.Chdir(repositoryWithRules(t))
			stands = strings.NewReplacer()
		}
		for _, m := range fence.FindAllStringSubmatch(string(text), -1) {
			switch m[1] {
			case "":
				for _, line := range strings.Split(m[2], "\n") {
					line = strings.TrimPrefix(strings.TrimSpace(line), "bin/")
					if args, ok := strings.CutPrefix(stands.Replace(line), "crywolf "); ok {
						ran++
						if code := quietly(t, strings.Fields(args)); code > exitFindings {
							t.Errorf("%s: `%s` ends with %d", page, line, code)
						}
					}
				}
			case "yaml":
				if page == "docs/configuration.md" || page == "docs/review.md" {
					if _, err := config.Parse(page, []byte(m[2]), checks.All()); err != nil {
						t.Error(err)
					}
				}
				if strings.Contains(m[2], "groups:") && page != "docs/checks.md" { // whose examples have a test of their own
					if f := rules.Parse(page, []byte(m[2]), rules.Options{Named: true}); len(f.Problems) > 0 {
						t.Errorf("%s: %v", page, f.Problems)
					}
				}
			default:
				t.Errorf("%s: nobody runs what is fenced as %q", page, m[1])
			}
		}
		t.Chdir(root)
		for _, link := range regexp.MustCompile(`\]\(([^)#:]+)\)`).FindAllStringSubmatch(string(text), -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), link[1])); err != nil {
				t.Errorf("%s links to %s, which is not there", page, link[1])
			}
		}
		for _, flag := range regexp.MustCompile("`(--[a-z-]+)").FindAllStringSubmatch(string(text), -1) {
			if !knownFlag(flag[1]) {
				t.Errorf("%s names %s, which no command has", page, flag[1])
			}
		}
	}
	if ran < 3 {
		t.Errorf("only %d commands were found to run", ran)
	}
}

// repositoryWithRules is a branch of a scratch repository that holds the rules
// of the demo.
func repositoryWithRules(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "rules"), os.DirFS("fixtures/demo/rules")); err != nil {
		t.Fatal(err)
	}
	for _, args := range []string{"init -q -b main", "add -A", "-c user.name=a -c user.email=a@shop.test commit -q -m old", "switch -q -c branch"} {
		git := exec.Command("git", strings.Fields(args)...)
		git.Dir = dir
		if out, err := git.CombinedOutput(); err != nil {
			t.Fatalf("git %s: %s", args, out)
		}
	}
	return dir
}

// logsOf is a folder with what is recorded beside Prometheus, in a window of
// Unix milliseconds.
func logsOf(t *testing.T, from, until int64) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"events.jsonl": fmt.Sprintf(`{"@timestamp":"%s","instance":"am-0","data":{"alertmanagerStartupEvent":{}}}
{"@timestamp":"%s","instance":"am-0","data":{"alertmanagerShutdownEvent":{}}}
`, rfc3339(from), rfc3339(until)),
		"pagerduty.jsonl": fmt.Sprintf(`{"incidents":[{"id":"Q1","incident_number":1,"incident_key":"x","status":"resolved","created_at":"%s"}],"more":false}`, rfc3339(from)),
		"silences.json":   "[]",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// serverOf serves a data directory as Prometheus does, and returns its URL.
func serverOf(t *testing.T, data string) string {
	t.Helper()
	db, err := promapitest.Blocks(data, filepath.Join(t.TempDir(), "copy"))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(promapitest.Handler(db, promapitest.Settings{}))
	t.Cleanup(func() {
		server.Close()
		_ = db.Close()
	})
	return server.URL
}

func rfc3339(ms int64) string { return time.UnixMilli(ms).UTC().Format(time.RFC3339) }

// quietly runs the command and throws away what it prints.
func quietly(t *testing.T, args []string) int {
	t.Helper()
	root := command()
	var out bytes.Buffer
	root.SetOut(&out)
	root.SetErr(&out)
	root.SetArgs(args)
	return exitCode(root.ExecuteContext(t.Context()))
}

func knownFlag(name string) bool {
	for _, c := range command().Commands() {
		if c.Flags().Lookup(strings.TrimPrefix(name, "--")) != nil {
			return true
		}
	}
	return name == "--enable-feature" || name == "--storage" || name == "--http" // Prometheus's and promtool's own
}
