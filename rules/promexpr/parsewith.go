package promexpr

import (
	"sort"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// A MakeMatcher makes a matcher of a regular expression, or has one at hand.
type MakeMatcher func(kind labels.MatchType, name, value string) (*labels.Matcher, error)

// ParseWith parses as Parse does, and has the matchers of regular expressions
// made by regexp. The parser by itself compiles each anew, which takes a good
// part of its time and memory where many rules ask for the same few.
func ParseWith(s string, regexp MakeMatcher) (parser.Expr, error) {
	ops := matchOps(s)
	plain, found := []byte(nil), 0
	for _, op := range ops {
		if s[op+1] != '~' {
			continue
		}
		if found++; plain == nil {
			plain = []byte(s)
		}
		// An operator of the same length, so that every position stays.
		if plain[op+1] = ' '; s[op] == '!' {
			plain[op+1] = '='
		}
	}
	if found == 0 {
		return Parse(s)
	}
	// Whatever is odd is left to the parser alone, errors above all.
	e, err := Parse(string(plain))
	if err != nil || !restore(e, s, ops, found, regexp) {
		return Parse(s)
	}
	return e, nil
}

// matchOps are the places of what looks like a matcher's operator: a = or !
// between braces.
func matchOps(s string) (ops []int) {
	inside := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '#':
			for i < len(s) && s[i] != '\n' {
				i++
			}
		case '"', '\'', '`':
			for i++; i < len(s) && s[i] != c; i++ {
				if s[i] == '\\' && c != '`' {
					i++
				}
			}
		case '{', '}':
			inside = c == '{'
		case '=', '!':
			if inside && i+1 < len(s) {
				ops = append(ops, i)
				if s[i+1] == '=' { // of "!="
					i++
				}
			}
		}
	}
	return ops
}

// restore gives the expression the matchers that ParseWith took out of it. It
// reports whether all were found where they must be.
func restore(e parser.Expr, s string, ops []int, want int, regexp MakeMatcher) bool {
	ok := true
	EachSelector(e, func(vs *parser.VectorSelector) {
		start, end := int(vs.PosRange.Start), int(vs.PosRange.End)
		from := sort.SearchInts(ops, start)
		own := ops[from:sort.SearchInts(ops, end)]
		matchers := vs.LabelMatchers
		if vs.Name != "" { // of which the parser makes the last
			matchers = matchers[:len(matchers)-1]
		}
		if len(matchers) != len(own) { // a name in quotes, between the braces
			ok = false
			return
		}
		nonEmpty := vs.Name != ""
		for i, op := range own {
			m := matchers[i]
			if s[op+1] == '~' {
				kind := labels.MatchRegexp
				if s[op] == '!' {
					kind = labels.MatchNotRegexp
				}
				var err error
				if m, err = regexp(kind, m.Name, m.Value); err != nil {
					ok = false
					return
				}
				matchers[i] = m
				want--
			}
			nonEmpty = nonEmpty || !m.Matches("")
		}
		ok = ok && nonEmpty
	})
	return ok && want == 0
}
