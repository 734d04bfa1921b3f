package sli

import (
	"math"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/promql/parser/posrange"

	"github.com/crywolf-dev/crywolf/rules/promexpr"
)

// A reading is one selector of an alert's subject and how the alert reads it.
type reading struct {
	sel      *parser.VectorSelector
	metric   string            // the name of the metric, "" where matchers leave it open
	matchers []*labels.Matcher // its own, and those that the alert puts on a recording rule on the way
	pos      posrange.PositionRange
	how      use

	// For a Mapper: the comparison that decides whether the alert fires, 0 where
	// none does, and whether it is no alert at all.
	asked   parser.ItemType
	askedOf float64 // what it compares with, NaN for what is not a number
	record  bool
}

// use is the way in which an expression reads what is below it.
type use struct {
	wraps   wrap
	by      []string // the labels of the outermost "by"
	grouped bool     // some aggregation decides the output labels
	over    []string // the metrics of the denominator, nil where there is none

	outer struct { // a comparison further out, of what was aggregated since
		op    parser.ItemType
		bound float64
		limit string
	}
	op    parser.ItemType // the nearest comparison, 0 where there is none, as if the reading stood on its left
	bound float64         // what it compares with, NaN for what is not a number
	limit string          // the metric that it compares with
	upTo  float64         // the upper bound of histogram_fraction, 0 where it is no number
}

// wrap is a set of what may surround a selector.
type wrap uint32

const (
	ratio      wrap = 1 << iota // it stands over something
	below                       // it is the denominator
	complement                  // it is subtracted: 1 - x
	absence                     // absent(x), absent_over_time(x)
	quantile                    // histogram_quantile and its kin
	fraction                    // the share within bounds of a histogram
	counted                     // count(x), group(x)
	lowest                      // min(x): true of all when it is false of one
	age                         // time() - x, x - time()
	rated                       // rate(x), increase(x) and their kin
	predicted                   // predict_linear and its kin
	gone                        // x unless x: what was there no longer is
	sifted                      // compared before it was aggregated: count(x == 0)
	since                       // time() - x: the larger x, the smaller it is
)

// has reports any of the given.
func (u use) has(w wrap) bool { return u.wraps&w != 0 }

// Bounds on hostile input: chains of recording rules, the nodes visited through
// all of them, and what is kept of a denominator.
const (
	maxDepth = 32
	maxNodes = 20000
	maxOver  = 16 // metrics that a reading is divided by
)

// A walker collects the readings of one alert.
type walker struct {
	*judge
	nodes int      // visited so far
	open  []string // recording rules on the way to here, against cycles
	via   *parser.VectorSelector
	outer []*labels.Matcher
	out   []reading
	heads bool // predict_linear occurs in what gates the subject
	whole bool // follow records wherever they lead, and tell their labels from those of what they read
}

// read collects the selectors under e into w.out, which it reports to have
// added to.
func (w *walker) read(e parser.Expr, u use) bool {
	w.nodes++
	if w.nodes > maxNodes {
		return false
	}
	switch e := e.(type) {
	case *parser.ParenExpr:
		return w.read(e.Expr, u)
	case *parser.StepInvariantExpr:
		return w.read(e.Expr, u)
	case *parser.UnaryExpr:
		return w.read(e.Expr, u)
	case *parser.MatrixSelector:
		return w.read(e.VectorSelector, u)
	case *parser.SubqueryExpr:
		return w.read(e.Expr, u)
	case *parser.VectorSelector:
		return w.selector(e, u)
	case *parser.AggregateExpr:
		return w.read(e.Expr, aggregated(e, u))
	case *parser.Call:
		return w.call(e, u)
	case *parser.BinaryExpr:
		return w.binary(e, u)
	}
	return false
}

func aggregated(e *parser.AggregateExpr, u use) use {
	switch e.Op {
	case parser.TOPK, parser.BOTTOMK, parser.LIMITK, parser.LIMIT_RATIO:
		return u
	case parser.COUNT, parser.GROUP, parser.COUNT_VALUES:
		u.wraps |= counted
	case parser.MIN:
		u.wraps |= lowest
	}
	if !u.grouped {
		u.grouped = true
		if !e.Without {
			u.by = e.Grouping
		}
	}
	return u
}

func (w *walker) call(e *parser.Call, u use) bool {
	args := e.Args
	switch e.Func.Name {
	case "absent", "absent_over_time":
		u.wraps |= absence
	case "histogram_quantile", "histogram_avg":
		u.wraps |= quantile
	case "histogram_fraction":
		u.wraps |= quantile | fraction
		if n, ok := promexpr.Unparen(args[1]).(*parser.NumberLiteral); ok && len(args) == 3 {
			u.upTo = n.Val
		}
	case "rate", "increase", "irate", "delta", "xrate", "xincrease":
		u.wraps |= rated
	case "predict_linear", "holt_winters", "double_exponential_smoothing":
		u.wraps |= predicted
	case "info":
		args = args[:1]
	}
	added := false
	for _, a := range args {
		added = w.read(a, u) || added
	}
	return added
}

