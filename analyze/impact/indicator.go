package impact

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/prometheus/prometheus/promql/parser"

	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/analyze/sli"
)

const (
	// excessMost is the share by which bad events may outnumber all of them, and
	// of steps in which a ratio may exceed 1: two counters are not read at one
	// instant. Beyond it the queries are not what they are taken for.
	excessMost = 0.01
)

// indicator evaluates an SLI. Its errors say why it is refused.
func (e *evaluator) indicator(ctx context.Context, s *sli.SLI) (*Indicator, error) {
	switch {
	case s.Objective <= 0 || s.Objective >= 1:
		return nil, errors.New("it has no objective, and so no budget that could be spent")
	case s.Window <= 0:
		return nil, errors.New("nobody said over which time its objective holds, and so how much its budget is")
	case e.steps == 0:
		return nil, errors.New("no samples are stored")
	case e.steps > stepsMost:
		return nil, fmt.Errorf("the window has %d steps of %s, more than %d", e.steps, time.Duration(e.step)*time.Millisecond, stepsMost)
	}
	ind := &Indicator{SLI: s, Start: e.start, Step: e.step}
	var err error
	switch {
	case s.Good != nil || s.Bad != nil:
		err = e.events(ctx, s, ind)
	case s.Ratio != nil:
		err = e.ratio(ctx, s, ind)
	case s.Value != nil:
		err = e.value(ctx, s, ind)
	default:
		err = errors.New("no query says what is good or bad")
	}
	if err != nil {
		return nil, err
	}
	return ind, nil
}

// Finish takes a window's steps, as they stand in Bad, Total and Known, and adds
// what follows from them: coverage, budget and breaches.
func (ind *Indicator) Finish(o Options) error {
	o = o.withDefaults()
	ind.Covered = covered(ind)
	total, steps := 0.0, 0
	for i, ok := range ind.Known {
		if ok {
			total += ind.Total[i]
			steps++
		}
	}
	if steps == 0 || total == 0 {
		return errors.New("no samples are stored of what it counts")
	}
	inWindow := float64(ind.SLI.Window.Milliseconds()) / float64(ind.Step)
	ind.BudgetTotal = ind.SLI.Budget() * total / float64(steps) * inWindow
	ind.Breaches = breaches(ind, o)
	return nil
}

// covered is the time of the known steps.
func covered(ind *Indicator) history.Intervals {
	var out []history.Interval
	for i, ok := range ind.Known {
		if !ok {
			continue
		}
		at := ind.Start + int64(i)*ind.Step
		if n := len(out); n > 0 && out[n-1].End == at {
			out[n-1].End += ind.Step
			continue
		}
		out = append(out, history.Interval{Start: at, End: at + ind.Step})
	}
	return out
}

// asked is a query with what it gave.
type asked struct {
	values   []float64 // NaN where there is no result
	found    []bool
	presence history.Intervals // of what it selects

	// whole tells that there is a result whenever there is anything to count: no
	// result is a count of none. Of "a + b" there is none where b is missing,
	// however many a there are.
	whole bool
}

// ask rewrites and evaluates a query.
func (e *evaluator) ask(ctx context.Context, r *rewriter, what string, q *sli.Query, single bool) (*asked, error) {
	if q == nil {
		return nil, nil
	}
	fail := func(err error) (*asked, error) { return nil, fmt.Errorf("its query for %s: %w", what, err) }
	text, err := r.rewrite(q.Expr)
	if err != nil {
		return fail(err)
	}
	a := &asked{whole: whole(q.Expr)}
	if a.values, a.found, err = e.query(ctx, text, single); err != nil {
		return fail(err)
	}
	for _, ms := range parser.ExtractSelectors(q.Expr) {
		p, err := e.presence(ctx, ms)
		if err != nil {
			return fail(err)
		}
		a.presence = history.Union(slices.Concat(a.presence, p)...)
	}
	return a, nil
}

// whole reports that an expression does not join what it selects, except by
// "or".
func whole(e parser.Expr) bool {
	joins := false
	parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
		b, ok := n.(*parser.BinaryExpr)
		joins = joins || ok && b.Op != parser.LOR && b.LHS.Type() != parser.ValueTypeScalar && b.RHS.Type() != parser.ValueTypeScalar
		return nil
	})
	return !joins
}

// events evaluates an SLI that counts: a step is known where what counts all
// events was scraped.
func (e *evaluator) events(ctx context.Context, s *sli.SLI, ind *Indicator) error {
	r := &rewriter{step: time.Duration(e.step) * time.Millisecond, events: true, counters: s.Format == "pyrra"}
	total, err := e.ask(ctx, r, "all events", s.Total, false)
	if err != nil {
		return err
	}
	good, err := e.ask(ctx, r, "good events", s.Good, false)
	if err != nil {
		return err
	}
	bad, err := e.ask(ctx, r, "bad events", s.Bad, false)
	if err != nil {
		return err
	}
	if total == nil && (good == nil || bad == nil) {
		return errors.New("no query counts all of its events")
	}
	whole := total
	if total == nil {
		whole = good
	}
	presence := whole.presence
	// A series of the same metric is scraped with the others: where there is none
	// nothing of the kind has happened yet. Of another metric that is likely for
	// what is bad, and unlikely for what is good.
	if good != nil && total != nil && bad == nil && !sameMetrics(s.Good, s.Total) {
		presence = presence.Intersect(good.presence)
	}
	if bad != nil && len(bad.presence) == 0 && total != nil && !sameMetrics(s.Bad, s.Total) {
		return errors.New("its query for bad events: no samples are stored of anything that it selects")
	}
	ind.Known = e.known(presence)
	ind.Bad, ind.Total = make([]float64, e.steps), make([]float64, e.steps)
	all, excess := 0.0, 0.0
	known, missing := 0, 0
	for i := range ind.Known {
		if !ind.Known[i] {
			continue
		}
		for _, a := range []*asked{total, good, bad} {
			ind.Known[i] = ind.Known[i] && (a == nil || a.whole || a.found[i])
		}
		if !ind.Known[i] {
			missing++
			continue
		}
		known++
		var b, t float64
		switch {
		case total == nil:
			b = bad.count(i)
			t = good.count(i) + b
		case bad != nil:
			b, t = bad.count(i), total.count(i)
		default:
			t = total.count(i)
			b = t - good.count(i)
		}
		if math.IsInf(b, 0) || math.IsInf(t, 0) || t < 0 {
			return fmt.Errorf("it counts %v events, %v of them bad, at %s", t, b, e.stamp(i))
		}
		excess += max(0, b-t, -b)
		all += t
		ind.Bad[i], ind.Total[i] = min(max(b, 0), t), t
	}
	if known == 0 && missing > 0 {
		return errors.New("a query of its events never has a result, since a part of what it joins is not there: expected `or vector(0)` around the parts")
	}
	if excess > excessMost*all {
		return errors.New("its good or bad events outnumber all of its events")
	}
	return nil
}

