package history

import (
	"fmt"
	"slices"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
)

const (
	// rosterMost bounds the labels that a Roster keeps, in bytes.
	rosterMost = 1 << 29

	// labelMost bounds the length of a label's name or value. Prometheus knows
	// no bound, but nothing that names an alert is longer.
	labelMost = 1 << 16
)

// A Roster numbers the alerts that a source beside Prometheus speaks of, in the
// order in which they are met. It is not safe for concurrent use.
type Roster struct {
	ids     *identities
	builder labels.ScratchBuilder
	size    int
}

// NewRoster is an empty one.
func NewRoster() *Roster {
	return &Roster{ids: newIdentities(), builder: labels.NewScratchBuilder(16)}
}

// Number returns the number of the alert whose labels the function adds, in any
// order. Labels without a value count as none, as in Prometheus. An error says
// what is wrong with the labels, or that there are more than memory is spent on.
func (r *Roster) Number(each func(add func(name, value string))) (int32, error) {
	r.builder.Reset()
	size, long := 0, ""
	each(func(name, value string) {
		if len(name) > labelMost || len(value) > labelMost {
			long = name[:min(len(name), 40)]
			return
		}
		if value != "" {
			r.builder.Add(name, value)
			size += len(name) + len(value)
		}
	})
	if long != "" {
		return 0, fmt.Errorf("a label longer than %d bytes: %q", labelMost, long)
	}
	r.builder.Sort()
	alert := r.builder.Labels()
	if alert.IsEmpty() {
		return 0, fmt.Errorf("an alert without labels; expected at least %s", model.AlertNameLabel)
	}
	if name, twice := alert.HasDuplicateLabelNames(); twice {
		return 0, fmt.Errorf("an alert with two labels %q", name)
	}
	if r.size+size > rosterMost {
		r.ids.buf = alert.BytesWithoutLabels(r.ids.buf[:0], model.MetricNameLabel, stateLabel)
		if id, ok := r.ids.byKey[string(r.ids.buf)]; ok {
			return id, nil
		}
		return 0, fmt.Errorf("different alerts with over %d MB of labels in all, which is more than is kept in memory", rosterMost>>20)
	}
	before := len(r.ids.labels)
	id := r.ids.of(alert)
	if len(r.ids.labels) > before {
		r.size += size
	}
	return id, nil
}

// Len is how many alerts were numbered.
func (r *Roster) Len() int { return len(r.ids.labels) }

// Settle makes a history of one whose instances are the roster's numbers: it
// has those of which it tells anything, in the order of their labels, and all
// else is put into its order.
func (r *Roster) Settle(h *History) {
	told := make([]bool, r.Len())
	for _, e := range h.Episodes {
		told[e.Instance] = true
	}
	for _, m := range h.Mutes {
		told[m.Instance] = true
	}
	mark := func(instances []int32) {
		for _, i := range instances {
			told[i] = true
		}
	}
	for _, n := range h.Notifications {
		mark(n.Firing)
		mark(n.Resolved)
	}
	for _, s := range h.Responses {
		mark(s.Instances)
	}
	h.Instances = nil
	place := make([]int32, r.Len())
	for _, id := range r.ids.sorted() {
		if told[id] {
			place[id] = int32(len(h.Instances))
			h.Instances = append(h.Instances, r.ids.labels[id])
		}
	}
	move := func(in []int32) []int32 {
		for i, id := range in {
			in[i] = place[id]
		}
		slices.Sort(in)
		return slices.Compact(in)
	}
	for i := range h.Episodes {
		h.Episodes[i].Instance = place[h.Episodes[i].Instance]
	}
	for i := range h.Mutes {
		h.Mutes[i].Instance = place[h.Mutes[i].Instance]
	}
	for i := range h.Notifications {
		n := &h.Notifications[i]
		n.Firing, n.Resolved, n.Fresh = move(n.Firing), move(n.Resolved), move(n.Fresh)
	}
	for i := range h.Responses {
		h.Responses[i].Instances = move(h.Responses[i].Instances)
	}
	slices.SortStableFunc(h.Episodes, byBeginning)
	h.sortNotes()
}
