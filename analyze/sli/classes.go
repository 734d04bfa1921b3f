package sli

// A class is what is known of metrics by their names. One row is one class, and
// the first row that matches a name decides, so narrow rows stand before wide
// ones. To teach crywolf a metric, add a row, or an alternative to one.
type class struct {
	names string // a regular expression, anchored at both ends
	// label and values narrow a row to selectors with a matcher on that label
	// that admits only values of this (anchored) kind.
	label, values string

	reads   manner
	verdict Verdict
	what    string // what such a metric tells, as the end of "`node_load1` tells of …" and, for requests, of "`x` counts …"
	source  string // where that is known from; other rows rest on the exporter's own documentation
}

// manner says what an alert has to be looked at for before a row's verdict
// holds.
type manner uint8

const (
	state      manner = iota // nothing: the verdict holds as it stands, a cause where no word of the name puts it in doubt
	objective                // recorded or exported for a service level objective
	served                   // requests answered: errors, latency and traffic of a service
	turnedAway               // requests that fail, or a flag that they do, by what the metric counts
	asked                    // requests made to something else, or inside of a component: never a verdict
	probed                   // asked from outside, as a user would
	scraped                  // up
	own                      // a component about itself: meta where the job is one of the monitoring
	object                   // told by an exporter about a workload: meta where the workload is one of the monitoring, a cause where the name speaks of a state
	replicas                 // of a workload: none left is no mere cause
	machine                  // the machinery that runs workloads: what fails in it fails first for itself, and is a cause where the name speaks of a state
	shared                   // a component that others build on: a symptom where requests to it fail or are slow, a cause where the name speaks of a state
	service                  // of a service as a whole, or a count of its parts: a symptom when nothing is left
	parts                    // told by each part of a service: a symptom when all are gone
	filling                  // a store that refuses work when it is full: imminent as a share of something
	declared                 // said of it by whoever has it: the verdict holds
)

// Where a row is known from.
const (
	prom  = "prometheus.io/docs/practices/alerting"
	sre   = "Site Reliability Engineering, chapter 6"
	k8s   = "kubernetes.io/docs/reference/instrumentation/metrics"
	otel  = "opentelemetry.io/docs/specs/semconv"
	sloth = "sloth.dev, pyrra.dev, grafana.com/docs/grafana-cloud/alerting-and-irm/slo"
)

