package impact

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/prometheus/prometheus/promql/parser"

	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/analyze/sli"
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
