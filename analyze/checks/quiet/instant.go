package quiet

import (
	"regexp"
	"strings"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/promql/parser/posrange"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/rules/promexpr"
)

// instantaneous finds a comparison of a gauge as it is at one instant: the
// part of the expression that draws the line. It is false wherever the
// expression looks back in time, or is about something that one sample settles.
func instantaneous(p *analyze.Pass, e parser.Expr) (posrange.PositionRange, bool) {
	none := posrange.PositionRange{}
	if _, age := promexpr.UsesAge(e); age {
		return none, false
	}
	if _, absence := promexpr.UsesAbsence(e); absence {
		return none, false
	}
	if len(promexpr.BurnRates(e)) > 0 {
		return none, false
	}
	gauges := 0
	for _, s := range promexpr.Selectors(e) {
		switch s.Role {
		case promexpr.RoleSubject, promexpr.RoleGuard:
			// A guard that looks back holds the alert back as a for would.
			if !gauge(p, s) {
				return none, false
			}
			if s.Role == promexpr.RoleSubject {
				gauges++
			}
		case promexpr.RoleJoin:
			// What only brings labels may be anything, but if it looks back it
			// is likely to be what is measured.
			if looksBack(s) {
				return none, false
			}
		}
	}
	if gauges == 0 {
		return none, false
	}
	for _, c := range promexpr.Comparisons(e) {
		if !c.Bool && moves(c) {
			return c.Expr.PositionRange(), true
		}
	}
	return none, false
}

// gauge reports whether a selector reads a metric as it is now, and that
// metric is one that goes up and down: not a counter, a time, or a fact about a
// build. What a recording rule makes of it is known only where the rule is.
func gauge(p *analyze.Pass, s promexpr.Selector) bool {
	if s.Name == "" || looksBack(s) || notGauge.MatchString(s.Name) || averaged.MatchString(s.Name) {
		return false
	}
	for _, m := range s.Node.LabelMatchers {
		if m.Type == labels.MatchEqual && averaged.MatchString(m.Value) {
			return false
		}
	}
	if !strings.Contains(s.Name, ":") {
		return true
	}
	recorder, ok := p.Recorder(s.Name)
	if !ok {
		return false
	}
	for _, inner := range promexpr.Selectors(recorder.Expr()) {
		if strings.Contains(inner.Name, ":") || !gauge(p, inner) {
			return false
		}
	}
	return true
}

func looksBack(s promexpr.Selector) bool {
	vs := s.Node
	return s.Range > 0 || s.Subquery > 0 || vs.OriginalOffset != 0 || vs.OriginalOffsetExpr != nil || vs.Timestamp != nil || vs.StartOrEnd != 0
}

// averaged are parts of names of what an exporter has averaged over a time
// already: JMX's one-minute rates and percentiles, mostly.
var averaged = regexp.MustCompile(`(?i)(minute|second|mean|avg|average)_?rate|percentile|quantile|_avg(_|$)|average|_1m$|_5m$|_15m$|load(1|5|15)$`)

// notGauge are names of what one sample settles: counters, by the suffixes that
// OpenMetrics gives them, times and what is left until one, metrics of
// information, and quotas, which people use up, not load.
var notGauge = regexp.MustCompile(`(?i)(_total|_count|_sum|_bucket|_created|_info|_sum_total)$|timestamp|_time$|time_seconds$|expir|not_after|_ttl(_|$)|(days?|time)_(left|until|remaining)|quota|_limits?(_|$)|ratelimit|battery|last_(run|success|backup|sync)|uptime|_age(_|$)|^ALERTS`)

// reachable are metrics of 1 and 0 that a single failed scrape, probe or health
// check turns over.
var reachable = regexp.MustCompile(`(^|_)(up|probe_success|reachable|connected|ready|healthy|alive|available|online)$`)

// moves reports whether the line of a comparison lies where a value may cross
// it and be back the next minute. A state (== 3, != 1), and the least sign of
// something that should not be there at all (> 0), are settled by one sample;
// an instance that does not answer is not.
func moves(c promexpr.Comparison) bool {
	if !c.Constant {
		return false
	}
	switch c.Op {
	case parser.NEQ:
		return false
	case parser.EQLC:
		sel, ok := promexpr.Unparen(c.Subject).(*parser.VectorSelector)
		return ok && c.Threshold == 0 && reachable.MatchString(promexpr.Name(sel))
	case parser.GTR:
		return c.Threshold != 0
	case parser.GTE:
		return c.Threshold > 1
	case parser.LSS:
		sel, ok := promexpr.Unparen(c.Subject).(*parser.VectorSelector)
		return c.Threshold != 1 && c.Threshold != 0 || ok && reachable.MatchString(promexpr.Name(sel))
	}
	return c.Threshold != 0
}
