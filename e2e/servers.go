package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Tenants are those of Mimir: each has the alerts of the team of its name.
var Tenants = []string{"shop", "ops"}

// External are the labels that a Prometheus adds to what leaves it. replica
// tells the two apart, and stays behind.
const External = "cluster"

// evaluation is the interval of scrapes and evaluations in milliseconds.
const evaluation = 1000

func write(t testing.TB, file, text string) string {
	t.Helper()
	require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
	return file
}

// A Prometheus is one of the pair.
type Prometheus struct {
	*Process
	URL  string
	Data string // folder in that of the run
}

// newPrometheus prepares one replica. push is where it writes to, "" nowhere.
func newPrometheus(t testing.TB, dir, replica, rules, exporter, alertmanager, push string) *Prometheus {
	address := freeAddress(t)
	p := &Prometheus{URL: "http://" + address, Data: "prometheus-" + replica}
	var config strings.Builder
	fmt.Fprintf(&config, `global:
  scrape_interval: 1s
  scrape_timeout: 1s
  evaluation_interval: 1s
  external_labels: {cluster: shop-eu, replica: %s}
rule_files: [%q]
alerting:
  alert_relabel_configs: [{action: labeldrop, regex: replica}]
  alertmanagers: [{static_configs: [{targets: [%q]}]}]
scrape_configs:
  - job_name: shop
    static_configs: [{targets: [%q], labels: {instance: till}}]
`, replica, filepath.Join(rules, "*.yml"), alertmanager, exporter)
	if push != "" {
		config.WriteString("remote_write:\n")
		for _, tenant := range Tenants {
			fmt.Fprintf(&config, `  - url: %s
    name: %[2]s
    headers: {X-Scope-OrgID: %[2]s}
    queue_config: {batch_send_deadline: 500ms, max_shards: 1}
    write_relabel_configs:
      - {action: keep, source_labels: [__name__, team], regex: "(ALERTS|ALERTS_FOR_STATE);%[2]s|up;.*"}
      - {action: labeldrop, regex: replica}
`, push, tenant)
		}
	}
	file := write(t, filepath.Join(dir, "prometheus-"+replica+".yml"), config.String())
	p.Process = newProcess(t, dir, "prometheus-"+replica, "prometheus", p.URL+"/-/ready",
		"--config.file="+file, "--storage.tsdb.path="+filepath.Join(dir, p.Data), "--web.listen-address="+address,
		"--rules.alert.resend-delay=5s", "--rules.alert.for-grace-period=5s", "--web.enable-admin-api")
	return p
}

// An Alertmanager records its events in a file.
type Alertmanager struct {
	*Process
	URL    string
	Events string // file in the folder of the run
}

func newAlertmanager(t testing.TB, dir, address, webhook string) *Alertmanager {
	a := &Alertmanager{URL: "http://" + address, Events: "alertmanager-events.jsonl"}
	file := write(t, filepath.Join(dir, "alertmanager.yml"), fmt.Sprintf(`route:
  receiver: chat
  group_by: [alertname]
  group_wait: 1s
  group_interval: 3s
  repeat_interval: 20s
  routes:
    - {receiver: pager, matchers: [severity="page"], group_by: [alertname, region]}
    - {receiver: nobody, matchers: [severity="none"]}
inhibit_rules:
  - {source_matchers: [alertname="RegionDown"], target_matchers: [alertname="PaymentsStuck"], equal: [region]}
receivers:
  - {name: chat, webhook_configs: [{url: %[1]q}]}
  - {name: pager, webhook_configs: [{url: %[1]q}]}
  - {name: nobody}
event_recorder:
  file_outputs: [{path: %[2]q}]
`, webhook, filepath.Join(dir, a.Events)))
	a.Process = newProcess(t, dir, "alertmanager", "alertmanager", a.URL+"/-/ready",
		"--config.file="+file, "--storage.path="+filepath.Join(dir, "alertmanager"), "--cluster.listen-address=",
		"--web.listen-address="+address, "--enable-feature=event-recorder")
	return a
}

// A Mimir is all of it in one process, its Prometheus API under /prometheus.
type Mimir struct {
	*Process
	URL, Push string
}

func newMimir(t testing.TB, dir string) *Mimir {
	address, grpc := freeAddress(t), freeAddress(t)
	m := &Mimir{URL: "http://" + address + "/prometheus", Push: "http://" + address + "/api/v1/push"}
	port := func(a string) string { return a[strings.LastIndex(a, ":")+1:] }
	data := filepath.Join(dir, "mimir")
	file := write(t, filepath.Join(dir, "mimir.yml"), fmt.Sprintf(`multitenancy_enabled: true
usage_stats: {enabled: false}
activity_tracker: {filepath: %[3]s/activity.log}
server: {http_listen_address: 127.0.0.1, http_listen_port: %[1]s, grpc_listen_address: 127.0.0.1, grpc_listen_port: %[2]s, log_level: warn}
memberlist: {bind_addr: [127.0.0.1], bind_port: 0}
distributor: {ring: {instance_addr: 127.0.0.1, kvstore: {store: inmemory}}}
ingester: {ring: {instance_addr: 127.0.0.1, replication_factor: 1, kvstore: {store: inmemory}, min_ready_duration: 0s, final_sleep: 0s}}
store_gateway: {sharding_ring: {instance_addr: 127.0.0.1, replication_factor: 1, kvstore: {store: inmemory}}}
compactor: {data_dir: %[3]s/compactor, sharding_ring: {instance_addr: 127.0.0.1, kvstore: {store: inmemory}}}
frontend: {address: 127.0.0.1}
query_scheduler: {ring: {instance_addr: 127.0.0.1, kvstore: {store: inmemory}}}
ruler: {ring: {instance_addr: 127.0.0.1, kvstore: {store: inmemory}}, rule_path: %[3]s/rules-tmp}
blocks_storage:
  backend: filesystem
  filesystem: {dir: %[3]s/blocks}
  tsdb: {dir: %[3]s/tsdb}
  bucket_store: {sync_dir: %[3]s/sync}
ruler_storage: {backend: filesystem, filesystem: {dir: %[3]s/rules}}
`, port(address), port(grpc), data))
	require.NoError(t, os.MkdirAll(data, 0o755))
	m.Process = newProcess(t, dir, "mimir", "mimir", "http://"+address+"/ready", "-config.file="+file)
	return m
}
