package sli

import (
	"strings"

	"github.com/prometheus/prometheus/model/labels"
)

// positive reports a matcher that asks for certain values rather than for
// anything but some.
func positive(m *labels.Matcher) bool {
	return m.Type == labels.MatchEqual && m.Value != "" ||
		m.Type == labels.MatchRegexp && m.Value != ".*" && m.Value != ".+" && m.Value != ""
}

// every reports that ok holds for each alternative that a positive matcher
// asks for. An alternative of a regular expression that is no plain string is
// given as it is written.
func every(m *labels.Matcher, ok func(string) bool) bool {
	if m.Type == labels.MatchEqual {
		return ok(m.Value)
	}
	if set := m.SetMatches(); len(set) > 0 {
		for _, v := range set {
			if !ok(v) {
				return false
			}
		}
		return true
	}
	for v := range strings.SplitSeq(m.Value, "|") {
		if !ok(v) {
			return false
		}
	}
	return true
}

// outcome is what kind of requests matchers single out.
type outcome uint8

const (
	anyOutcome outcome = iota // all, or some mixture
	failures                  // the server's errors
	successes
	refusals // the client's errors alone: 4xx and their like
	mixture  // both kinds of errors, and nothing else
)

// vocabularies are values of labels that tell the outcome of a request. A
// matcher speaks the ones that it tells apart: code!="OK" says nothing of 500.
var vocabularies = [...]struct{ failures, successes, refusals []string }{
	{[]string{"500", "502", "503", "504"}, []string{"200", "201", "204"}, []string{"400", "401", "403", "404", "422", "429", "499"}},
	{[]string{"5xx"}, []string{"2xx"}, []string{"4xx"}},
	{[]string{"5XX"}, []string{"2XX"}, []string{"4XX"}},
	{[]string{"Internal", "Unavailable", "Unknown", "DataLoss", "DeadlineExceeded", "ResourceExhausted"}, []string{"OK"}, []string{"NotFound", "InvalidArgument", "PermissionDenied", "Unauthenticated", "Canceled"}},
	{[]string{"INTERNAL", "UNAVAILABLE", "UNKNOWN", "DEADLINE_EXCEEDED"}, []string{"OK"}, []string{"NOT_FOUND", "INVALID_ARGUMENT", "CANCELLED"}},
	{[]string{"error", "err", "fail", "failed", "failure", "timeout", "exception", "server_error"}, []string{"success", "ok", "succeeded"}, []string{"client_error", "rejected", "denied"}},
	{[]string{"Error", "Failed", "Failure"}, []string{"Success", "Ok", "Succeeded"}, nil},
	{[]string{"ERROR", "FAILURE", "SERVER_ERROR", "FAILED"}, []string{"SUCCESS"}, []string{"CLIENT_ERROR", "REDIRECTION"}},
	{[]string{"STATUS_CODE_ERROR"}, []string{"STATUS_CODE_OK", "STATUS_CODE_UNSET"}, nil},
	{[]string{"SERVFAIL"}, []string{"NOERROR"}, []string{"NXDOMAIN", "REFUSED"}},
}

// Single digits mean something only on labels that are made for them: gRPC
// codes by number, and the first digit of an HTTP code.
var (
	grpcNumbers = struct{ failures, successes, refusals []string }{
		[]string{"2", "4", "13", "14", "15"}, []string{"0"}, []string{"1", "3", "5", "7", "16"},
	}
	httpClasses = struct{ failures, successes, refusals []string }{[]string{"5"}, []string{"2"}, []string{"4"}}
)

// flags are labels that say by true or false how a request ended, and what true
// means.
var flags = map[string]outcome{
	"error": failures, "errors": failures, "error_type": failures, "exception": failures, "failed": failures, "failure": failures,
	"success": successes, "successful": successes, "succeeded": successes, "ok": successes,
}

