package sli

import (
	"github.com/prometheus/prometheus/promql/parser"
)

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
	whole := j.componentOf(r) == "" && (r.how.has(absence|gone) || j.allDown(r.how))
	switch {
	case whole && job == "":
		return unknown("says that all of some job is down, be it a service or a part of the monitoring")
	case whole && j.picks(r.matchers, serviceLabels, machinery) != nil:
		return unknown("says that all of " + job + " is down, which others build on")
	case whole:
		return shaped(Symptom, "says that nothing of "+job+" answers")
	case !r.how.grouped && (r.how.op == parser.EQLC && r.how.bound == 1 || r.how.op == parser.GTR || r.how.op == parser.NEQ && r.how.bound == 0):
		return opinion{neutral: true, what: "is a condition"}
	case r.how.grouped && j.componentOf(r) == "" && (!r.how.has(lowest) || r.how.has(sifted)):
		return unknown("says that a part of a job is down, and how much of it users notice is open")
	}
	return classed(Cause, "says that one instance is down")
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
