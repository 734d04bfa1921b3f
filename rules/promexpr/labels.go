package promexpr

import (
	"maps"
	"slices"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/promql/parser/posrange"
)

// Labels is what can be proved of the labels of every series that an
// expression returns. Where nothing is proved, a label can be there with any
// value. An expression that never returns a series satisfies every claim.
type Labels struct {
	known []namedFact // sorted by name
	// rest holds for every label that is not in known.
	rest labelFact

	by       []string // of the outermost aggregation on the spine, as written
	explicit bool
}

// labelFact is what is known of one label of the result.
type labelFact struct {
	never bool   // no series has it
	must  bool   // every series has it
	fixed bool   // series that have it have this value
	value string // where fixed
	drop  cause  // what took it away, where never
}

type namedFact struct {
	name string
	labelFact
}

// A cause tells of a Drop when asked: hardly any ever is. It is nil for the
// zero Drop.
type cause func() Drop

// A Drop is the part of an expression that takes a label away.
type Drop struct {
	Pos posrange.PositionRange
	// What is that part in short: "sum by (job)", "rate()", "on (pod)",
	// "the matcher pod=\"\"". It is "" where the series never had labels.
	What string
}

// anyLabels proves nothing.
func anyLabels() Labels { return Labels{} }

// noLabels is of series without labels.
func noLabels(c cause) Labels { return Labels{rest: labelFact{never: true, drop: c}} }

func (l Labels) find(name string) (int, bool) {
	return slices.BinarySearchFunc(l.known, name, func(f namedFact, name string) int { return strings.Compare(f.name, name) })
}

func (l Labels) fact(name string) labelFact {
	if i, ok := l.find(name); ok {
		return l.known[i].labelFact
	}
	return l.rest
}

// set changes the fact for one label, in facts that nobody else holds yet.
func (l *Labels) set(name string, f labelFact) {
	i, ok := l.find(name)
	if ok {
		l.known[i].labelFact = f
		return
	}
	l.known = slices.Insert(l.known, i, namedFact{name, f})
}

// own gives l facts that nobody else holds, with room for some more.
func (l *Labels) own(more int) {
	known := make([]namedFact, len(l.known), len(l.known)+more)
	copy(known, l.known)
	l.known = known
}

// with returns l with another fact for one label; l stays as it is.
func (l Labels) with(name string, f labelFact) Labels {
	l.own(1)
	l.set(name, f)
	return l
}

func (l Labels) without(name string, c cause) Labels {
	if l.fact(name).never {
		return l
	}
	return l.with(name, labelFact{never: true, drop: c})
}

// CannotHave reports that no series of the result carries the label.
func (l Labels) CannotHave(name string) bool { return l.fact(name).never }

// MustHave reports that every series of the result carries the label, with a
// value that is not empty.
func (l Labels) MustHave(name string) bool { return l.fact(name).must }

// Value returns the one value that the label has in every series that carries
// it; whether they all do, MustHave says.
func (l Labels) Value(name string) (string, bool) {
	f := l.fact(name)
	return f.value, f.fixed && !f.never
}

// Fixed returns the labels of which Value knows the one value, sorted.
func (l Labels) Fixed() (names []string) {
	for _, f := range l.known {
		if f.fixed && !f.never {
			names = append(names, f.name)
		}
	}
	return names
}

// Dropper returns what takes the label away, where CannotHave says that it is
// gone.
func (l Labels) Dropper(name string) (Drop, bool) {
	f := l.fact(name)
	if f.drop == nil {
		return Drop{}, f.never
	}
	return f.drop(), f.never
}

// Closed returns the only labels that the result can carry, sorted; ok is
// false where it can carry labels of any other name.
func (l Labels) Closed() (names []string, ok bool) {
	if !l.rest.never {
		return nil, false
	}
	for _, f := range l.known {
		if !f.never {
			names = append(names, f.name)
		}
	}
	return names, true
}

// KeptBy returns the labels that an explicit by clause keeps apart, sorted,
// less those that are lost further out. The clause is that of the outermost
// aggregation on the way from the root to what the expression measures; of
// both sides of `or`, the labels that both keep. explicit is false where there
// is no such aggregation or where it has no by clause.
func (l Labels) KeptBy() (names []string, explicit bool) {
	for _, n := range l.by {
		if !l.CannotHave(n) {
			names = append(names, n)
		}
	}
	slices.Sort(names)
	return slices.Compact(names), l.explicit
}

// Recorded returns the labels of the series that a recording rule makes: those
// of its expression, the metric name, and the static labels of the rule, of
// which an empty value removes the label.
func (l Labels) Recorded(metric string, static map[string]string) Labels {
	out := l.with(model.MetricNameLabel, valueFact(metric))
	for _, name := range slices.Sorted(maps.Keys(static)) {
		if v := static[name]; v != "" {
			out = out.with(name, valueFact(v))
		} else {
			out = out.without(name, func() Drop { return Drop{What: "the rule's label " + name + `: ""`} })
		}
	}
	out.by, out.explicit = nil, false
	return out
}

