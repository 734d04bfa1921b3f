package sli

import (
	"strconv"
	"strings"

	"github.com/prometheus/prometheus/model/labels"
)

// statuses are the labels by which HTTP's status goes.
var statuses = map[string]bool{
	"code": true, "status": true, "status_code": true, "statuscode": true, "response_code": true, "http_status": true, "http_code": true,
	"http_status_code": true, "http_response_status_code": true, "response_status": true,
}

// The statuses that there can be, by RFC 9110, section 15.
const firstStatus, lastStatus = 100, 599

// A statusSet is a set of statuses.
type statusSet [(lastStatus - firstStatus + 64) / 64]uint64

var everyStatus = func() (out []string) {
	for code := firstStatus; code <= lastStatus; code++ {
		out = append(out, strconv.Itoa(code))
	}
	return out
}()

// within reports that all of the set are in another.
func (s *statusSet) within(o *statusSet) bool {
	for i := range s {
		if s[i]&^o[i] != 0 {
			return false
		}
	}
	return true
}

// meets reports that some of the set are in another.
func (s *statusSet) meets(o *statusSet) bool {
	for i := range s {
		if s[i]&o[i] != 0 {
			return true
		}
	}
	return false
}

// rest are the statuses that are not in the set.
func (s statusSet) rest() (out statusSet) {
	for i := range everyStatus {
		if s[i/64]&(1<<(i%64)) == 0 {
			out[i/64] |= 1 << (i % 64)
		}
	}
	return out
}

// byStatus reports a matcher that speaks of numbers: 5.., 4[0-9]{2}|500.
func byStatus(m *labels.Matcher) bool {
	return m.Value != "" && strings.Trim(m.Value, "0123456789.|()[]-^$?:\\d{,}+*") == "" && strings.ContainsAny(m.Value, "12345")
}

type spelling struct {
	typ   labels.MatchType
	value string
}

// admitted are the statuses that matchers on a label admit. ok is false for a
// label that carries none, and where no matcher speaks of them, or one of
// something else.
func (m *memo) admitted(ms []*labels.Matcher, label string) (out statusSet, ok bool) {
	if !statuses[label] {
		return out, false
	}
	for _, x := range ms {
		switch {
		case x.Name != label:
			continue
		case !byStatus(x):
			return out, false
		}
		set := m.statusesOf(x)
		if ok {
			for i := range out {
				out[i] &= set[i]
			}
		} else {
			out, ok = *set, true
		}
	}
	return out, ok
}

// statusesOf are those that one matcher admits.
func (m *memo) statusesOf(x *labels.Matcher) *statusSet {
	key := spelling{x.Type, x.Value}
	if v, ok := m.statuses.Load(key); ok {
		return v.(*statusSet)
	}
	set := new(statusSet)
	for i, code := range everyStatus {
		if x.Matches(code) {
			set[i/64] |= 1 << (i % 64)
		}
	}
	m.keep(&m.statuses, key, set)
	return set
}
