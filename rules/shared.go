package rules

import (
	"strings"
	"sync"
	"sync/atomic"

	"github.com/prometheus/prometheus/model/labels"

	"github.com/crywolf-dev/crywolf/rules/promexpr"
)

// maxKept is how much PromQL a set keeps parsed, in bytes of its text, in
// memory some fifteen times as much: that of ten thousand usual rules.
const maxKept = 3 << 19

// shared is what the files of a set have in common while they are loaded.
type shared struct {
	matchers matcherPool
	kept     atomic.Int64 // bytes of expressions that stay parsed
}

func (s *shared) pool() *matcherPool {
	if s == nil {
		return nil
	}
	return &s.matchers
}

// pack lets go of the parsed expressions of a file's alerts, if enough are kept
// already. Those of recording rules stay, since others ask for them.
func (s *shared) pack(f *File) {
	if s == nil {
		return
	}
	size := 0
	for _, g := range f.Groups {
		for _, r := range g.Rules {
			if r.expr != nil && r.Kind == Alerting {
				size += len(r.ExprField.Value.Text())
			}
		}
	}
	if s.kept.Add(int64(size)) > maxKept {
		f.pack()
	}
}

// settle packs those of all files where some are.
func (s *shared) settle(files []*File) {
	if s.kept.Load() > maxKept {
		for _, f := range files {
			f.pack()
		}
	}
}

func (f *File) pack() {
	texts := slab{size: len(f.Source)}
	var packed []byte
	for _, g := range f.Groups {
		for _, r := range g.Rules {
			if r.expr == nil || r.Kind != Alerting {
				continue
			}
			var ok bool
			if packed, ok = promexpr.Pack(packed[:0], r.expr, r.ExprField.Value.Text()); ok {
				r.packed = texts.keep(string(packed))
			}
			r.expr, r.dropped = nil, true
		}
	}
}

// maxMatchers bounds how many are kept to be shared.
const maxMatchers = 10_000

// A matcherPool has one matcher of each regular expression that is met with
// again: compiled they take kilobytes, and rules ask for the same few over and
// over. It is safe for concurrent use.
type matcherPool struct {
	mu   sync.Mutex
	kept map[matcherKey]*labels.Matcher // nil where it was met with once
}

type matcherKey struct {
	kind        labels.MatchType
	name, value string
}

// compile returns the pool's matcher, or makes one. Those that are asked for
// again stay.
func (p *matcherPool) compile(kind labels.MatchType, name, value string) (*labels.Matcher, error) {
	key := matcherKey{kind, name, value}
	p.mu.Lock()
	m, seen := p.kept[key]
	p.mu.Unlock()
	if m != nil {
		return m, nil
	}
	// What stays must not keep the text alive that it was read from.
	key.name, key.value = strings.Clone(name), strings.Clone(value)
	m, err := labels.NewMatcher(kind, key.name, key.value)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case seen:
		p.kept[key] = m
	case len(p.kept) < maxMatchers:
		if p.kept == nil {
			p.kept = map[matcherKey]*labels.Matcher{}
		}
		p.kept[key] = nil
	}
	return m, nil
}

// make is a matcher of an expression that parsed before.
func (p *matcherPool) make(kind labels.MatchType, name, value string) *labels.Matcher {
	if kind == labels.MatchRegexp || kind == labels.MatchNotRegexp {
		p.mu.Lock()
		m := p.kept[matcherKey{kind, name, value}]
		p.mu.Unlock()
		if m != nil {
			return m
		}
	}
	return labels.MustNewMatcher(kind, name, value)
}
