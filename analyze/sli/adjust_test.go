package sli

import (
	"strings"
	"testing"
)

// What moves a verdict away from that of the metric's class.
var byAdjuster = map[string][]example{
	"the left side of and, unless": {
		{"ErrorsWithTraffic", `sum(rate(http_requests_total{code=~"5.."}[5m])) / sum(rate(http_requests_total[5m])) > 0.1 and sum(rate(http_requests_total[5m])) > 1`, Symptom},
		{"TrafficThenErrors", `sum(rate(http_requests_total[5m])) > 1 and sum(rate(http_requests_total{code=~"5.."}[5m])) / sum(rate(http_requests_total[5m])) > 0.1`, Symptom},
		{"CPUWhileServing", `node_load5 > 10 and on (instance) rate(http_requests_total[5m]) > 1`, Cause},
		{"MemberBehind", `mysql_global_status_wsrep_local_state == 2 and mysql_global_status_wsrep_local_recv_queue > 100`, Imminent},
		{"CPUAndErrors", `node_load5 > 10 and on () sum(rate(http_requests_total{code=~"5.."}[5m])) > 1`, Unknown},
		{"DiskUnlessReadOnly", `node_filesystem_avail_bytes / node_filesystem_size_bytes < 0.05 unless node_filesystem_readonly == 1`, Imminent},
		{"ErrorsUnlessMaintenance", `sum(rate(http_requests_total{code=~"5.."}[5m])) > 5 unless on () shop_maintenance == 1`, Symptom},
		{"AtNight", `hour() > 22 and on () sum(rate(http_requests_total{code="500"}[5m])) > 5`, Symptom},
	},
	"both sides of or": {
		{"EitherErrors", `sum(rate(http_requests_total{code=~"5.."}[5m])) > 5 or sum(rate(grpc_server_handled_total{grpc_code="Internal"}[5m])) > 5`, Symptom},
		{"EitherResource", `node_load5 > 10 or node_memory_MemAvailable_bytes < 1e8`, Cause},
		{"Conflict", `node_load5 > 10 or sum(rate(http_requests_total{code=~"5.."}[5m])) > 5`, Unknown},
		{"CauseOrMystery", `node_load5 > 10 or shop_frobnications > 3`, Unknown},
		{"MissingMeansZero", `(sum(rate(http_requests_total{code=~"5.."}[5m])) or vector(0)) / sum(rate(http_requests_total[5m])) > 0.1`, Symptom},
	},
	"the threshold is not the subject": {
		{"LoadOverCores", `node_load5 > 2 * count without (cpu, mode) (node_cpu_seconds_total{mode="idle"})`, Cause},
		{"NumberFirst", `0.1 < sum(rate(http_requests_total{code=~"5.."}[5m])) / sum(rate(http_requests_total[5m]))`, Symptom},
		{"CapacityBelowDemand", `shop_seats > scalar(sum(rate(http_requests_total{code=~"5.."}[5m])))`, Unknown},
		{"JoinedForLabels", `predict_linear(ceph_pool_percent_used[2d], 432000) * on (pool_id) group_right () ceph_pool_metadata >= 95`, Imminent},
		{"CountedAsOne", `(ceph_health_detail{name="MON_DOWN"} == 1) * on () group_right (cluster) (count by (cluster) (zk_server_leader == 1) == bool 2)`, Cause},
		{"OnlyDenominator", `shop_bytes_sent / sum(rate(http_requests_total{code=~"5.."}[5m])) > 5`, Unknown},
	},
	"what a client sees": {
		{"CallsOut", `sum(rate(http_client_request_duration_seconds_count{http_response_status_code=~"5.."}[5m])) > 1`, Unknown},
		{"FromSource", `sum(rate(istio_requests_total{reporter="source",response_code=~"5.."}[5m])) > 1`, Symptom},
		{"Outbound", `sum(rate(response_total{direction="outbound",classification="failure"}[5m])) > 1`, Unknown},
		{"ClientSpans", `sum(rate(traces_spanmetrics_calls_total{span_kind="SPAN_KIND_CLIENT",status_code="STATUS_CODE_ERROR"}[5m])) > 1`, Unknown},
		{"KubeClient", `sum(rate(rest_client_requests_total{code=~"5.."}[5m])) > 1`, Unknown},
		{"Upstreams", `sum(rate(envoy_cluster_upstream_rq_xx{envoy_response_code_class="5"}[5m])) > 1`, Symptom},
		{"OneServerOfMany", `sum by (proxy) (rate(haproxy_server_http_responses_total{code="5xx"}[5m])) > 1`, Symptom},
		{"ThirdParty", `sum(rate(shop_openai_api_errors_total[5m])) > 1`, Unknown},
		{"QueueConnections", `rate(shop_queue_connection_errors_total[5m]) > 0.1`, Unknown},
		{"BalancerTraffic", `rate(bigip_pool_tot_requests[5m]) > 1000`, Unknown},
		{"PaymentClient", `sum(rate(shop_client_requests_total{status="500"}[5m])) > 1`, Unknown},
	},
	"monitoring jobs and handlers": {
		{"QueriesFail", `sum(rate(http_requests_total{job="thanos-query",code=~"5.."}[5m])) > 1`, Symptom},
		{"PartsAskEachOther", `sum(rate(grpc_server_handled_total{job="thanos-store",grpc_code="Unavailable"}[5m])) > 1`, Unknown},
		{"ScrapesFail", `sum(rate(http_requests_total{handler="/metrics",code=~"5.."}[5m])) > 1`, Meta},
		{"NotTheMonitoring", `sum(rate(http_requests_total{job!="prometheus",handler!="/metrics",code=~"5.."}[5m])) > 1`, Symptom},
		{"MonitoringAmongOthers", `sum(rate(http_requests_total{job=~"prometheus|shop",code=~"5.."}[5m])) > 1`, Symptom},
		{"GrafanaCrashes", `increase(kube_pod_container_status_restarts_total{namespace="monitoring",container="grafana"}[1h]) > 3`, Meta},
		{"ShopCrashes", `increase(kube_pod_container_status_restarts_total{job="kube-state-metrics",namespace="shop"}[1h]) > 3`, Cause},
		{"LoadByExporter", `node_load5{job="node-exporter"} > 20`, Cause},
		{"MonitoringVolume", `kubelet_volume_stats_available_bytes{namespace="monitoring"} / kubelet_volume_stats_capacity_bytes{namespace="monitoring"} < 0.1`, Meta},
	},
	"one component": {
		{"ErrorsOfOnePod", `sum by (pod) (rate(http_requests_total{code=~"5.."}[5m])) / sum by (pod) (rate(http_requests_total[5m])) > 0.1`, Symptom},
		{"SlowInstance", `histogram_quantile(0.99, sum by (le, instance) (rate(http_request_duration_seconds_bucket[5m]))) > 1`, Symptom},
		{"OneInstancePicked", `rate(http_requests_total{instance="shop-1:8080",code=~"5.."}[5m]) > 1`, Symptom},
		{"AcrossPods", `sum without (pod, instance) (rate(http_requests_total{code=~"5.."}[5m])) > 1`, Symptom},
		{"PodsUnderneath", `sum by (job) (sum by (job, pod) (rate(http_requests_total{code=~"5.."}[5m]))) > 1`, Symptom},
		{"EtcdRequestsWithoutJob", `histogram_quantile(0.99, sum by (le) (rate(grpc_server_handling_seconds_bucket[5m]))) > 0.2`, Symptom},
		{"RequestsInEtcd", `sum(rate(grpc_server_handled_total{job="etcd",grpc_code="Unavailable"}[5m])) > 1`, Symptom},
	},
	"absence": {
		{"NoRequestMetrics", `absent(http_requests_total{job="shop"})`, Symptom},
		{"NoTraffic", `sum(rate(http_requests_total{job="shop"}[10m])) == 0`, Symptom},
		{"TrafficVanished", `sum by (job) (rate(http_requests_total[5m] offset 1h)) unless sum by (job) (rate(http_requests_total[5m]))`, Symptom},
		{"TrafficLow", `sum(rate(http_requests_total{job="shop"}[10m])) < 100`, Unknown},
		{"TrafficHalved", `sum(rate(http_requests_total[5m])) / sum(rate(http_requests_total[5m] offset 1w)) < 0.5`, Symptom},
		{"NoKubeletUp", `count by (cluster) (kube_node_info) unless on (cluster) count by (cluster) (up{job="kubelet"} == 1)`, Unknown},
		{"GapsFilled", `sum(rate(node_vmstat_oom_kill[5m]) or 0 * absent(node_vmstat_oom_kill)) > 0`, Cause},
		{"TrafficHigh", `sum(rate(http_requests_total[5m])) > 1000`, Unknown},
		{"NodeMetricsGone", `absent(node_load1{job="node"})`, Unknown},
		{"MonitoringGone", `absent(prometheus_build_info)`, Meta},
	},
	"requests by another name": {
		{"CheckoutFails", `sum(rate(basket_submit_total{code=~"5.."}[5m])) / sum(rate(basket_submit_total[5m])) > 0.02`, Symptom},
		{"StreamsFail", `sum(rate(player_stream_starts_total{result="failure"}[5m])) / clamp_min(sum(rate(player_stream_starts_total[5m])), 0.001) > 0.05`, Symptom},
		{"ChoresFail", `sum(rate(shop_sync_total{result="failure"}[5m])) / sum(rate(shop_sync_total[5m])) > 0.05`, Unknown},
		{"FailuresCounted", `increase(player_stream_starts_total{result="failure"}[5m]) > 5`, Unknown},
		{"OneCode", `increase(shop_export_runs{status="500"}[1h]) > 0`, Unknown},
		{"StateAsNumber", `shop_machine_state{level=~".*"} == 500`, Unknown},
		{"TokensFail", `rate(bouncer_tokens_errors_total[5m]) / rate(bouncer_tokens_total[5m]) > 0.1`, Symptom},
		{"JobsFail", `rate(shop_job_errors_total[5m]) / rate(shop_job_runs_total[5m]) > 0.1`, Unknown},
		{"NoWorkerLeft", `press_alive_workers == 0`, Symptom},
		{"WorkerLess", `press_alive_workers < 3`, Unknown},
		{"FeedStale", `time() - shop_price_feed_timestamp_seconds > 900`, Imminent},
		{"LastRequest", `time() - shop_api_last_request_timestamp_seconds > 900`, Unknown},
		{"APIStatusGauge", `shop_api_status == 0`, Unknown},
		{"ProcessingOwnName", `increase(process_orders_rejected_total[5m]) > 3`, Unknown},
	},
	"refused requests": {
		{"NotFound", `sum(rate(http_requests_total{code=~"4.."}[5m])) / sum(rate(http_requests_total[5m])) > 0.2`, Unknown},
		{"BothKinds", `sum(rate(http_requests_total{code=~"4..|5.."}[5m])) / sum(rate(http_requests_total[5m])) > 0.2`, Symptom},
		{"BothKindsCounted", `sum(increase(http_requests_total{code=~"4..|5.."}[5m])) > 100`, Unknown},
		{"TooMany", `sum(rate(http_requests_total{code="429"}[5m])) > 5`, Unknown},
		{"InvalidArgument", `sum(rate(grpc_server_handled_total{grpc_code=~"InvalidArgument|NotFound"}[5m])) > 5`, Unknown},
		{"NotTwoHundred", `sum(rate(http_requests_total{code!~"2.."}[5m])) / sum(rate(http_requests_total[5m])) > 0.2`, Symptom},
		{"FewErrors", `sum(rate(http_requests_total{code=~"5.."}[5m])) < 5`, Unknown},
		{"FlagFalse", `sum(rate(shop_payment_events_total{success="false"}[10m])) > 3`, Symptom},
		{"FlagTrue", `sum(rate(shop_payment_events_total{success="true"}[10m])) > 3`, Unknown},
		{"ErrorNamed", `sum(rate(http_requests_total{error!=""}[5m])) > 1`, Symptom},
		{"ErrorNone", `sum(rate(http_requests_total{error="none"}[5m])) > 1`, Unknown},
		{"ErrorTrue", `sum(rate(http_requests_total{error="true"}[5m])) / sum(rate(http_requests_total[5m])) > 0.1`, Symptom},
		{"RecordedElsewhere", `job:http_errors:rate1h > (14.4 * 0.001)`, Symptom},
		{"GoodShare", `sum(rate(http_requests_total{code=~"2.."}[5m])) / sum(rate(http_requests_total[5m])) < 0.95`, Symptom},
		{"Complement", `(sum(rate(http_requests_total[5m])) - sum(rate(http_requests_total{code!~"5.."}[5m]))) / sum(rate(http_requests_total[5m])) > 0.1`, Symptom},
	},
	"up": {
		{"OneInstance", `up{job="shop"} == 0`, Cause},
		{"AnyInstance", `up == 0`, Unknown},
		{"InstanceByInstance", `max by (instance) (up{job="shop"}) == 0`, Cause},
		{"InstanceForLong", `max_over_time(up{job="shop"}[10m]) == 0`, Cause},
		{"OneInstanceGone", `absent(up{job="shop",instance="shop-1:8080"})`, Cause},
		{"AllOfIt", `sum(up{job="shop"}) == 0`, Symptom},
		{"NoneAnswers", `count(up{job="shop"} == 1) < 1`, Symptom},
		{"GoneFromDiscovery", `absent(up{job="shop"})`, Symptom},
		{"NoneUp", `absent(up{job="shop"} == 1)`, Symptom},
		{"OneOfManyOfAnyJob", `up == 0 unless on (job) (sum by (job) (up) == 0)`, Cause},
		{"ResolverGone", `absent(up{job="coredns"} == 1)`, Symptom},
		{"QuorumGone", `sum without (instance) (up{job="etcd"} == bool 1) < (count without (instance) (up{job="etcd"}) + 1) / 2`, Symptom},
		{"DatabaseOrItsExporter", `up{job="mysql"} == 0`, Unknown},
		{"Some", `sum(up{job="shop"}) < 3`, Unknown},
		{"Share", `100 * count by (job) (up == 0) / count by (job) (up) > 10`, Unknown},
		{"AnyJob", `sum by (job) (up) == 0`, Unknown},
		{"WholeDatabase", `absent(up{job="postgres"})`, Unknown},
		{"PrometheusDown", `up{job="prometheus"} == 0`, Meta},
		{"AnExporterDown", `up{job="mysqld-exporter"} == 0`, Meta},
		{"MonitoringDown", `absent(up{job=~"alertmanager|grafana"})`, Meta},
	},
}

