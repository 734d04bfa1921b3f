package alertmanager

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/alertmanager/alert"
	"github.com/prometheus/alertmanager/config"
	"github.com/prometheus/alertmanager/dispatch"
	"github.com/prometheus/alertmanager/eventrecorder"
	"github.com/prometheus/alertmanager/eventrecorder/eventrecorderpb"
	"github.com/prometheus/alertmanager/featurecontrol"
	"github.com/prometheus/alertmanager/inhibit"
	"github.com/prometheus/alertmanager/marker"
	"github.com/prometheus/alertmanager/nflog"
	"github.com/prometheus/alertmanager/notify"
	"github.com/prometheus/alertmanager/notify/webhook"
	"github.com/prometheus/alertmanager/provider/mem"
	amsilence "github.com/prometheus/alertmanager/silence"
	"github.com/prometheus/alertmanager/template"
	"github.com/prometheus/alertmanager/timeinterval"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

const simConfig = `
route:
  receiver: chat
  group_by: [alertname]
  group_wait: 30s
  group_interval: 5m
  repeat_interval: 1h
  routes:
  - {receiver: pager, matchers: [severity="page"], continue: true}
  - {receiver: chat, matchers: [severity="page"], group_by: [alertname, zone], group_wait: 1m}
inhibit_rules:
- {source_matchers: [alertname="ZoneDown"], target_matchers: [alertname="CartSlow"], equal: [zone]}
receivers: [{name: chat}, {name: pager}]
`

const gcInterval = 30 * time.Minute

// A cluster is a number of real Alertmanagers, less their APIs and their
// gossip: what one peer notes of notifications and silences all have at once.
type cluster struct {
	t        *testing.T
	config   *config.Config
	nflog    *nflog.Log
	silences *amsilence.Silences
	peers    []*peer
	fails    func() bool // whether a delivery is to fail

	mu      sync.Mutex
	sent    []sent
	hooks   []byte // what the webhook of chat was sent
	tmpl    *template.Template
	flushes []flushed
}

type peer struct {
	*cluster
	name     string
	wait     time.Duration
	starts   []int64 // when it started, and stopped
	stops    []int64
	recorder eventrecorder.Recorder

	alerts     *mem.Alerts // nil while it is down
	dispatcher *dispatch.Dispatcher
	inhibitor  *inhibit.Inhibitor
	silencer   *amsilence.Silencer
}

// sent is a notification that was delivered.
type sent struct {
	at               int64
	peer             string
	group, receiver  string
	integration      string
	reason           history.Reason
	firing, resolved []alertLife
}

// alertLife is an alert under one start.
type alertLife struct {
	labels string
	starts int64
}

// flushed is how one alert fared at a flush.
type flushed struct {
	alertLife
	at        int64
	resolved  bool
	silenced  bool
	inhibited bool
}

func lifeOf(a *alert.Alert) alertLife { return alertLife{a.Labels.String(), a.StartsAt.UnixMilli()} }

func newCluster(t *testing.T, n int, fails func() bool) *cluster {
	conf, err := config.Load(simConfig)
	require.NoError(t, err)
	c := &cluster{t: t, config: conf, fails: fails}
	c.tmpl, err = template.FromGlobs(nil)
	require.NoError(t, err)
	c.tmpl.ExternalURL = &url.URL{Scheme: "http", Host: "alertmanager.shop.test"}
	quiet := slog.New(slog.DiscardHandler)
	c.nflog, err = nflog.New(nflog.Options{Retention: 120 * time.Hour, Metrics: prometheus.NewRegistry(), Logger: quiet})
	require.NoError(t, err)
	c.silences, err = amsilence.New(amsilence.Options{Retention: 120 * time.Hour, Metrics: prometheus.NewRegistry(), Logger: quiet})
	require.NoError(t, err)
	for i := range n {
		c.peers = append(c.peers, &peer{cluster: c, name: string(rune('a' + i)), wait: time.Duration(i) * 15 * time.Second})
	}
	return c
}

