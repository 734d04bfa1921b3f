package impact

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"github.com/crywolf-dev/crywolf/rules/promexpr"
)

// The window in an SLI's query is its author's or a generator's, and says
// nothing of the SLI. For evaluation every range becomes one step, so that the
// steps divide the time among them: what happens is in one of them, and in
// one alone.
//
// Rates and increases are taken with the engine's "anchored" selectors: from the
// last sample at or before the step's beginning to the last one in it, with
// resets handled as ever, and without the extrapolation that makes counts of
// plain increase inexact. The steps of a counter thus add up to what it counted.
// As ever in Prometheus, the first sample of a series counts nothing.

// quantity is what a query's numbers are of, as far as it depends on the range.
// Queries of two quantities cannot be compared once ranges are replaced.
type quantity string

const (
	ofRates     quantity = "rates"
	ofIncreases quantity = "increases"
	ofSamples   quantity = "sums over samples"
	ofRecorded  quantity = "recorded values"
)

// A rewriter replaces the ranges of an SLI's queries.
type rewriter struct {
	step     time.Duration
	events   bool // the query counts events
	counters bool // selectors stand for counters, as the format has it
	seen     quantity
	shares   int // how many divisions and quantiles are around: what is inside may scale with the range
}

// rewrite gives the text of a query for evaluation.
func (r *rewriter) rewrite(e parser.Expr) (string, error) {
	copied, err := promexpr.Parse(e.String())
	if err != nil {
		return "", fmt.Errorf("it cannot be read back: %w", err)
	}
	out, err := r.expr(copied)
	if err != nil {
		return "", err
	}
	return out.String(), nil
}

func (r *rewriter) expr(e parser.Expr) (parser.Expr, error) {
	var err error
	switch n := e.(type) {
	case *parser.NumberLiteral, *parser.StringLiteral:
	case *parser.ParenExpr:
		n.Expr, err = r.expr(n.Expr)
	case *parser.UnaryExpr:
		n.Expr, err = r.expr(n.Expr)
	case *parser.AggregateExpr:
		n.Expr, err = r.expr(n.Expr)
	case *parser.BinaryExpr:
		if n.Op == parser.DIV {
			r.shares++
			defer func() { r.shares-- }()
		}
		if n.LHS, err = r.expr(n.LHS); err == nil {
			n.RHS, err = r.expr(n.RHS)
		}
	case *parser.VectorSelector:
		return r.instant(n)
	case *parser.Call:
		return r.call(n)
	case *parser.SubqueryExpr:
		return nil, errors.New("it has a subquery, whose range is part of what it says")
	default:
		return nil, fmt.Errorf("it has a %T, which is not evaluated", e)
	}
	return e, err
}

// of takes note of a quantity and refuses a second one.
func (r *rewriter) of(q quantity) error {
	if r.seen != "" && r.seen != q {
		return fmt.Errorf("it has %s beside %s, which do not compare over another range", q, r.seen)
	}
	r.seen = q
	return nil
}

func plain(vs *parser.VectorSelector) error {
	switch {
	case vs.OriginalOffset != 0 || vs.OriginalOffsetExpr != nil:
		return errors.New("it has an offset, so that it tells of another time")
	case vs.Timestamp != nil || vs.StartOrEnd != 0:
		return errors.New("it has an @ modifier, so that it tells of one time only")
	}
	return nil
}

// instant rewrites a selector without a range.
func (r *rewriter) instant(vs *parser.VectorSelector) (parser.Expr, error) {
	if err := plain(vs); err != nil || !r.events {
		return vs, err
	}
	name := nameOf(vs)
	switch {
	case r.counters || countsByName(name):
		// Such a query is of counters itself, and its formats say so: Pyrra's
		// metrics, OpenSLO's "counter: true", Nobl9's "incremental".
		if err := r.of(ofIncreases); err != nil {
			return nil, err
		}
		return r.over("increase", &parser.MatrixSelector{VectorSelector: vs}, true), nil
	case strings.Contains(name, ":"):
		return vs, r.of(ofRecorded)
	}
	return nil, fmt.Errorf("whether %q is a counter cannot be told: expected a rate or an increase of it, or a name that ends in _total, _count, _sum or _bucket", name)
}

func nameOf(vs *parser.VectorSelector) string {
	for _, m := range vs.LabelMatchers {
		if m.Name == model.MetricNameLabel && m.Type == labels.MatchEqual {
			return m.Value
		}
	}
	return vs.Name
}

func countsByName(name string) bool {
	if strings.Contains(name, ":") {
		return false
	}
	for _, suffix := range []string{"_total", "_count", "_sum", "_bucket"} {
		if strings.HasSuffix(name, suffix) {
			return true
		}
	}
	return false
}

// call rewrites a function's call.
func (r *rewriter) call(c *parser.Call) (parser.Expr, error) {
	var ranged *parser.MatrixSelector
	for _, a := range c.Args {
		if m, ok := a.(*parser.MatrixSelector); ok {
			ranged = m
		}
	}
	if ranged == nil {
		if c.Func.Name == "histogram_quantile" {
			r.shares++
			defer func() { r.shares-- }()
		}
		for i, a := range c.Args {
			var err error
			if c.Args[i], err = r.expr(a); err != nil {
				return nil, err
			}
		}
		return c, nil
	}
	if err := plain(ranged.VectorSelector.(*parser.VectorSelector)); err != nil {
		return nil, err
	}
	switch name := c.Func.Name; name {
	case "rate", "irate": // irate is a rate over less
		if err := r.of(ofRates); err != nil {
			return nil, err
		}
		if r.events {
			return r.over("increase", ranged, true), nil // by the step instead of by the second
		}
		return r.over("rate", ranged, true), nil
	case "increase":
		if err := r.of(ofIncreases); err != nil {
			return nil, err
		}
		return r.over(name, ranged, true), r.scales(name)
	case "sum_over_time", "count_over_time":
		if err := r.of(ofSamples); err != nil {
			return nil, err
		}
		return r.over(name, ranged, false), r.scales(name)
	case "avg_over_time", "min_over_time", "max_over_time", "last_over_time", "quantile_over_time":
		if r.events {
			return nil, fmt.Errorf("%s counts no events", name)
		}
		ranged.Range, ranged.RangeExpr = r.step, nil
		return c, nil
	default:
		return nil, fmt.Errorf("the range of %s is part of what it says, so that it cannot be evaluated over another", name)
	}
}

// scales refuses what grows with the range, where it is compared with a
// number.
func (r *rewriter) scales(function string) error {
	if r.events || r.shares > 0 {
		return nil
	}
	return fmt.Errorf("%s grows with its range: expected a ratio or a rate", function)
}

// over is a call of a function over one step.
func (r *rewriter) over(function string, m *parser.MatrixSelector, anchored bool) parser.Expr {
	m.Range, m.RangeExpr = r.step, nil
	vs := m.VectorSelector.(*parser.VectorSelector)
	vs.Anchored, vs.Smoothed = anchored, false
	return &parser.Call{Func: parser.Functions[function], Args: parser.Expressions{m}}
}
