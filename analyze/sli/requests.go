package sli

import (
	"strings"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// ofRequests judges a metric of requests served, by how it is read.
func (j *judge) ofRequests(r *reading, c *row) opinion {
	if m := j.watches(r.matchers, selfLabels, false); m != nil {
		return classed(Meta, "is picked by "+m.String()+", a part of the monitoring")
	}
	o := j.shapeOf(r, c)
	if o.verdict != Symptom {
		return o
	}
	if m := j.asksOthers(r.matchers); m != nil {
		return unknown("is what a client sees of others (" + m.String() + "), not what users see of this service")
	}
	if m := j.picks(r.matchers, serviceLabels, machinery); m != nil {
		return unknown("is about " + m.String() + ", which others build on")
	}
	if !j.named(r) && j.match(machinery, firstWord(j.alert)) {
		return unknown("names no job, and the alert's name is about " + firstWord(j.alert) + ", which others build on")
	}
	if l := j.componentOf(r); l != "" {
		return unknown("is about one " + l + " of the service, whose work others may take over")
	}
	return o
}

// named reports a matcher that says whose requests are meant.
func (j *judge) named(r *reading) bool {
	for _, m := range r.matchers {
		if positive(m) && j.match(serviceLabels, m.Name) {
			return true
		}
	}
	return false
}

// firstWord is the first word of an alert's name: Etcd of EtcdGrpcSlow, etcd
// of etcd-grpc-slow.
func firstWord(alert string) string {
	for i, c := range alert {
		if i > 0 && (c >= 'A' && c <= 'Z' || c == ' ' || c == '-' || c == '_') {
			return alert[:i]
		}
	}
	return alert
}

// shapeOf tells errors, latency and traffic apart.
func (j *judge) shapeOf(r *reading, c *row) opinion {
	u := r.how
	if u.has(absence) || u.has(gone) {
		return shaped(Symptom, "counts "+c.what+", and the alert fires when they have stopped")
	}
	if u.has(age) {
		return unknown("tells when " + c.what + " were, not how they fared")
	}
	fewer := u.op == parser.LSS || u.op == parser.LTE || u.op == parser.EQLC && u.bound == 0
	outcome := j.outcomeOf(r.matchers)
	name := strings.ToLower(r.metric)
	slow := j.latency(r, name)
	switch {
	case slow && fewer && !u.has(complement|fraction) && !buckets(r):
		return unknown("tells how long " + c.what + " take, and the alert fires when it is low")
	case slow && outcome == refusals:
		return unknown("is about requests that were refused")
	case slow:
		return shaped(Symptom, "tells how long "+c.what+" take")
	case j.match(failed, name) && !j.match(refused, name) || outcome == failures:
		if fewer && !u.has(complement) {
			return unknown("counts failed requests, and the alert fires when they are few")
		}
		return shaped(Symptom, "counts failed requests")
	case outcome == refusals || j.match(refused, name):
		return unknown("counts requests that were refused, by whose fault is open")
	case outcome == successes || j.match(succeeded, name):
		if fewer || u.has(complement) {
			return shaped(Symptom, "counts good requests, and the alert fires when there are too few of them")
		}
		return opinion{neutral: true, what: "counts good requests"}
	case fewer && !u.has(complement) && (u.has(rated) || j.match(counts, name)):
		return shaped(Symptom, "counts "+c.what+", and the alert fires when there are too few of them")
	}
	return opinion{neutral: true, what: "counts " + c.what + ", and how many there are says nothing of how they fare"}
}

var (
	failed    = anchored(`(.*[_:])?(errors?|errs?|failed\w*|failures?|fail|5xx|timeouts?|unavailables?|failures?_?total_?count|\w+failures|\w*errors|exceptions?|errorcount|error_count)([_:].*)?|.*5_?xx.*`)
	counts    = anchored(`.*(_total|_count|_sum|per_second|_rate\w*|rps|qps|:rate.*|:increase.*)`)
	refused   = anchored(`.*(4_?xx|denied|rejected|throttled|invalid|unauthorized|not_found|failed_login|login_(fail|error)|auth\w*_fail).*`)
	succeeded = anchored(`(.*[_:])?(success|successes|successful|succeeded|ok|2xx|good)([_:].*)?`)
	durations = anchored(`.*(duration|latency|latencies|response_?time|request_?time|time_average|elapsed|handling|processing_time|(target|http)_response_time|request_time).*|.*_(seconds|milliseconds|ms|millis)(_max|_avg|_average|_mean|_p\d+)?`)
)

// latency reports that r reads how long something takes: a quantile, an
// average, or the share under a bound.
func (j *judge) latency(r *reading, name string) bool {
	switch {
	case strings.HasSuffix(name, "_bucket"):
		return r.how.has(quantile) || buckets(r)
	case r.how.has(quantile):
		return true
	case strings.HasSuffix(name, "_sum"):
		want := strings.TrimSuffix(r.metric, "_sum") + "_count"
		for _, over := range r.how.over {
			if over == want || strings.HasSuffix(over, "requests_total") {
				return true
			}
		}
		return false
	case strings.HasSuffix(name, "_count"), strings.HasSuffix(name, "_total"):
		return false
	}
	return j.match(durations, name)
}

// buckets reports a matcher on the upper bound of a classic histogram.
func buckets(r *reading) bool {
	for _, m := range r.matchers {
		if m.Name == labels.BucketLabel && m.Value != "+Inf" {
			return true
		}
	}
	return false
}

// componentOf is a label by which r is about one part of a service: it is told
// apart by it, or picked by it. Empty is all of the service.
func (j *judge) componentOf(r *reading) string {
	for _, l := range r.how.by {
		if j.match(componentLabels, l) {
			return l
		}
	}
	for _, m := range r.matchers {
		if m.Type == labels.MatchEqual && m.Value != "" && j.match(componentLabels, m.Name) {
			return m.Name
		}
	}
	return ""
}
