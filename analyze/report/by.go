package report

import (
	"cmp"
	"slices"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/analyze/noise"
	"github.com/crywolf-dev/crywolf/analyze/score"
	"github.com/crywolf-dev/crywolf/rules"
	"github.com/crywolf-dev/crywolf/rules/tmpl"
)

// A labelGroup is what has one value of the label that --by names. An alert that
// gives the label by a template belongs to several.
type labelGroup struct {
	value string // "" for what lacks the label

	alerts  int // that are of it: by the rule's own labels, or by what fired
	firings int // begun in covered time
	pages   int
	score   float64 // mean over its firings, over its alerts where there are none
}

// by groups what alerts did by a label, the most firings first.
func by(r *Report) []labelGroup {
	label := r.By
	if label == "" {
		return nil
	}
	groups := map[string]*labelGroup{}
	scores := map[string][2]float64{} // over firings, over alerts
	of := func(value string) *labelGroup {
		if groups[value] == nil {
			groups[value] = &labelGroup{value: value}
		}
		return groups[value]
	}
	h := r.Result.History
	var covering history.Covering
	if h != nil {
		covering = h.Coverage.Covering()
	}
	for i := range r.Cards {
		c := &r.Cards[i]
		values := map[string]int{} // of firings
		if h != nil {
			own, _ := h.Judged(c.Alert.Rule)
			for k := range own {
				if covering.Began(&own[k]) {
					values[h.Instances[own[k].Instance].Get(label)]++
				}
			}
		}
		if len(values) == 0 {
			values[staticLabel(c.Alert.Rule, label)] = 0
		}
		for value, n := range values {
			g := of(value)
			g.alerts++
			g.firings += n
			sum := scores[value]
			sum[0] += float64(n * c.Score)
			sum[1] += float64(c.Score)
			scores[value] = sum
		}
	}
	pagesBy(r, label, of)
	out := make([]labelGroup, 0, len(groups))
	for value, g := range groups {
		switch {
		case g.firings > 0:
			g.score = scores[value][0] / float64(g.firings)
		case g.alerts > 0:
			g.score = scores[value][1] / float64(g.alerts)
		}
		out = append(out, *g)
	}
	slices.SortFunc(out, func(a, b labelGroup) int {
		return cmp.Or(cmp.Compare(b.firings, a.firings), cmp.Compare(b.pages, a.pages), cmp.Compare(b.alerts, a.alerts), cmp.Compare(a.value, b.value))
	})
	return out
}

// pagesBy counts pages by the values that are fresh in them.
func pagesBy(r *Report, label string, of func(string) *labelGroup) {
	h := r.Result.History
	if h == nil || h.Knows&history.KnowsNotifications == 0 {
		return
	}
	w := h.Coverage.Window
	for i := range h.Notifications {
		n := &h.Notifications[i]
		if !n.Calls() || n.At < w.Start || n.At >= w.End {
			continue
		}
		var seen []string
		for _, instance := range n.Fresh {
			if !wakes(r, instance) {
				continue
			}
			if v := h.Instances[instance].Get(label); !slices.Contains(seen, v) {
				seen = append(seen, v)
				of(v).pages++
			}
		}
	}
}

// wakes reports whether an instance is of alerts that page, whichever of its
// candidates it is of.
func wakes(r *Report, instance int32) bool {
	of := owners(r, instance)
	return len(of) > 0 && !slices.ContainsFunc(of, func(a *analyze.Alert) bool { return !r.Result.Wakes(a.Rule) })
}

// staticLabel is the value that a rule or its group gives a label, "" where it
// gives none, or one by a template.
func staticLabel(r *rules.Rule, label string) string {
	f, ok := r.Label(label)
	if !ok {
		return ""
	}
	if t, err := tmpl.Parse(f.Value.Text()); err != nil || !t.IsConstant() {
		return ""
	}
	return f.Value.Text()
}

type jsonBy struct {
	Label  string      `json:"label"`
	Groups []jsonGroup `json:"groups" doc:"the most firings first"`
}

type jsonGroup struct {
	Value   string  `json:"value" doc:"of the label; empty for what lacks it"`
	Alerts  int     `json:"alerts" doc:"that have the value, or fired with it"`
	Firings int     `json:"firings_begun" doc:"with the value, that began in covered time"`
	Pages   *int    `json:"pages,omitempty" doc:"in which something with the value is new; only where a source tells"`
	Score   float64 `json:"score" doc:"over its firings, out of 100; over its alerts where nothing fired"`
	Grade   string  `json:"grade" enum:"A,B,C,D,F"`
}

func groupingOf(r *Report) *jsonBy {
	if r.By == "" {
		return nil
	}
	out := &jsonBy{Label: r.By, Groups: []jsonGroup{}}
	for _, g := range by(r) {
		j := jsonGroup{Value: g.value, Alerts: g.alerts, Firings: g.firings, Score: figure(g.score), Grade: string(score.GradeOf(g.score))}
		if pagesKnown(r.Result.Noise) {
			j.Pages = &g.pages
		}
		out.Groups = append(out.Groups, j)
	}
	return out
}

func pagesKnown(n *noise.Noise) bool { return n != nil && n.Notices != nil }
