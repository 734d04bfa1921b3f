package report

import (
	"time"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/analyze/report/page"
	"github.com/crywolf-dev/crywolf/rules"
)

// All that the page takes from measures of noise is taken here.

type noise struct {
	load    *page.Load
	figures []page.Figure
}

const (
	day   = 24 * 60 * 60 * 1000 // milliseconds
	shift = day / 2
)

func noiseOf(s *sheaf) noise {
	h := s.Result.History
	if h == nil {
		return noise{}
	}
	w := h.Coverage.Window
	first := w.Start - mod(w.Start-8*60*60*1000, shift)
	l := &page.Load{Noun: "firings of paging alerts", Parts: []string{"firings"}, Most: 2}
	n := make([]int, (w.End-first+shift-1)/shift)
	for _, a := range s.all.alerts {
		if a.card.Alert.Urgency != analyze.UrgencyPage {
			continue
		}
		own, _ := h.EpisodesOf(a.card.Alert.Rule)
		for _, e := range own {
			if e.Fired() && e.FiredAt >= first && e.FiredAt < w.End {
				n[(e.FiredAt-first)/shift]++
			}
		}
	}
	for i := range n {
		start := first + int64(i)*shift
		l.Shifts = append(l.Shifts, page.Shift{Start: start, Name: moment(start), Parts: []int{n[i]}, Known: true})
	}
	l.Says = "As seen."
	return noise{load: l}
}

func mod(a, b int64) int64 { return ((a % b) + b) % b }

// heatOf is when in the week a rule's firings began, nil where none did.
func (s *sheaf) heatOf(rule *rules.Rule) *page.Heat {
	own, _ := s.Result.History.EpisodesOf(rule)
	heat := &page.Heat{Noun: "firings", Hours: make([]int, 168)}
	for _, e := range own {
		if e.Fired() {
			t := time.UnixMilli(e.FiredAt).UTC()
			heat.Hours[(int(t.Weekday())+6)%7*24+t.Hour()]++
		}
	}
	return heat
}

func (s *sheaf) curveOf(rule *rules.Rule) *page.Curve { return nil }

func (s *sheaf) partnersOf(rule *rules.Rule) []page.Partner { return nil }

var _ = history.NoTime
