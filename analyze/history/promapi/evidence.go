package promapi

import (
	"context"
	"fmt"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

const (
	evidenceEach = 3  // series of up for each replica, as history.ReadTSDB takes for each block
	evidenceMost = 24 // for all of them
	evidenceAt   = 96 // instants at which the server looks which of them are there
)

// evidence selects the few series of up that are there at most of some instants
// of a span: those that show when the server was at work. Only these are read,
// be there ten thousand.
func (s *server) evidence(ctx context.Context, span history.Interval) (selectors [][]*labels.Matcher, err error) {
	length := span.End - span.Start
	step := max(length/evidenceAt, sliceLeast)
	by := make([]string, len(s.options.ReplicaLabels))
	for i, name := range s.options.ReplicaLabels {
		by[i] = fmt.Sprintf("%q", name)
		if plainLabel(name) {
			by[i] = name
		}
	}
	expr := fmt.Sprintf("topk by (%s) (%d, count_over_time(%s[%dms:%dms]))", strings.Join(by, ","), evidenceEach, history.EvidenceSelector, length, step)
	rs, err := s.query(ctx, expr, span.End-1, false)
	if err != nil {
		return nil, err
	}
	for _, r := range rs[:min(len(rs), evidenceMost)] {
		ms := []*labels.Matcher{labels.MustNewMatcher(labels.MatchEqual, model.MetricNameLabel, history.EvidenceSelector)}
		r.Metric.Range(func(l labels.Label) {
			if l.Name != model.MetricNameLabel {
				ms = append(ms, labels.MustNewMatcher(labels.MatchEqual, l.Name, l.Value))
			}
		})
		selectors = append(selectors, ms)
	}
	return selectors, nil
}

// plainLabel says whether a label's name needs no quotes.
func plainLabel(name string) bool {
	for i, c := range []byte(name) {
		if c != '_' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return name != ""
}
