package e2e

import (
	"cmp"
	"maps"
	"slices"
)

// A Paint is a stretch in which one server had an alert active or firing. Ends
// belong to it.
type paint struct {
	from, to int64
	fired    int64 // 0: not
	end      string
}

// together makes episodes of what several servers tell of one instance: it is
// active while any of them says so. Slowly: each millisecond is looked at.
func (b *Bed) together(labels map[string]string, stretches []paint) (episodes []Episode) {
	origin := b.Since.UnixMilli()
	for _, s := range stretches {
		origin = min(origin, s.from)
	}
	active := make([]bool, b.Until.UnixMilli()-origin+2)
	for _, s := range stretches {
		for t := s.from; t <= s.to; t++ {
			active[t-origin] = true
		}
	}
	for i := 0; i < len(active); i++ {
		if !active[i] {
			continue
		}
		e := Episode{Labels: labels, ActiveAt: origin + int64(i), Start: "exact"}
		for ; active[i]; i++ { // the last is never painted
			e.EndedAt = origin + int64(i)
		}
		if e.ActiveAt < b.Since.UnixMilli() {
			e.Start = "before_window"
		}
		for _, s := range stretches {
			if s.from < e.ActiveAt || s.to > e.EndedAt {
				continue
			}
			if s.fired != 0 && (e.FiredAt == 0 || s.fired < e.FiredAt) {
				e.FiredAt = s.fired
			}
			if s.to == e.EndedAt && (e.End == "" || s.end == "resolved") {
				e.End = s.end
			}
		}
		episodes = append(episodes, e)
	}
	return episodes
}

// pair is what the data of several Prometheus tell together.
func (b *Bed) pair(truths ...*Truth) (all []Episode) {
	stretches, labels := map[string][]paint{}, map[string]map[string]string{}
	for _, tr := range truths {
		for _, e := range tr.Episodes(b.Script, b.Start.UnixMilli()) {
			id := identity(e.Labels)
			labels[id] = e.Labels
			stretches[id] = append(stretches[id], paint{e.ActiveAt, e.EndedAt, e.FiredAt, e.End})
		}
	}
	for _, id := range slices.Sorted(maps.Keys(stretches)) {
		all = append(all, b.together(labels[id], stretches[id])...)
	}
	return all
}

// sent is what an Alertmanager was told by several Prometheus: firings alone,
// and of one that started over after a restart a new one, as the sender knows
// no better. What a crash left unresolved lasts for as long as it was promised
// to, unless another resolves it.
func (b *Bed) sent(truths ...*Truth) (all []Episode) {
	stretches, labels := map[string][]paint{}, map[string]map[string]string{}
	for _, tr := range truths {
		for id, pieces := range tr.Pieces {
			for _, p := range pieces {
				if p.fired == 0 {
					continue
				}
				s := paint{p.fired, p.last, p.fired, "open"}
				if p.activeAt*1000 < tr.window[0] { // of the Watchdog alone, which fires at once
					s.from, s.fired = p.activeAt*1000, p.activeAt*1000
				}
				if p.marker != 0 {
					s.to, s.end = p.marker, "resolved"
				}
				labels[id] = tr.Labels[id]
				stretches[id] = append(stretches[id], s)
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(stretches)) {
		all = append(all, b.together(labels[id], stretches[id])...)
	}
	slices.SortStableFunc(all, func(a, b Episode) int { return cmp.Compare(identity(a.Labels), identity(b.Labels)) })
	return all
}
