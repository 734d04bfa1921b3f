package checks_test

import (
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
// unless given. A firing begins when its condition does.
func scriptedHistory(t *testing.T, text string, set *rules.Set) *history.Review {
	t.Helper()
	h := &history.History{}
	h.Coverage.Window = history.Interval{Start: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()}
	start := h.Coverage.Window.Start
	absent := map[string]bool{}
	instance := map[string]int32{}
	for _, line := range strings.Split(text, "\n") {
		words := strings.Fields(line)
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		switch words[0] {
		case "window":
			h.Coverage.Window.End = start + millis(t, words[1])
			continue
		case "fails", "unseen":
			continue // see scriptedImpact
		case "missing":
			absent[words[1]] = true
			continue
		}
		metric, script, _ := strings.Cut(line, "} ")
		metric += "}"
		if _, known := instance[metric]; !known {
			ls, err := parser.NewParser(parser.Options{}).ParseMetric(metric)
			if err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			b := labels.NewBuilder(ls)
			b.Set("alertname", ls.Get(model.MetricNameLabel)).Del(model.MetricNameLabel)
			instance[metric] = int32(len(h.Instances))
			h.Instances = append(h.Instances, b.Labels())
		}
		var from, every, length int64
		times, end := 1, history.EndResolved
		words = strings.Fields(script)
		for i := 0; i < len(words); i++ {
			switch words[i] {
			case "from":
				from = millis(t, words[i+1])
			case "every":
				every = millis(t, words[i+1])
				times = int((h.Coverage.Window.End - start - from) / every)
			case "for":
				length = millis(t, words[i+1])
			case "times":
				times, _ = strconv.Atoi(words[i+1])
			case "open":
				end = history.EndOpen
				continue
			default:
				t.Fatalf("%s: %q is no word of the script", line, words[i])
			}
			i++
		}
		for n := range int64(times) {
			at := start + from + n*every
			h.Episodes = append(h.Episodes, history.Episode{Instance: instance[metric], End: end, ActiveAt: at, FiredAt: at, EndedAt: at + length})
		}
	}
	slices.SortStableFunc(h.Episodes, func(a, b history.Episode) int { return int(a.Instance - b.Instance) })
	probes := history.ProbesOf(set.Alerts())
	for _, matchers := range probes.Matchers() {
		exists := true
		for _, m := range matchers {
			exists = exists && !(m.Name == model.MetricNameLabel && absent[m.Value])
		}
		h.Probed = append(h.Probed, exists)
	}
	return history.NewReview(set.Alerts(), h, probes)
}

func millis(t *testing.T, s string) int64 {
	t.Helper()
	d, err := model.ParseDuration(s)
	if err != nil {
		t.Fatal(err)
	}
	return time.Duration(d).Milliseconds()
}