// outcomeLabels are the labels whose values tell how a request ended.
var outcomeLabels = anchored(`(?i)code|status|status_?code|response_?code|(http_)?(response_)?(status|code)(_?(code|class))?|code_?class|grpc_(code|status)|grpc_response_status|rpc_grpc_status_code|rcode|errors?|error_type|exception|failed|failure|result|outcome|classification|state|success|successful|succeeded|ok|rc|return_code|exported_status|reason|type|flag|response_flags|envoy_response_code(_class)?`)

// outcomeOf says what the matchers single out. Matchers on one label hold
// together; of several labels, the one that singles out decides.
func (j *judge) outcomeOf(ms []*labels.Matcher) outcome {
	found := anyOutcome
	for i, m := range ms {
		if !j.match(outcomeLabels, m.Name) || earlier(ms[:i], m.Name) {
			continue
		}
		switch o := outcomeOn(ms[i:], m.Name); {
		case o == failures:
			return failures
		case o != anyOutcome:
			found = o
		}
	}
	return found
}

func earlier(ms []*labels.Matcher, name string) bool {
	for _, m := range ms {
		if m.Name == name {
			return true
		}
	}
	return false
}

func outcomeOn(ms []*labels.Matcher, name string) outcome {
	set := vocabularies[:]
	if strings.Contains(name, "grpc") {
		set = append(set[:len(set):len(set)], grpcNumbers)
	} else if strings.Contains(name, "class") {
		set = append(set[:len(set):len(set)], httpClasses)
	}
	if meaning, ok := flags[name]; ok && admits(ms, name, "true") != admits(ms, name, "false") {
		if admits(ms, name, "true") == (meaning == failures) {
			return failures
		}
		return successes
	}
	if flags[name] == failures {
		// Such a label names the error, and is empty or "none" where there was none.
		if admits(ms, name, "") || !admits(ms, name, "x") && admits(ms, name, "none") {
			return anyOutcome
		}
		return failures
	}
	for _, v := range set {
		bad, good, no := tally(ms, name, v.failures), tally(ms, name, v.successes), tally(ms, name, v.refusals)
		if bad == len(v.failures) && good == len(v.successes) && no == len(v.refusals) || bad+good+no == 0 {
			continue // not told apart
		}
		switch {
		case bad > 0 && no > 0 && good == 0:
			return mixture
		case bad > 0 && good == 0:
			return failures
		case good > 0 && bad == 0:
			return successes
		case no > 0 && bad == 0 && good == 0:
			return refusals
		}
	}
	return anyOutcome
}

// httpErrors returns a matcher that asks for HTTP's server errors as a class and
// for nothing else, if any: what it selects are requests, however they are
// called.
func httpErrors(ms []*labels.Matcher) *labels.Matcher {
	for _, m := range ms {
		if positive(m) && (m.Matches("500") && m.Matches("503") || m.Matches("5xx")) &&
			!m.Matches("200") && !m.Matches("404") && !m.Matches("other") {
			return m
		}
	}
	return nil
}

func tally(ms []*labels.Matcher, name string, values []string) (n int) {
	for _, v := range values {
		if admits(ms, name, v) {
			n++
		}
	}
	return n
}

func admits(ms []*labels.Matcher, name, value string) bool {
	for _, m := range ms {
		if m.Name == name && !m.Matches(value) {
			return false
		}
	}
	return true
}

// Labels by which a component is named that reports on itself, and by which a
// workload is named that an exporter reports on.
var (
	selfLabels   = anchored(`job|service|app|application|component|container|namespace|pod|handler|path|uri|route|app_kubernetes_io_name|k8s_app|service_name|(kubernetes|k8s)_(namespace|name)(_name)?|name`)
	pathLabels   = anchored(`handler|path|uri|route`)
	objectLabels = anchored(`container|container_name|namespace|exported_namespace|(kubernetes|k8s)_namespace(_name)?|pod|pod_name|deployment|statefulset|daemonset|persistentvolumeclaim|label_app|name`)
)