// start is what app.run does.
func (p *peer) start() {
	p.starts = append(p.starts, time.Now().UnixMilli())
	quiet := slog.New(slog.DiscardHandler)
	ctx := eventrecorder.WithEventRecording(context.Background())
	p.recorder = eventrecorder.NewRecorderFromConfig(eventrecorder.Config{StdoutOutputs: []eventrecorder.StdoutOutputConfig{{}}}, p.name, quiet, prometheus.NewRegistry())
	p.recorder.RecordEvent(ctx, func() *eventrecorderpb.EventData {
		return &eventrecorderpb.EventData{EventType: &eventrecorderpb.EventData_AlertmanagerStartupEvent{AlertmanagerStartupEvent: &eventrecorderpb.AlertmanagerStartupEvent{}}}
	})
	reg := prometheus.NewRegistry()
	var err error
	p.alerts, err = mem.NewAlerts(context.Background(), gcInterval, 0, nil, quiet, p.recorder, reg, featurecontrol.NoopFlags{})
	require.NoError(p.t, err)
	p.inhibitor = inhibit.NewInhibitor(p.alerts, p.config.InhibitRules, quiet, p.recorder)
	p.silencer = amsilence.NewSilencer(p.silences, quiet, p.recorder)
	receivers := map[string][]notify.Integration{
		"chat":  {notify.NewIntegration(p, resolvedToo(true), "webhook", 0, "chat")},
		"pager": {notify.NewIntegration(p, resolvedToo(true), "pagerduty", 0, "pager"), notify.NewIntegration(second{p}, resolvedToo(false), "pagerduty", 1, "pager")},
	}
	pipeline := notify.NewPipelineBuilder(reg, featurecontrol.NoopFlags{}, p.recorder).New(receivers, func() time.Duration { return p.wait }, p.inhibitor, p.silencer,
		timeinterval.NewIntervener(nil), marker.NewGroupMarker(), p.nflog, nil)
	watched := notify.StageFunc(func(ctx context.Context, l *slog.Logger, alerts ...*alert.Alert) (context.Context, []*alert.Alert, error) {
		p.mu.Lock()
		for _, a := range alerts {
			f := flushed{alertLife: lifeOf(a), at: time.Now().UnixMilli(), resolved: a.Resolved()}
			if f.inhibited = p.inhibitor.Mutes(context.Background(), a.Labels); !f.inhibited {
				f.silenced = p.silencer.Mutes(marker.WithContext(context.Background(), marker.NewAlertMarker()), a.Labels)
			}
			p.flushes = append(p.flushes, f)
		}
		p.mu.Unlock()
		return pipeline.Exec(ctx, l, alerts...)
	})
	route := dispatch.NewRoute(p.config.Route, nil)
	p.dispatcher = dispatch.NewDispatcher(p.alerts, route, watched, marker.NewGroupMarker(), func(d time.Duration) time.Duration { return max(d, notify.MinTimeout) }, 30*time.Second, nil, quiet, p.recorder, nil, nil)
	go p.inhibitor.Run()
	p.inhibitor.WaitForLoading()
	go p.dispatcher.Run(time.Now())
	p.dispatcher.WaitForLoading()
}

// stop stops it, as it should or so that it leaves no word.
func (p *peer) stop(kill bool) {
	p.stops = append(p.stops, time.Now().UnixMilli())
	p.dispatcher.Stop()
	p.inhibitor.Stop()
	p.alerts.Close()
	if !kill {
		p.recorder.RecordEvent(eventrecorder.WithEventRecording(context.Background()), func() *eventrecorderpb.EventData {
			return &eventrecorderpb.EventData{EventType: &eventrecorderpb.EventData_AlertmanagerShutdownEvent{AlertmanagerShutdownEvent: &eventrecorderpb.AlertmanagerShutdownEvent{}}}
		})
	}
	require.NoError(p.t, p.recorder.Close())
	p.alerts = nil
}