var classes = []class{
	// Service level objectives.
	{names: `sloth_slo_info|slo:(objective:ratio|error_budget:ratio|time_period:days)|pyrra_(objective|window)|grafana_slo_(objective|info)|alerting_burn_rate_threshold`,
		verdict: Meta, what: "a constant of a service level objective", source: sloth},
	{names: `sl[io]:.+|.+:burnrate\d+[smhdwy]\w*|grafana_slo_.+|latencytarget:.+|gitlab_(component|service|regional_sli)\w*_(apdex|errors):.+|pyrra_.+|error_budget_burn_rate|sli_measurement|.+:sl[io]_\w+:.+|(.+[_:])?(error_?budget|burn_?rate)([_:\d].*)?`,
		reads: objective, verdict: Symptom, what: "a service level objective", source: sloth},

	// Expiry.
	{names: `.*(cert|x509|ssl|tls|crl|licen[cs]e|token|credential|secret|domain).*(expir|not_after|notafter|manager_(client|server)_ttl|days_(left|remaining|until)|valid_(until|to)).*`,
		verdict: Imminent, what: "the time at which something expires"},
	{names: `.*(expiry|expiration|expires)_?(timestamp|date|time|days|seconds).*|\w*_expiration_renew_errors|\w*(cert|certificate|token)\w*_renew\w*_(errors?|fail\w*)(_total)?|certmanager_certificate_(ready_status|renewal_timestamp_seconds)|certmanager_(http_)?acme_client_request_\w+|cert_?manager_\w+`,
		verdict: Imminent, what: "the time at which something expires"},

	// Probes from outside.
	{names: `probe_(ssl_.*|http_ssl|tls_.*|failed_due_to_regex|ip_.*|http_(version|redirects|content_length|uncompressed_body_length|last_modified_timestamp_seconds))`,
		verdict: Unknown, what: "a detail of a probe"},
	{names: `probe_icmp_.*`, verdict: Unknown, what: "the reachability of one host"},
	{names: `probe_(success|duration_seconds|http_duration_seconds|http_status_code|dns_lookup_time_seconds|grpc_.*|expect_.*)|pingdom_.*(up|status|success|response_time).*|uptimerobot_.*(up|status|response_time).*|synthetic.*_(success|duration|failed|failures).*|monitor_status|ssl_probe_success|speedtest_(download|upload|ping|latency|jitter|up)\w*|smokeping_.*|test_exporter_test_case_result_total|loki_canary_(missing|spot_check_missing|unexpected)_entries(_total)?|statuscake_.*(up|status|uptime).*|site24x7_.*(up|status)|(cloudprober|prober)_(success|failure|latency).*|http_(check|get)_(status|error|duration)\w*|httpcheck_(status|error|duration)\w*|http_response_(result_code|response_time|http_response_code)|net_response_(result_code|response_time)`,
		reads: probed, verdict: Symptom, what: "what a probe from outside sees, which asks as a user would", source: prom},

	// Scrapes.
	{names: `up`, reads: scraped, verdict: Cause, what: "the answer of one instance to its scrape", source: prom},

	// Requests that a monitoring system itself serves, before its prefix.
	{names: `(cortex|mimir|loki|tempo|pyroscope|grafana|prometheus|alertmanager|thanos_query|vm|vlogs|vl|promscale_query|promscale_ingest|promscale_metrics_query|jaeger_query|influxql_service|signoz)_(api_|http_|distributor_)?requests?_(duration_seconds_?(bucket|count|sum)?|errors_total|total)|promscale_(ingest|query|metrics_query)_duration_seconds_(bucket|count|sum)|influxql_service_executing_duration_seconds_\w+|jaeger_query_latency\w*`,
		reads: served, verdict: Symptom, what: "requests to a monitoring system", source: sre},

	{names: `otelcol_receiver_(refused|failed)_.*|jaeger_collector_(spans|traces)_(rejected|refused)\w*`,
		reads: turnedAway, verdict: Symptom, what: "data that senders were refused"},
	{names: `(cortex|mimir|loki|tempo)_(query_scheduler|query_frontend)_\w*queue_length|jaeger_agent_http_server_.*`,
		verdict: Unknown, what: "the inside of a monitoring system, where users may wait"},

	// Requests that fail, or are kept waiting, by what the metric counts.
	{names: `envoy_listener_(downstream_(global_)?cx_overflow|manager_downstream_cx_overload_reject)|envoy_cluster_upstream_(rq_(timeout|5xx|pending_overflow|per_try_timeout|maintenance_mode)|cx_none_healthy|cx_overflow)|envoy_http_downstream_rq_(timeout|overload_close)`,
		reads: turnedAway, verdict: Symptom, what: "requests that a proxy could not pass on", source: "envoyproxy.io/docs/envoy/latest/configuration/upstream/cluster_manager/cluster_stats"},
	{names: `haproxy_(backend|frontend|server)_(response|connection)_errors_total|squid_(client_http|server_(all|http|ftp|other))_errors_total|varnish_(main_)?(sess_dropped|sess_fail|fetch_failed)|nginx_connections_dropped|phpfpm_slow_requests(_total)?|uwsgi_listen_queue_errors`,
		reads: turnedAway, verdict: Symptom, what: "requests that a server could not answer"},
	{names: `varnish_main_sessions`, label: "type", values: `dropped|fail.*`,
		reads: turnedAway, verdict: Symptom, what: "sessions that were dropped"},
	{names: `(redis|memcached|keydb|valkey)_(rejected_connections|connections_rejected|connections_listener_disabled)_total|mysql_global_status_connection_errors_(max_connections|internal|total)|aerospike_namespace_(.*_)?stop_writes|ClickHouseProfileEvents_((Distributed)?(Rejected|Delayed)Inserts|Failed(Query|SelectQuery|InsertQuery))|pgbouncer_pools_client_maxwait\w*`,
		reads: turnedAway, verdict: Symptom, what: "what clients of a database were refused"},
	{names: `pgbouncer_errors_count`, label: "errmsg", values: `no more connections allowed.*`,
		reads: turnedAway, verdict: Symptom, what: "clients that find no connection"},
	{names: `solr_metrics_core_errors_total`, label: "category", values: `QUERY|UPDATE`,
		reads: turnedAway, verdict: Symptom, what: "queries that fail"},
	{names: `cassandra_(client_?request|clientrequest)_(unavailables?|timeouts?|failures?)\w*|(presto|trino)\w*_QueryManager_(Failed|Abandoned|InternalFailures|InsufficientResourcesFailures)\w*|cockroachdb_ranges_unavailable|kafka_server_brokertopicmetrics_failed(produce|fetch)requests\w*|kafka_controller_kafkacontroller_offlinepartitionscount|minio_s3_requests_(5xx_)?errors_total|ceph_rgw_failed_req|ceph_healthcheck_slow_ops|(pdns|powerdns|dnsdist|unbound|bind)_\w*servfail\w*`,
		reads: turnedAway, verdict: Symptom, what: "requests that fail or are kept waiting"},
	{names: `aws_lambda_(errors|throttles)_\w+|aws_dynamodb_(system_errors|throttled_requests)_\w+|aws_s3_5xx_?errors_\w+|aws_(application|network)?elb_(rejected_connection|target_connection_error)_count_\w+`,
		reads: turnedAway, verdict: Symptom, what: "requests that a cloud service did not answer"},

	// Services as a whole, as what runs them or stands before them tells.
	{names: `openstack_(identity|keystone|nova|neutron|cinder|glance|placement|heat|ironic|designate|manila|octavia|object_store|swift|magnum|trove|container_infra|loadbalancer|orchestration|sharev2|baremetal|dns|compute|network|image|volume)_up|digitalocean_(database|kubernetes_cluster|loadbalancer)_(status|up|droplets)|gluster_volume_(up|status)|haproxy_(backend|frontend)_(up|status)|haproxy_backend_(active|backup)_servers|envoy_cluster_membership_healthy|jenkins_node_online_value|minecraft_status_healthy`,
		reads: service, verdict: Unknown, what: "a service as a whole"},
	{names: `flink_jobmanager_numRegisteredTaskManagers|metrics_master_aliveWorkers_Value|kafka_brokers|(presto|trino)_\w*ActiveNodeCount|redis_cluster_state`,
		reads: service, verdict: Cause, what: "what does the work of a service"},
	{names: `traefik_(service|backend)_server_up|nginxplus_upstream_server_state|caddy_reverse_proxy_upstreams_healthy|kong_upstream_target_health|apisix_upstream_status|patroni_(primary|master|standby_leader)|mesos_master_elected|zk_server_leader|kafka_server_kafkaserver_brokerstate`,
		reads: parts, verdict: Unknown, what: "what stands behind a service"},

	// Requests, where other words of the name mislead.
	{names: `squid_(client|server)_.*|apache_(duration|accesses)\w*|tomcat_(errorcount|requestcount|processingtime|global_request)\w*|jetty_(request|response)\w*|windows_iis_\w*(websocket_connection|requests)\w*|haproxy_(backend|frontend|server)_(.*_)?(total_time|response_time|queue_time|connect_time)(_average)?_seconds|haproxy_server_http_(responses?|requests?)_total|envoy_cluster_(external_|internal_)?upstream_rq(_(xx|time|completed|total))?(_\w+)?`,
		reads: served, verdict: Symptom, what: "requests at the edge"},
	{names: `cassandra_(client_?request|clientrequest|table|keyspace|columnfamily)_(.*_)?((read|write|range|viewwrite|caswrite|casread)_?)?(total_?)?latency\w*|aerospike_namespace_client_\w+_(error|timeout|success|complete)|(mongodb|mongod)_(ss_|mongod_)?op_?latencies_\w+|redis_commands?_(duration_seconds|latencies|failed_calls|processed)\w*|ClickHouseProfileEvents_(Query|SelectQuery|InsertQuery)TimeMicroseconds|solr_metrics_(core|node)_(query|requests?|time|timeouts)\w*|kafka_network_requestmetrics_\w*|vault_(core_handle(_login)?_request|route_\w+)\w*|minio_s3_\w+|(zk|zookeeper)_(avg|max|mean)_?(request_)?latency\w*`,
		reads: served, verdict: Symptom, what: "requests to a database or store"},
	{names: `bind_(responses|query_errors|resolver_query_errors|query_duration|resolver_query_duration)\w*|unbound_(answer_rcodes|response_time)\w*|(pdns|powerdns)\w*_(latency|answers)\w*|dnsdist_(latency|downstream_timeouts)\w*`,
		reads: served, verdict: Symptom, what: "DNS requests"},
	{names: `litellm_\w*(request|latency|failed)\w*|(vllm|tgi|nv_inference|triton|torchserve|ts)[:_](\w*_)?(request|inference|e2e|time_to_first_token|time_per_output_token)_?\w*|:?tensorflow:serving:request_\w+`,
		reads: served, verdict: Symptom, what: "requests to a model"},
	{names: `gitlab_(ci_pipeline_creation_duration|transaction_duration|workhorse_\w*http\w*|rails_\w*request\w*)\w*|gitaly_service\w*|keycloak_(\w+_)?(requests?|code_to_tokens|refresh_tokens|client_logins|response)\w*|(\w+_)?(page|view|screen|checkout|search|login|session_setup|call_setup)_(load_|render_)?(duration|latency|latencies|time)\w*`,
		reads: served, verdict: Symptom, what: "what users wait for"},
	{names: `aws_(lambda|dynamodb|apigateway|s3|kinesis|sns|cloudfront)_\w*(duration|latency|first_byte_latency|5xx|error_rate|errors)\w*|stackdriver_\w*(cloudfunctions|run_googleapis|appengine|api_gateway|consumed_api|spanner|firestore)\w*(execution_times|latenc|response_count|request_count|execution_count|error)\w*`,
		reads: served, verdict: Symptom, what: "requests to a cloud service"},

	// What may be the doing of whoever asks.
	{names: `.*auth(entication|entications|n|z|orization)?_?(fail|denied|error|reject)\w*|.*login\w*_(attempts_)?fail\w*|keycloak_\w*(registrations?|login)\w*(error|fail)\w*|openldap_(dial|bind)|hubble_\w*responses\w*|.*_user_?errors?_.*|.*UserErrorFailures.*|couchdb_mango_query_invalid_index|(nats|gnatsd|jetstream)_\w*api_errors|ClickHouseErrorMetric_\w+|mysql_global_status_(slow_queries|aborted_(connects|clients))|pg_stat_database_xact_(rollback|commit)|pg_stat_activity_max_tx_duration|systemd_socket_refused_\w+`,
		verdict: Unknown, what: "what may be the doing of whoever asks"},
	{names: `pgbouncer_pools_client_waiting\w*|puma_(queued_connections|backlog)|haproxy_backend_current_queue|envoy_cluster_circuit_breakers_\w+|ceph_daemon_health_metrics|rabbitmq_alarms?_\w+|aws_rds_\w*latency\w*|cluster_operator_up|nginx_connections_(accepted|handled)|bigip_(pool|vs)_status_\w+`,
		verdict: Unknown, what: "a strain that users may or may not feel"},
	{names: `(logback|log4j2?|log|logs|logging|nlog|serilog|monolog)_(events?|messages?|entries|lines|errors)\w*|(dotnet|jvm|nodejs|ruby|python|aspnetcore|php)_\w*(exceptions?|panics?|unhandled)\w*`,
		verdict: Unknown, what: "errors of which it is not said who met them"},

	// Requests that something makes as a client.
	{names: `(rest_client|grpc_client|http_client|rpc_client|net_conntrack_dialer|promhttp_client|feign|resilience4j|hystrix|gorm|hikaricp|okhttp|outgoing|outbound|egress)_.*|httpclient_.*|http_requests_(sent|made)_.*`,
		reads: asked, verdict: Unknown, what: "requests made to another service", source: otel},
	{names: `envoy_cluster_.*`, reads: asked, verdict: Unknown, what: "a proxy's view of what stands behind it"},
	{names: `bigip_.*(request|conn).*`, reads: asked, verdict: Unknown, what: "what a load balancer passes on"},
	{names: `nginx_ingress_controller_(upstream|ingress_upstream)_.*|traefik_backend_server_.*|haproxy_backend_(retry|redispatch)_.*|haproxy_(frontend|backend)_(.*_)?denied_.*`,
		reads: asked, verdict: Unknown, what: "a proxy's view of what stands behind it"},

	// Requests served, by the well-known families.
	{names: `promhttp_.*`, verdict: Meta, what: "the scraping of metrics"},
	{names: `apiserver_request_(total|duration_seconds_.*|sli_duration_seconds_.*|slo_duration_seconds_.*)`,
		reads: served, verdict: Symptom, what: "requests to the Kubernetes API", source: k8s},
	{names: `http_(server_)?(requests?|responses?)(_(total|count|sum|size|seconds|milliseconds|duration|latency|latencies|time|errors?|failed|failures)\w*)?|http_server_(active_)?requests?_.*|http_server_duration_.*|rpc_server_.*`,
		reads: served, verdict: Symptom, what: "HTTP requests", source: otel},
	{names: `grpc_server_(started|handled|handling|msg)_?.*`, reads: served, verdict: Symptom, what: "gRPC calls"},
	{names: `istio_(requests_total|request_duration_(milliseconds|seconds)_.*|tcp_connections_(opened|closed)_total)`,
		reads: served, verdict: Symptom, what: "requests through the mesh", source: "istio.io/docs/reference/config/metrics"},
	{names: `(request|response)_total|response_latency_ms_.*|route_(request|response)_.*`,
		reads: served, verdict: Symptom, what: "requests through the mesh", source: "linkerd.io/docs/reference/proxy-metrics"},
	{names: `nginx_ingress_controller_(requests?|request_duration_seconds.*|response_duration_seconds.*|header_duration_seconds.*)|nginx(plus)?_http_requests?_(total|duration.*)|nginxplus_server_zone_(requests|responses.*)|nginx_vts_server_requests_total|nginx_server_requests?.*`,
		reads: served, verdict: Symptom, what: "requests at the edge"},
	{names: `traefik_(entrypoint|service|router|backend)_requests?_(total|duration_seconds.*)`,
		reads: served, verdict: Symptom, what: "requests at the edge"},
	{names: `envoy_http_downstream_rq_.*|envoy_http_.*_rq_(xx|time).*`, reads: served, verdict: Symptom, what: "requests at the edge"},
	{names: `haproxy_(frontend|backend)_(http_(responses?|requests?)_total|(response|total|http_response|http_total)_time_average_seconds|request_errors_total|requests?_denied_total)`,
		reads: served, verdict: Symptom, what: "requests at the edge"},
	{names: `aws_(application)?elb_(request_count|http_?code_.*|target_response_time|latency|target_5xx.*|elb_5xx.*).*|aws_applicationelb_.*(5_?xx|4_?xx|target_response_time|request_count).*|aws_apigateway_(5xx_?error|4xx_?error|latency|count).*|aws_cloudfront_.*error_rate.*|stackdriver_https_lb_rule_loadbalancing_googleapis_com_https_(request_count|total_latencies|backend_latencies).*|azure_.*(http5xx|http_5xx|responsetime|failed_?requests).*`,
		reads: served, verdict: Symptom, what: "requests at the edge"},
	{names: `traces_spanmetrics_(calls_total|latency_.*|duration_.*)|(spanmetrics_)?(calls_total|duration_milliseconds_(bucket|count|sum))|cloudflare_zone_requests_.*|caddy_http_(requests?|response)_.*|kong_(http_requests_total|request_latency_ms_.*|http_status|latency_.*)|apisix_http_(status|latency_.*)|ambassador_.*rq.*|varnish_main_(client_req|s_resp).*|coredns_dns_(requests?|responses?)_.*|gitlab_workhorse_http_request_.*|windows_iis_(server_)?(requests_total|worker_request_errors_total|.*websocket.*)`,
		reads: served, verdict: Symptom, what: "requests served"},

	// The monitoring's own workings. Before freshness and queues, which it has too.
	{names: `(prometheus|alertmanager|thanos|cortex|mimir|loki|tempo|tempodb|pyroscope|parca|otelcol|opentelemetry|promtail|alloy|grafana|pushgateway|vmagent|vmalert|victoriametrics|promscale|jaeger|zipkin|fluentd|fluentbit|fluent_bit|filebeat|metricbeat|beyla|karma|telemeter|federate|kube_state_metrics|prometheus_operator|node_exporter|push_time|push_failure_time|statsd_exporter|scrape|stackdriver_monitoring)_.*|agent_(wal|build|config|dns|remote|metrics|logs|traces|prometheus)_.*|vector_(component|buffer|events|processed|source|sink|started|utilization|build)_?.*|vm_(app|rows|slow|storage|merge|data|cache|concurrent|tcp|promscrape|ingest\w*|parts|index|free|persistentqueue|log|vmselect|vminsert|rpc|metrics|new|assisted|missing|deduplicated|retention)_.*|ipmi_up|ALERTS.*|net_conntrack_.*|memberlist_.*|up_.*_scrape|hubble_lost_events_total|reloader_last_reload_\w+|azurerm_stats_\w+|digitalocean_errors_total|\w+_(scrape_time|collecttime|collect_time)(_ms|_seconds)?`,
		verdict: Meta, what: "a working of the monitoring itself", source: prom},
	{names: `(node_scrape_collector|node_textfile|mysql_exporter|pg_exporter|redis_exporter|snmp|ssl)_(success|scrape.*|last_scrape.*|exporter_last_scrape.*|mtime.*|duration.*)|.*_exporter_(build_info|scrapes?_.*|last_scrape_.*|collector_.*|scrape_.*|up)|.*_(scrape_errors?|scrape_collector_success|scrape_collector_duration_seconds|scrape_success|last_scrape_error|last_scrape_duration_seconds|scrape_failures_total|exporter_scrape.*|up_scrape|scrapes_failed.*)(_total)?|(ebpf|blackbox|json|elasticsearch|process|snmp|ssl)_exporter_.*|cluster_monitoring_operator_.*`,
		verdict: Meta, what: "the work of an exporter", source: prom},

	{names: `(.*_)?(github|stripe|paypal|openai|anthropic|slack|twilio|sendgrid|external|third_?party|provider|partner|llm)_(.*_)?(api|request|requests|call|calls|http|error|errors)(_.*)?|.*_(api|db|database|redis|kafka|queue|storage|s3|smtp)_(connection|conn)_.*`,
		reads: asked, verdict: Unknown, what: "requests made to another service"},
	{names: `.*_(client|outbound|outgoing|egress|upstream|downstream_call|dependency|webhook|remote)_.*(request|rq|response|call|rpc|http).*`,
		reads: asked, verdict: Unknown, what: "requests made to another service", source: otel},

	// Lag, freshness and queues.
	{names: `.*event_?loop_?(lag|delay|latency|utili[sz]ation).*`, reads: own, verdict: Cause, what: "the state of one process"},
	{names: `.*(replication|replica|slave|consumer|consumergroup|standby|follower|wal|oplog|apply|sync|cdc|binlog|galera|ingest|ingestion|offset|message|stream|shard|partition).*_(lag|delay|behind)(_.*)?|.*seconds_behind.*|.*lag_(seconds|sum|messages|max|millis|ms|bytes|bucket)(_.*)?|.*_lag|.*consumer.*lag.*|patroni_.*lag.*|kafka_(burrow|consumergroup|topic)_.*offsets?|.*(optime|oplog).*|.*ship_delay.*`,
		verdict: Imminent, what: "how far something has fallen behind", source: prom},
	{names: `node_timex_.*|node_ntp_.*|.*clock_skew.*|chrony_.*`, verdict: Cause, what: "the clock of one host"},
	{names: `.*(backup|snapshot|dump|archiv|cronjob|cron|batch|sync|refresh|import|export|etl|pipeline|run|success|successful|completion|schedule|finished|update|updated|processed|ingested)\w*_(timestamp|time|age)(_seconds|_unixtime|_ms)?|.*last_(success|successful|succeeded|run|backup|sync|completion|completed|schedule|update|updated|finish|full)\w*|.*_(age|staleness|freshness)_seconds|.*_seconds_since_.*|kube_job_status_(start|completion)_time|kube_cronjob_(next_schedule_time|status_last_(schedule|successful)_time)`,
		verdict: Imminent, what: "when something was last done", source: prom},
	{names: `.*(backup|snapshot|archive)\w*_(fail|failed|failure|failures|error|errors|partial\w*|last_status|status|result)(_.*)?|.*not_backed_up.*`, verdict: Imminent, what: "what was to be kept and was not"},
	{names: `workqueue_.*`, verdict: Cause, what: "the work queue of a controller", source: k8s},
	{names: `(rabbitmq_(detailed_)?queue_messages.*|aws_sqs_(approximate_)?(number_of_messages|age_of_oldest).*|kafka_.*records?_lag.*|nsq_(topic_|channel_)+(backend_)?depth.*|mysql_global_status_wsrep_local_(recv|send)_queue(_avg)?|ClickHouseAsyncMetrics_Replicas(Max|Sum)(QueueSize|AbsoluteDelay|RelativeDelay|InsertsInQueue|MergesInQueue)\w*|airflow_(pool_(starving|queued|scheduled)_\w+|dagrun_schedule_delay\w*|executor_queued_tasks)|\w*_replication_failed_syncs|\w*pending_?replication\w*|\w*replication\w*_(pending|queued?|backlog)\w*|kube_job_spec_completions|kube_horizontalpodautoscaler_spec_max_replicas|sidekiq_(queue|queue_latency|queue_size|enqueued|enqueued_jobs|jobs_latency|jobs_queue_duration|queue_latency_seconds).*|celery_(queue_length|tasks_waiting|queue).*|resque_.*pending.*|activemq_queue_(size|depth).*|ibmmq_queue_depth.*|pulsar_(msg_backlog|storage_backlog.*|subscription_back_log.*)|nats_.*pending.*|jetstream_consumer_num_pending|pulsar_storage_size|gearman_queue.*|beanstalkd?_.*ready.*|postfix_.*queue.*|queuing_.*|stackdriver_pubsub_subscription.*(num_undelivered|oldest_unacked).*)`,
		verdict: Imminent, what: "work that waits"},
	{names: `.*(queue|backlog|mailqueue|job|jobs|task|tasks|message|messages)_(length|size|depth|len|backlog|pending|waiting|queued|oldest\w*|age|latency|ready|unacked|unacknowledged|lag)(_\w*)?|.*_backlog(_\w*)?|.*_current_queue|.*(queue|message|job).*(oldest|age_seconds|wait_seconds|delay_seconds).*`,
		verdict: Imminent, what: "work that waits"},

	// Space, and limits that something approaches.
	{names: `node_filesystem_(avail|free|size|files|files_free)(_bytes)?|kubelet_volume_stats_.*|windows_logical_disk_(free|size)_(bytes|megabytes)|(container|machine)_fs_(usage|limit|inodes).*|disk_(free|used|used_percent|total|inodes\w*)|hrStorage(Used|Size)`,
		reads: object, verdict: Imminent, what: "the space left on a file system", source: prom},
	{names: `.*(disk|volume|filesystem|fs|storage|tablespace|datastore|capacity|inode|inodes|pool|partition|bucket|wal|vg|lv|db_size|data_dir).*_(avail|available|free|used|usage|full|nearfull|capacity|limit|remaining|used_percent|utilization|left)(_size)?(_(bytes|gb|mb|tb|kb|percent|pct|ratio|space|average|b))?|.*(disk|volume|filesystem|fs|storage|device|capacity|tablespace)_(.*_)?total_(size_)?(bytes|gb|mb)|.*(free_?storage|free_?space|disk_?space|space_(used|free|available|left|usage)|storage_?percent|freestoragespace|store_usage_ratio).*|.*capacity_(available|used|usage).*|.*device_free.*|\w*capacity(remaining|used|total)|\w*Disk(Available|Unreserved|Used|Total)\w*|.*_avail_(percent|pct|ratio|bytes)|.*_dir_(.*_)?usage|.*_map_pressure|cilium_identity|ceph_.*_?(near|too)?full.*|mesos_.*_(disk|mem)`,
		verdict: Imminent, what: "the space left"},
	{names: `ceph_health_detail`, label: "name", values: `.*(FULL|CERT|DISK_LOW|DISK_CRIT).*`, verdict: Imminent, what: "the space left in a storage cluster"},
	{names: `(process|go|jvm|ruby|nodejs|python)_(open|max)_fds|(jvm|process)_files_.*`, reads: own, verdict: Imminent, what: "the open files of one process"},
	{names: `(redis|keydb|valkey|dragonfly)_memory_used_bytes|rabbitmq_(node_mem_used|process_resident_memory_bytes)|activemq_(queue|topic|broker)?_?memory_(percent_)?usage(_ratio)?|activemq_(memory|temp|store)_usage_ratio|(nats|gnatsd)_varz_jetstream_stats_(memory|storage)|jetstream_server_total_(storage|memory)|memcached_current_bytes|artemis_(address_)?memory_usage\w*|aerospike_(namespace|node)_\w*memory_(free|used)_pct`,
		reads: filling, verdict: Imminent, what: "the room left in a store that refuses work when it is full"},
	{names: `openstack_(placement_resource_(usage|total)|nova_(vcpus|memory|local_storage)_(used|available)\w*|nova_limits_\w+|cinder_limits_\w+|neutron_network_ip_availabilities_(used|total))|kube_pod_container_resource_requests\w*|kube_node_status_(allocatable|capacity)\w*|flink_jobmanager_taskSlotsAvailable|\w*_slots_(available|free)|pgbouncer_pools_(server|client)_active_connections|\w*connection_pool_(busy|in_use|used|active|usage|acquired)\w*|\w*rate_?limit(_remaining)?|\w*quota_(usage|used|remaining)\w*|couchdb_httpd_open_(databases|os_files)|apcupsd_battery_(time_on|charge|time_left)\w*|(apcupsd|nut|ups)_\w*on_?battery\w*|network_ups_tools_battery_(charge|runtime)\w*|\w*_license\w*_(used|remaining|left)\w*|jira_(all_users|allowed_users)_gauge|hadoop_hdfs_bytes_(used|total)|.*(burst_?balance|credit_?balance|credits?_remaining).*`,
		verdict: Imminent, what: "what is left of a capacity"},
	{names: `node_nf_conntrack_.*|node_filefd_.*|.*_(process_open|open|max)_(fds|files|file_descriptors)(_limit)?|.*fd_(open|softlimit|limit|ratio)|.*ipam_ips|kube_resourcequota|namespace_(cpu|memory):.*|kubelet_running_pods?|kubelet_running_pod_count|etcd_mvcc_db_total_size_in_.*|etcd_server_quota_backend_bytes|.*quota.*_(used|usage|limit|remaining|max|total)|.*_limits_.*_(used|max)|.*_ip(am)?_(available|used|allocated|free).*|cluster_autoscaler_cluster_cpu_current_cores|kube_node_status_capacity_pods|pg_database_wraparound.*|.*wraparound.*|.*_(battery|fuel)_.*(left|charge|remaining).*`,
		verdict: Imminent, what: "a limit that something approaches"},

	// Requests to databases, brokers and stores, and inside of the cluster's machinery.
	{names: `(kubelet|scheduler|cloudprovider|authentication|certmanager|controller_runtime|argocd|flux|gotk|cilium|keda|karpenter)_(?:.*_)?(http|grpc|requests?|rpc|query|queries|lookup|client|command|commands|api|operation|operations|response|responses|transactions?)_(?:.*_)?(duration|latency|seconds|milliseconds|ms|time|fail|failed|failures|failure|errors?|error|timeouts?|timedout|unavailables?|code|codes|status_codes)(_\w*)?|kubelet_pod_(worker|start)_.*duration.*|pulsar_(function|sink|source)_.*exceptions.*|apiserver_(admission|storage|cache|watch|audit|flowcontrol|client)_.*`,
		reads: asked, verdict: Unknown, what: "requests inside of the cluster's machinery"},
	{names: `apiserver_request_(terminations|aborts?)_total|aggregator_unavailable_apiservice(_count|_total)?|apiserver_dropped_requests_total`,
		reads: turnedAway, verdict: Symptom, what: "requests to the Kubernetes API that are not answered", source: k8s},
	{names: `(etcd|mysql|pg|postgres|postgresql|pgbouncer|redis|mongodb|elasticsearch|opensearch|cassandra|rabbitmq|memcached|kafka|zookeeper|consul|vault|couchdb|couchbase|clickhouse|aerospike|solr|influxdb|hadoop|hbase|minio|cockroachdb|aggregator|ceph|gluster|coredns|envoy|tikv|tidb|nats|gnatsd|pulsar)_(?:.*_)?(http|grpc|requests?|rpc|query|queries|lookup|client|command|commands|api|operation|operations|response|responses|transactions?)_(?:.*_)?(duration|latency|seconds|milliseconds|ms|time|fail|failed|failures|failure|errors?|error|timeouts?|timedout|unavailables?|code|codes|status_codes)(_\w*)?|apiserver_request_.*|(ClickHouse)?ProfileEvents_.*(Failed|Slow).*|couchdb_httpd_(status_codes|request.*)|ceph_rgw_.*`,
		reads: shared, verdict: Unknown, what: "requests to a component that others build on"},

	{names: `cassandra_stats`, label: "name", values: `.*clientrequest.*(latency|unavailables?|timeouts?|failures?).*`, reads: turnedAway, verdict: Symptom, what: "requests to a database that fail or are slow"},
	{names: `cassandra_stats`, label: "name", values: `.*(auth\w*fail|clientrequest).*`, reads: asked, verdict: Unknown, what: "requests to a database"},

	// A component as a whole that can't serve, where its name says so.
	{names: `ceph_health_detail`, label: "name", values: `MDS_ALL_DOWN|MDS_HEALTH_READ_ONLY`, reads: turnedAway, verdict: Symptom, what: "a file system that refuses work"},
	{names: `ceph_health_detail`, label: "name", values: `PG_AVAILABILITY|OBJECT_UNFOUND|FS_DEGRADED|OSDMAP_FLAGS|SLOW_OPS|POOL_FULL|OSD_FULL|.*(DAMAGE|CORRUPT|INCONSISTENT|SCRUB_ERRORS).*`,
		verdict: Unknown, what: "a storage cluster that can't serve"},
	{names: `elasticsearch_cluster_health_status`, label: "color", values: `red`, verdict: Unknown, what: "whether a component that others build on can serve at all"},
	{names: `(ceph_health|opensearch_cluster)_status`, verdict: Unknown, what: "the health of a whole cluster, from a worry to an outage"},
	{names: `(ceph_pg|ceph_osd|kafka|redis|etcd|vault|consul|patroni|mongodb|aerospike|hadoop|cassandra|elasticsearch|opensearch|cockroachdb|rabbitmq|clickhouse|minio|mesos|openstack|hbase|nomad)_(.*_)?(unavailable|ranges_unavailable|offline_?partitions?_?(count)?|missing_?blocks|corrupt_?blocks|stop_writes|dead_partitions|unsealed|has_leader|leader_elected|elected|pg_total|stale|incomplete|slots_p?fail)(_.*)?|longhorn_volume_robustness|envoy_server_live|ceph_pg_(total|active|incomplete|down|stale)|kafka_controller_kafkacontroller_activecontrollercount`,
		verdict: Unknown, what: "whether a component that others build on can serve at all"},
	{names: `(wildfly_undertow|undertow|tomcat|jetty)_.*(request|error|response).*`, reads: served, verdict: Symptom, what: "requests served"},

	// Data in danger, and clusters that may have come apart: whoever looks after
	// them is right to be woken, whether or not a user has noticed.
	{names: `.*(corrupt|damaged|data_?loss|lost_?data|unrecoverable|uncorrect|checksum_(error|failure|mismatch)|split_?brain|quorate|quorum|under_?min_?isr|inconsistent).*`,
		verdict: Unknown, what: "data that may be lost"},
	{names: `pve_cluster_info`, label: "quorate", values: `.*`, verdict: Unknown, what: "whether a cluster still holds together"},
	{names: `erlang_vm_dist_.*|.*_(raft|server|cluster|zk|zookeeper|replset|sentinel)_(is_)?(leader|leaders|master|masters|primary|primaries)(_(count|total))?|zk_server_leader|mysql_global_status_wsrep_cluster_status|zookeeper_.*leader.*|.*active_?controller_?(count|s)?|redis_(sentinel_)?(master|masters)_.*status.*`,
		verdict: Unknown, what: "whether a cluster still holds together"},
	{names: `(pg|postgres|postgresql|pgbouncer|pgpool2?|mysql|mariadb|proxysql|redis|mongodb|elasticsearch|opensearch|cassandra|scylla|rabbitmq|memcached|kafka|consul|vault|couchdb|clickhouse|ClickHouse|aerospike|solr|influxdb|cockroachdb|oracledb|oracle|mssql|pulsar|nats|coredns|cilium|hubble|openldap|ldap|bind|unbound|minio|openstack)\w*_(\w*_)?(errors?|err|failed|failures?|rejected|refused|denied|aborted|dropped|drops?|drop_count|timeouts?|timed_out|rejections?|forward_responses?_rcode|forward_(requests?|responses?))(_\w*)?`,
		reads: shared, verdict: Unknown, what: "what goes wrong inside of a component that others build on"},

	// The servers that users reach themselves, as a whole.
	{names: `(apache|nginx|haproxy|varnish|squid|traefik|caddy|envoy_server|ingress)_(up|live|status)|nginx_(vts_)?info`,
		verdict: Unknown, what: "whether a server that users may reach answers at all"},
	// What was asked of a tool and failed.
	{names: `(velero|presto|trino|spark|flink|hadoop|kopia|restic|barman|pgbackrest)\w*_(\w*_)?(fail|failed|failures?|failedtasks?|errors?|errored)(_\w*)?`,
		verdict: Unknown, what: "work that was asked for and failed"},
	{names: `ceph_health_detail`, label: "name", values: `DEVICE_HEALTH_TOOMANY|DEVICE_HEALTH_IN_USE|.*NEARFULL.*`, verdict: Imminent, what: "devices that are about to fail"},

	{names: `windows_(ad|adfs|exchange|dns|dhcp|mssql)_\w+`, reads: shared, verdict: Unknown, what: "what a server does for others"},

	// Resources of a host or a device.
	{names: `(node|windows|wmi|smartctl|smartmon|nvidia|DCGM|dcgm|ipmi|netdata|collectd|telegraf|hwmon|apcupsd|nut|pve|vmware|esxi|libvirt|zfs|megaraid|mdadm|bigip|junos|diskio|wireguard|unpoller|digitalocean_droplet|namedprocess)_.*|(system|host|machine)_(cpu|load|mem|memory|nvm|swap|disk|net|network|process|processes|uptime|temperature|paging)\w*|net_(bytes|drop|err|packets|tcp|udp|icmp|ip|snmp)\w*|cpu_(usage|time|load|temp)\w*|mem_(used|available|free|total|buffered|cached|swap)\w*|raid_.*(disk|drive|degraded|status).*|hrProcessorLoad|cpm.*|ciscoMemory.*|if(In|Out|HC).*|ifOperStatus|sysUpTime|nvidia.*|zpool_.*|cpu(Utilization|_usage\w*)`,
		verdict: Cause, what: "the state of one host or device", source: sre},
	{names: `instance:node_.*|:?node_.*|instance_(cpu|memory|device)\w*:.*`, verdict: Cause, what: "the state of one host or device", source: sre},

	// Workloads and the cluster's machinery.
	{names: `kube_(deployment|statefulset|daemonset|replicaset)_status_(replicas(_available|_ready)?|number_(ready|available)|ready_replicas|current_number_scheduled)`,
		reads: replicas, verdict: Cause, what: "the replicas of a workload", source: k8s},
	{names: `kube_node_status_condition`, label: "condition", values: `DiskPressure|PIDPressure|OutOfDisk`, verdict: Imminent, what: "a limit that a node approaches", source: k8s},
	{names: `kube_node_.+`, verdict: Cause, what: "the state of a node of the cluster", source: k8s},
	{names: `kube_.+|container_.+|cadvisor_.+`, reads: object, verdict: Cause, what: "the state of a workload", source: k8s},
	{names: `kubelet_.+|scheduler_.+|kubeproxy_.+|kubernetes_build_info|apiserver_.+|cluster_autoscaler_.+|karpenter_.+|keda_.+|controller_runtime_.+|(cilium|hubble)_.+|calico_.+|felix_.+|flannel_.+|kubedns_.+|pilot_.+|galera_.+|galley_.+|citadel_.+|istiod_.+|machine_config_.+|mcd_.+|cluster_operator_.+|nomad_.+|mesos_.+|docker_.+|engine_daemon_.+|systemd_.+|supervisor_.+|argocd_app_.+|gotk_.+|velero_.+|metallb_.+`,
		reads: machine, verdict: Cause, what: "the state of the machinery that runs workloads", source: k8s},

	// Application servers that run out of workers.
	{names: `phpfpm_(active|idle|total|listen_queue|max_children|statustext|process(es)?_state)\w*|puma_(pool_capacity|backlog|busy_threads|queued_connections)|(uwsgi|gunicorn|unicorn|passenger)_.*(busy|idle|queue|backlog|capacity|workers).*|apache_(workers|scoreboard)|(tomcat|jetty)_thread(s|pool)_.*(busy|idle|current|queue).*`,
		verdict: Imminent, what: "how many workers of an application server are free"},

	// Runtimes.
	{names: `process_(cpu|resident|virtual|start|threads?|num|memory|files|context|runtime|uptime|heap|major|minor|network)_?.*|python_(gc|info)_?.*|(go|jvm|nodejs|ruby|dotnet|puma|passenger|unicorn|uwsgi|gunicorn|phpfpm|php_fpm|erlang|beam|tomcat_(threads|threadpool)|hikari|hikaricp|c3p0|jetty_threads|wildfly|logback|log4j2?)_.*`,
		reads: own, verdict: Cause, what: "the state of one process", source: sre},

	// Components that others build on.
	{names: `(pg|postgres|postgresql|pgbouncer|pgpool2?|patroni|mysql|mariadb|proxysql|redis|mongodb|mongod|elasticsearch|opensearch|cassandra|scylla|rabbitmq|memcached|kafka|zookeeper|zk|consul|vault|couchdb|couchbase|clickhouse|ClickHouse\w*|etcd|ceph|gluster|minio|aerospike|solr|influxdb|hadoop|hbase|hdfs|cockroachdb|tidb|tikv|oracledb|oracle|mssql|sqlserver|db2|ibmmq|activemq|pulsar|nats|gnatsd|nsq|nsqd|jetstream|bookie|neo4j|dgraph|presto|trino|spark|flink|druid|ClickHouseMetrics|openebs|longhorn|rook|portworx|drbd|lvm|bind|unbound|openldap|ldap|keepalived|corosync|pacemaker|ha_cluster|hanadb|sql_exporter|cefc.*|aws_(rds|elasticache|ec2|es|dynamodb)|azurerm?_(sql|redis|vm)|apache|nginx|haproxy|varnish|squid|traefik|caddy|envoy_server|dnsmasq|openstack_nova_agent|openstack_neutron_agent|coredns)_(.+)|assignment_.*|replication_role`,
		reads: shared, verdict: Cause, what: "the state of a component that others build on", source: sre},

	// Requests served, by what any service would call them.
	{names: `(.+_)?(http|https|grpc|rpc|api|web|graphql)_(.*_)?(requests?|responses?|calls?|queries|reqs?|errors?|latency|latencies|duration|5xx)(_.*)?|.+_(requests?|responses?)_?((duration|latency|latencies|time|errors?|failed|failures?|seconds|ms|milliseconds|microseconds|success|successful|processing|server|http|elapsed|code|2xx|5xx)_?.*|total|count|sum|bucket)|.+_(failed|successful|error)_requests?(_.*)?|.+_total_requests(_.*)?|(requests?|responses?|errors?)_(total|count|duration.*|latency.*|seconds.*)|response_time.*|request_(time|duration|latency|latencies|errors|failures).*|.+_response_times?(_.*)?|(.+[_:])?(requests?|quer(y|ies)|rpcs?|invocations?|responses?)[_:](.*_)?(latency|latencies|duration|errors?|failed|failures?|timeouts?|timed_out|execution_time|seconds|milliseconds)([_:].*)?`,
		reads: served, verdict: Symptom, what: "requests", source: sre},
	{names: `(.+_)?(logins?|checkouts?|orders?|payments?|purchases?|signups?|sign_ups?|registrations?|page_loads?|page_views?|bookings?|searches)_(.*_)?(total|count|bucket|sum|failed|failures?|errors?|success|succeeded|duration.*|latency.*)(_.*)?|(.+_)?(failed|successful)_(logins?|checkouts?|orders?|payments?|purchases?|signups?|registrations?|bookings?)(_.*)?`,
		reads: served, verdict: Symptom, what: "what users do", source: sre},
}
