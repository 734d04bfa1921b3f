package source_test

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze/history/source"
)

func TestParse(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.MkdirAll("data/wal", 0o755))
	write := func(name, text string) { require.NoError(t, os.WriteFile(name, []byte(text), 0o644)) }
	const event = `{"@timestamp":"2026-03-01T00:00:00Z","instance":"am-0","data":{"alertmanagerStartupEvent":{}}}` + "\n"
	write("events.jsonl", event)
	write("hooks.jsonl", `{"version":"4","groupKey":"{}:{}","status":"firing","receiver":"hook","alerts":[{"status":"firing","labels":{"alertname":"A"},"startsAt":"2026-03-01T00:00:00Z"}]}`+"\n")
	write("incidents.json", `{"incidents":[{"id":"Q1","incident_number":1,"incident_key":"x","created_at":"2026-03-01T00:00:00Z"}]}`)
	write("silences.json", `[{"id":"a","status":{"state":"active"},"matchers":[{"name":"a","value":"b","isRegex":false,"isEqual":true}],"startsAt":"2026-03-01T00:00:00Z","endsAt":"2026-03-02T00:00:00Z","createdBy":"ops"}]`)
	write("notes.txt", "what we did in march\n")
	write("webhook:odd", event)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, err := z.Write([]byte(event))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	write("events.jsonl.gz", packed.String())

	for arg, want := range map[string]source.Source{
		"data":                                  {Kind: source.TSDB, Target: "data"},
		"tsdb:data":                             {Kind: source.TSDB, Target: "data"},
		"events.jsonl":                          {Kind: source.Events, Target: "events.jsonl"},
		"events.jsonl.gz":                       {Kind: source.Events, Target: "events.jsonl.gz"},
		"webhook:odd":                           {Kind: source.Events, Target: "webhook:odd"},
		"hooks.jsonl":                           {Kind: source.Webhooks, Target: "hooks.jsonl"},
		"webhook:events.jsonl":                  {Kind: source.Webhooks, Target: "events.jsonl"},
		"incidents.json":                        {Kind: source.PagerDuty, Target: "incidents.json"},
		"silences.json":                         {Kind: source.Silences, Target: "silences.json"},
		"alertmanager:silences.json":            {Kind: source.Silences, Target: "silences.json"},
		"http://prometheus.test:9090":           {Kind: source.Prometheus, Target: "http://prometheus.test:9090"},
		"prometheus:https://mimir.test/p":       {Kind: source.Prometheus, Target: "https://mimir.test/p"},
		"alertmanager:http://alerts.test:9093/": {Kind: source.Silences, Target: "http://alerts.test:9093/"},
	} {
		got, err := source.Parse(arg)
		require.NoError(t, err, arg)
		require.Equal(t, want, got, arg)
	}
	for arg, want := range map[string]string{
		"nothing":                            "no such file",
		"notes.txt":                          "notes.txt: not known for a source of history; expected",
		"webhok:hooks.jsonl":                 "webhok is no kind of source (did you mean webhook?)",
		"webhook:":                           "names nothing; write webhook:webhooks.jsonl",
		"webhook:http://a.test/":             "is read from files",
		"prometheus:data":                    "expected the URL of a server",
		"tsdb:" + filepath.Join("data", "x"): "no such file",
		"http://u:secret@[::1":               "does not parse",
	} {
		_, err := source.Parse(arg)
		require.ErrorContains(t, err, want, arg)
		require.NotContains(t, err.Error(), "secret")
	}
	s, err := source.Parse("https://bob:secret@prometheus.test/x")
	require.NoError(t, err)
	require.NotContains(t, s.String(), "secret")
}

// The page on sources has a row for each kind, by the prefix that forces it.
func TestDocsNameEveryKind(t *testing.T) {
	page, err := os.ReadFile("../../../docs/sources.md")
	require.NoError(t, err)
	var named []string
	for _, row := range regexp.MustCompile("(?m)^\\| `([a-z-]+):[^|]*\\|").FindAllSubmatch(page, -1) {
		named = append(named, string(row[1]))
	}
	slices.Sort(named)

	_, err = source.Parse("nothing:at-all")
	require.ErrorContains(t, err, "the kinds are ")
	_, list, _ := strings.Cut(err.Error(), "the kinds are ")
	kinds := strings.Split(strings.ReplaceAll(list, " and ", ", "), ", ")
	slices.Sort(kinds)
	require.Equal(t, kinds, named)
}