// upAt reports whether it ran at an instant.
func (p *peer) upAt(at int64) bool {
	count := func(times []int64) (n int) {
		for _, t := range times {
			if t <= at {
				n++
			}
		}
		return n
	}
	return count(p.starts) > count(p.stops)
}

// forgets reports whether alerts that are over are thrown away in that time.
func (p *peer) forgets(from, to int64) bool {
	began := p.starts[len(p.starts)-1]
	for _, at := range p.starts {
		if at <= to {
			began = at
		}
	}
	return (to-began)/gcInterval.Milliseconds() > (from-began)/gcInterval.Milliseconds()
}

func (c *cluster) restarted() bool {
	return slices.ContainsFunc(c.peers, func(p *peer) bool { return len(p.starts) > 1 })
}

// put is what the API does with an alert that is sent.
func (p *peer) put(a model.Alert) {
	require.NoError(p.t, p.alerts.Put(eventrecorder.WithEventRecording(context.Background()), &alert.Alert{Alert: a, UpdatedAt: time.Now()}))
}

type resolvedToo bool

func (r resolvedToo) SendResolved() bool { return bool(r) }

type second struct{ *peer }

func (p *peer) Notify(ctx context.Context, alerts ...*alert.Alert) (bool, error) {
	return p.deliver(ctx, 0, alerts)
}
func (p second) Notify(ctx context.Context, alerts ...*alert.Alert) (bool, error) {
	return p.deliver(ctx, 1, alerts)
}

func (p *peer) deliver(ctx context.Context, index int, alerts []*alert.Alert) (bool, error) {
	if p.fails() {
		return true, errors.New("not now")
	}
	key, err := notify.ExtractGroupKey(ctx)
	require.NoError(p.t, err)
	receiver, _ := notify.ReceiverName(ctx)
	why, _ := notify.NotificationReason(ctx)
	s := sent{at: time.Now().UnixMilli(), peer: p.name, group: key.Hash(), receiver: receiver, integration: string(rune('0' + index)),
		reason: reasonTexts[why.String()]}
	for _, a := range alerts {
		if a.Resolved() {
			s.resolved = append(s.resolved, lifeOf(a))
		} else {
			s.firing = append(s.firing, lifeOf(a))
		}
	}
	body, err := json.Marshal(struct {
		webhook.Message
		ReceivedAt time.Time `json:"received_at"`
	}{webhook.Message{Data: notify.GetTemplateData(ctx, p.tmpl, alerts, slog.New(slog.DiscardHandler)), Version: "4", GroupKey: key.String()}, time.Now()})
	require.NoError(p.t, err)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent = append(p.sent, s)
	if receiver == "chat" {
		p.hooks = append(append(p.hooks, body...), '\n')
	}
	return false, nil
}

// recording runs something that records events, and returns files of them, one
// for each peer.
func recording(t *testing.T, run func()) []string {
	dir := t.TempDir()
	f, err := os.Create(filepath.Join(dir, "all"))
	require.NoError(t, err)
	stdout := os.Stdout
	os.Stdout = f
	func() {
		defer func() { os.Stdout = stdout }()
		run()
	}()
	require.NoError(t, f.Close())
	text, err := os.ReadFile(f.Name())
	require.NoError(t, err)
	byPeer := map[string][]string{}
	for line := range strings.Lines(string(text)) {
		for _, name := range []string{"a", "b"} {
			if strings.Contains(strings.ReplaceAll(line, " ", ""), `"instance":"`+name+`"`) {
				byPeer[name] = append(byPeer[name], line)
			}
		}
	}
	var paths []string
	for name, lines := range byPeer {
		paths = append(paths, filepath.Join(dir, name+".jsonl"))
		require.NoError(t, os.WriteFile(paths[len(paths)-1], []byte(strings.Join(lines, "")), 0o644))
	}
	slices.Sort(paths)
	return paths
}
