package history

import (
	"math"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
)

// A Collector makes a history of samples that a source hands over: those of
// ALERTS and ALERTS_FOR_STATE, and of some series that show when the server
// was at work. What of it was given twice counts once. It is not safe for
// concurrent use.
type Collector struct {
	window   Interval
	unmarked bool

	ids      *identities
	alerts   [][kinds]*Column // by identity
	evidence []*Column
}

// NewCollector collects within a window, in Unix milliseconds. Markers says
// that the source gives the stale markers among the samples: then ends are
// exact. Without them an alert ends at the evaluation after its last sample.
func NewCollector(window Interval, markers bool) *Collector {
	return &Collector{window: window, unmarked: !markers, ids: newIdentities()}
}

// A Column takes the samples of one series, in time order.
type Column struct{ rs runs }

// Alert returns the column of a series of an alert, nil where it is none: by
// its name and alertstate. Labels that tell replicas apart are to be taken off
// before, and series of several replicas collected apart (see Merge).
func (c *Collector) Alert(series labels.Labels) *Column {
	k := kindOf(series)
	if k == kindNone {
		return nil
	}
	id := c.ids.of(series)
	for len(c.alerts) <= int(id) {
		c.alerts = append(c.alerts, [kinds]*Column{})
	}
	if c.alerts[id][k] == nil {
		c.alerts[id][k] = &Column{}
	}
	return c.alerts[id][k]
}

// Evidence returns the column of a further series whose samples show that the
// server was at work, such as one of up. A few are enough.
func (c *Collector) Evidence() *Column {
	col := &Column{}
	c.evidence = append(c.evidence, col)
	return col
}

// Append takes a sample in, t in Unix milliseconds, unless it does not lie
// after those that the column has.
func (col *Column) Append(t int64, v float64) {
	if t > col.rs.last() {
		col.rs.add(t, math.Float64bits(v))
	}
}

// AppendChunk takes the float samples of a chunk in, like Append.
func (col *Column) AppendChunk(c chunkenc.Chunk) error {
	var rs runs
	if _, err := decodeChunk(c, &rs, nil); err != nil {
		return err
	}
	if len(rs) == 0 {
		return nil
	}
	if rs[0].t0 > col.rs.last() {
		col.rs.addRun(rs[0])
		col.rs = append(col.rs, rs[1:]...)
		return nil
	}
	for _, r := range rs {
		for i := range r.n {
			if t := r.t0 + i*r.step; t > col.rs.last() {
				col.rs.add(t, r.bits)
			}
		}
	}
	return nil
}

// History of what was collected. The collector is not to be used after.
func (c *Collector) History() *History {
	a := assembly{ids: c.ids, window: c.window, unmarked: c.unmarked}
	for _, col := range c.evidence {
		if len(col.rs) > 0 {
			a.see(col.rs)
		}
	}
	s := newSpelling(c.ids, !c.unmarked)
	for id, series := range c.alerts {
		var rs [kinds]runs
		for k, col := range series {
			if col == nil {
				continue
			}
			for _, r := range col.rs {
				if r, ok := clip(r, c.window); ok {
					rs[k].addRun(r)
				}
			}
		}
		s.take(id, &rs)
	}
	a.alerts = s.finish()
	return a.history(maxTime, minTime)
}

// AlertSelectors are the names of the series to hand to a Collector.
func AlertSelectors() []string { return []string{alertsName, stateName} }

// EvidenceSelector is the name of the series that show best when a server was
// at work.
const EvidenceSelector = "up"

// IsAlert reports whether a series is one that Prometheus writes for an
// alerting rule.
func IsAlert(series labels.Labels) bool {
	name := series.Get(model.MetricNameLabel)
	return name == alertsName || name == stateName
}
