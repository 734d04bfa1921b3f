package impact

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/prometheus/prometheus/promql/parser"

	"github.com/crywolf-dev/crywolf/analyze/sli"
)

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
	return strings.Contains(nameOf(vs), ":")
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
