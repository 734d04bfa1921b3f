package sli

import (
	"slices"
	"strings"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// ofRequests judges a metric of requests served, by how it is read. Whoever sends
// them is a user: a person, a program, or the next component.
func (j *judge) ofRequests(r *reading, c *row) opinion {
	if m := j.watches(r.matchers, pathLabels, false); m != nil {
		return classed(Meta, "is picked by "+m.String()+", which the monitoring asks for")
	}
	o := j.shapeOf(r, c)
	if m := j.watches(r.matchers, selfLabels, false); m != nil {
		switch {
		case o.verdict != Symptom || r.how.has(absence|gone):
			return classed(Meta, "is picked by "+m.String()+", a part of the monitoring")
		case strings.Contains(r.metric, "grpc"):
			return unknown("is picked by " + m.String() + ", parts of which ask each other")
		}
	}
	if o.verdict == Symptom {
		if m := j.asksOthers(r.matchers); m != nil {
			return unknown("is what a client sees of others (" + m.String() + "), not what users see of this service")
		}
	}
	return o
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
	fewer := fewer(u)
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
	case outcome == mixture && !u.has(ratio|complement):
		return unknown("counts failed requests and refused ones alike, and how many there are in all is not asked")
	case j.match(failed, name) && !j.match(refused, name) || outcome == failures || outcome == mixture:
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
		if !emptied(u) && !slices.Contains(u.over, r.metric) {
			return unknown("counts " + c.what + ", and few may be all that users ask for")
		}
		return shaped(Symptom, "counts "+c.what+", and the alert fires when there are too few of them")
	}
	return opinion{neutral: true, what: "counts " + c.what + ", and how many there are says nothing of how they fare"}
}

var (
	failed    = anchored(`(.*[_:])?(errors?|errs?|failed\w*|failures?|fail|5xx|timeouts?|unavailables?|failures?_?total_?count|\w+failures|\w*errors|exceptions?|errorcount|error_count)([_:].*)?|.*5_?xx.*`)
	counts    = anchored(`.*(_total|_count|_sum|per_second|_rate\w*|rps|qps|:rate.*|:increase.*)`)
	refused   = anchored(`.*(4_?xx|denied|rejected|throttled|invalid|unauthorized|not_found|failed_login|login_(fail|error)|auth\w*_fail).*`)
	succeeded = anchored(`(.*[_:])?(success|successes|successful|succeeded|accepted|ok|2xx|good)([_:].*)?`)
	durations = anchored(`.*(duration|latency|latencies|response_?time|request_?time|time_average|elapsed|handling|processing_time|(target|http)_response_time|request_time).*|.*_(seconds|milliseconds|ms|millis)(_max|_avg|_average|_mean|_p\d+)?`)
)

// times are counters of time spent.
var times = anchored(`.*(duration|latenc(y|ies)|time|(^|_)(seconds|ms|millis(econds)?|us|microseconds|ns|nanoseconds)_).*`)

// latency reports that r reads how long something takes: a quantile, an
// average, or the share under a bound.
func (j *judge) latency(r *reading, name string) bool {
	switch {
	case strings.HasSuffix(name, "_bucket"):
		return r.how.has(quantile) || buckets(r)
	case r.how.has(quantile):
		return true
	case strings.HasSuffix(name, "_sum"), strings.HasSuffix(name, "_total"), strings.HasSuffix(name, "_count"):
		return j.average(r, name)
	}
	return j.match(durations, name)
}

// average reports that r is the time spent over the number of what it was spent
// on.
func (j *judge) average(r *reading, name string) bool {
	of := strings.TrimSuffix(r.metric, "_sum")
	spent := j.match(times, name)
	for _, over := range r.how.over {
		if of != r.metric && over == of+"_count" || strings.HasSuffix(over, "requests_total") && of != r.metric || spent && !j.match(times, strings.ToLower(over)) {
			return true
		}
	}
	return false
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

// ofTurnedAway judges a count of requests that failed by what is counted, and a
// flag that says that they do.
func (j *judge) ofTurnedAway(r *reading, c *row) opinion {
	u := r.how
	switch {
	case u.has(absence | gone):
		return unknown("tells of " + c.what + ", and that it is absent may say as much of the monitoring")
	case fewer(u) != u.has(complement):
		return unknown("tells of " + c.what + ", and the alert fires when there is little of it")
	}
	return shaped(Symptom, "tells of "+c.what)
}

// fewer reports a comparison that holds when there is little.
func fewer(u use) bool {
	return u.op == parser.LSS || u.op == parser.LTE || u.op == parser.EQLC && u.bound == 0
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
