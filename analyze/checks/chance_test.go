package checks_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/model/labels"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/checks"
	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/rules"
)

// TestChanceFindsNothing: of many alerts that fire now and then, each by
// itself, on a few instances, nothing is said of how they fire together, in
// storms, in spells or at night.
func TestChanceFindsNothing(t *testing.T) {
	const (
		alerts = 150
		minute = int64(60_000)
		month  = 30 * 24 * 60 // minutes
	)
	var text strings.Builder
	text.WriteString("groups:\n- name: g\n  rules:\n")
	for i := range alerts {
		fmt.Fprintf(&text, "  - alert: A%d\n    expr: m%d > 1\n    for: 5m\n    labels: {severity: page}\n    annotations: {summary: \"{{ $labels.instance }}\"}\n", i, i)
	}
	set := rules.NewSet([]*rules.File{rules.Parse("a.yaml", []byte(text.String()), rules.Options{Named: true})})
	for seed := range uint64(3) {
		rnd := rand.New(rand.NewPCG(seed, 11))
		h := &history.History{Knows: history.KnowsPending}
		h.Coverage.Window = history.Interval{Start: 1_700_000_000_000, End: 1_700_000_000_000 + month*minute}
		for i := range alerts {
			often := 60 + rnd.ExpFloat64()*40*60 // minutes between firings, in the mean
			for k := range 1 + rnd.IntN(4) {
				h.Instances = append(h.Instances, labels.FromStrings("alertname", fmt.Sprint("A", i), "severity", "page", "instance", fmt.Sprint("i", k)))
				for at := rnd.ExpFloat64() * often; at < month-100; {
					from := h.Coverage.Window.Start + int64(at)*minute
					length := 6 + rnd.ExpFloat64()*30
					h.Episodes = append(h.Episodes, history.Episode{
						Instance: int32(len(h.Instances) - 1), ActiveAt: from, FiredAt: from + 5*minute, EndedAt: from + int64(length+5)*minute,
					})
					at += length + 10 + rnd.ExpFloat64()*often
				}
			}
		}
		facts := analyze.NewFacts(set, analyze.Settings{})
		facts.History = history.NewReview(set.Alerts(), h, history.ProbesOf(nil))
		facts.Noise = facts.StudyNoise(facts.History)
		res, err := analyze.Run(t.Context(), facts, analyze.Options{Checks: checks.All()})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range res.Findings {
			switch f.Check {
			case "quiet/storm", "quiet/off-hours", "unique/co-firing", "unique/cascade":
				t.Errorf("seed %d: %s: %s %v", seed, f.Check, f.Message, f.Evidence)
			case "quiet/flapping":
				// What fires about every hour and a half comes back within the hour.
				if m := facts.History.Measures(f.Rule); float64(m.Refires) < 0.3*float64(m.FiringsBegun) {
					t.Errorf("seed %d: %s: %s %v", seed, f.Check, f.Message, f.Evidence)
				}
			}
		}
	}
}