func TestVerdictsByAdjuster(t *testing.T) {
	for name, examples := range byAdjuster {
		t.Run(name, func(t *testing.T) {
			for _, x := range examples {
				check(t, x, nil, nil)
			}
		})
	}
}

func TestVerdictsByLabels(t *testing.T) {
	for _, c := range []struct {
		x      example
		labels map[string]string
		rung   Rung
	}{
		{example{"WebServiceWorkhorseErrorSLOViolation", `some_records > 3`, Symptom}, map[string]string{"slo_alert": "yes", "alert_type": "symptom"}, RungGenerator},
		{example{"QueueRunnerDown", `some_records > 3`, Cause}, map[string]string{"alert_type": "cause"}, RungGenerator},
		{example{"Plain", `some_records > 3`, Unknown}, map[string]string{"severity": "page"}, RungUnknown},
		{example{"SLIMissing", `absent(slo:sli_error:ratio_rate5m)`, Meta}, map[string]string{"sloth_severity": "page", "alert_type": "symptom"}, RungGenerator},
	} {
		if j := check(t, c.x, c.labels, nil); j.Rung != c.rung {
			t.Errorf("%s: rung %s, want %s", c.x.alert, j.Rung, c.rung)
		}
	}
}

// Recording rules hide what an alert is about; matchers of the alert reach
// through them.
func TestVerdictsThroughRecords(t *testing.T) {
	records := map[string][]string{
		"job:requests:rate5m":     {`sum by (job, code) (rate(http_requests_total[5m]))`},
		"job:errors:ratio":        {`sum by (job) (job:requests:rate5m{code=~"5.."}) / sum by (job) (job:requests:rate5m)`},
		"shop:health":             {`job:errors:ratio{job="shop"}`},
		"host:busy":               {`1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[5m]))`},
		"mixed:state":             {`node_load5`, `sum(rate(http_requests_total{code=~"5.."}[5m]))`},
		"loop:a":                  {`loop:b * 2`},
		"loop:b":                  {`loop:a + 1`},
		"pod:errors:rate5m":       {`sum by (pod) (rate(http_requests_total{code=~"5.."}[5m]))`},
		"slo:sli_error:ratio_1h":  {`node_load5`},
		"slo:sli_error:something": {`vector(1)`},
	}
	for _, x := range []example{
		{"Ratio", `job:errors:ratio > 0.1`, Symptom},
		{"Twice", `shop:health > 0.1`, Symptom},
		{"MatcherOutside", `sum(job:requests:rate5m{code=~"5.."}) > 1`, Symptom},
		{"MatcherOutsideRefused", `sum(job:requests:rate5m{code=~"4.."}) > 1`, Unknown},
		{"MonitoringOutside", `sum(job:requests:rate5m{code=~"5..",job="prometheus"}) > 1`, Symptom},
		{"Busy", `host:busy > 0.9`, Cause},
		{"Several", `mixed:state > 1`, Unknown},
		{"Loop", `loop:a > 1`, Unknown},
		{"ByPod", `pod:errors:rate5m > 1`, Symptom},
		{"PodsTogether", `sum(pod:errors:rate5m) > 1`, Symptom},
		{"NameDecides", `slo:sli_error:ratio_1h > 0.1`, Symptom},
	} {
		check(t, x, nil, records)
	}
	j := check(t, example{"Place", `vector(1) and on () 0.1 < job:errors:ratio`, Symptom}, nil, records)
	if got := `vector(1) and on () 0.1 < job:errors:ratio`[j.Pos.Start:j.Pos.End]; got != "job:errors:ratio" {
		t.Errorf("position is that of %q, want the alert's own part", got)
	}
}

