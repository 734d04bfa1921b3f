package report

import (
	"cmp"
	"fmt"
	"slices"
	"sort"

	"github.com/prometheus/prometheus/model/labels"

	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/analyze/report/page"
	"github.com/crywolf-dev/crywolf/rules"
)

// A timeline is bounded: what has more lanes or marks is drawn with neighbours
// as one, see docs/html.md.
const (
	mostLanes = 12  // instances by name; the others share a last lane
	mostMarks = 200 // in one lane
	mostDrawn = 800 // gaps of less than this part of the window cannot be seen
)

// timelineOf draws episodes, nil where there are none.
func (s *sheaf) timelineOf(episodes []history.Episode) *page.Timeline {
	if len(episodes) == 0 {
		return nil
	}
	h := s.Result.History
	w := h.Coverage.Window
	t := &page.Timeline{Start: w.Start, End: w.End, Gaps: gapsOf(h.Coverage)}
	by := map[int32][]history.Episode{}
	var instances []int32
	for _, e := range episodes {
		if by[e.Instance] == nil {
			instances = append(instances, e.Instance)
		}
		by[e.Instance] = append(by[e.Instance], e)
	}
	slices.SortStableFunc(instances, func(a, b int32) int {
		return cmp.Or(cmp.Compare(firingTime(by[b]), firingTime(by[a])), cmp.Compare(len(by[b]), len(by[a])))
	})
	named := instances
	if len(named) > mostLanes+1 {
		named = instances[:mostLanes]
	}
	common := commonLabels(h.Instances, instances)
	joined := 0
	lane := func(name string, es []history.Episode) {
		marks := marksOf(es, w)
		kept := thin(marks, (w.End-w.Start)/mostDrawn)
		joined += len(marks) - len(kept)
		for i, m := range kept {
			kept[i][0], kept[i][1] = (m[0]-w.Start)/1000, (m[1]-m[0])/1000
		}
		t.Lanes = append(t.Lanes, page.Lane{Name: name, Marks: kept})
	}
	for _, i := range named {
		lane(instanceName(h.Instances[i], common), by[i])
	}
	if rest := instances[len(named):]; len(rest) > 0 {
		var es []history.Episode
		for _, i := range rest {
			es = append(es, by[i]...)
		}
		lane(count(len(rest), "other instance"), es)
	}
	t.Says = fmt.Sprintf("%s of %s.", count(len(episodes), "episode"), count(len(instances), "instance"))
	if joined > 0 {
		t.Folds = "Those too close to be told apart are drawn as one."
	}
	return t
}

func firingTime(es []history.Episode) (ms int64) {
	for _, e := range es {
		if e.Fired() {
			ms += e.EndedAt - e.FiredAt
		}
	}
	return ms
}

// marksOf are the pending and the firing parts of episodes, within the window,
// in order of time.
func marksOf(es []history.Episode, w history.Interval) (out [][4]int64) {
	add := func(from, to, kind int64) {
		if from, to = max(from, w.Start), min(to, w.End); from < to || from == to && from < w.End {
			out = append(out, [4]int64{from, to, kind, 1})
		}
	}
	for _, e := range es {
		if !e.Fired() {
			add(e.ActiveAt, e.EndedAt, page.Pending)
			continue
		}
		if e.ActiveAt < e.FiredAt {
			add(e.ActiveAt, e.FiredAt, page.Pending)
		}
		add(e.FiredAt, e.EndedAt, page.Firing)
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i][0] < out[j][0] })
	return out
}

// thin joins marks of one kind that are no further apart than can be seen, and
// then than twice, four times… that, until there are few enough.
func thin(marks [][4]int64, apart int64) [][4]int64 {
	for ; ; apart *= 2 {
		var out [][4]int64
		last := [2]int{-1, -1} // of each kind, in out
		for _, m := range marks {
			if i := last[m[2]]; i >= 0 && m[0]-out[i][1] <= apart {
				out[i][1] = max(out[i][1], m[1])
				out[i][3] += m[3]
				continue
			}
			last[m[2]] = len(out)
			out = append(out, m)
		}
		if len(out) <= mostMarks || apart <= 0 {
			return out[:min(len(out), mostMarks)]
		}
		marks = out
	}
}

// commonLabels are the names of the labels that all instances have with one
// value, which tell none of them apart.
func commonLabels(all []labels.Labels, instances []int32) map[string]bool {
	common := map[string]bool{}
	all[instances[0]].Range(func(l labels.Label) { common[l.Name] = true })
	for _, i := range instances[1:] {
		for name := range common {
			if all[i].Get(name) != all[instances[0]].Get(name) {
				delete(common, name)
			}
		}
	}
	return common
}

// instanceName says what tells an instance from its siblings.
func instanceName(of labels.Labels, common map[string]bool) string {
	name := ""
	of.Range(func(l labels.Label) {
		if common[l.Name] || len(name) > mostShort {
			return
		}
		if name != "" {
			name += ", "
		}
		name += clip(sanitize(l.Name), 60) + "=" + bounded(l.Value, 60)
	})
	if name == "" {
		return "all"
	}
	return clip(name, mostShort)
}

// mostDays bounds the bars of a row: of a longer window the last days are
// drawn.
const mostDays = 62

// byDay counts the firings that began on each day of the window, UTC; -1 stands
// for a day without any data.
func (s *sheaf) byDay(rule *rules.Rule) []int {
	w := s.Result.History.Coverage.Window
	first := w.Start - w.Start%day
	first = max(first, w.End-w.End%day-(mostDays-1)*day)
	n := make([]int, (w.End-first+day-1)/day)
	for i := range n {
		from := first + int64(i)*day
		if s.noData(max(from, w.Start), min(from+day, w.End)) {
			n[i] = -1
		}
	}
	own, _ := s.Result.History.EpisodesOf(rule)
	for _, e := range own {
		if e.Fired() && e.FiredAt >= first && e.FiredAt < w.End {
			i := (e.FiredAt - first) / day
			n[i] = max(n[i], 0) + 1
		}
	}
	return n
}

// noData reports whether a gap takes in all of a span.
func (s *sheaf) noData(from, to int64) bool {
	return slices.ContainsFunc(s.Result.History.Coverage.Gaps, func(g history.Interval) bool { return g.Start <= from && g.End >= to })
}
