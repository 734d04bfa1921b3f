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
	if c.reads == declared {
		return ofDeclared(r, c)
	}
	if o, ok := j.foreseen(r, c.verdict); ok && c.reads != served && c.reads != objective && c.verdict != Meta {
		return o
	}
	switch c.reads {
	case objective:
		return ofObjective(r, c)
	case served:
		return j.ofRequests(r, c)
	case turnedAway:
		return j.ofTurnedAway(r, c)
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
	if j.failsOf(r) {
		return j.ofRequests(r, &row{class: class{reads: served, verdict: Symptom, what: "what the service was asked to do"}})
	}
	if o, ok := j.noneLeft(r); ok {
		return o
	}
	if said := j.wordsOf(r.metric); r.how.has(rated) && said.has(saySpurned) && !said.has(sayDisputed) && !j.match(chores, strings.ToLower(r.metric)) {
		return j.ofTurnedAway(r, &row{class: class{what: "requests that are turned away"}})
	}
	return unknown("is a metric of which nothing is known by its name")
}

// failsOf reports the share of failures in what was done, of a metric of which
// nothing else is known: chores apart, somebody asked for it.
func (j *judge) failsOf(r *reading) bool {
	name := strings.ToLower(r.metric)
	if j.match(chores, name) || j.match(refused, name) {
		return false
	}
	if o := j.outcomeOf(r.matchers); r.how.has(rated) && (o == failures || o == mixture) && slices.Contains(r.how.over, r.metric) {
		return true
	}
	if !j.match(failed, name) || fewer(r.how) {
		return false
	}
	for _, over := range r.how.over {
		if over != r.metric && prefixOf(over) == prefixOf(r.metric) && j.match(counts, over) && !j.match(failed, strings.ToLower(over)) {
			return true
		}
	}
	return false
}

// prefixOf is what the names of one exporter's metrics begin with.
func prefixOf(metric string) string {
	first, _, _ := strings.Cut(metric, "_")
	return first
}

// nothingLeft reports an alert that fires when a service is gone, as told of it
// as a whole, or by each of its parts.
func (j *judge) nothingLeft(r *reading, byParts bool) bool {
	u := r.how
	switch {
	case u.has(gone):
		return true
	case byParts && j.componentOf(r) != "":
		return false
	case byParts && j.allDown(u):
		return true
	}
	return emptied(u) && !u.has(sifted|rated) && (!byParts || u.grouped && !u.has(lowest))
}

// noneLeft recognises that nothing is left of what does the work.
func (j *judge) noneLeft(r *reading) (opinion, bool) {
	if u := r.how; emptied(u) && u.grouped && !u.has(lowest|sifted|rated|ratio) && j.componentOf(r) == "" {
		for _, m := range r.matchers {
			if positive(m) && j.match(leads, m.Value) {
				return shaped(Symptom, "is counted with "+m.String()+", and the alert fires when there is none"), true
			}
		}
	}
	if emptied(r.how) && !r.how.has(lowest|sifted|rated|ratio) && j.match(members, r.metric) {
		return shaped(Symptom, "counts what does the work, and the alert fires when nothing of it is left"), true
	}
	return opinion{}, false
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
		if o, ok := j.asksOf(r, c); ok {
			return o
		}
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
	switch c.reads {
	case shared, machine:
		if o, ok := j.ofComponent(r, c); ok {
			return o
		}
	case service, parts:
		if j.nothingLeft(r, c.reads == parts) {
			return shaped(Symptom, "tells of "+c.what+", and the alert fires when nothing of it is left")
		}
	case filling:
		if !r.how.has(ratio) && r.how.limit == "" && !j.match(shares, r.metric) {
			return classed(Cause, "tells of the state of a component that others build on")
		}
	}
	if c.reads == replicas && emptied(r.how) && r.how.limit == "" {
		return unknown("tells of " + c.what + ", and none being left may be all that a service had")
	}
	if c.verdict == Imminent && r.how.has(age) && fewer(r.how) && r.how.bound <= 0 && strings.HasPrefix(r.metric, "probe_") {
		return shaped(Symptom, "tells of "+c.what+", which is over as a user would see it")
	}
	if r.how.has(age) && c.verdict == Cause && j.match(aged, r.metric) && !j.match(started, r.metric) {
		return classed(Imminent, "is when something was last done")
	}
	if c.verdict == Cause {
		switch c.reads {
		case shared, machine, object, own, state:
			return j.conditionOf(r, c)
		}
	}
	return classed(c.verdict, "tells of "+c.what)
}

