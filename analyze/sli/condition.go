package sli

import "strings"

// conditionOf judges what a row takes for the state of a component, by the
// prefix of its exporter alone. An exporter tells of much else: of clients that
// wait, work that fails, data that is missing, room that runs out. So the rest
// of the name has to speak of a state, and of nothing that may be more than one.
func (j *judge) conditionOf(r *reading, c *row) opinion {
	text := measured(r, c.reads == shared)
	switch {
	case j.match(doubtful, text) && !j.match(certain, text):
		return unknown("tells of " + c.what + ", in words that may mean more than its state")
	case c.reads == shared && (r.how.has(ratio) || j.match(shares, strings.ToLower(r.metric))) && j.match(stores, text) && !j.match(machines, text):
		return unknown("tells of " + c.what + ", and whether it refuses work without that memory is open")
	case c.reads != own && c.reads != state && r.how.has(age) && !j.match(started, r.metric):
		return unknown("tells of " + c.what + ", and of how long ago that was")
	case c.reads == own, c.reads == state, j.match(conditions, text), j.loaded(r, text):
		return classed(Cause, "tells of "+c.what)
	}
	return unknown("tells of " + c.what + ", and nothing in its name says that it is its state")
}

// loaded reports an alert that fires where much is asked of a component.
func (j *judge) loaded(r *reading, text string) bool {
	return r.how.has(rated) && high(r.how.op) && j.match(asking, text) && !j.match(failed, strings.ToLower(r.metric))
}

// measured are the words that say what a reading measures: its name without the
// exporter's, and what is picked by labels that are part of a name where an
// exporter has one metric for many things. With a table, the label name says what
// is measured, as it does of beans and of health checks.
func measured(r *reading, table bool) string {
	name := strings.ToLower(r.metric)
	if _, rest, ok := strings.Cut(name, "_"); ok {
		name = "_" + rest
	}
	var kinds strings.Builder
	for _, m := range r.matchers {
		if !positive(m) {
			continue
		}
		switch {
		case m.Name == "name" && table:
			name = "_" + strings.ToLower(m.Value)
		case m.Name == "type", m.Name == "item", m.Name == "mode":
			kinds.WriteString("_" + strings.ToLower(m.Value))
		}
	}
	return name + kinds.String() + "_"
}

var (
	// conditions are words for the state of a component: its resources, its
	// processes, whether it and its like are there and agree, and what it keeps
	// in order for itself.
	conditions = anchored(`.*(` +
		`cpu|processor|cores|busy|memory|_ram_|_mem_|[a-z]mem_|heap|garbage|_gc|swap|evict|nuked|_load|iowait|io_?(wait|time|util)|wait_time|stall|pgmajfault|page_?fault|context_switch|throttl|backpressure|` +
		`temp_|temperature|celsius|volt|power|battery|humidity|fan|cooling|hardware|sensor|chassis|smart|sector|spare|wear|critical_warning|raid|_md_|edac|device|drive|disk_|disks|mtu|bonding|` +
		`cache|hit_|hitrate|hitratio|hits|fragment|bloat|dead_tup|tombstone|` +
		`thread|worker|process|procs|daemon|executor|service|unit_|uptime|up_time|restart|start_time|boot|crash|panic|death|died|exception|oom|out_?of_?memory|_kill|fault|` +
		`_up_|down|alive|live|dead|health|ready|readiness|running|stable|status|state|phase|condition|reachable|offline|online|active|available|paused|suspend|` +
		`replica|member|slave|standby|_peers|ensemble|nodes|_node_|leafnode|routes|master|leader|election|raft|proposal|isr|imbalance|partition|schedul|` +
		`fsync|commit_dur|apply_latency|checkpoint|compact|flush|merge|_hints|totalhints|vacuum|_log_waits|deadlock|cursor|innodb|history|shard|relocat|lease|scrub|pg_act|numpg|` +
		`config|settings|reload|version|build|uname|generation|metadata|revision|_info_|_role|force_recovery|sync|reconcil|mismatch|conflict|duplicate|clock|skew|ntp|timex|chrony|time_offset|event_?loop|` +
		`network|interface|oct?ets|errors_total|discards|_errs_|_drop_|if(in|out)|bandwidth|round_trip|ping|check|workqueue|pending_?tasks|blocked|heartbeat|handshake|ruok|relist|read_errors|connection|consumers` +
		`).*`)
	// doubtful are words for what may be a component's state, and may be more:
	// clients and what they wait for, work and what became of it, data that is not
	// there, and what is handed out of something limited.
	doubtful = anchored(`.*(` +
		`slow|queue|waiting|backlog|pending_?(byte|message|request|quer|token|client|connection|write|read)|` +
		`connections|connection_|client|session|subscri|account|token|tenant|host_count|keepalive|` +
		`jobs|job_(summary|fail)|apps_|applications|task_?fail|failed_?task|backup|restore|export|archiv|` +
		`unfound|degraded|damaged|lost_|missing|incomplete|unclean|` +
		`reserv|limit|quota|capacity|namespace_count|too_many_|auth|denied|refused|reject|throttled_(request|quer|write|read)|overflow|notification|mail` +
		`).*`)
	// certain are words that leave no doubt, whatever stands beside them: what
	// became of a process, and resources that come back by themselves.
	certain = anchored(`.*(crash|death|died|panic|restart|oom_?kill|cpu_|waiting_reason|ping_time|election|reallocated|temperature|dead_tup|_consumers).*`)
	// asking are words for what a component is asked to do.
	asking = anchored(`.*(request|quer(y|ies)|questions|search|indexing|insert|update|operation|commands|reads|writes|examined|scanned|bytes).*`)
	// stores are words for memory, and machines for memory that comes back by
	// itself, as it is a host's or a runtime's.
	stores   = anchored(`.*(mem_|memory|_mem|bytes|_ram_|temp_usage).*`)
	machines = anchored(`.*(heap|jvm|_os_|_sys|system|host|vm_|physical|cpu|cache|hit).*`)
)
