package noise

import (
	"cmp"
	"slices"

	"github.com/prometheus/prometheus/model/labels"

	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/rules"
)

// A study is the work of Study.
type study struct {
	*history.Review
	o       *Options
	covered history.Covering
	rules   []*rules.Rule
	urgent  []bool // by rule

	begun []int // by instance: firings that began
	out   *Noise
}

// A begin is where something began that those on call may have noticed.
type begin struct {
	at       int64
	instance int32
}

// byTime orders begins by time, and those of one time by instance.
func byTime(a, b begin) int {
	if a.at != b.at {
		return cmp.Compare(a.at, b.at)
	}
	return cmp.Compare(a.instance, b.instance)
}

func newStudy(r *history.Review, rs []*rules.Rule, urgent func(*rules.Rule) bool, o Options) *study {
	s := &study{
		Review: r, o: &o, covered: r.Coverage.Covering(), rules: rs,
		urgent: make([]bool, len(rs)), begun: make([]int, len(r.Instances)),
		out: &Noise{
			Options: o, Knows: r.Knows, Window: r.Coverage.Window, profiles: map[*rules.Rule]*Profile{},
			CoveredSeconds: float64(r.Coverage.Covered().Milliseconds()) / 1000,
		},
	}
	for i, rule := range rs {
		s.urgent[i] = urgent(rule)
	}
	return s
}

// wakes reports whether an instance is of an urgent rule, whichever of its
// candidates it is of.
func (s *study) wakes(instance int32) bool {
	candidates := s.Candidates(instance)
	for _, i := range candidates {
		if !s.urgent[i] {
			return false
		}
	}
	return len(candidates) > 0
}

// ours reports whether an instance is of a rule, be it known of which or not.
func (s *study) ours(instance int32) bool { return len(s.Candidates(instance)) > 0 }

// is reports whether a rule was at a time what it is now.
func (s *study) is(rule int, at int64) bool {
	since, changed := s.Changed(s.rules[rule])
	return !changed || at >= since
}

// profile of a rule, made when first asked for.
func (s *study) profile(i int) *Profile {
	r := s.rules[i]
	p := s.out.profiles[r]
	if p == nil {
		p = newProfile(r, s.Knows)
		p.Urgent = s.urgent[i]
		s.out.profiles[r] = p
	}
	return p
}

// firings measures what firings amount to, of each rule and of all.
func (s *study) firings() {
	var (
		all   weekCount
		woke  hourCount
		loud  []begin // firings that wake
		total int
	)
	weeks := weeksOf(s.Coverage.Window)
	for i := range s.Episodes {
		e := &s.Episodes[i]
		if !s.covered.Began(e) {
			continue
		}
		s.begun[e.Instance]++
		if !s.ours(e.Instance) {
			continue
		}
		total++
		all.add(weeks, e.FiredAt)
		if s.wakes(e.Instance) {
			woke.add(&s.o.Hours, e.FiredAt)
			loud = append(loud, begin{e.FiredAt, e.Instance})
		}
	}
	s.out.Hours = woke.finish(s.o)
	s.out.Trend = all.trend(weeks, s.covered, s.o)
	s.load(loud)
	var instances []int32
	for i := range s.Instances {
		if s.ours(int32(i)) {
			instances = append(instances, int32(i))
		}
	}
	s.out.Labels = s.concentrations(instances, func(instance int32) int { return s.begun[instance] })
	for i := range s.rules {
		s.firingsOf(i, total)
	}
	slices.SortStableFunc(s.out.Rules, func(a, b RuleShare) int { return cmp.Compare(b.Firings, a.Firings) })
}

// firingsOf measures one rule.
func (s *study) firingsOf(i, total int) {
	episodes, doubtful := s.Judged(s.rules[i])
	if len(episodes) == 0 {
		return
	}
	p := s.profile(i)
	var (
		hours     hourCount
		weekly    weekCount
		instances []int32
		begins    = make([]begin, 0, len(episodes))
		begun     = map[int32]int{}
	)
	weeks := weeksOf(s.Coverage.Window)
	for k := range episodes {
		e := &episodes[k]
		if n := len(instances); n == 0 || instances[n-1] != e.Instance {
			instances = append(instances, e.Instance)
		}
		if s.covered.Began(e) {
			p.Firings++
			begun[e.Instance]++
			hours.add(&s.o.Hours, e.FiredAt)
			weekly.add(weeks, e.FiredAt)
			begins = append(begins, begin{e.FiredAt, e.Instance})
		}
	}
	if p.Firings > 0 {
		share, _ := ratio(p.Firings, total)
		s.out.Rules = append(s.out.Rules, RuleShare{Rule: p.Rule, Firings: p.Firings, Ratio: share})
	}
	p.Hours = hours.finish(s.o)
	p.Trend = weekly.trend(weeks, s.coveredFor(i), s.o)
	p.Flaps = s.flaps(episodes)
	p.Storms = s.storms(begins)
	p.Labels = s.concentrations(instances, func(instance int32) int { return begun[instance] })
	if len(doubtful) == 0 {
		p.For = s.forCurve(p.Rule, episodes)
		p.Keep = s.keepCurve(p.Rule, episodes)
	}
}

// coveredFor is what was covered of the time by which a rule is judged.
func (s *study) coveredFor(rule int) history.Covering {
	if _, changed := s.Changed(s.rules[rule]); changed {
		return s.CoverageOf(s.rules[rule]).Covering()
	}
	return s.covered
}

// eachInstance calls f with the episodes of each instance in turn.
func eachInstance(episodes []history.Episode, f func([]history.Episode)) {
	for len(episodes) > 0 {
		n := 1
		for n < len(episodes) && episodes[n].Instance == episodes[0].Instance {
			n++
		}
		f(episodes[:n])
		episodes = episodes[n:]
	}
}

// concentrations of the firings of instances, by the labels whose values
// differ among those that fired.
func (s *study) concentrations(instances []int32, begun func(int32) int) []Concentration {
	byLabel := map[string]map[string]int{}
	for _, i := range instances {
		n := begun(i)
		if n == 0 {
			continue
		}
		s.Instances[i].Range(func(l labels.Label) {
			values := byLabel[l.Name]
			if values == nil {
				values = map[string]int{}
				byLabel[l.Name] = values
			}
			values[l.Value] += n
		})
	}
	var out []Concentration
	for name, values := range byLabel {
		if len(values) < 2 || name == labels.AlertName {
			continue
		}
		c := Concentration{Label: name, Distinct: len(values)}
		for value, n := range values {
			c.Firings += n
			c.Top = append(c.Top, ValueShare{Value: value, Firings: n})
		}
		slices.SortFunc(c.Top, func(a, b ValueShare) int {
			return cmp.Or(cmp.Compare(b.Firings, a.Firings), cmp.Compare(a.Value, b.Value))
		})
		c.Top = slices.Clone(c.Top[:min(len(c.Top), s.o.TopValues)])
		for k := range c.Top {
			c.Top[k].Ratio, _ = ratio(c.Top[k].Firings, c.Firings)
		}
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b Concentration) int {
		return cmp.Or(cmp.Compare(b.Top[0].Ratio, a.Top[0].Ratio), cmp.Compare(a.Label, b.Label))
	})
	return out
}
