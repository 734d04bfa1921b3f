package promapi

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/prometheus/prometheus/model/labels"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

// alerts is the selector of what Prometheus writes for alerting rules.
var alerts = []*labels.Matcher{labels.MustNewMatcher(labels.MatchRegexp, labels.MetricName, func() string {
	names := history.AlertSelectors()
	for i, n := range names {
		names[i] = regexp.QuoteMeta(n)
	}
	return strings.Join(names, "|")
}())}

// A gathering collects what the slices bring, apart for each replica.
type gathering struct {
	window   history.Interval
	markers  bool
	replicas []string // labels

	mu       sync.Mutex
	warnings []string
	each     map[string]*replica // by the values of the labels
	builder  labels.Builder
}

// replicasMost is the most servers that are believed to evaluate the same rules.
const replicasMost = 64

type replica struct {
	*history.Collector
	evidence map[string]*history.Column // by labels
}

func newGathering(window history.Interval, markers bool, replicas []string) *gathering {
	return &gathering{window: window, markers: markers, replicas: replicas, each: map[string]*replica{}}
}

// warn adds a warning once.
func (g *gathering) warn(text string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !slices.Contains(g.warnings, text) {
		g.warnings = append(g.warnings, text)
	}
}

// take takes parts in, which must lie after those before. It is called by one
// at a time.
func (g *gathering) take(parts []part) error {
	for _, p := range parts {
		r, l, err := g.of(p.labels)
		if err != nil {
			return err
		}
		var col *history.Column
		if history.IsAlert(l) {
			col = r.Alert(l)
		} else {
			col = r.seen(l)
		}
		if col == nil {
			continue // an alertstate that nobody knows
		}
		if err := p.appendTo(col); err != nil {
			return err
		}
	}
	return nil
}

// of returns the replica of a series, and the series' labels without what tells
// replicas apart.
func (g *gathering) of(l labels.Labels) (*replica, labels.Labels, error) {
	var key strings.Builder
	for _, name := range g.replicas {
		fmt.Fprintf(&key, "%q,", l.Get(name))
	}
	r := g.each[key.String()]
	if r == nil {
		if len(g.each) == replicasMost {
			return nil, l, fmt.Errorf("%s %s more than %d values among alerts; expected the label that tells the servers of a pair apart",
				strings.Join(g.replicas, ", "), map[bool]string{true: "has", false: "have"}[len(g.replicas) == 1], replicasMost)
		}
		r = &replica{history.NewCollector(g.window, g.markers), map[string]*history.Column{}}
		g.each[key.String()] = r
	}
	if len(g.replicas) > 0 {
		g.builder.Reset(l)
		l = g.builder.Del(g.replicas...).Labels()
	}
	return r, l, nil
}

func (r *replica) seen(l labels.Labels) *history.Column {
	key := l.String()
	if r.evidence[key] == nil {
		r.evidence[key] = r.Evidence()
	}
	return r.evidence[key]
}

// history of what was gathered.
func (g *gathering) history() (*history.History, error) {
	if len(g.each) == 0 {
		if _, _, err := g.of(labels.EmptyLabels()); err != nil {
			return nil, err
		}
	}
	var keys []string
	for k := range g.each {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	var hs []*history.History
	for _, k := range keys {
		hs = append(hs, g.each[k].History())
	}
	h := history.Merge(hs...)
	slices.Sort(g.warnings) // slices are not done in order
	h.Warnings = append(h.Warnings, g.warnings...)
	return h, nil
}
