package sli

import (
	"strings"
)

// words are kinds of words that occur in the name of a metric.
type words uint8

const (
	sayAsked    words = 1 << iota // what a component is asked to do
	sayInner                      // what its parts do among themselves
	sayDisputed                   // what may be the fault of whoever asks
	saySpurned                    // clients, and what they ask, that are turned away at the door
	sayFailed
)

func (w words) has(x words) bool { return w&x != 0 }

var (
	requested = anchored(`.*(request|req_|quer(y|ies)|_rpc|http|command|transaction|lookup|search|sql|statement|(read|write|put|get)_?latency|_(reads?|writes?|inserts?|operations?|ops|access(es)?|api|s3|publish|produce|fetch|login)_|_op_|indexing|insert|bdev_(read|write)).*`)
	inner     = anchored(`.*(raft|peer|gossip|replica|slave|standby|_wal|fsync|disk|compact|flush|merge|refresh|checkpoint|_gc_|cache|hint|forward|health|check|heartbeat|ping|internal|thread_?pool|schedul|task|queue|cluster_bus|backup|snapshot|sync|sink|source|function|connector|election|proposal|vacuum|_lock|cursor|_log_|segment|translog|bluestore|rocksdb|journal|osd_|mesh|acme|webhook|retr(y|ies)|scrape|exporter|_proxy_|_peer|leader|background|innodb|buffer|network_num).*`)
	disputed  = anchored(`.*(auth\w*_?(fail|timeout|err|expired|reject)|(failed|invalid)_?(auth|login|password|credential)|login_?(fail|err)|readonly_?(replica|table|index|namespace)|(queued|pending|waiting|outstanding)_?(quer|request|connection|client|session|command|read|write)|conflicts|disconnect|handshake|(tls|ssl)_(\w+_)?(err|fail)|cancell?ed|killed_?quer|long_?running|expensive_?(sql|statement)|blocked_?(transaction|session|process|quer)|asserts|access_?denied|denied|rollback|slow_?(quer|op|log)|aborted_(connect|client)|blocked_clients|waiting_(connection|client)|refused|unauthorized|invalid|keepalive_timeout|dead_?letter|unroutable|(messages?|events?|publishes)_(dropped|lost|discarded|returned|expired)|(dropped|lost|discarded)_(messages?|events?)|slow_?consumer|max_tx_duration|user_?error|circuit_?breakers?_.*open|alarms?_|(running|active)_?(jobs|queries|applications|apps|executions|calls)).*`)
	spurned   = anchored(`.*((rejected|refused|dropped|overflow(ed|ing)?|throttled|shed|delayed|aborted)_?(inserts?|connections?|clients?|requests?|sessions?|writes?|reads?|queries|calls?)|(connections?|clients?|requests?|sessions?|inserts?|writes?|queries|calls?)_(rejected|refused|dropped|overflow(ed)?|shed|throttled|delayed|lost)).*`)
)

// wordsOf finds the kinds of words in the name of a metric. What it is asked and
// what is inner is not looked for in the first word, which names an exporter and
// may say search or cache for no other reason.
func (m *memo) wordsOf(metric string) words {
	if v, ok := m.said.Load(metric); ok {
		return v.(words)
	}
	name := strings.ToLower(metric)
	own := name
	if _, rest, ok := strings.Cut(name, "_"); ok {
		own = "_" + rest
	}
	var out words
	for _, x := range [...]struct {
		says words
		re   *pattern
		in   string
	}{{sayAsked, requested, own}, {sayInner, inner, own}, {sayDisputed, disputed, name}, {saySpurned, spurned, name}, {sayFailed, failed, name}} {
		if x.re.MatchString(x.in) {
			out |= x.says
		}
	}
	m.keep(&m.said, metric, out)
	return out
}
