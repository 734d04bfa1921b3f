package e2e

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A Record is what is known of a run: what happened when, and where that was
// recorded. Its file is run.json; paths are relative to it.
type Record struct {
	Start        time.Time `json:"start"` // of the script
	Since        time.Time `json:"since"` // what is compared
	Until        time.Time `json:"until"`
	A            Replica   `json:"a"`
	B            Replica   `json:"b"`
	Alertmanager string    `json:"alertmanager"` // URL
	Events       string    `json:"events"`       // Alertmanager's log
	Webhook      string    `json:"webhook"`      // log of what the receivers got
	Mimir        string    `json:"mimir"`        // URL, without a tenant; "" where there is none
	Tenants      []string  `json:"tenants"`
	Rules        string    `json:"rules"`
	External     string    `json:"external_label"` // on all that left a Prometheus

	Script []Activation                    `json:"script"`
	Shown  map[string]map[string]*Sighting `json:"shown"` // by the Prometheus of a URL
}

// A Replica is one Prometheus of the pair.
type Replica struct {
	Name   string    `json:"name"`
	URL    string    `json:"url"`
	Data   string    `json:"data"`
	Blocks string    `json:"blocks"` // all of it as blocks
	Gone   time.Time `json:"gone"`
	Back   time.Time `json:"back"`
}

// A Bed is one run of the script, and the servers that lived through it where
// they still run.
type Bed struct {
	Record
	t       testing.TB
	Dir     string
	Running bool

	a, b         *Prometheus
	alertmanager *Alertmanager
	mimir        *Mimir // nil where there is none
}

const recordName = "run.json"

// Recorded is an earlier run, of which the servers may be gone.
func Recorded(t testing.TB, dir string) *Bed {
	text, err := os.ReadFile(filepath.Join(dir, recordName))
	require.NoError(t, err)
	b := &Bed{t: t, Dir: dir}
	require.NoError(t, json.Unmarshal(text, &b.Record))
	code, _, err := get(b.A.URL+"/-/ready", nil)
	b.Running = err == nil && code == http.StatusOK
	return b
}

// NewBed runs the script, which takes some three minutes of mostly waiting. The
// servers go on running until the test ends.
func NewBed(t testing.TB, dir string) *Bed {
	b := &Bed{t: t, Dir: dir, Running: true}
	b.Record = Record{Rules: "rules", Webhook: "webhook.jsonl", Tenants: Tenants, External: External, Script: NewScript()}
	require.NoError(t, os.CopyFS(b.Path(b.Rules), os.DirFS("rules")))
	exporter := &Exporter{script: b.Script}
	scraped := serve(t, exporter)
	webhook, err := newWebhook(b.Path(b.Webhook))
	require.NoError(t, err)
	notified := serve(t, webhook)

	push := ""
	if _, err := os.Stat(filepath.Join("..", "bin", "mimir")); err == nil {
		b.mimir = newMimir(t, dir)
		b.Mimir, push = b.mimir.URL, b.mimir.Push
		b.mimir.Start()
	}
	address := freeAddress(t)
	b.alertmanager = newAlertmanager(t, dir, address, notified.URL)
	b.Alertmanager, b.Events = b.alertmanager.URL, b.alertmanager.Events
	b.alertmanager.Start()
	target := strings.TrimPrefix(scraped.URL, "http://")
	b.a = newPrometheus(t, dir, "a", b.Path(b.Rules), target, address, push)
	b.b = newPrometheus(t, dir, "b", b.Path(b.Rules), target, address, "")
	if b.mimir != nil {
		b.mimir.Await()
	}
	b.alertmanager.Await()
	for _, p := range []*Prometheus{b.a, b.b} {
		p.Start()
		p.Await()
	}
	witness := watch(t, b.a.URL, b.b.URL)

	time.Sleep(4 * time.Second) // the Watchdog fires, and its beginning lies before the window
	b.Start = time.Now()
	exporter.Start(b.Start)
	b.play()
	require.NoError(t, webhook.err)
	b.Since, b.Until = b.at(1), webhook.quiet(b.at(scriptEnd))
	witness.stop()
	b.Shown = witness.seen
	b.A = Replica{"a", b.a.URL, b.a.Data, b.snapshot(b.a), b.at(crashA), b.at(backA)}
	b.B = Replica{"b", b.b.URL, b.b.Data, b.snapshot(b.b), b.at(stopB), b.at(backB)}
	b.Keep(recordName, b.Record)
	return b
}

