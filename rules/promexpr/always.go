package promexpr

import (
	"strings"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/promql/parser/posrange"
)

// Reason says why an expression always returns something, or why nobody can
// say so.
type Reason int

const (
	// ReasonFiltered: a comparison, a set operator or absence decides.
	ReasonFiltered Reason = iota
	// ReasonPresence: it returns whenever its series exist, and that they exist
	// can be the signal: a bare selector, or a count of one.
	ReasonPresence
	// ReasonComputed: arithmetic, an aggregation or a function at the root
	// whose value nothing looks at.
	ReasonComputed
	// ReasonBool: a comparison with bool returns 0 where it doesn't hold.
	ReasonBool
	// ReasonTrue: the comparison holds for every value that its operand can
	// have.
	ReasonTrue
	// ReasonConstant: it returns whatever is stored: vector(1), time(). Such is
	// the expression of a deadman's switch.
	ReasonConstant
)

// A Verdict is whether an expression returns something whenever its inputs
// exist.
type Verdict struct {
	Always bool
	Reason Reason
	Text   string                 // the construct in words; "" unless Always
	Pos    posrange.PositionRange // of that construct
}

// AlwaysReturns decides whether e provably returns a series whenever its
// selectors find float samples, in label sets that match one another where it
// matches vectors: whether there is no value of them for which it returns
// nothing. See Bounds for what is assumed of counters.
//
// Always is never true where the presence of series can itself be the signal
// (ReasonPresence): for a selector, bare or under functions that give a value
// for a value; for how many of its series there are; for ALERTS; and for an
// aggregate of metrics that exist in order to exist (see presenceMetric).
func AlwaysReturns(e parser.Expr) Verdict {
	v := returns(e)
	switch v.Reason {
	case ReasonFiltered, ReasonPresence:
		return Verdict{Reason: v.Reason, Pos: v.Pos}
	}
	v.Always = true
	return v
}

func verdict(r Reason, e parser.Expr, text string) Verdict {
	return Verdict{Reason: r, Text: text, Pos: e.PositionRange()}
}

// presenceMetric reports whether the mere existence of the metric's series
// says something: ALERTS and ALERTS_FOR_STATE exist while alerts do; metrics
// of information, by the suffix that OpenMetrics gives them, and the labels,
// annotations and reasons of kube-state-metrics are 1 as long as what they
// describe is so.
func presenceMetric(name string) bool {
	if name == "" || strings.HasPrefix(name, "ALERTS") {
		return true
	}
	for _, suffix := range [...]string{"_info", "_labels", "_annotations", "_reason"} {
		if strings.HasSuffix(name, suffix) {
			return true
		}
	}
	return false
}

// returns classifies e. The reason says how much of a test e is of its inputs;
// anything but ReasonFiltered is sure to return.
func returns(e parser.Expr) Verdict {
	switch n := Unparen(e).(type) {
	case *parser.NumberLiteral:
		return verdict(ReasonConstant, n, "a number")
	case *parser.VectorSelector, *parser.MatrixSelector:
		return verdict(ReasonPresence, n, "")
	case *parser.SubqueryExpr:
		return returns(n.Expr)
	case *parser.UnaryExpr:
		return returns(n.Expr)
	case *parser.AggregateExpr:
		return aggregateReturns(n)
	case *parser.Call:
		return callReturns(n)
	case *parser.BinaryExpr:
		return binaryReturns(n)
	}
	return verdict(ReasonFiltered, e, "")
}

func aggregateReturns(n *parser.AggregateExpr) Verdict {
	in := returns(n.Expr)
	switch n.Op {
	case parser.TOPK, parser.BOTTOMK, parser.LIMITK:
		if k, ok := number(n.Param); !ok || !(k >= 1) {
			return verdict(ReasonFiltered, n, "")
		}
		return in
	case parser.LIMIT_RATIO: // none may be drawn
		return verdict(ReasonFiltered, n, "")
	}
	if in.Reason == ReasonFiltered || in.Reason == ReasonConstant {
		return in
	}
	switch n.Op {
	case parser.COUNT, parser.GROUP, parser.COUNT_VALUES:
		// How many there are, whatever they are.
		return verdict(ReasonPresence, n, "")
	}
	if vs, ok := rawSelector(n.Expr); ok && (presenceMetric(Name(vs)) || countsSamples(n.Expr)) {
		return verdict(ReasonPresence, n, "")
	}
	return verdict(ReasonComputed, n, "the result of "+n.Op.String()+" is not compared with anything")
}

// rawSelector finds the selector whose series e returns one for one, under
// functions that look at one series each.
func rawSelector(e parser.Expr) (*parser.VectorSelector, bool) {
	for {
		switch n := Unparen(e).(type) {
		case *parser.VectorSelector:
			return n, true
		case *parser.MatrixSelector:
			e = n.VectorSelector
		case *parser.SubqueryExpr:
			e = n.Expr
		case *parser.UnaryExpr:
			e = n.Expr
		case *parser.AggregateExpr:
			e = n.Expr
		case *parser.Call:
			arg, ok := vectorArg(n)
			if !ok {
				return nil, false
			}
			e = arg
		default:
			return nil, false
		}
	}
}

