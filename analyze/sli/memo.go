package sli

import (
	"sync"
	"sync/atomic"
)

// maxRemembered bounds a memo: what is asked often is asked early, and what
// every service has of its own is asked once.
const maxRemembered = 1 << 13

// A memo remembers what regular expressions said of names and values, since
// the alerts of one run share most of theirs. The zero memo is ready for use,
// and safe for concurrent use.
type memo struct {
	matches sync.Map // question to bool
	classes sync.Map // metric name to []*row
	said    sync.Map // metric name to words
	// statuses has those that a matcher admits, by its spelling.
	statuses sync.Map
	kept     atomic.Int32
	extra    *[256][]*row // rows before those of the table, nil for none
}

func (m *memo) keep(in *sync.Map, key, value any) {
	if m.kept.Load() < maxRemembered {
		m.kept.Add(1)
		in.Store(key, value)
	}
}

type question struct {
	re    *pattern
	value string
}

// match reports whether s matches re.
func (m *memo) match(re *pattern, s string) bool {
	q := question{re, s}
	if v, ok := m.matches.Load(q); ok {
		return v.(bool)
	}
	v := re.MatchString(s)
	m.keep(&m.matches, q, v)
	return v
}

// is is match for one expression, as a predicate.
func (m *memo) is(re *pattern) func(string) bool {
	return func(s string) bool { return m.match(re, s) }
}

// matching adds the rows that match a name, up to the first that asks for no
// label.
func matching(out, rows []*row, name string) []*row {
	for _, r := range rows {
		if r.match(name) {
			out = append(out, r)
			if r.value == nil {
				break
			}
		}
	}
	return out
}

// rows are the rows that match a name, in the order of the table, up to the
// first that asks for no label.
func (m *memo) rows(name string) []*row {
	if v, ok := m.classes.Load(name); ok {
		return v.([]*row)
	}
	var out []*row
	if m.extra != nil {
		out = matching(out, m.extra[name[0]], name)
	}
	if len(out) == 0 || out[len(out)-1].value != nil {
		out = matching(out, index()[name[0]], name)
	}
	m.keep(&m.classes, name, out)
	return out
}
