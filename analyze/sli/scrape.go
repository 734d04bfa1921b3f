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
	case whole && job != "" && j.picks(r.matchers, serviceLabels, resolvers) != nil:
		return shaped(Symptom, "says that nothing of "+job+" answers")
	case r.how.outer.limit == "up" && r.how.outer.op == parser.LSS && j.componentOf(r) == "" && j.picks(r.matchers, serviceLabels, voters) != nil:
		return shaped(Symptom, "says that too few of "+job+" answer to agree on anything")
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
	if job == "" && !j.rest {
		return unknown("says that one instance of some job is down, be it of a service or of the monitoring")
	}
	if m := j.picks(r.matchers, serviceLabels, reported); m != nil {
		return unknown("says that one instance of " + m.String() + " is down, which may be its exporter")
	}
	return classed(Cause, "says that one instance is down")
}

// voters are jobs that serve only while most of their instances agree, and
// resolvers those without which nothing finds anything: all of one gone is an
// outage, whoever builds on it.
var (
	voters = anchored(`(?i)(.*[^a-z0-9])?(etcd\d*|etcd.*|zookeeper|consul|vault|.*raft.*)([^a-z0-9].*)?`)
	// reported are jobs named for what has no metrics of its own: what answers the
	// scrape is an exporter beside it.
	reported  = anchored(`(?i)(.*[^a-z0-9])?(openstack|ceph|gluster\w*|snmp\w*|ipmi|smartctl|vmware|vsphere|esxi|libvirt|proxmox|pve|mysqld?|mariadb|postgres(ql)?|redis|memcached|mongo(db)?|oracle(db)?|mssql|openldap|varnish|apache|squid|asterisk|freeswitch|bind9?|unbound)([^a-z0-9].*)?`)
	resolvers = anchored(`(?i)(.*[^a-z0-9])?(coredns|kube-dns|unbound|bind9?|powerdns|pdns)([^a-z0-9].*)?`)
)

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