func (w *walker) binary(e *parser.BinaryExpr, u use) bool {
	switch {
	case e.Op == parser.LAND:
		w.heads = w.heads || predicts(e.RHS)
		return w.read(e.LHS, u)
	case e.Op == parser.LUNLESS:
		return w.read(e.LHS, u)
	case e.Op == parser.LOR:
		l := w.read(e.LHS, u)
		return w.read(e.RHS, u) || l
	case e.Op.IsComparisonOperator():
		return w.comparison(e, u)
	}
	switch e.Op {
	case parser.DIV:
		return w.quotient(e, u)
	case parser.ADD:
		l := w.read(e.LHS, u)
		if oneToMany(e) && l {
			return l
		}
		return w.read(e.RHS, u) || l
	case parser.SUB:
		return w.difference(e, u)
	}
	if w.whole {
		l := w.read(e.LHS, u)
		return w.read(e.RHS, u) || l
	}
	// Of a product, the side that is not merely joined for its labels or for
	// its unit is the subject.
	first, second := e.LHS, e.RHS
	if l, r := lendsLabels(metricOf(first)), lendsLabels(metricOf(second)); l && !r || l == r && e.VectorMatching != nil && e.VectorMatching.Card == parser.CardOneToMany {
		first, second = second, first
	}
	if asBool(first) && !asBool(second) {
		first, second = second, first
	}
	return w.read(first, u) || w.read(second, u)
}

// asBool reports a condition that is counted as 0 or 1.
func asBool(e parser.Expr) bool {
	for {
		p, ok := e.(*parser.ParenExpr)
		if !ok {
			b, ok := e.(*parser.BinaryExpr)
			return ok && b.ReturnBool
		}
		e = p.Expr
	}
}

// oneToMany reports a join by group_left, whose right side only lends labels.
func oneToMany(e *parser.BinaryExpr) bool {
	return e.VectorMatching != nil && e.VectorMatching.Card == parser.CardManyToOne && len(e.VectorMatching.Include) > 0
}

// lendsLabels reports a metric that is 1 for whatever exists, and is read for
// its labels.
func lendsLabels(metric string) bool {
	for _, suffix := range []string{"_info", "_metadata", "_labels"} {
		if strings.HasSuffix(metric, suffix) {
			return true
		}
	}
	return false
}

func (w *walker) difference(e *parser.BinaryExpr, u use) bool {
	left, right := u, u
	if callsTime(e.LHS) {
		right.wraps = (right.wraps | age) ^ since
	} else {
		right.wraps ^= complement
	}
	if callsTime(e.RHS) {
		left.wraps |= age
	}
	l := w.read(e.LHS, left)
	return w.read(e.RHS, right) || l
}

func (w *walker) quotient(e *parser.BinaryExpr, u use) bool {
	from := len(w.out)
	down := u
	down.wraps |= below
	if !w.read(e.RHS, down) {
		return w.read(e.LHS, u)
	}
	under := w.out[from:len(w.out):len(w.out)]
	if u.has(below) { // a / (b / c): nothing above is of interest
		return w.read(e.LHS, u) || len(under) > 0
	}
	u.wraps |= ratio
	u.over = u.over[:len(u.over):len(u.over)]
	for _, r := range under[:min(len(under), maxOver-len(u.over))] {
		u.over = append(u.over, r.metric)
	}
	at := len(w.out)
	if !w.read(e.LHS, u) { // 1 / x
		for i := from; i < at; i++ {
			w.out[i].how.wraps &^= below
		}
	}
	return true
}

func (w *walker) comparison(e *parser.BinaryExpr, u use) bool {
	if u.grouped {
		u.wraps |= sifted
	}
	u.outer.op, u.outer.bound, u.outer.limit = u.op, u.bound, u.limit
	c, _ := promexpr.ComparisonOf(e)
	subject := u
	subject.op, subject.bound, subject.limit = c.Op, math.NaN(), metricOf(c.Limit)
	if c.Constant {
		subject.bound = c.Threshold
	}
	if w.read(c.Subject, w.timed(subject, c.Limit)) {
		return true
	}
	// What looks like the subject measures nothing: vector(0.1) < x.
	other := u
	other.op, other.bound = promexpr.Flip(c.Op), math.NaN()
	return w.read(c.Limit, w.timed(other, c.Subject))
}

func (w *walker) timed(u use, other parser.Expr) use {
	if callsTime(other) {
		u.wraps |= age
	}
	return u
}

func (w *walker) selector(vs *parser.VectorSelector, u use) bool {
	name := promexpr.Name(vs)
	matchers := vs.LabelMatchers
	if len(w.outer) > 0 {
		matchers = append(append(make([]*labels.Matcher, 0, len(w.outer)+len(matchers)), matchers...), w.outer...)
	}
	if w.follow(name, vs, matchers, u) {
		return true
	}
	shown := vs
	if w.via != nil {
		shown = w.via
	}
	w.out = append(w.out, reading{sel: vs, metric: name, matchers: matchers, pos: shown.PosRange, how: u})
	return true
}

// follow reads the rules that record name instead of name itself, unless the
// name alone tells: an SLI's ratio, recorded by a generator.
func (w *walker) follow(name string, vs *parser.VectorSelector, matchers []*labels.Matcher, u use) bool {
	if w.records == nil || name == "" || len(w.open) >= maxDepth {
		return false
	}
	for _, n := range w.open {
		if n == name {
			return false
		}
	}
	found := w.records(name, matchers)
	if len(found) == 0 {
		return false
	}
	if !w.whole {
		if c := w.lookup(name, matchers); c != nil && (c.reads == objective || c.reads == declared) {
			return false
		}
	}
	via, outer := w.via, w.outer
	if via == nil {
		w.via = vs
	}
	w.open = append(w.open, name)
	added := false
	for _, r := range found {
		w.outer = passedOn(matchers, r.sets)
		added = w.read(r.expr, u) || added
	}
	w.via, w.outer, w.open = via, outer, w.open[:len(w.open)-1]
	return added
}

// passedOn are the matchers on a record that hold of what it reads too: all but
// those on its name and on the labels that its rule sets.
func passedOn(ms []*labels.Matcher, sets map[string]string) []*labels.Matcher {
	var out []*labels.Matcher
	for _, m := range ms {
		if _, set := sets[m.Name]; m.Name != model.MetricNameLabel && !set {
			out = append(out, m)
		}
	}
	return out
}
