package checks_test

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/rules"
)

// scriptedHistory reads what alerts did from a few lines:
//
//	window 30d
//	missing some_metric
//	SearchSlow{severity="page"} from 1h every 6h for 3m times 100
//	SearchSlow{severity="page"} from 1h for 25d open
//
// Without "every" an alert fires once; "times" is as often as the window holds
// unless given. A firing begins when its condition does. What Alertmanager and
// a pager know of it is only known where some line says so; see noted.
func scriptedHistory(t *testing.T, text string, set *rules.Set) *history.Review {
	t.Helper()
	s := &script{t: t, instance: map[string]int32{}, h: &history.History{Knows: history.KnowsPending}}
	h := s.h
	h.Coverage.Window = history.Interval{Start: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()}
	absent := map[string]bool{}
	for _, line := range strings.Split(text, "\n") {
		s.line = line
		words := strings.Fields(line)
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		switch words[0] {
		case "window":
			h.Coverage.Window.End = h.Coverage.Window.Start + millis(t, words[1])
			continue
		case "fails", "unseen":
			continue // see scriptedImpact
		case "missing":
			absent[words[1]] = true
			continue
		}
		if s.noted(words[0]) {
			continue
		}
		instance, rest := s.metric(line)
		at, more := s.times(rest)
		length, end := int64(0), history.EndResolved
		for i := 0; i < len(more); i++ {
			switch more[i] {
			case "for":
				i++
				length = millis(t, more[i])
			case "open":
				end = history.EndOpen
			default:
				t.Fatalf("%s: %q is no word of the script", line, more[i])
			}
		}
		for _, at := range at {
			h.Episodes = append(h.Episodes, history.Episode{Instance: instance, End: end, ActiveAt: at, FiredAt: at, EndedAt: at + length})
		}
	}
	slices.SortStableFunc(h.Episodes, func(a, b history.Episode) int {
		return cmp.Or(cmp.Compare(a.Instance, b.Instance), cmp.Compare(a.ActiveAt, b.ActiveAt))
	})
	slices.SortStableFunc(h.Notifications, func(a, b history.Notification) int { return cmp.Compare(a.At, b.At) })
	slices.SortStableFunc(h.Responses, func(a, b history.Response) int { return cmp.Compare(a.TriggeredAt, b.TriggeredAt) })
	probes := history.ProbesOf(set.Rules())
	for _, matchers := range probes.Matchers() {
		exists := true
		for _, m := range matchers {
			exists = exists && !(m.Name == model.MetricNameLabel && absent[m.Value])
		}
		h.Probed = append(h.Probed, exists)
	}
	return history.NewReview(set.Alerts(), h, probes)
}

// A script is a history as far as it was read.
type script struct {
	t        *testing.T
	h        *history.History
	instance map[string]int32
	line     string
}

// metric is the instance that a text begins with, and what follows.
func (s *script) metric(text string) (instance int32, rest string) {
	s.t.Helper()
	metric, rest, _ := strings.Cut(text, "} ")
	metric += "}"
	if at, known := s.instance[metric]; known {
		return at, rest
	}
	ls, err := parser.NewParser(parser.Options{}).ParseMetric(metric)
	if err != nil {
		s.t.Fatalf("%s: %v", s.line, err)
	}
	b := labels.NewBuilder(ls)
	b.Set("alertname", ls.Get(model.MetricNameLabel)).Del(model.MetricNameLabel)
	at := int32(len(s.h.Instances))
	s.instance[metric] = at
	s.h.Instances = append(s.h.Instances, b.Labels())
	return at, rest
}

// times reads "from", "every" and "times", and returns the words that are left.
func (s *script) times(text string) (at []int64, rest []string) {
	s.t.Helper()
	w := s.h.Coverage.Window
	var from, every int64
	n := 1
	words := strings.Fields(text)
	for i := 0; i < len(words); i++ {
		switch words[i] {
		case "from":
			i++
			from = millis(s.t, words[i])
		case "every":
			i++
			every = millis(s.t, words[i])
			n = int((w.End - w.Start - from) / every)
		case "times":
			i++
			n, _ = strconv.Atoi(words[i])
		default:
			rest = append(rest, words[i])
		}
	}
	for k := range int64(n) {
		at = append(at, w.Start+from+k*every)
	}
	return at, rest
}

func millis(t *testing.T, s string) int64 {
	t.Helper()
	d, err := model.ParseDuration(s)
	if err != nil {
		t.Fatal(err)
	}
	return time.Duration(d).Milliseconds()
}