func valueFact(v string) labelFact { return labelFact{must: true, fixed: true, value: v} }

// either is what holds for a label that comes from one of two places.
func either(a, b labelFact) labelFact {
	switch {
	case a.never && b.never:
		return a
	case a.never:
		b.must = false
		return b
	case b.never:
		a.must = false
		return a
	}
	return labelFact{must: a.must && b.must, fixed: a.fixed && b.fixed && a.value == b.value, value: a.value}
}

// both is what holds for a label of which two sets of claims are true.
func both(a, b labelFact) labelFact {
	switch {
	case a.never:
		return a
	case b.never:
		return b
	}
	if !a.fixed {
		a.fixed, a.value = b.fixed, b.value
	}
	a.must = a.must || b.must
	return a
}

// merge combines two label sets label by label.
func merge(a, b Labels, f func(x, y labelFact) labelFact) Labels {
	out := Labels{rest: f(a.rest, b.rest), by: a.by, explicit: a.explicit}
	if len(a.known)+len(b.known) > 0 {
		out.known = make([]namedFact, 0, len(a.known)+len(b.known))
	}
	for x, y := a.known, b.known; len(x)+len(y) > 0; {
		order := 0
		switch {
		case len(x) == 0:
			order = 1
		case len(y) == 0:
			order = -1
		default:
			order = strings.Compare(x[0].name, y[0].name)
		}
		fact := namedFact{}
		switch {
		case order < 0:
			fact = namedFact{x[0].name, f(x[0].labelFact, b.rest)}
			x = x[1:]
		case order > 0:
			fact = namedFact{y[0].name, f(a.rest, y[0].labelFact)}
			y = y[1:]
		default:
			fact = namedFact{x[0].name, f(x[0].labelFact, y[0].labelFact)}
			x, y = x[1:], y[1:]
		}
		out.known = append(out.known, fact)
	}
	return out
}

// matcherFact is what a matcher says of the label that it is about.
func matcherFact(m *labels.Matcher, pos posrange.PositionRange) labelFact {
	switch {
	case m.Type == labels.MatchEqual && m.Value == "":
		return labelFact{never: true, drop: func() Drop { return Drop{Pos: pos, What: "the matcher " + m.String()} }}
	case m.Type == labels.MatchEqual:
		return valueFact(m.Value)
	}
	return labelFact{must: !m.Matches("")}
}

// OutputLabels returns what can be proved of the labels of every series that e
// returns. Series of stored metrics may carry any label.
//
// The metric name is the label __name__. One assumption is made: native
// histograms carry no label le.
func OutputLabels(e parser.Expr) Labels { return OutputLabelsWith(e, nil) }

// OutputLabelsWith is OutputLabels with knowledge of metrics: resolve returns
// what is known of the labels of every series of a metric, such as of one that
// a recording rule makes (see Recorded); ok is false where nothing is.
func OutputLabelsWith(e parser.Expr, resolve func(metric string) (Labels, bool)) Labels {
	return labeler{resolve}.labels(e)
}

type labeler struct {
	resolve func(metric string) (Labels, bool)
}

func (lb labeler) labels(e parser.Expr) Labels {
	switch n := Unparen(e).(type) {
	case *parser.NumberLiteral, *parser.StringLiteral:
		return noLabels(nil)
	case *parser.VectorSelector:
		return lb.selector(n)
	case *parser.MatrixSelector:
		return lb.labels(n.VectorSelector)
	case *parser.SubqueryExpr:
		return lb.labels(n.Expr)
	case *parser.UnaryExpr:
		l := lb.labels(n.Expr)
		if n.Op == parser.SUB {
			l = l.without(model.MetricNameLabel, func() Drop { return Drop{n.PositionRange(), n.Op.String()} })
		}
		return l
	case *parser.AggregateExpr:
		return lb.aggregate(n)
	case *parser.Call:
		return lb.call(n)
	case *parser.BinaryExpr:
		return lb.binary(n)
	}
	return anyLabels()
}

func (lb labeler) selector(vs *parser.VectorSelector) Labels {
	out := anyLabels()
	if name := Name(vs); name != "" && lb.resolve != nil {
		if l, ok := lb.resolve(name); ok {
			out = l
			out.by, out.explicit = nil, false
		}
	}
	out.own(len(vs.LabelMatchers))
	for _, m := range vs.LabelMatchers {
		out.set(m.Name, both(out.fact(m.Name), matcherFact(m, vs.PosRange)))
	}
	return out
}
