// Package sli relates alerts to what users feel: the verdict on an alert, and
// why.
//
// A verdict is one of five, and these are their definitions, the ones that the
// readers of fixtures/verdicts were given.
//
//   - Symptom: users of a service feel it now. Their requests fail, are slow or
//     are not answered, the service as a whole is gone, a probe from outside says
//     so, or the error budget of an objective burns. The expression itself
//     measures one of these.
//   - Imminent: nobody feels it yet, but users will unless somebody acts. A disk,
//     a quota or a pool fills up, a certificate expires, a replica or a queue
//     falls behind, a backup or a batch is overdue, capacity runs out by
//     extrapolation.
//   - Cause: the state of a component behind the service, which users may or may
//     not notice. One instance is down, a pod restarts, processor or memory is
//     busy, a replica is missing, a leader changed, an internal queue grows.
//   - Meta: the monitoring watches itself.
//   - Unknown: from the rule alone it cannot be told, or it is honestly two of
//     these at once.
//
// The distinction of symptoms from causes follows "Monitoring Distributed
// Systems" in Site Reliability Engineering (Beyer et al., 2016) and the
// Prometheus guide to alerting practice.
//
// What is said here of an alert comes from its expression alone: from the
// records and labels that generators of service level objectives leave
// (RungGenerator), then from the shape in which requests, errors and latency
// are read (RungShape), then from what is known of a metric by its name
// (RungClass, see the table in classes.go). Some decisions deserve words.
//
// A user is whoever uses the service that the alert is about: the visitors of a
// web site, the applications of a database, the senders and readers of a
// monitoring system, the pods that ask a resolver. Their requests are what
// counts, and it does not matter that others build on the answer, or that the
// alert tells pods apart: those whose requests a pod fails are users too. What a
// component does for itself is no request to it, however slow: syncing to disk,
// asking its peers, merging segments, checking health. Nor is what it asks of
// others as their client; the service that is asked has requests of its own to
// watch.
//
// Doubt makes an alert unknown, never a cause. Refused requests (4xx, failed
// logins), slow queries and rollbacks may be the doing of whoever asks; requests
// that wait in a queue may be slow or merely many; traffic that is low may be an
// outage or a quiet hour; background jobs that fail may matter to nobody. A part
// of the data that is unavailable, damaged or in danger is no request that
// failed, yet more than the state of a component.
//
// The prefix of an exporter alone makes no cause. Of a database, a broker, a
// workload or the machinery of a cluster, exporters tell much besides: who is
// connected and waits, what was asked for and failed, how much is handed out of
// what is limited. The rest of the name has to speak of the state of a component:
// of its processor, memory, threads, caches and devices, of restarts and crashes,
// of replicas, members and leaders, of configuration and versions, of what it
// keeps in order for itself, or of much being asked of it. Otherwise the alert is
// unknown, and so it is where the name has words of both kinds, but for the few
// that leave no doubt (a crash, an election). Metrics of hosts, devices and
// processes are causes without such words, unless others put them in doubt.
//
// Client errors and server errors together are a symptom as a share of all
// requests, and unknown as a count.
//
// Of "a and b" and "a unless b", a is the subject, unless it only says that
// there is traffic, or that something exists; a cause that holds while
// something runs out is imminent. Of "a or b", both are, and where they disagree
// the alert is unknown. What a is compared with and divided by is no subject.
//
// Requests that a monitoring system serves (cortex_request_duration_seconds)
// are requests, and so are data that a collector refuses its senders: somebody
// waits for the answer. The shape precedes the prefix of a name. What parts of
// the monitoring ask each other, its own scrapes, and the state of an alert's
// own records are not: an alert that picks a monitoring job or handler by a
// matcher (job="prometheus", handler="/metrics") has decided for itself that it
// watches the monitoring: meta.
//
// The metric up, read for each instance, says that one component is down: a
// cause. Read for a whole job (absent(up{job="shop"}), sum(up{job="shop"}) == 0)
// it says that nothing of that service answers: a symptom, unless the job is a
// database or part of the cluster's own machinery (unknown; its clients may have
// another) or of the monitoring (meta). Whatever falls short of the whole job, as
// "fewer than three", is unknown, but for a cluster that has lost its majority.
// Without a job, up may be that of an exporter as well as that of a service, and
// a job named for what has no metrics of its own (job="mysql") may be its
// exporter: unknown. Other flags and counts of what does the work (no broker, no
// worker, no server behind a proxy, nobody leads) are symptoms when nothing is
// left, and causes or unknown before.
//
// Requests that stop altogether, as by absent() over their metric, are a
// symptom: users who get no answer at all leave no error behind.
//
// What runs out is imminent: space, connections and descriptors against their
// limit, what is promised of a cluster against what it has, anything
// extrapolated, and the memory of a store that refuses work when it is full.
// Processor, memory and load of a host, a runtime or a workload come back by
// themselves and stay causes; whether the memory of a store of another kind
// does, as a share of what it may have, is unknown.
package sli

import "github.com/prometheus/prometheus/promql/parser/posrange"

// Verdict says what an alert stands for.
type Verdict uint8

// The verdicts. Unknown is an answer: nothing is proven either way.
const (
	Unknown  Verdict = iota
	Symptom          // what users feel: requests fail, are slow, or are gone
	Imminent         // what users will feel: exhaustion, expiry, lag, staleness
	Cause            // the state of a component behind the service
	Meta             // the monitoring of monitoring
)

// Verdicts are all of them, the most telling first.
func Verdicts() []Verdict { return []Verdict{Symptom, Imminent, Cause, Meta, Unknown} }

// String returns the verdict in lower case, as reports write it.
func (v Verdict) String() string {
	switch v {
	case Symptom:
		return "symptom"
	case Imminent:
		return "imminent"
	case Cause:
		return "cause"
	case Meta:
		return "meta"
	}
	return "unknown"
}

// Rung is the step of the ladder of evidence that decided a verdict.
type Rung uint8

// The rungs, from the weakest to the strongest.
const (
	RungUnknown     Rung = iota
	RungClass            // what is known of the metric by its name
	RungShape            // how the expression reads it: errors over requests, a quantile of latency
	RungContainment      // what it reads is what an SLI counts, or a part of it
	RungGenerator        // marks that a generator of SLO alerts left
	RungNamed            // the alert names an SLO
)

// String returns the rung in lower case.
func (r Rung) String() string {
	switch r {
	case RungClass:
		return "class"
	case RungShape:
		return "shape"
	case RungContainment:
		return "containment"
	case RungGenerator:
		return "generator"
	case RungNamed:
		return "named"
	}
	return "unknown"
}

// A Judgement is a verdict with its reasons.
type Judgement struct {
	Verdict  Verdict
	Rung     Rung
	Evidence string // in words, naming the decisive selector; the same from run to run

	// Pos is the decisive part of the expression, in bytes. Where a recording
	// rule decides, it is the part of the alert that leads there. It is the
	// whole expression where no part of it stands out.
	Pos posrange.PositionRange
}
