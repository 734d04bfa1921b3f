package budget

import (
	"slices"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"github.com/crywolf-dev/crywolf/rules/promexpr"
)

// A sum is of rates, or of increases, over one window: events.
type sum struct {
	terms  []term
	scale  float64
	window time.Duration
	fn     string // rate or increase
	by     string // what it is grouped by, "each" where it is not summed up
	gated  bool   // it is only there, or only right, with some traffic
}

// A term is a counter of events.
type term struct {
	negative bool
	name     string
	matchers []*labels.Matcher // but that of the name
}

func (t term) text() string {
	return promexpr.Canonical(&parser.VectorSelector{Name: t.name, LabelMatchers: append([]*labels.Matcher{
		labels.MustNewMatcher(labels.MatchEqual, model.MetricNameLabel, t.name)}, t.matchers...)})
}

// same reports that two terms count the same events.
func (t term) same(o term) bool { return t.text() == o.text() }

// traffic is the text of what the sum counts.
func (s sum) traffic() string {
	texts := make([]string, len(s.terms))
	for i, t := range s.terms {
		texts[i] = t.text()
		if t.negative {
			texts[i] = "-" + texts[i]
		}
	}
	slices.Sort(texts)
	return strings.Join(texts, " + ")
}

// signal is the same with its groups.
func (s sum) signal() string { return s.by + " " + s.traffic() }

// positive reports that nothing is subtracted.
func (s sum) positive() bool {
	return !slices.ContainsFunc(s.terms, func(t term) bool { return t.negative })
}

// measures reports a counter of seconds or of bytes, whose quotient with events
// is a mean and not a share.
func (t term) measures() bool {
	name := strings.TrimSuffix(t.name, "_total")
	for _, unit := range []string{"_sum", "_seconds", "_milliseconds", "_bytes"} {
		if strings.HasSuffix(name, unit) {
			return true
		}
	}
	return false
}

// partOf reports that all events which t counts are among those which total
// counts: the same counter picked more narrowly, or the buckets of a histogram
// below a bound among all of its observations.
func (t term) partOf(total term) bool {
	name, of := t.name, total.name
	matchers := total.matchers
	if base, ok := strings.CutSuffix(name, "_bucket"); ok {
		if !slices.ContainsFunc(t.matchers, func(m *labels.Matcher) bool {
			return m.Name == labels.BucketLabel && m.Type == labels.MatchEqual && m.Value != "" && m.Value != "+Inf"
		}) {
			return false
		}
		if name == of { // as bucket{le="+Inf"}
			matchers = nil
			all := false
			for _, m := range total.matchers {
				if m.Name == labels.BucketLabel && m.Type == labels.MatchEqual && m.Value == "+Inf" {
					all = true
					continue
				}
				matchers = append(matchers, m)
			}
			if !all {
				return false
			}
		} else if of != base+"_count" {
			return false
		}
	} else if name != of || len(t.matchers) <= len(matchers) && t.same(total) {
		return false
	}
	for _, m := range matchers {
		if !t.implies(m) {
			return false
		}
	}
	return true
}

// implies reports that whatever t selects matches m.
func (t term) implies(m *labels.Matcher) bool {
	return slices.ContainsFunc(t.matchers, func(o *labels.Matcher) bool {
		if o.Name != m.Name {
			return false
		}
		if o.Type == m.Type && o.Value == m.Value {
			return true
		}
		values := o.SetMatches()
		if o.Type == labels.MatchEqual {
			values = []string{o.Value}
		}
		return (o.Type == labels.MatchEqual || o.Type == labels.MatchRegexp) && len(values) > 0 &&
			!slices.ContainsFunc(values, func(v string) bool { return !m.Matches(v) })
	})
}

// sum reads an expression as a sum of rates.
func (r *reader) sum(e parser.Expr) (sum, bool) {
	if !r.visit() {
		return sum{}, false
	}
	switch e := promexpr.Unparen(e).(type) {
	case *parser.Call:
		if e.Func.Name == "clamp_min" {
			s, ok := r.sum(e.Args[0])
			s.gated = true
			return s, ok
		}
		return rate(e)
	case *parser.AggregateExpr:
		if e.Op != parser.SUM {
			return sum{}, false
		}
		s, ok := r.sum(e.Expr)
		s.by = grouping(e)
		return s, ok
	case *parser.VectorSelector:
		return r.recordedSum(e)
	case *parser.BinaryExpr:
		if !filled(e) {
			return r.combined(e)
		}
	}
	return sum{}, false
}

func grouping(e *parser.AggregateExpr) string {
	labels := strings.Join(slices.Sorted(slices.Values(e.Grouping)), ", ")
	if e.Without {
		return "without (" + labels + ")"
	}
	return "by (" + labels + ")"
}

func rate(e *parser.Call) (sum, bool) {
	if e.Func.Name != "rate" && e.Func.Name != "increase" {
		return sum{}, false
	}
	m, vs, ok := window(e.Args[0])
	name := ""
	if ok {
		name = promexpr.Name(vs)
	}
	if name == "" {
		return sum{}, false
	}
	t := term{name: name, matchers: unnamed(vs.LabelMatchers)}
	return sum{terms: []term{t}, scale: 1, window: m.Range, fn: e.Func.Name, by: "each"}, true
}

func unnamed(ms []*labels.Matcher) []*labels.Matcher {
	return slices.DeleteFunc(slices.Clone(ms), func(m *labels.Matcher) bool { return m.Name == model.MetricNameLabel })
}

// combined reads sums and differences of sums, what they are multiplied by, and
// what is done against their absence and against zero.
func (r *reader) combined(e *parser.BinaryExpr) (sum, bool) {
	if e.Op == parser.LOR {
		zero, ok := r.number(e.RHS)
		if !ok || zero != 0 {
			return sum{}, false
		}
		return r.sum(e.LHS)
	}
	if e.Op.IsComparisonOperator() {
		c, ok := promexpr.ComparisonOf(e)
		if !ok || c.Bool || !c.Constant || c.Threshold < 0 || c.Op != parser.GTR && c.Op != parser.GTE && c.Op != parser.NEQ || c.Op == parser.NEQ && c.Threshold != 0 {
			return sum{}, false
		}
		s, ok := r.sum(c.Subject)
		s.gated = s.gated || c.Threshold > 0
		return s, ok
	}
	if k, ok := r.number(e.RHS); ok && k != 0 {
		s, ok := r.sum(e.LHS)
		switch e.Op {
		case parser.MUL:
			s.scale *= k
		case parser.DIV:
			s.scale /= k
		default:
			return s, false
		}
		return s, ok
	}
	if k, ok := r.number(e.LHS); ok && k != 0 && e.Op == parser.MUL {
		s, ok := r.sum(e.RHS)
		s.scale *= k
		return s, ok
	}
	if e.Op != parser.ADD && e.Op != parser.SUB || !oneToOne(e) {
		return sum{}, false
	}
	a, ok := r.sum(e.LHS)
	if !ok {
		return sum{}, false
	}
	b, ok := r.sum(e.RHS)
	if !ok || a.window != b.window || a.fn != b.fn || a.by != b.by || a.scale != b.scale {
		return sum{}, false
	}
	for _, t := range b.terms {
		t.negative = t.negative != (e.Op == parser.SUB)
		a.terms = append(a.terms[:len(a.terms):len(a.terms)], t)
	}
	a.gated = a.gated || b.gated
	return a, len(a.terms) <= maxTerms
}

// maxTerms bounds what a sum is made of.
const maxTerms = 64
