package noise

import (
	"strings"

	"github.com/prometheus/prometheus/model/labels"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

// Muted is how much of a rule's firing told nobody, in covered time.
type Muted struct {
	FiringSeconds    float64 // of all instances added up
	SilencedSeconds  float64 // of that, under a silence
	InhibitedSeconds float64 // of that, inhibited by another alert
}

// SilencedRatio is the share of firing time under a silence; ok is false where
// there was none.
func (m *Muted) SilencedRatio() (share float64, ok bool) {
	return ratio(m.SilencedSeconds, m.FiringSeconds)
}

// InhibitedRatio is the share of firing time that was inhibited; ok is false
// where there was none.
func (m *Muted) InhibitedRatio() (share float64, ok bool) {
	return ratio(m.InhibitedSeconds, m.FiringSeconds)
}

// muted measures how much of each rule's firing told nobody.
func (s *study) muted() {
	if s.Knows&history.KnowsMutes == 0 {
		return
	}
	byRule := make([][]history.Mute, len(s.rules))
	for _, m := range s.Mutes {
		if r, ok := s.Rule(m.Instance); ok {
			byRule[r] = append(byRule[r], m)
		}
	}
	for i, r := range s.rules {
		episodes, _ := s.Judged(r)
		if len(episodes) > 0 {
			s.profile(i).Muted = s.mutedOf(episodes, byRule[i])
		}
	}
}

func (s *study) mutedOf(episodes []history.Episode, mutes []history.Mute) *Muted {
	out := &Muted{}
	kept := map[int32]*[2][]history.Interval{}
	as := s.namesakes(episodes, mutes)
	for _, m := range mutes {
		instance, ok := as(m.Instance)
		if !ok {
			continue
		}
		if kept[instance] == nil {
			kept[instance] = &[2][]history.Interval{}
		}
		kept[instance][m.Kind] = append(kept[instance][m.Kind], m.Interval)
	}
	seconds := func(set history.Intervals) float64 { return float64(set.Milliseconds()) / 1000 }
	eachInstance(episodes, func(instance []history.Episode) {
		var stretches []history.Interval
		for i := range instance {
			stretches = append(stretches, s.covered.Firing(&instance[i]))
		}
		firing := s.covered.Within(history.Union(stretches...))
		out.FiringSeconds += seconds(firing)
		if by := kept[instance[0].Instance]; by != nil {
			out.SilencedSeconds += seconds(firing.Intersect(history.Union(by[history.Silenced]...)))
			out.InhibitedSeconds += seconds(firing.Intersect(history.Union(by[history.Inhibited]...)))
		}
	})
	return out
}

// namesakes finds the instance with episodes that an instance of Alertmanager
// is: the same, or one without the labels that the server attached on the way.
// One that could be several is none.
func (s *study) namesakes(episodes []history.Episode, mutes []history.Mute) func(int32) (int32, bool) {
	own := map[int32]bool{}
	shapes := map[string][]string{} // sets of label names
	places := map[string]int32{}    // by those and the values
	key := func(of labels.Labels, names []string) string {
		var b strings.Builder
		for _, name := range names {
			b.WriteString(name + "\xff" + of.Get(name) + "\xff")
		}
		return b.String()
	}
	eachInstance(episodes, func(instance []history.Episode) {
		i := instance[0].Instance
		own[i] = true
		if len(mutes) == 0 {
			return
		}
		var names []string
		s.Instances[i].Range(func(l labels.Label) { names = append(names, l.Name) })
		shapes[strings.Join(names, "\xff")] = names
		places[key(s.Instances[i], names)] = i
	})
	return func(instance int32) (int32, bool) {
		if own[instance] {
			return instance, true
		}
		found, n := int32(0), 0
		for _, names := range shapes {
			if i, ok := places[key(s.Instances[instance], names)]; ok {
				found = i
				n++
			}
		}
		return found, n == 1
	}
}
