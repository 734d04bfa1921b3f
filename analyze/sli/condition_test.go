package sli

import "testing"

// What an exporter of something that others build on tells of its state, and
// what it tells besides.
var byCondition = map[string][]example{
	"a state by its words": {
		{"BrokerHeap", `activemq_jvm_heap_used > 4e9`, Cause},
		{"CacheHits", `rate(pg_stat_database_blks_hit[5m]) / (rate(pg_stat_database_blks_hit[5m]) + rate(pg_stat_database_blks_read[5m])) < 0.9`, Cause},
		{"Elections", `changes(vault_raft_elections_total[1h]) > 3`, Cause},
		{"TooFewPeers", `nats_cluster_peers < 2`, Cause},
		{"CompactionsPile", `cassandra_compaction_pendingtasks > 40`, Cause},
		{"ReaderDies", `increase(couchdb_replicator_changes_queue_deaths[5m]) > 0`, Cause},
		{"ControllerRestarts", `increase(nomad_client_allocs_restart[15m]) > 5`, Cause},
		{"WorkloadWaits", `kube_pod_container_status_waiting_reason{reason="ImagePullBackOff"} > 0`, Cause},
	},
	"much asked of it": {
		{"ManyQuestions", `rate(mysql_global_status_questions[5m]) > 20000`, Cause},
		{"FewQuestions", `rate(mysql_global_status_questions[5m]) < 20`, Unknown},
	},
	"nothing that says a state": {
		{"Tokens", `vault_secret_kv_count > 1e5`, Unknown},
		{"Messages", `nats_core_mystery > 5`, Unknown},
		{"PolicyChanges", `rate(cilium_policy_change_total{outcome="fail"}[5m]) > 0.1`, Unknown},
		{"GoneContainer", `time() - container_last_seen > 300`, Unknown},
	},
	"words of more than a state": {
		{"ManyConnections", `rabbitmq_connections > 2000`, Unknown},
		{"ManySubscriptions", `gnatsd_varz_subscriptions > 2000`, Unknown},
		{"JobFailed", `kube_job_failed > 0`, Unknown},
		{"BackupSlow", `velero_backup_duration_seconds > 7200`, Unknown},
		{"ObjectsMissing", `ceph_health_detail{name="POOL_OBJECTS_MISSING"} == 1`, Unknown},
		{"QueriesQueued", `clickhouse_workers_queued > 10`, Unknown},
	},
	"memory as a share": {
		{"StoreMemory", `influxdb_memory_used / influxdb_memory_total > 0.9`, Unknown},
		{"TopicMemory", `artemis_memory_percent > 80`, Unknown},
		{"RuntimeMemory", `elasticsearch_jvm_memory_used_bytes / elasticsearch_jvm_memory_max_bytes > 0.9`, Cause},
		{"WorkloadMemory", `container_memory_working_set_bytes / on (pod) container_memory_total_bytes > 0.9`, Cause},
	},
	"the label that says what is measured": {
		{"MonitorDown", `ceph_health_detail{name="MON_DOWN"} == 1`, Cause},
		{"NewCheck", `ceph_health_detail{name="TELEMETRY_CHANGED"} == 1`, Unknown},
		{"KeyCache", `cassandra_stats{name="org:apache:cassandra:metrics:cache:keycache:hitrate:value"} < 0.8`, Cause},
		{"HeapByItem", `solr_metrics_jvm_memory{item="heap"} > 4e9`, Cause},
	},
	"hosts and processes need no such words": {
		{"Interrupts", `rate(node_intr_total[5m]) > 1e5`, Cause},
		{"Goroutines", `go_goroutines > 1e4`, Cause},
	},
}

func TestVerdictsByCondition(t *testing.T) {
	for kind, examples := range byCondition {
		t.Run(kind, func(t *testing.T) {
			for _, x := range examples {
				check(t, x, nil, nil)
			}
		})
	}
}