// count is the number of events in a step: none where there is no result.
func (a *asked) count(i int) float64 {
	if math.IsNaN(a.values[i]) {
		return 0
	}
	return a.values[i]
}

func (e *evaluator) stamp(i int) string { return time.UnixMilli(e.at(i)).UTC().Format(time.RFC3339) }

// sameMetrics reports whether all metrics of a query are also those of the
// other.
func sameMetrics(q, of *sli.Query) bool {
	names := func(e parser.Expr) map[string]bool {
		out := map[string]bool{}
		parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
			if vs, ok := n.(*parser.VectorSelector); ok {
				out[nameOf(vs)] = true
			}
			return nil
		})
		return out
	}
	theirs := names(of.Expr)
	for name := range names(q.Expr) {
		if name == "" || !theirs[name] {
			return false
		}
	}
	return true
}

// ratio evaluates an SLI that is a ratio: every step weighs the same. A ratio
// that is no number, as of no requests, has nothing bad in it.
func (e *evaluator) ratio(ctx context.Context, s *sli.SLI, ind *Indicator) error {
	q := *s.Ratio
	r := &rewriter{step: time.Duration(e.step) * time.Millisecond}
	if vs, ok := q.Expr.(*parser.VectorSelector); ok && len(nameOf(vs)) > 0 && !recorded(vs) {
		// A gauge that is 1 or 0, such as probe_success: of its samples, the share
		// that is 1.
		m := &parser.MatrixSelector{VectorSelector: vs, Range: r.step}
		q.Expr = &parser.BinaryExpr{Op: parser.DIV, VectorMatching: &parser.VectorMatching{}, LHS: sumOver("sum_over_time", m), RHS: sumOver("count_over_time", m)}
	}
	a, err := e.ask(ctx, r, "the ratio", &q, true)
	if err != nil {
		return err
	}
	ind.Known = e.known(a.presence)
	ind.Bad, ind.Total = make([]float64, e.steps), make([]float64, e.steps)
	steps, excess, first := 0, 0, -1
	for i := range ind.Known {
		if ind.Known[i] = ind.Known[i] && a.found[i]; !ind.Known[i] {
			continue
		}
		steps++
		ind.Total[i] = 1
		v := a.values[i]
		if math.IsNaN(v) {
			continue
		}
		if v < -1e-9 || v > 1+1e-9 {
			if excess++; first < 0 {
				first = i
			}
		}
		v = min(max(v, 0), 1)
		if !s.RatioIsBad {
			v = 1 - v
		}
		ind.Bad[i] = v
	}
	if float64(excess) > excessMost*float64(steps) {
		return fmt.Errorf("its ratio is %v at %s: expected a number from 0 to 1", a.values[first], e.stamp(first))
	}
	return nil
}

func recorded(vs *parser.VectorSelector) bool {
	for _, c := range nameOf(vs) {
		if c == ':' {
			return true
		}
	}
	return false
}

func sumOver(function string, m *parser.MatrixSelector) parser.Expr {
	return &parser.AggregateExpr{Op: parser.SUM, Expr: &parser.Call{Func: parser.Functions[function], Args: parser.Expressions{m}}}
}

// value evaluates an SLI that is a value with a threshold: a step is good or
// bad as a whole. What is no number, as a quantile of nothing, is not bad.
func (e *evaluator) value(ctx context.Context, s *sli.SLI, ind *Indicator) error {
	var good func(v float64) bool
	switch s.Op {
	case parser.LSS:
		good = func(v float64) bool { return v < s.Threshold }
	case parser.LTE:
		good = func(v float64) bool { return v <= s.Threshold }
	case parser.GTR:
		good = func(v float64) bool { return v > s.Threshold }
	case parser.GTE:
		good = func(v float64) bool { return v >= s.Threshold }
	default:
		return errors.New("nothing says on which side of its threshold a value is good")
	}
	a, err := e.ask(ctx, &rewriter{step: time.Duration(e.step) * time.Millisecond}, "the value", s.Value, true)
	if err != nil {
		return err
	}
	ind.Known = e.known(a.presence)
	ind.Bad, ind.Total = make([]float64, e.steps), make([]float64, e.steps)
	for i := range ind.Known {
		if ind.Known[i] = ind.Known[i] && a.found[i]; !ind.Known[i] {
			continue
		}
		ind.Total[i] = 1
		if v := a.values[i]; !math.IsNaN(v) && !good(v) {
			ind.Bad[i] = 1
		}
	}
	return nil
}
