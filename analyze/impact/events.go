package impact

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/prometheus/prometheus/promql/parser"

	"github.com/crywolf-dev/crywolf/analyze/sli"
)

const (
	// excessMost is the share by which bad events may outnumber all of them, and
	// of steps in which a ratio may exceed 1: two counters are not read at one
	// instant. Beyond it the queries are not what they are taken for.
	excessMost = 0.01
)

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
