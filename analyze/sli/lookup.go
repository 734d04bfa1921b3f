package sli

import (
	"regexp/syntax"
	"strings"
	"sync"

	"github.com/grafana/regexp"
	"github.com/prometheus/prometheus/model/labels"
)

// row is a class made ready for matching.
type row struct {
	class
	name  *pattern
	needs []string // one of these occurs in every name that matches; nil where none has to
	value *pattern // nil unless the class has a label
}

// index holds, for each first byte of a name, the rows that can match it, in
// the order of the table. It is made when first asked for: a command that
// judges nothing shall not wait for it.
var index = sync.OnceValue(func() *[256][]*row { rows := compile(classes); return &rows })

func compile(table []class) (out [256][]*row) {
	for _, c := range table {
		re := parsed(c.names)
		r := &row{class: c, name: anchored(c.names), needs: required(re)}
		if c.label != "" {
			r.value = anchored(c.values)
		}
		starts := firstBytes(re)
		for b := range out {
			if starts[b] {
				out[b] = append(out[b], r)
			}
		}
	}
	return out
}

func parsed(re string) *syntax.Regexp {
	out, err := syntax.Parse(re, syntax.Perl)
	if err != nil {
		panic("sli: class table: " + err.Error())
	}
	return out.Simplify()
}

// A pattern is a regular expression that must match all of a text. It is
// compiled when first used, since most runs use few of them.
type pattern struct {
	compiled func() compiled
}

// compiled is an expression, and literals of which one occurs in whatever it
// matches: nil where that can't be said. Most names have none of them, which is
// cheaper to see.
type compiled struct {
	re    *regexp.Regexp
	needs []string
}

// MatchString reports whether the pattern matches all of s.
func (p *pattern) MatchString(s string) bool {
	c := p.compiled()
	return occur(c.needs, s) && c.re.MatchString(s)
}

// occur reports that one of the literals is in s, or that there are none to look
// for.
func occur(needs []string, s string) bool {
	for _, lit := range needs {
		if strings.Contains(s, lit) {
			return true
		}
	}
	return needs == nil
}

func anchored(re string) *pattern {
	return &pattern{sync.OnceValue(func() compiled {
		return compiled{regexp.MustCompile(whole(re)), required(parsed(re))}
	})}
}

// whole is an expression that matches all of a text where re matches it.
func whole(re string) string { return "^(?s:" + re + ")$" }

// lookup finds the class of a metric as selected by the matchers; nil is a
// metric of which nothing is known. Of a recorded name it asks for the part
// that by convention names the metric (level:metric:operations).
func (m *memo) lookup(name string, ms []*labels.Matcher) *row {
	if name == "" {
		return nil
	}
	if r := m.find(name, ms); r != nil || !strings.Contains(name, ":") {
		return r
	}
	parts := strings.Split(name, ":")
	for _, i := range []int{1, 0} {
		if len(parts[i]) > 0 {
			if r := m.find(parts[i], ms); r != nil {
				return r
			}
		}
	}
	return nil
}

// find goes through the rows that can match a name.
func (m *memo) find(name string, ms []*labels.Matcher) *row {
	for _, r := range m.rows(name) {
		if r.admits(ms) {
			return r
		}
	}
	return nil
}

// match reports that name matches the row's expression.
func (r *row) match(name string) bool { return r.may(name) && r.name.MatchString(name) }

// may is a cheap test that most rows fail for most names.
func (r *row) may(name string) bool { return occur(r.needs, name) }

// admits reports that the row's condition on a label holds.
func (r *row) admits(ms []*labels.Matcher) bool {
	if r.value == nil {
		return true
	}
	for _, m := range ms {
		if m.Name == r.label && positive(m) && every(m, r.value.MatchString) {
			return true
		}
	}
	return false
}

// firstBytes computes which bytes a match of re can begin with.
func firstBytes(re *syntax.Regexp) (set [256]bool) {
	if collectFirst(re, &set) {
		for b := range set { // it can be empty, or begin with what was not looked at
			set[b] = true
		}
	}
	return set
}

// collectFirst adds the first bytes of re to set and reports whether re can
// match the empty string.
func collectFirst(re *syntax.Regexp, set *[256]bool) bool {
	switch re.Op {
	case syntax.OpLiteral:
		if re.Rune[0] < 0x80 && re.Flags&syntax.FoldCase == 0 {
			set[re.Rune[0]] = true
			return false
		}
	case syntax.OpCharClass:
		if n := len(re.Rune); n > 0 && re.Rune[n-1] < 0x80 {
			for i := 0; i < len(re.Rune); i += 2 {
				for b := re.Rune[i]; b <= re.Rune[i+1]; b++ {
					set[b] = true
				}
			}
			return false
		}
	case syntax.OpCapture, syntax.OpPlus:
		return collectFirst(re.Sub[0], set)
	case syntax.OpStar, syntax.OpQuest:
		collectFirst(re.Sub[0], set)
		return true
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			if !collectFirst(sub, set) {
				return false
			}
		}
		return true
	case syntax.OpAlternate:
		empty := false
		for _, sub := range re.Sub {
			empty = collectFirst(sub, set) || empty
		}
		return empty
	case syntax.OpEmptyMatch:
		return true
	}
	for b := range set {
		set[b] = true
	}
	return false
}

// required returns literals of which at least one occurs in whatever matches
// re, nil where that can't be said.
func required(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpLiteral:
		if re.Flags&syntax.FoldCase == 0 {
			return []string{string(re.Rune)}
		}
	case syntax.OpCapture, syntax.OpPlus:
		return required(re.Sub[0])
	case syntax.OpConcat:
		var best []string
		for _, sub := range re.Sub {
			if lits := required(sub); selective(lits, best) {
				best = lits
			}
		}
		return best
	case syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			lits := required(sub)
			if lits == nil {
				return nil
			}
			all = append(all, lits...)
		}
		return all
	}
	return nil
}

// selective reports that a says more than b: its shortest literal is longer, or
// it has fewer of them.
func selective(a, b []string) bool {
	if a == nil || b == nil {
		return a != nil
	}
	if x, y := shortest(a), shortest(b); x != y {
		return x > y
	}
	return len(a) < len(b)
}

func shortest(lits []string) int {
	n := len(lits[0])
	for _, s := range lits {
		n = min(n, len(s))
	}
	return n
}