// asksOf judges what a component tells of requests to it: that they fail, are
// slow, or are turned away.
func (j *judge) asksOf(r *reading, c *row) (opinion, bool) {
	said := j.wordsOf(r.metric)
	own, over := said.has(sayAsked), slices.ContainsFunc(r.how.over, func(over string) bool { return j.wordsOf(over).has(sayAsked) })
	troubled := (own || over) && (said.has(sayFailed) || j.latency(r, strings.ToLower(r.metric)) || j.outcomeOf(r.matchers) == failures)
	switch {
	case c.reads == machine || said.has(sayInner):
	case troubled:
		return j.ofRequests(r, &row{class: class{reads: served, verdict: Symptom, what: "requests to it"}}), true
	case said.has(saySpurned) && !said.has(sayDisputed):
		return j.ofTurnedAway(r, &row{class: class{what: "requests to it that are turned away"}}), true
	}
	if troubled && own || said.has(sayDisputed) || c.reads == shared && said.has(sayFailed) && !said.has(sayInner) {
		return unknown("tells of " + c.what + ", and whether users notice it is open"), true
	}
	return opinion{}, false
}

// ofComponent judges what a component that others build on tells of itself:
// requests to it, none of it left, or else its state.
func (j *judge) ofComponent(r *reading, c *row) (opinion, bool) {
	u := r.how
	if o, ok := j.asksOf(r, c); ok {
		return o, true
	}
	if o, ok := j.noneLeft(r); ok {
		return o, true
	}
	whole := emptied(u) && !u.has(lowest|sifted|rated|ratio) && u.grouped && j.componentOf(r) == ""
	switch {
	case c.reads == shared && whole && j.match(alive, r.metric):
		return shaped(Symptom, "tells of "+c.what+", and the alert fires when nothing of it is left"), true
	case emptied(u) && !u.has(lowest|sifted) && u.grouped && j.componentOf(r) == "":
		return unknown("tells of " + c.what + ", and none of it is left"), true
	case (u.has(rated) || j.match(rates, r.metric)) && !u.has(ratio) && (fewer(u) || emptied(u)):
		return unknown("tells of " + c.what + ", and too little is asked of it"), true
	}
	return opinion{}, false
}

var (
	// rates are names of what is counted per second already.
	rates = anchored(`(?i).*(per_?sec(ond)?|minute_?rate|mean_?rate|throughput|_(r|q|t)ps)([_:].*)?`)
	// leads are values of labels that pick who leads a cluster.
	leads = anchored(`(?i)(leader|master|primary)`)
	// members are counts of what does the work, kept by what leads it.
	members = anchored(`(?i).*(registered|alive|available|healthy|live|online|active|running)_?.*(manager|worker|server|node|broker|member|replica|backend|slave|peer|agent)s([A-Z_].*)?`)
	// alive are 1 for each part that is there, or leads.
	alive = anchored(`(?i).*(_up|leader|master|primary|elected|broker_?state|server_?state|alive|is_?live)`)
	// shares are names of a part of a whole.
	shares = anchored(`.*(percent|pct|ratio|_usage).*`)
)

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

// ofDeclared judges a metric of which somebody said what it tells.
func ofDeclared(r *reading, c *row) opinion {
	if r.how.has(absence) && c.verdict != Meta {
		return unknown("tells of " + c.what + ", and that it is absent may say as much of the monitoring")
	}
	return classed(c.verdict, "tells of "+c.what)
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