// Stop ends all servers at once.
func (b *Bed) Stop() {
	for _, p := range []*Process{b.a.Process, b.b.Process, b.alertmanager.Process} {
		p.Kill()
	}
	if b.mimir != nil {
		b.mimir.Kill()
	}
	b.Running = false
}

// Path is that of a file of the record.
func (b *Bed) Path(name string) string { return filepath.Join(b.Dir, name) }

func serve(t testing.TB, h http.Handler) *httptest.Server {
	s := httptest.NewServer(h) // on loopback
	t.Cleanup(s.Close)
	return s
}

// at is a time of the script, in whole milliseconds.
func (b *Bed) at(seconds float64) time.Time {
	return b.Start.Add(time.Duration(seconds * float64(time.Second))).Truncate(time.Millisecond)
}

// play does to the servers what the script has in store for them.
func (b *Bed) play() {
	for _, event := range []struct {
		at float64
		do func()
	}{
		{5, func() { b.silence("Retired", 5, 7200) }},
		{silenceOn, func() { b.silence("NodeSilent", silenceOn, silenceOff) }},
		{crashA, b.a.Kill},
		{backA, func() { b.a.Start(); b.a.Await() }},
		{restartAM, func() { b.alertmanager.Stop(); b.alertmanager.Start(); b.alertmanager.Await() }},
		{stopB, b.b.Stop},
		{backB, func() { b.b.Start(); b.b.Await() }},
		{scriptEnd + 8, func() {}}, // remote writes and notifications arrive
	} {
		time.Sleep(time.Until(b.at(event.at)))
		event.do()
	}
}

// silence has Alertmanager silence an alert from now on.
func (b *Bed) silence(alert string, from, to float64) {
	body, err := json.Marshal(map[string]any{
		"matchers": []map[string]any{{"name": "alertname", "value": alert, "isRegex": false, "isEqual": true}},
		"startsAt": b.at(from), "endsAt": b.at(to), "createdBy": "e2e", "comment": "known",
	})
	require.NoError(b.t, err)
	code, text, err := do(http.MethodPost, b.Alertmanager+"/api/v2/silences", http.Header{"Content-Type": {"application/json"}}, strings.NewReader(string(body)))
	require.NoError(b.t, err)
	require.Equal(b.t, http.StatusOK, code, "%s", text)
}

// snapshot has a Prometheus write all that it holds as blocks.
func (b *Bed) snapshot(p *Prometheus) string {
	code, text, err := do(http.MethodPost, p.URL+"/api/v1/admin/tsdb/snapshot", nil, nil)
	require.NoError(b.t, err)
	require.Equal(b.t, http.StatusOK, code, "%s", text)
	var answer struct{ Data struct{ Name string } }
	require.NoError(b.t, json.Unmarshal(text, &answer))
	return filepath.Join(p.Data, "snapshots", answer.Data.Name)
}

// Keep writes what belongs to the record of the run.
func (b *Bed) Keep(name string, v any) {
	text, err := json.MarshalIndent(v, "", "  ")
	require.NoError(b.t, err)
	write(b.t, b.Path(name), string(text)+"\n")
}

// seconds is a Unix time in milliseconds on the script's clock.
func (b *Bed) seconds(ms int64) float64 { return float64(ms-b.Start.UnixMilli()) / 1000 }