// countsSamples reports whether e only counts the samples of a selector, which
// like the count of series tells that there are any.
func countsSamples(e parser.Expr) bool {
	found := false
	walk(e, func(n parser.Expr) {
		if c, ok := n.(*parser.Call); ok && (c.Func.Name == "count_over_time" || c.Func.Name == "present_over_time") {
			found = true
		}
	})
	return found
}

func callReturns(n *parser.Call) Verdict {
	if n.Func.ReturnType == parser.ValueTypeScalar || n.Func.Name == "vector" {
		return verdict(ReasonConstant, n, n.Func.Name+"() always returns a value")
	}
	arg, ok := vectorArg(n)
	if !ok {
		return verdict(ReasonConstant, n, n.Func.Name+"() without an argument always returns a value")
	}
	in := returns(arg)
	if in.Reason == ReasonFiltered {
		return in
	}
	switch n.Func.Name {
	case "absent", "absent_over_time", "start_timestamp": // not every sample has one
		return verdict(ReasonFiltered, n, "")
	case "clamp": // returns nothing where the limits are the wrong way round
		lo, hi := Bounds(n.Args[1]), Bounds(n.Args[2])
		if lo.NaN || hi.NaN || hi.Lo < lo.Hi {
			return verdict(ReasonFiltered, n, "")
		}
		return in
	case "rate", "irate", "increase", "delta", "idelta", "deriv", "predict_linear", "changes", "resets",
		"stddev_over_time", "stdvar_over_time", "mad_over_time", "double_exponential_smoothing":
		if in.Reason == ReasonConstant {
			return in
		}
		return verdict(ReasonComputed, n, "the result of "+n.Func.Name+"() is not compared with anything")
	}
	switch labelEffects[n.Func.Name] {
	case labelsBuckets, labelsQuantile:
		if in.Reason == ReasonConstant || !classicBuckets(arg) {
			return verdict(ReasonFiltered, n, "")
		}
		return verdict(ReasonComputed, n, "the result of "+n.Func.Name+"() is not compared with anything")
	case labelsKept, labelsLessName, labelsReplace, labelsJoin:
		if strings.HasPrefix(n.Func.Name, "histogram_") { // of native histograms alone
			return verdict(ReasonFiltered, n, "")
		}
		return in // one value for each
	}
	return verdict(ReasonFiltered, n, "")
}

// classicBuckets reports whether e is made of the buckets of classic
// histograms, as their names say, which still have the label le.
func classicBuckets(e parser.Expr) bool {
	ok := !OutputLabels(e).CannotHave(labels.BucketLabel)
	walk(e, func(n parser.Expr) {
		if vs, is := n.(*parser.VectorSelector); is && !strings.HasSuffix(Name(vs), "_bucket") {
			ok = false
		}
	})
	return ok
}

func binaryReturns(n *parser.BinaryExpr) Verdict {
	filtered := verdict(ReasonFiltered, n, "")
	l, r := returns(n.LHS), returns(n.RHS)
	if n.Op == parser.LOR {
		switch {
		case l.Reason == ReasonConstant:
			return l
		case r.Reason == ReasonConstant:
			return r
		case l.Reason == ReasonFiltered || r.Reason == ReasonFiltered:
			return filtered
		case l.Reason == ReasonPresence:
			return l
		}
		return r
	}
	if l.Reason == ReasonFiltered || r.Reason == ReasonFiltered || n.Op.IsSetOperator() {
		return filtered
	}
	if l.Reason == ReasonConstant && r.Reason == ReasonConstant && n.VectorMatching == nil && n.Type() == parser.ValueTypeScalar {
		return verdict(ReasonConstant, n, "a number")
	}
	// Alerts multiplied by something are still alerts.
	for _, side := range [...]parser.Expr{n.LHS, n.RHS} {
		if vs, ok := rawSelector(side); ok && strings.HasPrefix(Name(vs), "ALERTS") {
			return verdict(ReasonPresence, n, "")
		}
	}
	switch {
	case n.Op.IsComparisonOperator() && n.ReturnBool:
		return verdict(ReasonBool, n, "a comparison with bool returns 0 where it does not hold")
	case n.Op.IsComparisonOperator():
		return comparisonReturns(n, l, r)
	case losesName(n):
		if l.Reason == ReasonConstant && r.Reason == ReasonConstant {
			return l
		}
		return verdict(ReasonComputed, n, "the result of "+n.Op.String()+" is not compared with anything")
	}
	return filtered // trims histograms
}

// comparisonReturns is of a comparison that filters.
func comparisonReturns(n *parser.BinaryExpr, l, r Verdict) Verdict {
	subject, op, in := n.LHS, n.Op, l
	threshold, ok := number(n.RHS)
	if !ok {
		subject, op, in = n.RHS, Flip(n.Op), r
		threshold, ok = number(n.LHS)
	}
	if !ok || !Bounds(subject).Always(op, threshold) {
		return verdict(ReasonFiltered, n, "")
	}
	if in.Reason == ReasonPresence || in.Reason == ReasonConstant {
		return in // count(x) > 0: that there are any
	}
	return verdict(ReasonTrue, n, "the comparison holds for every value that its operand can have")
}
