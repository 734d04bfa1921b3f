package sli

import (
	"slices"
	"strings"

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
	if r.how.has(rated) && slices.Contains(r.how.over, r.metric) && !j.match(chores, r.metric) && j.outcomeOf(r.matchers) == failures {
		return j.ofRequests(r, &row{class: class{reads: served, verdict: Symptom, what: "what the service was asked to do"}})
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

// chores are names of work that no user waits for, or that is done for
// something else.
var chores = anchored(`(?i).*(job|task|backup|batch|cron|test|sync|reconcil|retry|retries|compact|flush|poll|scrape|export|import|build|pipeline|deploy|client|outbound|upstream|webhook|queue|worker|cache|dag|gc|cleanup|migration|probe|check).*`)

// limits are names of what bounds something else; utilisation, those of
// resources that come back by themselves, and so are no capacity that runs out.
var (
	limits      = anchored(`(.*_)?(max(imum|clients|conn\w*|_?size|_?workers)?|limits?|quota|hard|softlimit|allocatable)(_.*)?`)
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
		case emptied(r.how) && !r.how.has(lowest|sifted) && (r.how.grouped && j.componentOf(r) == "" || j.match(members, name)):
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
