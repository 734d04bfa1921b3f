package rules

import (
	"sync"
	"sync/atomic"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

const (
	// maxMatchers bounds how many are kept to be shared.
	maxMatchers = 10_000
	// maxKept is how much PromQL a set keeps parsed, in bytes of its text, in
	// memory some fifteen times as much: that of ten thousand usual rules.
	maxKept = 3 << 19
)

// shared is what the files of a set have in common while they are loaded.
type shared struct {
	// matchers has one of each regular expression: compiled they take
	// kilobytes, and rules ask for the same few over and over.
	mu       sync.Mutex
	matchers map[matcherKey]*labels.Matcher

	kept atomic.Int64 // bytes of expressions that stay parsed
}

type matcherKey struct {
	kind        labels.MatchType
	name, value string
}

// share replaces matchers of a selector that nobody else has seen yet by equal
// ones that are there already.
func (s *shared) share(vs *parser.VectorSelector) {
	for i, m := range vs.LabelMatchers {
		if m.Type == labels.MatchRegexp || m.Type == labels.MatchNotRegexp {
			vs.LabelMatchers[i] = s.one(m)
		}
	}
}

func (s *shared) one(m *labels.Matcher) *labels.Matcher {
	key := matcherKey{m.Type, m.Name, m.Value}
	s.mu.Lock()
	defer s.mu.Unlock()
	if kept := s.matchers[key]; kept != nil {
		return kept
	}
	if len(s.matchers) < maxMatchers {
		if s.matchers == nil {
			s.matchers = map[matcherKey]*labels.Matcher{}
		}
		s.matchers[key] = m
	}
	return m
}

// drop lets go of the parsed expressions of a file's alerts, if enough are kept
// already. Those of recording rules stay, since others ask for them.
func (s *shared) drop(f *File) {
	if s == nil {
		return
	}
	for _, g := range f.Groups {
		for _, r := range g.Rules {
			if r.expr == nil || r.Kind == Recording {
				continue
			}
			if s.kept.Add(int64(len(r.ExprField.Value.Text))) > maxKept {
				r.expr, r.dropped = nil, true
			}
		}
	}
}
