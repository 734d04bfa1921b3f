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
	state     manner = iota // nothing: the verdict holds as it stands
	objective               // recorded or exported for a service level objective
	served                  // requests answered: errors, latency and traffic of a service
	asked                   // requests made to something else, or inside of a component: never a verdict
	probed                  // asked from outside, as a user would
	scraped                 // up
	own                     // a component about itself: meta where the job is one of the monitoring
	object                  // told by an exporter about a workload: meta where the workload is one of the monitoring
	replicas                // of a workload: none left is no mere cause
	shared                  // a component that others build on: a cause, unless requests to it fail or none of it is left
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
	{names: `.*(expiry|expiration|expires)_?(timestamp|date|time|days|seconds).*`,
		verdict: Imminent, what: "the time at which something expires"},

	// Probes from outside.
	{names: `probe_(ssl_.*|http_ssl|tls_.*|failed_due_to_regex|ip_.*|http_(version|redirects|content_length|uncompressed_body_length|last_modified_timestamp_seconds))`,
		verdict: Unknown, what: "a detail of a probe"},
	{names: `probe_icmp_.*`, verdict: Unknown, what: "the reachability of one host"},
	{names: `probe_(success|duration_seconds|http_duration_seconds|http_status_code|dns_lookup_time_seconds|grpc_.*|expect_.*)|pingdom_.*(up|status|success|response_time).*|uptimerobot_.*(up|status|response_time).*|synthetic.*_(success|duration|failed|failures).*|monitor_status`,
		reads: probed, verdict: Symptom, what: "what a probe from outside sees, which asks as a user would", source: prom},

	// Scrapes.
	{names: `up`, reads: scraped, verdict: Cause, what: "the answer of one instance to its scrape", source: prom},

	// Requests that a monitoring system itself serves, before its prefix.
	{names: `(cortex|mimir|loki|tempo|pyroscope|grafana|prometheus|alertmanager|thanos_query|vm|promscale_query)_(api_|http_|distributor_)?requests?_(duration_seconds_(bucket|count|sum)|errors_total|total)`,
		reads: served, verdict: Symptom, what: "requests to a monitoring system", source: sre},

	// Requests that something makes as a client.
	{names: `(rest_client|grpc_client|http_client|rpc_client|net_conntrack_dialer|promhttp_client|feign|resilience4j|hystrix|gorm|hikaricp|okhttp|outgoing|outbound|egress)_.*|httpclient_.*|http_requests_(sent|made)_.*`,
		reads: asked, verdict: Unknown, what: "requests made to another service", source: otel},
	{names: `envoy_cluster_.*`, reads: asked, verdict: Unknown, what: "a proxy's view of what stands behind it"},
	{names: `bigip_.*(request|conn).*`, reads: asked, verdict: Unknown, what: "what a load balancer passes on"},
	{names: `nginx_ingress_controller_(upstream|ingress_upstream)_.*|traefik_backend_server_.*|haproxy_server_(http_)?(responses?|requests?|.*time).*|haproxy_(backend|server)_connection_errors_total|haproxy_backend_(retry|redispatch)_.*|haproxy_(frontend|backend)_(.*_)?denied_.*`,
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
	{names: `haproxy_(frontend|backend)_(http_(responses?|requests?)_total|(response|total|http_response|http_total)_time_average_seconds|(request|response)_errors_total|connection_errors_total|requests?_denied_total)`,
		reads: served, verdict: Symptom, what: "requests at the edge"},
	{names: `aws_(application)?elb_(request_count|http_?code_.*|target_response_time|latency|target_5xx.*|elb_5xx.*).*|aws_applicationelb_.*(5_?xx|4_?xx|target_response_time|request_count).*|aws_apigateway_(5xx_?error|4xx_?error|latency|count).*|aws_cloudfront_.*error_rate.*|stackdriver_https_lb_rule_loadbalancing_googleapis_com_https_(request_count|total_latencies|backend_latencies).*|azure_.*(http5xx|http_5xx|responsetime|failed_?requests).*`,
		reads: served, verdict: Symptom, what: "requests at the edge"},
	{names: `traces_spanmetrics_(calls_total|latency_.*|duration_.*)|(spanmetrics_)?(calls_total|duration_milliseconds_(bucket|count|sum))|cloudflare_zone_requests_.*|caddy_http_(requests?|response)_.*|kong_(http_requests_total|request_latency_ms_.*|http_status|latency_.*)|apisix_http_(status|latency_.*)|ambassador_.*rq.*|varnish_main_(client_req|s_resp).*|coredns_dns_(requests?|responses?)_.*|gitlab_workhorse_http_request_.*|windows_iis_(server_)?(requests_total|worker_request_errors_total|.*websocket.*)`,
		reads: served, verdict: Symptom, what: "requests served"},

	// The monitoring's own workings. Before freshness and queues, which it has too.
	{names: `(prometheus|alertmanager|thanos|cortex|mimir|loki|tempo|tempodb|pyroscope|parca|otelcol|opentelemetry|promtail|alloy|grafana|pushgateway|vmagent|vmalert|victoriametrics|promscale|jaeger|zipkin|fluentd|fluentbit|fluent_bit|filebeat|metricbeat|beyla|karma|telemeter|federate|kube_state_metrics|prometheus_operator|node_exporter|push_time|push_failure_time|statsd_exporter|scrape|stackdriver_monitoring)_.*|agent_(wal|build|config|dns|remote|metrics|logs|traces|prometheus)_.*|vector_(component|buffer|events|processed|source|sink|started|utilization|build)_?.*|vm_(app|rows|slow|storage|merge|data|cache|concurrent|tcp|promscrape|ingest\w*|parts|index|free|persistentqueue|log|vmselect|vminsert|rpc|metrics|new|assisted|missing|deduplicated|retention)_.*|ipmi_up|ALERTS.*|net_conntrack_.*|memberlist_.*|up_.*_scrape`,
		verdict: Meta, what: "a working of the monitoring itself", source: prom},
	{names: `(node_scrape_collector|node_textfile|mysql_exporter|pg_exporter|redis_exporter|snmp|ssl)_(success|scrape.*|last_scrape.*|exporter_last_scrape.*|mtime.*|duration.*)|.*_exporter_(build_info|scrapes?_.*|last_scrape_.*|collector_.*|scrape_.*|up)|.*_(scrape_errors?|scrape_collector_success|scrape_collector_duration_seconds|scrape_success|last_scrape_error|last_scrape_duration_seconds|scrape_failures_total|exporter_scrape.*|up_scrape|scrapes_failed.*)(_total)?|(ebpf|blackbox|json|elasticsearch|process|snmp|ssl)_exporter_.*|cluster_monitoring_operator_.*`,
		verdict: Meta, what: "the work of an exporter", source: prom},

	{names: `(.*_)?(github|stripe|paypal|openai|anthropic|slack|twilio|sendgrid|external|third_?party|provider|partner|llm)_(.*_)?(api|request|requests|call|calls|http|error|errors)(_.*)?|.*_(api|db|database|redis|kafka|queue|storage|s3|smtp)_(connection|conn)_.*`,
		reads: asked, verdict: Unknown, what: "requests made to another service"},
	{names: `.*_(client|outbound|outgoing|egress|upstream|downstream_call|dependency|webhook|remote)_.*(request|rq|response|call|rpc|http).*`,
		reads: asked, verdict: Unknown, what: "requests made to another service", source: otel},

	// Lag, freshness and queues.
	{names: `.*(replication|replica|slave|consumer|consumergroup|standby|follower|wal|oplog|apply|sync|cdc|binlog|galera|ingest|ingestion|offset|message|stream|shard|partition).*_(lag|delay|behind)(_.*)?|.*seconds_behind.*|.*lag_(seconds|sum|messages|max|millis|ms|bytes|bucket)(_.*)?|.*_lag|.*consumer.*lag.*|patroni_.*lag.*|kafka_(burrow|consumergroup|topic)_.*offsets?|.*(optime|oplog).*|.*ship_delay.*`,
		verdict: Imminent, what: "how far something has fallen behind", source: prom},
	{names: `node_timex_.*|node_ntp_.*|.*clock_skew.*|chrony_.*`, verdict: Cause, what: "the clock of one host"},
	{names: `.*(backup|snapshot|dump|archiv|cronjob|cron|batch|sync|refresh|import|export|etl|pipeline|run|success|successful|completion|schedule|finished|update|updated|processed|ingested)\w*_(timestamp|time|age)(_seconds|_unixtime|_ms)?|.*last_(success|successful|succeeded|run|backup|sync|completion|completed|schedule|update|updated|finish|full)\w*|.*_(age|staleness|freshness)_seconds|.*_seconds_since_.*|kube_job_status_(start|completion)_time|kube_cronjob_(next_schedule_time|status_last_(schedule|successful)_time)`,
		verdict: Imminent, what: "when something was last done", source: prom},
	{names: `.*(backup|snapshot|archive)\w*_(fail|failed|failure|failures|error|errors)(_.*)?|.*not_backed_up.*`, verdict: Imminent, what: "what was to be kept and was not"},
	{names: `workqueue_.*`, verdict: Cause, what: "the work queue of a controller", source: k8s},
	{names: `(rabbitmq_(detailed_)?queue_messages.*|aws_sqs_(approximate_)?(number_of_messages|age_of_oldest).*|kafka_.*records?_lag.*|nsq_(topic|channel)_depth.*|sidekiq_(queue|queue_latency|queue_size|enqueued|enqueued_jobs|jobs_latency|jobs_queue_duration|queue_latency_seconds).*|celery_(queue_length|tasks_waiting|queue).*|resque_.*pending.*|activemq_queue_(size|depth).*|ibmmq_queue_depth.*|pulsar_(msg_backlog|storage_backlog.*|subscription_back_log.*)|nats_.*pending.*|jetstream_consumer_num_pending|pulsar_storage_size|gearman_queue.*|beanstalkd?_.*ready.*|postfix_.*queue.*|queuing_.*|stackdriver_pubsub_subscription.*(num_undelivered|oldest_unacked).*)`,
		verdict: Imminent, what: "work that waits"},
	{names: `.*(queue|backlog|mailqueue|job|jobs|task|tasks|message|messages)_(length|size|depth|len|backlog|pending|waiting|queued|oldest\w*|age|latency|ready|unacked|unacknowledged|lag)(_\w*)?|.*_backlog(_\w*)?|.*_current_queue|.*(queue|message|job).*(oldest|age_seconds|wait_seconds|delay_seconds).*`,
		verdict: Imminent, what: "work that waits"},

	// Space, and limits that something approaches.
	{names: `node_filesystem_(avail|free|size|files|files_free)(_bytes)?|kubelet_volume_stats_.*|windows_logical_disk_(free|size)_(bytes|megabytes)|(container|machine)_fs_(usage|limit|inodes).*|disk_(free|used|used_percent|total|inodes\w*)|hrStorage(Used|Size)`,
		reads: object, verdict: Imminent, what: "the space left on a file system", source: prom},
	{names: `.*(disk|volume|filesystem|fs|storage|tablespace|datastore|capacity|inode|inodes|pool|partition|bucket|wal|vg|lv|db_size|data_dir).*_(avail|available|free|used|usage|full|nearfull|capacity|limit|remaining|used_percent|utilization|left)(_size)?(_(bytes|gb|mb|tb|kb|percent|pct|ratio|space|average|b))?|.*(disk|volume|filesystem|fs|storage|device|capacity|tablespace)_(.*_)?total_(size_)?(bytes|gb|mb)|.*(free_?storage|free_?space|disk_?space|space_(used|free|available|left|usage)|storage_?percent|freestoragespace|store_usage_ratio).*|.*capacity_(available|used|usage).*|.*device_free.*|\w*capacity(remaining|used|total)|\w*Disk(Available|Unreserved|Used|Total)\w*|.*_avail_(percent|pct|ratio|bytes)|.*_dir_(.*_)?usage|.*_map_pressure|cilium_identity|ceph_.*_?(near|too)?full.*|mesos_.*_disk`,
		verdict: Imminent, what: "the space left"},
	{names: `ceph_health_detail`, label: "name", values: `.*(FULL|CERT|DISK_LOW|DISK_CRIT).*`, verdict: Imminent, what: "the space left in a storage cluster"},
	{names: `(process|go|jvm|ruby|nodejs|python)_(open|max)_fds|(jvm|process)_files_.*`, reads: own, verdict: Imminent, what: "the open files of one process"},
	{names: `node_nf_conntrack_.*|node_filefd_.*|.*_(process_open|open|max)_(fds|files|file_descriptors)(_limit)?|.*fd_(open|softlimit|limit|ratio)|.*ipam_ips|kube_resourcequota|namespace_(cpu|memory):.*|kubelet_running_pods?|kubelet_running_pod_count|etcd_mvcc_db_total_size_in_.*|etcd_server_quota_backend_bytes|.*quota.*_(used|usage|limit|remaining|max|total)|.*_limits_.*_(used|max)|.*_ip(am)?_(available|used|allocated|free).*|cluster_autoscaler_cluster_cpu_current_cores|kube_node_status_capacity_pods|pg_database_wraparound.*|.*wraparound.*|.*_(battery|fuel)_.*(left|charge|remaining).*`,
		verdict: Imminent, what: "a limit that something approaches"},

	// Requests inside of databases and of the cluster's machinery.
	{names: `(etcd|mysql|pg|postgres|postgresql|pgbouncer|redis|mongodb|elasticsearch|opensearch|cassandra|rabbitmq|memcached|kafka|zookeeper|consul|vault|couchdb|couchbase|clickhouse|aerospike|solr|influxdb|hadoop|hbase|minio|cockroachdb|kubelet|scheduler|cloudprovider|authentication|apiserver|aggregator|certmanager|controller_runtime|ceph|gluster|argocd|flux|gotk|coredns|cilium|envoy|tikv|tidb|nats|gnatsd|pulsar|keda|karpenter)_(?:.*_)?(http|grpc|requests?|rpc|query|queries|lookup|client|command|commands|api|operation|operations|response|responses|transactions?)_(?:.*_)?(duration|latency|seconds|milliseconds|ms|time|fail|failed|failures|failure|errors?|error|timeouts?|timedout|unavailables?|code|codes|status_codes)(_\w*)?|apiserver_request_.*|(ClickHouse)?ProfileEvents_.*(Failed|Slow|Rejected).*|kubelet_pod_(worker|start)_.*duration.*|pulsar_(function|sink|source)_.*exceptions.*|couchdb_httpd_.*|ceph_rgw_.*|aggregator_unavailable_.*`,
		reads: asked, verdict: Unknown, what: "requests inside of a component that others build on"},

	{names: `cassandra_stats`, label: "name", values: `.*clientrequest.*`, reads: asked, verdict: Unknown, what: "requests inside of a component that others build on"},

	// A component as a whole that can't serve, where its name says so.
	{names: `ceph_health_detail`, label: "name", values: `PG_AVAILABILITY|OBJECT_UNFOUND|MDS_ALL_DOWN|OSDMAP_FLAGS|MDS_HEALTH_READ_ONLY|.*(DAMAGE|CORRUPT|INCONSISTENT|SCRUB_ERRORS).*`,
		verdict: Unknown, what: "a storage cluster that can't serve"},
	{names: `elasticsearch_cluster_health_status`, label: "color", values: `red`, verdict: Unknown, what: "whether a component that others build on can serve at all"},
	{names: `(ceph_health|opensearch_cluster)_status`, verdict: Unknown, what: "the health of a whole cluster, from a worry to an outage"},
	{names: `(ceph_pg|ceph_osd|kafka|redis|etcd|vault|consul|patroni|mongodb|aerospike|hadoop|cassandra|elasticsearch|opensearch|cockroachdb|rabbitmq|clickhouse|minio|mesos|openstack|hbase|nomad)_(.*_)?(unavailable|ranges_unavailable|offline_?partitions?_?(count)?|missing_?blocks|corrupt_?blocks|stop_writes|dead_partitions|unsealed|has_leader|leader_elected|elected|pg_total|stale|incomplete)(_.*)?|haproxy_backend_(active_servers|up|status|backup_servers)|envoy_server_live|ceph_pg_(total|active|incomplete|down|stale)|kafka_controller_kafkacontroller_(offlinepartitionscount|activecontrollercount)`,
		verdict: Unknown, what: "whether a component that others build on can serve at all"},
	{names: `(wildfly_undertow|undertow|tomcat|jetty)_.*(request|error|response).*`, reads: served, verdict: Symptom, what: "requests served"},

	// Data in danger, and clusters that may have come apart: whoever looks after
	// them is right to be woken, whether or not a user has noticed.
	{names: `.*(corrupt|damaged|data_?loss|lost_?data|unrecoverable|uncorrect|checksum_(error|failure|mismatch)|split_?brain|quorate|quorum|under_?min_?isr|inconsistent).*`,
		verdict: Unknown, what: "data that may be lost"},
	{names: `pve_cluster_info`, label: "quorate", values: `.*`, verdict: Unknown, what: "whether a cluster still holds together"},
	{names: `erlang_vm_dist_.*|.*_(raft|server|cluster|zk|zookeeper|replset|sentinel)_(is_)?(leader|leaders|master|masters|primary|primaries)(_(count|total))?|zk_server_leader|zookeeper_.*leader.*|.*active_?controller_?(count|s)?|redis_(sentinel_)?(master|masters)_.*status.*`,
		verdict: Unknown, what: "whether a cluster still holds together"},
	{names: `(pg|postgres|postgresql|pgbouncer|pgpool2?|mysql|mariadb|proxysql|redis|mongodb|elasticsearch|opensearch|cassandra|scylla|rabbitmq|memcached|kafka|consul|vault|couchdb|clickhouse|ClickHouse|aerospike|solr|influxdb|cockroachdb|oracledb|oracle|mssql|pulsar|nats|coredns|cilium|hubble|openldap|ldap|bind|unbound|minio|openstack)\w*_(\w*_)?(errors?|err|failed|failures?|rejected|refused|denied|aborted|dropped|drops?|drop_count|timeouts?|timed_out|rejections?|forward_responses?_rcode|forward_(requests?|responses?))(_\w*)?|coredns_(dns|forward|proxy)_.*`,
		reads: asked, verdict: Unknown, what: "requests inside of a component that others build on"},

	// The servers that users reach themselves, as a whole.
	{names: `(apache|nginx|haproxy|varnish|squid|traefik|caddy|envoy_server|ingress)_(up|live|status)|nginx_(vts_)?info`,
		verdict: Unknown, what: "whether a server that users may reach answers at all"},
	// What was asked of a tool and failed.
	{names: `(velero|presto|trino|spark|flink|hadoop|kopia|restic|barman|pgbackrest)\w*_(\w*_)?(fail|failed|failures?|failedtasks?|errors?|errored)(_\w*)?`,
		verdict: Unknown, what: "work that was asked for and failed"},
	{names: `ceph_health_detail`, label: "name", values: `DEVICE_HEALTH_TOOMANY|DEVICE_HEALTH_IN_USE|.*NEARFULL.*`, verdict: Imminent, what: "devices that are about to fail"},

	// Resources of a host or a device.
	{names: `(node|windows|wmi|smartctl|smartmon|nvidia|DCGM|dcgm|ipmi|netdata|collectd|telegraf|hwmon|apcupsd|nut|pve|vmware|esxi|libvirt|zfs|megaraid|mdadm|bigip|junos|diskio|wireguard|unpoller|digitalocean_droplet|namedprocess)_.*|(system|host|machine)_(cpu|load|mem|memory|nvm|swap|disk|net|network|process|processes|uptime|temperature|paging)\w*|net_(bytes|drop|err|packets|tcp|udp|icmp|ip|snmp)\w*|cpu_(usage|time|load|temp)\w*|mem_(used|available|free|total|buffered|cached|swap)\w*|raid_.*(disk|drive|degraded|status).*|hrProcessorLoad|cpm.*|ciscoMemory.*|if(In|Out|HC).*|ifOperStatus|sysUpTime|nvidia.*|zpool_.*|cpu(Utilization|_usage\w*)`,
		verdict: Cause, what: "the state of one host or device", source: sre},
	{names: `instance:node_.*|:?node_.*|instance_(cpu|memory|device)\w*:.*`, verdict: Cause, what: "the state of one host or device", source: sre},

	// Workloads and the cluster's machinery.
	{names: `kube_(deployment|statefulset|daemonset|replicaset)_status_(replicas(_available|_ready)?|number_(ready|available)|ready_replicas|current_number_scheduled)`,
		reads: replicas, verdict: Cause, what: "the replicas of a workload", source: k8s},
	{names: `kube_node_status_condition`, label: "condition", values: `DiskPressure|PIDPressure`, verdict: Imminent, what: "a limit that a node approaches", source: k8s},
	{names: `kube_node_.+`, verdict: Cause, what: "the state of a node of the cluster", source: k8s},
	{names: `kube_.+|container_.+|cadvisor_.+`, reads: object, verdict: Cause, what: "the state of a workload", source: k8s},
	{names: `kubelet_.+|scheduler_.+|kubeproxy_.+|kubernetes_build_info|apiserver_.+|cluster_autoscaler_.+|karpenter_.+|keda_.+|controller_runtime_.+|(cilium|hubble)_.+|calico_.+|felix_.+|flannel_.+|kubedns_.+|pilot_.+|galera_.+|galley_.+|citadel_.+|istiod_.+|machine_config_.+|mcd_.+|cluster_operator_.+|nomad_.+|mesos_.+|docker_.+|engine_daemon_.+|systemd_.+|supervisor_.+|argocd_app_.+|gotk_.+|velero_.+|metallb_.+`,
		reads: shared, verdict: Cause, what: "the state of the machinery that runs workloads", source: k8s},

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
	{names: `(.+_)?(http|https|grpc|rpc|api|web|graphql)_(.*_)?(requests?|responses?|calls?|queries|reqs?|errors?|latency|latencies|duration|5xx)(_.*)?|.+_(requests?|responses?)_?((duration|latency|latencies|time|errors?|failed|failures?|seconds|ms|milliseconds|microseconds|success|successful|processing|server|http|elapsed|code|2xx|5xx)_?.*|total|count|sum|bucket)|.+_(failed|successful|error)_requests?(_.*)?|.+_total_requests(_.*)?|(requests?|responses?|errors?)_(total|count|duration.*|latency.*|seconds.*)|response_time.*|request_(time|duration|latency|latencies|errors|failures).*|.+_response_times?(_.*)?`,
		reads: served, verdict: Symptom, what: "requests", source: sre},
	{names: `(.+_)?(logins?|checkouts?|orders?|payments?|purchases?|signups?|sign_ups?|registrations?|page_loads?|page_views?|bookings?|searches)_(.*_)?(total|count|bucket|sum|failed|failures?|errors?|success|succeeded|duration.*|latency.*)(_.*)?|(.+_)?(failed|successful)_(logins?|checkouts?|orders?|payments?|purchases?|signups?|registrations?|bookings?)(_.*)?`,
		reads: served, verdict: Symptom, what: "what users do", source: sre},
}
