package noise

import (
	"slices"
	"strings"

	"github.com/prometheus/prometheus/model/labels"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

// A stretch is a time over which some instance fires, of those of one rule that
// are not told apart.
type stretch struct {
	history.Interval
	began bool // its beginning was seen
}

// stretches of episodes by key, in order. Those of one key neither overlap nor
// meet.
func (s *study) stretches(episodes []history.Episode, key func(instance int32) (string, bool)) map[string][]stretch {
	out := map[string][]stretch{}
	eachInstance(episodes, func(instance []history.Episode) {
		k, ok := key(instance[0].Instance)
		if !ok {
			return
		}
		for i := range instance {
			e := &instance[i]
			if f := s.covered.Firing(e); f.Start < f.End {
				out[k] = append(out[k], stretch{f, s.covered.Began(e)})
			}
		}
	})
	for k, list := range out {
		out[k] = join(list)
	}
	return out
}

// join stretches that overlap or meet. What begins with several began where all
// of them did.
func join(list []stretch) []stretch {
	slices.SortFunc(list, func(a, b stretch) int {
		switch {
		case a.Start != b.Start:
			return int(min(max(a.Start-b.Start, -1), 1))
		case a.began == b.began:
			return 0
		case b.began:
			return -1
		}
		return 1
	})
	out := list[:0]
	for _, x := range list {
		if n := len(out); n > 0 && x.Start <= out[n-1].End {
			out[n-1].End = max(out[n-1].End, x.End)
			continue
		}
		out = append(out, x)
	}
	return out
}

// variable are the names of the labels that all of a rule's instances have and
// that the rule does not set to one value by itself, ascending; alertname is
// none of them.
func (s *study) variable(rule int) []string {
	episodes, _ := s.Judged(s.rules[rule])
	var names []string
	first := true
	eachInstance(episodes, func(instance []history.Episode) {
		ls := s.Instances[instance[0].Instance]
		if first {
			ls.Range(func(l labels.Label) { names = append(names, l.Name) })
			first = false
			return
		}
		names = slices.DeleteFunc(names, func(name string) bool { return !ls.Has(name) })
	})
	for _, f := range s.rules[rule].StaticLabels() {
		if !strings.Contains(f.Value.Text(), "{{") {
			names = slices.DeleteFunc(names, func(name string) bool { return name == f.Key.Text() })
		}
	}
	return slices.DeleteFunc(names, func(name string) bool { return name == labels.AlertName })
}

// keyOf is the key of an instance by the values of labels.
func (s *study) keyOf(names []string) func(int32) (string, bool) {
	var b []byte
	return func(instance int32) (string, bool) {
		b = b[:0]
		for _, name := range names {
			b = append(append(b, s.Instances[instance].Get(name)...), 0xff)
		}
		return string(b), true
	}
}
