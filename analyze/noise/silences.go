package noise

import (
	"slices"
	"strings"

	"github.com/prometheus/prometheus/model/labels"

	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/rules"
)

// A Silence is one that stands, and what it does.
type Silence struct {
	history.StandingSilence

	AgeSeconds float64 // at the window's end
	Old        bool    // its age is Options.SilenceStale or more
	Recreated  int     // how many silences of the same matchers and creator the source has, this one included

	Firings int           // in the window, of instances that it matches, whether they are a rule's or nobody's
	Rules   []*rules.Rule // whose instances they are, in the order of the rules
	Idle    bool          // it matches nothing that fired in the window

	// Unmatched tells that it matches no alert that any source saw, and that
	// Alertmanager's own log is among those.
	Unmatched bool
}

// maxMatching bounds how often a silence is held against an instance: beyond
// it, later silences are taken to be not idle.
const maxMatching = 50_000_000

// silences says what each standing silence does.
func (s *study) silences() {
	if s.Knows&history.KnowsSilences == 0 {
		return
	}
	var fired []int32
	firings := make([]int, len(s.Instances))
	for i := range s.Episodes {
		e := &s.Episodes[i]
		if f := s.covered.Firing(e); f.Start < f.End {
			if firings[e.Instance] == 0 {
				fired = append(fired, e.Instance)
			}
			firings[e.Instance]++
		}
	}
	byName := map[string][]int32{}
	for _, i := range fired {
		name := s.Instances[i].Get(labels.AlertName)
		byName[name] = append(byName[name], i)
	}
	same := map[string]int{}
	for i := range s.History.Silences {
		same[silenceKey(&s.History.Silences[i])]++
	}
	budget := maxMatching
	var bitten set
	for i := range s.History.Silences {
		standing := s.History.Silences[i]
		if standing.EndsAt <= s.Coverage.Window.End {
			continue // over
		}
		age := s.Coverage.Window.End - standing.StartsAt
		if age < 0 {
			continue // yet to come
		}
		out := Silence{
			StandingSilence: standing, AgeSeconds: float64(age) / 1000,
			Old: age >= s.o.SilenceStale.Milliseconds(), Recreated: same[silenceKey(&standing)],
		}
		among := fired
		for _, m := range standing.Matchers {
			if m.Name == labels.AlertName && m.Type == labels.MatchEqual {
				among = byName[m.Value]
			}
		}
		whole := len(among) <= budget
		among = among[:min(len(among), budget)]
		budget -= len(among)
		bitten.clear(len(s.rules))
		for _, instance := range among {
			if matches(standing.Matchers, s.Instances[instance]) {
				out.Firings += firings[instance]
				s.rulesOf([]int32{instance}, &bitten)
			}
		}
		out.Idle = whole && out.Firings == 0
		if out.Idle && s.Knows&history.KnowsMutes != 0 && len(s.Instances) <= budget {
			budget -= len(s.Instances)
			out.Unmatched = !slices.ContainsFunc(s.Instances, func(of labels.Labels) bool { return matches(standing.Matchers, of) })
		}
		slices.Sort(bitten.list)
		for _, r := range bitten.list {
			out.Rules = append(out.Rules, s.rules[r])
			p := s.profile(r)
			p.Silences = append(p.Silences, len(s.out.Silences))
		}
		s.out.Silences = append(s.out.Silences, out)
	}
}

func matches(ms []*labels.Matcher, of labels.Labels) bool {
	for _, m := range ms {
		if !m.Matches(of.Get(m.Name)) {
			return false
		}
	}
	return true
}

// silenceKey is the same of silences that someone made of the same matchers.
func silenceKey(s *history.StandingSilence) string {
	words := make([]string, 0, len(s.Matchers)+1)
	for _, m := range s.Matchers {
		words = append(words, m.String())
	}
	slices.Sort(words)
	return strings.Join(append(words, s.CreatedBy), "\xff")
}