// The decisive part is pointed at and named.
func TestEvidence(t *testing.T) {
	for _, c := range []struct{ expr, part, evidence string }{
		{`sum(rate(http_requests_total{code=~"5.."}[5m])) / sum(rate(http_requests_total[5m])) > 0.1`,
			`http_requests_total{code=~"5.."}`, "numerator `http_requests_total{code=~\"5..\"}` counts failed requests"},
		{`up{job="shop"} == 0`, `up{job="shop"}`, "`up{job=\"shop\"}` says that one instance is down"},
		{`absent(up{job="shop"})`, `up{job="shop"}`, "`up{job=\"shop\"}` says that nothing of job=\"shop\" answers"},
		{`vector(1)`, `vector(1)`, "the expression selects no series, and so it fires always: a heartbeat of the monitoring"},
		{`vector(1) and on () node_load1 > 3`, `node_load1`, "`node_load1` tells of the state of one host or device"},
		{`shop_frobnications > 5`, `shop_frobnications`, "`shop_frobnications` is a metric of which nothing is known by its name"},
	} {
		j := JudgeExpr(parse(t, c.expr), nil, "X", nil)
		if got := c.expr[j.Pos.Start:j.Pos.End]; got != c.part || j.Evidence != c.evidence {
			t.Errorf("%s\n got %q: %s\nwant %q: %s", c.expr, got, j.Evidence, c.part, c.evidence)
		}
	}
	if j := JudgeExpr(nil, nil, "X", nil); j.Verdict != Unknown || j.Evidence == "" {
		t.Errorf("no expression: %+v", j)
	}
	long := JudgeExpr(parse(t, `node_load1{job=~"`+strings.Repeat("é", 300)+`"} > 1`), nil, "X", nil)
	if len(long.Evidence) > maxShown+100 || !strings.Contains(long.Evidence, "…") || !isUTF8(long.Evidence) {
		t.Errorf("long selector is not shortened: %q", long.Evidence)
	}
}
