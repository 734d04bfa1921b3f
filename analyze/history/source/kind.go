package source

import (
	"context"

	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/analyze/history/alertmanager"
	"github.com/crywolf-dev/crywolf/analyze/history/pagerduty"
)

// A Kind of source.
type Kind uint8

const (
	TSDB       Kind = iota // a Prometheus data directory
	Prometheus             // anything that speaks the Prometheus API
	Events                 // Alertmanager's event log
	Webhooks               // a log of webhook bodies
	PagerDuty              // an export of incidents
	Silences               // the silences of an Alertmanager, asked for or saved
)

// A facts entry is what there is to know of a kind.
type facts struct {
	kind          Kind
	prefix        string
	what          string // of a file, or of a server
	example       string
	local, remote bool
	episodes      bool                    // whether it tells what alerts did
	recognise     func(first []byte) bool // by the beginning of a file

	// read reads all sources of the kind.
	read func(context.Context, *reading, []Source) (*history.History, error)
}

// kinds in the order in which they are asked for the history: the first that
// is there tells the episodes, the others add to it.
func kinds() []facts {
	return []facts{
		{kind: TSDB, episodes: true, prefix: "tsdb", what: "a Prometheus data directory", example: "/var/lib/prometheus", local: true, read: readDirectories},
		{kind: Prometheus, episodes: true, prefix: "prometheus", what: "a Prometheus server", example: "http://prometheus.example.com:9090", remote: true, read: readServers},
		{kind: Events, episodes: true, prefix: "alertmanager-events", what: "Alertmanager's event log", example: "events.jsonl", local: true, recognise: alertmanager.IsEventLog, read: readEvents},
		{kind: Webhooks, episodes: true, prefix: "webhook", what: "a log of webhooks", example: "webhooks.jsonl", local: true, recognise: alertmanager.IsWebhookLog, read: readWebhooks},
		{kind: PagerDuty, prefix: "pagerduty", what: "PagerDuty's export", example: "incidents.json", local: true, recognise: pagerduty.IsExport, read: readIncidents},
		{kind: Silences, prefix: "alertmanager", what: "the silences of an Alertmanager", example: "http://alertmanager.example.com:9093", local: true, remote: true, recognise: alertmanager.IsSilences, read: readSilences},
	}
}

func (k Kind) facts() facts { return kinds()[k] }

func prefixes() []string {
	all := kinds()
	out := make([]string, len(all))
	for i, k := range all {
		out[i] = k.prefix
	}
	return out
}

// fileKinds are what files there are.
func fileKinds() []string {
	var out []string
	for _, k := range kinds() {
		if k.recognise != nil {
			out = append(out, k.what)
		}
	}
	return out
}
