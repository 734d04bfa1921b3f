package sli

import (
	"testing"

	"github.com/prometheus/prometheus/promql/parser"

	"github.com/crywolf-dev/crywolf/rules/promexpr"
)

// An example is one alert and what an experienced reader says of it.
type example struct {
	alert, expr string
	want        Verdict
}

// The classes, row by row.
var byClass = map[string][]example{
	"service level objectives": {
		{"CheckoutBudgetBurn", `max(slo:sli_error:ratio_rate5m{sloth_id="checkout-availability"} > (14.4 * 0.001)) without (sloth_window) and max(slo:sli_error:ratio_rate1h{sloth_id="checkout-availability"} > (14.4 * 0.001)) without (sloth_window)`, Symptom},
		{"ErrorBudgetBurn", `http_requests:burnrate5m{slo="shop-errors"} > (14 * (1-0.999)) and http_requests:burnrate1h{slo="shop-errors"} > (14 * (1-0.999))`, Symptom},
		{"CartSLO", `1 - grafana_slo_sli_6h{grafana_slo_uuid="abc"} > 6 * 0.001`, Symptom},
		{"WebApdex", `gitlab_service_apdex:ratio_1h{type="web"} < 0.98`, Symptom},
		{"WorkbookNames", `job:slo_errors_per_request:ratio_rate1h{job="shop"} > (14.4*0.001) and job:slo_errors_per_request:ratio_rate5m{job="shop"} > (14.4*0.001)`, Symptom},
		{"OwnBurnRate", `shop_burn_rate_1h > 14.4`, Symptom},
		{"OwnSLI", `sli:checkout_error_rate:5m > (1 - 0.999) * 14.4`, Symptom},
		{"BudgetGone", `slo:period_error_budget_remaining:ratio < 0`, Symptom},
		{"SLIRecordMissing", `absent(slo:sli_error:ratio_rate5m{sloth_slo="availability"})`, Meta},
		{"SLOWithoutSLI", `sloth_slo_info unless on (sloth_id) slo:sli_error:ratio_rate5m`, Meta},
		{"SLIWindowsIncomplete", `count by (sloth_id) ({__name__="slo:current_burn_rate:ratio"}) != 1`, Meta},
		{"SLIStoppedRecording", `slo:sli_error:ratio_rate1d offset 1h unless slo:sli_error:ratio_rate1d`, Meta},
	},
	"expiry": {
		{"ShopCertificateExpires", `probe_ssl_earliest_cert_expiry{target="shop"} - time() < 14 * 86400`, Imminent},
		{"IngressCert", `min by (host) (x509_cert_not_after) < time() + 604800`, Imminent},
		{"IssuerCert", `certmanager_certificate_expiration_timestamp_seconds - time() < 86400`, Imminent},
		{"VoucherEnds", `min(shop_vouchers_expiry_timestamp_seconds) - time() < 86400`, Imminent},
		{"LicenceEnds", `erp_license_expiry_days < 30`, Imminent},
	},
	"probes": {
		{"ShopUnreachable", `probe_success{job="blackbox-http"} == 0`, Symptom},
		{"ShopSlowFromOutside", `avg_over_time(probe_duration_seconds{target="https://shop"}[10m]) > 3`, Symptom},
		{"FrontPageStatus", `probe_http_status_code >= 500`, Symptom},
		{"LineSlow", `avg_over_time(speedtest_download_bits_per_second[1h]) < 1e7`, Symptom},
		{"CertificateOver", `probe_ssl_earliest_cert_expiry{target="shop"} - time() < 0`, Symptom},
		{"GatewayNoPing", `probe_success{module="icmp"} == 0`, Unknown},
		{"SlowPing", `probe_icmp_duration_seconds{phase="rtt"} > 0.2`, Unknown},
		{"NoTLS", `probe_http_ssl == 0`, Unknown},
		{"NothingProbes", `absent(probe_success{job="blackbox-http"})`, Meta},
	},
	"requests, by the well-known families": {
		{"CheckoutErrors", `sum(rate(http_requests_total{job="checkout",code=~"5.."}[5m])) / sum(rate(http_requests_total{job="checkout"}[5m])) > 0.01`, Symptom},
		{"CheckoutSlow", `histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket{job="checkout"}[5m]))) > 0.5`, Symptom},
		{"CheckoutSlowShare", `1 - sum(rate(http_request_duration_seconds_bucket{job="checkout",le="0.3"}[5m])) / sum(rate(http_request_duration_seconds_count{job="checkout"}[5m])) > 0.05`, Symptom},
		{"CheckoutSlowNative", `histogram_fraction(0, 0.3, sum(rate(http_server_request_duration_seconds{job="checkout"}[5m]))) < 0.95`, Symptom},
		{"CartErrorsOTel", `sum(rate(http_server_request_duration_seconds_count{http_response_status_code=~"5.."}[5m])) / sum(rate(http_server_request_duration_seconds_count[5m])) > 0.02`, Symptom},
		{"QuoteErrors", `sum by (grpc_method) (rate(grpc_server_handled_total{job="quotes",grpc_code=~"Internal|Unavailable"}[5m])) > 1`, Symptom},
		{"QuoteNotOK", `sum(rate(grpc_server_handled_total{job="quotes",grpc_code!="OK"}[5m])) / sum(rate(grpc_server_handled_total{job="quotes"}[5m])) > 0.1`, Symptom},
		{"SpringErrors", `sum(rate(http_server_requests_seconds_count{outcome="SERVER_ERROR"}[5m])) > 5`, Symptom},
		{"MeshErrors", `sum by (destination_service) (rate(istio_requests_total{reporter="destination",response_code=~"5.*"}[5m])) / sum by (destination_service) (rate(istio_requests_total{reporter="destination"}[5m])) > 0.05`, Symptom},
		{"MeshSuccess", `sum(rate(response_total{classification="success",direction="inbound"}[5m])) / sum(rate(response_total{direction="inbound"}[5m])) < 0.99`, Symptom},
		{"EdgeErrors", `sum by (ingress) (rate(nginx_ingress_controller_requests{status=~"5.."}[5m])) / sum by (ingress) (rate(nginx_ingress_controller_requests[5m])) > 0.02`, Symptom},
		{"RouterSlow", `histogram_quantile(0.95, sum by (le, service) (rate(traefik_service_request_duration_seconds_bucket[5m]))) > 1`, Symptom},
		{"DownstreamErrors", `sum(rate(envoy_http_downstream_rq_xx{envoy_response_code_class="5"}[5m])) / sum(rate(envoy_http_downstream_rq_total[5m])) > 0.05`, Symptom},
		{"FrontendErrors", `sum by (proxy) (rate(haproxy_frontend_http_responses_total{code="5xx"}[2m])) > 10`, Symptom},
		{"AppServerErrors", `sum by (deployment) (rate(undertow_request_errors_total[5m])) / sum by (deployment) (rate(undertow_requests_total[5m])) > 0.05`, Symptom},
		{"LoadBalancerErrors", `sum(aws_applicationelb_httpcode_target_5_xx_count_sum) > 50`, Symptom},
		{"APIServerErrors", `sum(rate(apiserver_request_total{code=~"5.."}[5m])) / sum(rate(apiserver_request_total[5m])) > 0.05`, Symptom},
		{"SpanErrors", `sum by (service_name) (rate(traces_spanmetrics_calls_total{span_kind="SPAN_KIND_SERVER",status_code="STATUS_CODE_ERROR"}[5m])) > 1`, Symptom},
		{"OwnNamesErrors", `sum(rate(shop_http_requests_total{status="500"}[5m])) / sum(rate(shop_http_requests_total[5m])) > 0.01`, Symptom},
		{"OwnNamesErrorCounter", `sum(rate(shop_request_errors_total[5m])) / sum(rate(shop_requests_total[5m])) > 0.01`, Symptom},
		{"OwnNamesSlow", `sum(rate(shop_request_duration_seconds_sum[5m])) / sum(rate(shop_request_duration_seconds_count[5m])) > 2`, Symptom},
		{"SummarySlow", `max by (job) (shop_request_duration_seconds{quantile="0.99"}) > 2`, Symptom},
		{"PaymentsFail", `sum(rate(payments_failed_total[10m])) / sum(rate(payments_total[10m])) > 0.05`, Symptom},
		{"PaymentAttempts", `rate(payment_failures_total[5m]) / rate(payment_attempts_total[5m]) > 0.02`, Symptom},
		{"PaymentGauge", `payment_success_rate < 0.9`, Symptom},
		{"OrdersSucceed", `sum(rate(orders_success_total[5m])) / (sum(rate(orders_success_total[5m])) + sum(rate(orders_failed_total[5m]))) < 0.999`, Symptom},
		{"Exceptions", `rate(flask_http_request_exceptions_total[5m]) > 0.1`, Symptom},
		{"NoOrders", `sum(rate(shop_orders_total[30m])) == 0`, Symptom},
	},
	"requests that a monitoring system serves": {
		{"MetricsStoreErrors", `100 * sum by (route) (rate(cortex_request_duration_seconds_count{status_code=~"5.."}[5m])) / sum by (route) (rate(cortex_request_duration_seconds_count[5m])) > 1`, Symptom},
		{"LogQueriesSlow", `histogram_quantile(0.99, sum by (le) (rate(loki_request_duration_seconds_bucket{route="query_range"}[5m]))) > 20`, Symptom},
		{"DashboardsFail", `sum(rate(grafana_http_request_duration_seconds_count{status_code=~"5.."}[5m])) > 1`, Symptom},
	},
	"what a monitoring system does not take": {
		{"SpansRefused", `sum(rate(otelcol_receiver_refused_spans[5m])) > 1`, Symptom},
		{"NothingRefused", `rate(otelcol_receiver_refused_spans[5m]) < 1`, Unknown},
		{"QueriesQueue", `sum(loki_query_scheduler_queue_length) > 10`, Unknown},
	},
	"requests that fail by what is counted": {
		{"ProxyTimesOut", `rate(envoy_cluster_upstream_rq_timeout[5m]) > 1`, Symptom},
		{"BackendDoesNotConnect", `rate(haproxy_backend_connection_errors_total[1m]) > 5`, Symptom},
		{"SessionsDropped", `rate(varnish_main_sessions{type="dropped"}[5m]) > 0`, Symptom},
		{"CacheRefuses", `increase(redis_rejected_connections_total[5m]) > 0`, Symptom},
		{"UpdatesFail", `increase(solr_metrics_core_errors_total{category="UPDATE"}[5m]) > 1`, Symptom},
		{"CoreErrors", `increase(solr_metrics_core_errors_total[5m]) > 1`, Unknown},
		{"ReadsTimeOut", `rate(cassandra_client_request_timeouts_total{operation="read"}[5m]) > 1`, Symptom},
		{"FunctionFails", `aws_lambda_errors_sum / aws_lambda_invocations_sum > 0.05`, Symptom},
		{"ExtensionAPIGone", `(1 - max by (name) (avg_over_time(aggregator_unavailable_apiservice[10m]))) * 100 < 85`, Symptom},
		{"ExtensionAPIThere", `avg_over_time(aggregator_unavailable_apiservice[10m]) < 1`, Unknown},
		{"NoneRefused", `absent(redis_rejected_connections_total)`, Unknown},
		{"FilesReadOnly", `ceph_health_detail{name="MDS_HEALTH_READ_ONLY"} > 0`, Symptom},
		{"OwnDoor", `rate(lobby_rejected_connections_total[5m]) > 1`, Symptom},
	},
	"services as a whole": {
		{"ImagesGone", `openstack_glance_up == 0`, Symptom},
		{"NoBroker", `kafka_brokers == 0`, Symptom},
		{"FewBrokers", `kafka_brokers < 3`, Cause},
		{"NoServerOfBackend", `count by (backend) (traefik_backend_server_up == 1) < 1`, Symptom},
		{"OneServerOfBackend", `traefik_backend_server_up == 0`, Unknown},
		{"NobodyLeads", `sum(zk_server_leader) == 0`, Symptom},
		{"NoMaster", `count(redis_instance_info{role="master"}) < 1`, Symptom},
		{"NoDatabaseUp", `sum by (cluster) (mysql_up) == 0`, Symptom},
	},
	"requests to what others build on": {
		{"EdgeWaits", `haproxy_backend_max_total_time_seconds > 2`, Symptom},
		{"ReadsSlow", `rate(cassandra_table_readlatency_seconds_sum[5m]) / rate(cassandra_table_readlatency_seconds_count[5m]) > 0.2`, Symptom},
		{"CommandsSlow", `rate(redis_commands_duration_seconds_total[5m]) / rate(redis_commands_processed_total[5m]) > 0.01`, Symptom},
		{"CommandsTakeAll", `rate(redis_commands_duration_seconds_total[5m]) > 0.5`, Unknown},
		{"ResolverFails", `rate(unbound_answer_rcodes_total{rcode="SERVFAIL"}[5m]) > 1`, Symptom},
		{"ModelSlow", `histogram_quantile(0.95, sum by (le) (rate(vllm:e2e_request_latency_seconds_bucket[5m]))) > 10`, Symptom},
		{"PageSlow", `discourse_page_duration_seconds{quantile="0.99"} > 5`, Symptom},
		{"TablesSlow", `aws_dynamodb_successful_request_latency_average > 100`, Symptom},
		{"IndexingSlow", `rate(elasticsearch_indices_indexing_index_time_seconds_total[5m]) / rate(elasticsearch_indices_indexing_index_total[5m]) > 0.1`, Symptom},
		{"MergesSlow", `rate(elasticsearch_indices_merges_total_time_seconds_total[5m]) / rate(elasticsearch_indices_merges_total[5m]) > 10`, Cause},
		{"PeersSlow", `histogram_quantile(0.99, rate(etcd_network_peer_round_trip_time_seconds_bucket[5m])) > 0.15`, Cause},
		{"AppServerRejects", `rate(wildfly_undertow_rejected_sessions_total[5m]) > 0`, Symptom},
	},
	"the doing of whoever asks": {
		{"LoginsFail", `rate(shop_login_attempts_failed_total[5m]) > 5`, Unknown},
		{"ClientsWait", `pgbouncer_pools_client_waiting_connections > 20`, Unknown},
		{"ErrorsLogged", `rate(logback_events_total{level="error"}[5m]) > 1`, Unknown},
		{"SlowQueries", `increase(mysql_global_status_slow_queries[5m]) > 0`, Unknown},
		{"Unroutable", `rate(rabbitmq_channel_messages_unroutable_dropped_total[5m]) > 0`, Unknown},
	},
	"monitoring": {
		{"Heartbeat", `vector(1)`, Meta},
		{"RulesFail", `increase(prometheus_rule_evaluation_failures_total[5m]) > 0`, Meta},
		{"ReloadFailed", `max_over_time(alertmanager_config_last_reload_successful[5m]) == 0`, Meta},
		{"NotificationsFail", `rate(alertmanager_notifications_failed_total[5m]) / rate(alertmanager_notifications_total[5m]) > 0.01`, Meta},
		{"QuerierObjectStore", `rate(thanos_objstore_bucket_operation_failures_total[5m]) > 0.1`, Meta},
		{"KVStore", `sum(rate(cortex_kv_request_duration_seconds_count{status_code!~"2.."}[5m])) > 0`, Meta},
		{"ScrapesAnsweredWithErrors", `rate(promhttp_metric_handler_requests_total{code="500"}[5m]) > 0`, Meta},
		{"CollectorDrops", `rate(otelcol_processor_dropped_spans[5m]) > 0`, Meta},
		{"TextfileStale", `time() - node_textfile_mtime_seconds > 3600`, Meta},
		{"ExporterScrapeError", `pg_exporter_last_scrape_error == 1`, Meta},
		{"PushTooOld", `time() - push_time_seconds{job="nightly"} > 7200`, Meta},
		{"ManyAlerts", `count(ALERTS{alertstate="firing"}) > 50`, Meta},
	},
	"lag, freshness and queues": {
		{"ReplicaBehind", `pg_replication_lag_seconds > 60`, Imminent},
		{"OrdersConsumerBehind", `sum by (consumergroup) (kafka_consumergroup_lag{topic="orders"}) > 5000`, Imminent},
		{"BackupOld", `time() - backup_last_success_timestamp_seconds > 90000`, Imminent},
		{"CronNotScheduled", `time() - kube_cronjob_status_last_schedule_time{cronjob="invoices"} > 7200`, Imminent},
		{"MailPilesUp", `rabbitmq_queue_messages_ready{queue="mail"} > 1000`, Imminent},
		{"JobsWait", `max(sidekiq_queue_latency_seconds{queue="default"}) > 120`, Imminent},
		{"OwnQueue", `sum(shop_export_queue_length) > 500`, Imminent},
		{"BackupFailed", `increase(velero_backup_failure_total[1d]) > 0`, Imminent},
	},
	"space and limits": {
		{"RootDiskFull", `node_filesystem_avail_bytes{mountpoint="/"} / node_filesystem_size_bytes{mountpoint="/"} < 0.05`, Imminent},
		{"VolumeFillsUp", `predict_linear(kubelet_volume_stats_available_bytes[6h], 4 * 3600) < 0`, Imminent},
		{"DriveFull", `windows_logical_disk_free_bytes / windows_logical_disk_size_bytes < 0.1`, Imminent},
		{"TablespaceFull", `oracledb_tablespace_used_percent > 90`, Imminent},
		{"StorageNearFull", `ceph_health_detail{name="OSD_NEARFULL"} == 1`, Imminent},
		{"MonitoringFiles", `process_open_fds{job="prometheus"} / process_max_fds{job="prometheus"} > 0.9`, Meta},
		{"DatabaseConnections", `sum by (instance) (pg_stat_activity_count) / on (instance) pg_settings_max_connections > 0.9`, Imminent},
		{"TooManyFiles", `process_open_fds{job="shop"} / process_max_fds{job="shop"} > 0.9`, Imminent},
		{"TrackingTableFull", `node_nf_conntrack_entries / node_nf_conntrack_entries_limit > 0.8`, Imminent},
		{"MemoryWillRunOut", `node_memory_MemAvailable_bytes > 0 and predict_linear(node_memory_MemAvailable_bytes[1h], 3600) < 0`, Imminent},
		{"QuotaNearlyUsed", `kube_resourcequota{type="used"} / ignoring (type) kube_resourcequota{type="hard"} > 0.9`, Imminent},
		{"NoIdleWorkers", `sum by (cluster) (phpfpm_idle_processes) / sum by (cluster) (phpfpm_total_processes) < 0.1`, Imminent},
		{"OwnPoolFull", `shop_worker_slots_busy / shop_worker_slots_max > 0.9`, Imminent},
	},
	"data and clusters in danger": {
		{"StoreCorrupt", `increase(store_corrupt_records_total[10m]) > 0`, Unknown},
		{"FilesystemDamaged", `ceph_health_detail{name="MDS_DAMAGE"} > 0`, Unknown},
		{"UnderMinISR", `kafka_cluster_partition_underminisr > 0`, Unknown},
		{"NoQuorum", `pve_cluster_info{quorate="0"} == 1`, Unknown},
		{"TwoLeaders", `sum by (ensemble) (zk_server_leader) > 1`, Unknown},
		{"LinkLost", `erlang_vm_dist_node_state < 3`, Unknown},
		{"ClientsTurnedAway", `rate(pgbouncer_errors_count{errmsg="no more connections allowed"}[5m]) > 0`, Symptom},
		{"WritesRejected", `increase(elasticsearch_thread_pool_rejected_count[5m]) > 0`, Unknown},
		{"ForwardFails", `sum(rate(coredns_forward_responses_total{rcode="SERVFAIL"}[5m])) / sum(rate(coredns_forward_responses_total[5m])) > 0.1`, Unknown},
		{"NodeDiskPressure", `kube_node_status_condition{condition="DiskPressure", status="true"} == 1`, Imminent},
		{"NodeNotReady", `kube_node_status_condition{condition="Ready", status="true"} == 0`, Cause},
	},
	"edges and work asked for": {
		{"WebServerDown", `apache_up == 0`, Unknown},
		{"RestoresFail", `increase(velero_restore_failed_total[1h]) > 0`, Unknown},
		{"DevicesFailing", `ceph_health_detail{name="DEVICE_HEALTH_TOOMANY"} == 1`, Imminent},
	},
	"hosts and devices": {
		{"CPUBusy", `100 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[5m])) * 100 > 90`, Cause},
		{"HighLoad", `node_load5 / count without (cpu, mode) (node_cpu_seconds_total{mode="idle"}) > 2`, Cause},
		{"LittleMemory", `node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes < 0.1`, Cause},
		{"ArrayDegraded", `node_md_disks{state="failed"} > 0`, Cause},
		{"InterfaceErrors", `rate(node_network_receive_errs_total[2m]) > 10`, Cause},
		{"ClockOff", `abs(node_timex_offset_seconds) > 0.1`, Cause},
		{"DiskDying", `smartctl_device_smart_status != 1`, Cause},
		{"GPUHot", `DCGM_FI_DEV_GPU_TEMP > 85`, Cause},
		{"Rebooted", `time() - node_boot_time_seconds < 600`, Cause},
		{"DirectoryBusy", `rate(windows_ad_binds_total[5m]) > 100`, Unknown},
		{"WindowsServiceStopped", `windows_service_status{status="ok"} != 1`, Cause},
		{"RecordedCPU", `instance:node_cpu_utilisation:rate5m > 0.9`, Cause},
	},
	"workloads": {
		{"CrashLoop", `increase(kube_pod_container_status_restarts_total[15m]) > 3`, Cause},
		{"PodPending", `sum by (pod) (kube_pod_status_phase{phase="Pending"}) > 0`, Cause},
		{"NodeNotReady", `kube_node_status_condition{condition="Ready",status="true"} == 0`, Cause},
		{"ReplicasMissing", `kube_deployment_spec_replicas != kube_deployment_status_replicas_available`, Cause},
		{"MemoryNearLimit", `container_memory_working_set_bytes / container_spec_memory_limit_bytes > 0.9`, Cause},
		{"Throttled", `rate(container_cpu_cfs_throttled_periods_total[5m]) / rate(container_cpu_cfs_periods_total[5m]) > 0.25`, Cause},
		{"Requested", `sum(kube_pod_container_resource_requests{resource="cpu"}) > 100`, Imminent},
		{"ControllerQueue", `workqueue_depth{name="deployment"} > 100`, Cause},
		{"UnitFailed", `systemd_unit_state{state="failed"} == 1`, Cause},
		{"AllReplicasGone", `kube_deployment_status_replicas_available{deployment="shop"} == 0`, Unknown},
	},
	"processes": {
		{"HeapFull", `jvm_memory_used_bytes{area="heap"} / jvm_memory_max_bytes{area="heap"} > 0.9`, Cause},
		{"EventLoop", `nodejs_eventloop_lag_seconds > 0.5`, Cause},
		{"Goroutines", `go_goroutines{job="shop"} > 10000`, Cause},
		{"Restarted", `changes(process_start_time_seconds{job="shop"}[15m]) > 2`, Cause},
		{"PrometheusRestarts", `changes(process_start_time_seconds{job="prometheus"}[15m]) > 2`, Meta},
	},
	"components that others build on": {
		{"DatabaseDown", `mysql_up == 0`, Cause},
		{"ReplicationBroken", `mysql_slave_status_slave_io_running == 0`, Cause},
		{"CacheEvicts", `rate(redis_evicted_keys_total[5m]) > 100`, Cause},
		{"UnderReplicated", `sum(kafka_server_replicamanager_underreplicatedpartitions) > 0`, Cause},
		{"SlowFsync", `histogram_quantile(0.99, rate(etcd_disk_wal_fsync_duration_seconds_bucket[5m])) > 0.5`, Cause},
		{"SearchYellow", `elasticsearch_cluster_health_status{color="yellow"} == 1`, Cause},
		{"Deadlocks", `rate(pg_stat_database_deadlocks[5m]) > 1`, Cause},
		{"SearchQueriesSlow", `rate(elasticsearch_indices_search_query_time_seconds[5m]) / rate(elasticsearch_indices_search_query_total[5m]) > 1`, Symptom},
		{"EtcdRequestsFail", `rate(etcd_http_failed_total[5m]) / rate(etcd_http_received_total[5m]) > 0.05`, Symptom},
		{"WritesUnavailable", `rate(cassandra_stats{name="org:apache:cassandra:metrics:clientrequest:write:unavailables:count"}[5m]) > 0`, Symptom},
		{"PlacementGroupsUnavailable", `ceph_health_detail{name="PG_AVAILABILITY"} == 1`, Unknown},
		{"DaemonFailed", `ceph_health_detail{name="CEPHADM_FAILED_DAEMON"} == 1`, Cause},
		{"ConsumersBehindByOffsets", `max(kafka_burrow_topic_partition_offset) > 100000`, Imminent},
		{"SearchRed", `elasticsearch_cluster_health_status{color="red"} == 1`, Unknown},
		{"StorageHealth", `ceph_health_status != 0`, Unknown},
		{"OldestMessage", `time() - rabbitmq_queue_head_message_timestamp > 600`, Imminent},
		{"NoWorkers", `flink_jobmanager_numRegisteredTaskManagers == 0`, Symptom},
		{"NothingIndexed", `increase(elasticsearch_indices_indexing_index_total[10m]) < 1`, Unknown},
		{"CacheFull", `redis_memory_used_bytes / redis_memory_max_bytes > 0.9`, Imminent},
		{"CacheLarge", `redis_memory_used_bytes > 1e10`, Cause},
		{"AuthFails", `rate(cassandra_stats{name="org:apache:cassandra:metrics:client:authfailure:count"}[5m]) > 1`, Unknown},
		{"ShardUnavailable", `aerospike_namespace_unavailable_partitions > 0`, Unknown},
		{"ProxyBreaks", `increase(envoy_cluster_health_check_failure[5m]) > 5`, Unknown},
		{"ProxyRetries", `rate(haproxy_backend_retry_warnings_total[1m]) > 10`, Unknown},
		{"CacheClients", `redis_connected_clients / redis_config_maxclients > 0.9`, Imminent},
		{"CacheConnections", `memcached_current_connections / memcached_max_connections > 0.9`, Imminent},
		{"PodsSlowToStart", `histogram_quantile(0.99, sum by (le) (rate(kubelet_pod_worker_duration_seconds_bucket[5m]))) > 60`, Unknown},
		{"NoPrimary", `max by (scope) (patroni_primary) < 1`, Symptom},
		{"NoServerBehindBackend", `haproxy_backend_active_servers == 0`, Symptom},
	},
	"nothing known": {
		{"Mystery", `shop_frobnications > 5`, Unknown},
		{"AnyMetric", `{job="shop"} > 5`, Unknown},
		{"Hours", `hour() > 18`, Unknown},
	},
}

func TestVerdictsByClass(t *testing.T) {
	for class, examples := range byClass {
		t.Run(class, func(t *testing.T) {
			for _, x := range examples {
				check(t, x, nil, nil)
			}
		})
	}
}

func check(t *testing.T, x example, labels map[string]string, records map[string][]string) Judgement {
	t.Helper()
	e := parse(t, x.expr)
	j := JudgeExpr(e, labels, x.alert, func(name string) []parser.Expr {
		var out []parser.Expr
		for _, s := range records[name] {
			out = append(out, parse(t, s))
		}
		return out
	})
	if j.Verdict != x.want {
		t.Errorf("%s: %s\n got %s (%s): %s\nwant %s", x.alert, x.expr, j.Verdict, j.Rung, j.Evidence, x.want)
	}
	checkJudgement(t, x.alert, e, j)
	return j
}

func parse(t testing.TB, s string) parser.Expr {
	t.Helper()
	e, err := promexpr.Parse(s)
	if err != nil {
		t.Fatalf("%s: %v", s, err)
	}
	return e
}