// monitors are words in the names of jobs, containers and namespaces of the
// monitoring; short ones have to stand alone. exporters are jobs that report on
// something else, and so speak for the monitoring only when they speak of
// themselves.
var (
	monitors  = anchored(`(?i).*(prometheus|alertmanager|thanos|grafana|promtail|pushgateway|push-gateway|victoria-?metrics|vmagent|vmalert|vmstorage|vmselect|vminsert|opentelemetry|otelcol|fluent-?bit|fluentd|filebeat|logstash|openshift-.*monitoring|telemeter|promscale).*|(.*[^a-z0-9])?(loki|mimir|cortex|tempo|pyroscope|otel|jaeger|zipkin|karma|monitoring|observability|alloy|ingester|distributor|store-gateway|vector)([^a-z0-9].*)?`)
	exporters = anchored(`(?i).*(exporter|kube-state-metrics|kube_state_metrics|cadvisor|blackbox|telegraf|statsd|netdata).*`)
	scrapes   = anchored(`(/.*)?/?(metrics|-/(healthy|ready|reload)|healthz?|readyz?|livez?|ready|actuator.*|debug/pprof.*|prometheus|federate)/?`)
)

// watches reports whether the matchers pick a part of the monitoring by one of
// the given labels.
func (j *judge) watches(ms []*labels.Matcher, by *pattern, withExporters bool) *labels.Matcher {
	for _, m := range ms {
		if !positive(m) || !j.match(by, m.Name) {
			continue
		}
		switch m.Name {
		case "handler", "path", "uri", "route":
			if every(m, j.is(scrapes)) {
				return m
			}
		default:
			if every(m, func(v string) bool {
				return j.match(monitors, v) || withExporters && j.match(exporters, v)
			}) {
				return m
			}
		}
	}
	return nil
}

// machinery are jobs that serve other software rather than people.
var machinery = anchored(`(?i)(.*[^a-z0-9])?(kubelet|kube-proxy|kube-?scheduler|scheduler|kube-?controller-?manager|controller-manager|etcd\d*|etcd.*|coredns|kube-dns|node|node-?exporter|nodes|calico.*|cilium.*|istiod|pilot|mysqld?|mariadb|postgres(ql)?|pgbouncer|redis.*|mongo(db|d)?|elasticsearch|opensearch|cassandra|rabbitmq|memcached|kafka|zookeeper|consul|vault|couchdb|clickhouse|ceph|minio|gitaly|nats|gluster.*|cockroach(db)?.*|controller|operator|karpenter|keda|cert-manager|metallb|velero)([^a-z0-9].*)?`)

// picks reports the first positive matcher on one of the labels all of whose
// values are of a kind.
func (j *judge) picks(ms []*labels.Matcher, by, kind *pattern) *labels.Matcher {
	for _, m := range ms {
		if positive(m) && j.match(by, m.Name) && every(m, j.is(kind)) {
			return m
		}
	}
	return nil
}

// Labels that name the whole of a service, and the part of it.
var (
	serviceLabels   = anchored(`job|service|service_name|app|k8s_app|kubernetes_name|application|component|container|name|app_kubernetes_io_name`)
	componentLabels = anchored(`instance|(k8s_|kubernetes_)?(pod|node)(_?(name|ip|id))?|host|hostname|server|replica|container_id|worker|worker_id|pid|process|ip|instance_id|task_id|shard|broker|broker_id`)
	// clientSide are labels and values by which a client reports on the requests
	// that it makes.
	clientSide = map[string]*pattern{
		"direction": anchored(`outbound|out|egress|outgoing|client`),
		"span_kind": anchored(`(?i)(span_kind_)?(client|producer)`),
		"kind":      anchored(`(?i)(client|producer|outbound|egress)`),
		"side":      anchored(`client`),
		"peer":      anchored(`.*`),
		"type":      anchored(`client|outbound|egress`),
	}
)

// asksOthers returns the matcher that makes the requests a client's, if any.
func (j *judge) asksOthers(ms []*labels.Matcher) *labels.Matcher {
	for _, m := range ms {
		if kind := clientSide[m.Name]; kind != nil && positive(m) && every(m, j.is(kind)) {
			return m
		}
	}
	return nil
}
