// Package sli relates alerts to what users feel: the verdict on an alert, and
// why.
//
// A verdict is one of five. A symptom is something a user of the service
// notices: requests fail, are slow, or are gone. Imminent is what becomes one
// unless somebody acts: a disk fills up, a certificate expires, a replica lags,
// a backup is overdue. A cause is the state of a component behind the service,
// which users may or may not notice. Meta is the monitoring of monitoring.
// Everything else, and everything on which the evidence conflicts, is unknown.
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
// Doubt makes an alert unknown, never a cause. Request metrics of one pod, of a
// database, or as seen by a client of another service are neither clear
// symptoms nor clear causes; nor are client errors (4xx) alone, a lack of what
// is asked of a database, or a whole cluster of brokers that can't serve, which
// for those who run it is the outage itself. All these are unknown.
//
// Of "a and b" and "a unless b", a is the subject, unless it only says that
// there is traffic, or that something exists. Of "a or b", both are, and where
// they disagree the alert is unknown. What a is compared with and divided by
// is no subject.
//
// Requests that a monitoring system serves (cortex_request_duration_seconds)
// are requests, and somebody waits for the answer: the shape precedes the
// prefix of a name. An alert that picks a monitoring job or handler by a
// matcher (job="prometheus", handler="/metrics") has decided for itself that it
// watches the monitoring: meta. So is one that looks at whether the records of
// an SLO are there.
//
// The metric up, read for each instance, says that one component is down: a
// cause. Read for a whole job (absent(up{job="shop"}), sum(up{job="shop"}) == 0)
// it says that nothing of that service answers: a symptom, unless the job is a
// database or part of the cluster's own machinery (unknown) or of the
// monitoring (meta). Whatever falls short of the whole job, as "fewer than
// three", is unknown.
//
// Requests that stop altogether, as by absent() over their metric, are a
// symptom: users who get no answer at all leave no error behind.
//
// What runs out is imminent: space, connections and descriptors against their
// limit, anything extrapolated. Processor, memory and load come back by
// themselves and stay causes.
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
