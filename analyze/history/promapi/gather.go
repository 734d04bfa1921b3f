package promapi

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

// alerts is the selector of what Prometheus writes for alerting rules.
var alerts = []*labels.Matcher{labels.MustNewMatcher(labels.MatchRegexp, model.MetricNameLabel, func() string {
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

// read reads one tenant's history.
func (s *server) read(ctx context.Context, window, asked history.Interval, progress func(done, total int)) (*history.History, error) {
	why, err := s.choose(ctx, asked.End)
	if err != nil {
		return nil, s.failed(ctx, "finding out how to read samples", err)
	}
	g := newGathering(window, s.way != byRange, s.options.ReplicaLabels)
	if why != nil {
		g.warn(s.noMarkers(why) + ", so that an end is known to one evaluation interval")
	}
	var up atomic.Bool // some evidence was found
	err = s.slices(ctx, asked, jobs{
		selectors: func(ctx context.Context, span history.Interval) ([][]*labels.Matcher, error) {
			found, err := s.evidence(ctx, span)
			if err != nil && verdictOf(err) == final && ctx.Err() == nil {
				g.warn(fmt.Sprintf("%s%s does not say which series of %s last (%v): when its rules were evaluated is known from alerts alone", s.shown, s.tenantNote(), history.EvidenceSelector, err))
				err = nil
			}
			if len(found) > 0 {
				up.Store(true)
			}
			return append([][]*labels.Matcher{alerts}, found...), err
		},
		take: g.take, progress: progress,
	})
	if err != nil {
		return nil, err
	}
	if !up.Load() && asked.Start < asked.End {
		g.warn(fmt.Sprintf("%s%s has no series of %s in the window: when its rules were evaluated is known from alerts alone", s.shown, s.tenantNote(), history.EvidenceSelector))
	}
	h, err := g.history()
	if err != nil {
		return nil, fmt.Errorf("%s%s: %w", s.shown, s.tenantNote(), err)
	}
	if h.Probed, err = s.probe(ctx, asked); err != nil {
		return nil, s.failed(ctx, "asking which metrics exist", err)
	}
	return h, nil
}

// noMarkers says that there is no remote read, and what follows.
func (s *server) noMarkers(why error) string {
	return fmt.Sprintf("%s%s has no remote read for us (%v): samples come by range selectors, without stale markers", s.shown, s.tenantNote(), why)
}
