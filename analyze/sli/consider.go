package sli

import (
	"strings"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// consider judges one reading: by its class, and by the shape for which the
// class asks.
func (j *judge) consider(r *reading) opinion {
	c := j.lookup(r.metric, r.matchers)
	if c == nil {
		return j.unclassed(r)
	}
	if o, ok := j.foreseen(r, c.verdict); ok && c.reads != served && c.reads != objective && c.verdict != Meta {
		return o
	}
	switch c.reads {
	case objective:
		return ofObjective(r, c)
	case served:
		return j.ofRequests(r, c)
	case asked:
		return unknown("tells of " + c.what + ", and whether users notice it the expression does not say")
	case probed:
		return j.ofProbe(r, c)
	case scraped:
		return j.ofScrape(r)
	}
	return j.ofState(r, c)
}

func unknown(what string) opinion { return opinion{what: what} }

func shaped(v Verdict, what string) opinion {
	return opinion{verdict: v, rung: RungShape, what: what}
}

func classed(v Verdict, what string) opinion {
	return opinion{verdict: v, rung: RungClass, what: what}
}

// unclassed judges a metric of which nothing is known by its name.
func (j *judge) unclassed(r *reading) opinion {
	if m := j.watches(r.matchers, selfLabels, false); m != nil {
		return classed(Meta, "is picked by "+m.String()+", a part of the monitoring")
	}
	if o, ok := j.foreseen(r, Unknown); ok {
		return o
	}
	if r.how.has(age) && j.match(timestamps, r.metric) && !j.match(started, r.metric) {
		return shaped(Imminent, "tells of when something was last done, or is due")
	}
	if m := httpErrors(r.matchers); m != nil {
		return j.ofRequests(r, &row{class: class{reads: served, verdict: Symptom, what: "requests"}})
	}
	return unknown("is a metric of which nothing is known by its name")
}

// foreseen recognises what will happen rather than what has: an extrapolation,
// and a part of something limited.
func (j *judge) foreseen(r *reading, v Verdict) (opinion, bool) {
	if r.how.has(predicted) {
		return shaped(Imminent, "is extrapolated: it will run out"), true
	}
	if v != Cause && v != Unknown || j.match(utilisation, r.metric) || r.how.op == parser.LSS || r.how.op == parser.LTE {
		return opinion{}, false
	}
	if r.how.has(ratio) && j.match(connections, r.metric) && r.how.op != 0 {
		return shaped(Imminent, "fills up a pool of connections"), true
	}
	for _, over := range r.how.over {
		if j.match(limits, over) && !j.match(limits, r.metric) {
			return shaped(Imminent, "approaches the limit `"+over+"`"), true
		}
	}
	if j.match(limits, r.how.limit) && !j.match(limits, r.metric) {
		return shaped(Imminent, "approaches the limit `"+r.how.limit+"`"), true
	}
	return opinion{}, false
}

// limits are names of what bounds something else; utilisation, those of
// resources that come back by themselves, and so are no capacity that runs out.
var (
	limits      = anchored(`(.*_)?(max|limits?|quota|maximum|hard|softlimit|allocatable)(_.*)?`)
	connections = anchored(`.*(connections|_conns)(_(current|active|used|in_use|busy))?`)
	utilisation = anchored(`(?i).*(cpu|memory|heap|temperature|voltage).*|(.*[_:])?(mem|load|load\d+|temp|fan|power|volts)([_:].*)?`)
)

// ofState judges a metric whose class holds as it stands, but for whom it is
// about.
func (j *judge) ofState(r *reading, c *row) opinion {
	switch c.reads {
	case own:
		if m := j.watches(r.matchers, selfLabels, true); m != nil {
			return classed(Meta, "is picked by "+m.String()+", a part of the monitoring")
		}
	case object, replicas:
		if m := j.watches(r.matchers, objectLabels, true); m != nil {
			return classed(Meta, "is picked by "+m.String()+", a part of the monitoring")
		}
	}
	if r.how.has(absence) && c.verdict != Meta {
		return unknown("tells of " + c.what + ", and that it is absent may say as much of the monitoring")
	}
	if c.reads == shared && c.verdict == Cause {
		name := strings.ToLower(r.metric)
		switch {
		case j.match(requested, name+" "+strings.ToLower(strings.Join(r.how.over, " "))) && (j.latency(r, name) || j.match(failed, name)):
			return unknown("tells of " + c.what + ", and requests to it fail or are slow")
		case emptied(r.how) && !r.how.has(lowest|sifted) && (r.how.grouped && j.componentOf(r.how) == "" || j.match(members, name)):
			return unknown("tells of " + c.what + ", and none of it is left")
		case r.how.has(rated) && !r.how.has(ratio) && (r.how.op == parser.LSS || r.how.op == parser.LTE || emptied(r.how)):
			return unknown("tells of " + c.what + ", and too little is asked of it")
		}
	}
	if c.reads == replicas && emptied(r.how) && r.how.limit == "" {
		return unknown("tells of " + c.what + ", and none being left may be all that a service had")
	}
	if r.how.has(age) && c.verdict == Cause && j.match(aged, r.metric) && !j.match(started, r.metric) {
		return classed(Imminent, "is when something was last done")
	}
	return classed(c.verdict, "tells of "+c.what)
}

// members are counts of what does the work, kept by what leads it.
var members = anchored(`.*(registered|alive|available|healthy|live|active)_?.*(manager|worker|server|node|broker|member|replica|backend)s.*`)

// requested are words for what a component is asked to do.
var requested = anchored(`.*(request|quer(y|ies)|_rpc|_http|command|transaction|lookup|search|sql|statement|read_?latency|write_?latency|operation).*`)

// aged are timestamps of work, and started those of a process, a machine or an
// object, whose age says nothing of how fresh its work is.
var (
	aged       = anchored(`.*(time|timestamp|seconds|last)(_.*)?`)
	timestamps = anchored(`.*_(timestamp|time)(_seconds|_ms|_millis|_milliseconds|_unix|_unixtime)?`)
	started    = anchored(`.*(start|boot|creat|build|uptime|up_time|birth|changed|handshake|seen).*`)
)

// emptied reports a comparison that holds when nothing is left.
func emptied(u use) bool { return empties(u.op, u.bound) }

func empties(op parser.ItemType, bound float64) bool {
	switch op {
	case parser.EQLC, parser.LTE:
		return bound == 0
	case parser.LSS:
		return bound > 0 && bound <= 1
	}
	return false
}

func ofObjective(r *reading, c *row) opinion {
	if r.how.has(absence|gone) || r.how.has(counted) && !r.how.has(sifted) || r.how.op == 0 && r.how.limit == "" {
		return opinion{verdict: Meta, rung: RungGenerator, what: "tells of " + c.what + ", and the alert looks at whether it is there"}
	}
	return opinion{verdict: Symptom, rung: RungGenerator, what: "tells of " + c.what}
}

func (j *judge) ofProbe(r *reading, c *row) opinion {
	if r.how.has(absence) {
		return classed(Meta, "tells of "+c.what+", and it is absent: nothing probes")
	}
	for _, m := range r.matchers {
		if (m.Name == "module" || m.Name == "job") && positive(m) && every(m, j.is(pings)) {
			return unknown("asks with " + m.String() + " whether one host answers")
		}
	}
	return shaped(Symptom, "tells of "+c.what)
}

var pings = anchored(`(?i)(.*[^a-z0-9])?(icmp|ping)([^a-z0-9].*)?`)

// ofScrape judges up: see the package's documentation.
func (j *judge) ofScrape(r *reading) opinion {
	if m := j.watches(r.matchers, selfLabels, true); m != nil {
		return classed(Meta, "is picked by "+m.String()+", a part of the monitoring")
	}
	job := ""
	for _, m := range r.matchers {
		if positive(m) && j.match(serviceLabels, m.Name) {
			job = m.String()
		}
	}
	whole := r.how.has(absence|gone) || j.componentOf(r.how) == "" && j.allDown(r.how)
	switch {
	case whole && job == "":
		return unknown("says that all of some job is down, be it a service or a part of the monitoring")
	case whole && j.picks(r.matchers, serviceLabels, machinery) != nil:
		return unknown("says that all of " + job + " is down, which others build on")
	case whole:
		return shaped(Symptom, "says that nothing of "+job+" answers")
	case !r.how.grouped && (r.how.op == parser.EQLC && r.how.bound == 1 || r.how.op == parser.GTR || r.how.op == parser.NEQ && r.how.bound == 0):
		return opinion{neutral: true, what: "is a condition"}
	case r.how.grouped && j.componentOf(r.how) == "" && (!r.how.has(lowest) || r.how.has(sifted)):
		return unknown("says that a part of a job is down, and how much of it users notice is open")
	}
	return classed(Cause, "says that one instance is down, which others may stand in for")
}

// allDown reports a comparison of up that holds when no instance of a group
// answers: sum(up) == 0, count(up == 1) < 1.
func (j *judge) allDown(u use) bool {
	if !u.grouped || u.has(lowest|ratio) {
		return false
	}
	if u.has(sifted) {
		return u.op == parser.EQLC && u.bound == 1 && empties(u.outer.op, u.outer.bound)
	}
	return !u.has(counted) && emptied(u)
}

func (j *judge) componentOf(u use) string {
	for _, l := range u.by {
		if j.match(componentLabels, l) {
			return l
		}
	}
	return ""
}

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
	if l := j.componentOf(r.how); l != "" {
		return unknown("is told apart by " + l + ": one component of the service, whose work others may take over")
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
	failed    = anchored(`(.*_)?(errors?|errs?|failed\w*|failures?|fail|5xx|timeouts?|unavailables?|failures?_?total_?count|\w+failures|\w*errors|exceptions?|errorcount|error_count)(_.*)?|.*5_?xx.*`)
	counts    = anchored(`.*(_total|_count|_sum|per_second|_rate\w*|rps|qps|:rate.*|:increase.*)`)
	refused   = anchored(`.*(4_?xx|denied|rejected|throttled|invalid|unauthorized|not_found|failed_login|login_(fail|error)|auth\w*_fail).*`)
	succeeded = anchored(`(.*_)?(success|successes|successful|succeeded|ok|2xx|good)(_.*)?`)
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
