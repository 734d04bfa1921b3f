package sli

import (
	"math"
	"slices"

	"github.com/prometheus/prometheus/promql/parser"

	"github.com/crywolf-dev/crywolf/rules/promexpr"
)

// reckoned keeps, of SLIs that count the same, those whose budget, objective or
// threshold stands in what the alert is compared with: 14.4 * 0.001, 1 - 0.999.
// Where none does, or all do, they are left as they are.
func reckoned(matches []Match, e parser.Expr) []Match {
	if len(matches) < 2 || len(matches) > maxCompared {
		return matches
	}
	var numbers []float64
	left := maxNodes
	numbersOf(e, &left, &numbers)
	told := func(m Match) bool {
		if m.SLI.Value != nil {
			return slices.ContainsFunc(numbers, func(n float64) bool { return near(n, m.SLI.Threshold) })
		}
		return m.SLI.Objective > 0 && slices.ContainsFunc(numbers, func(n float64) bool {
			return near(n, m.SLI.Budget()) || near(n, m.SLI.Objective) || near(n, 100*m.SLI.Objective)
		})
	}
	return slices.DeleteFunc(slices.Clone(matches), func(m Match) bool {
		return !told(m) && slices.ContainsFunc(matches, func(o Match) bool { return told(o) && o.target.twin(m.target) })
	})
}

// twin reports a target of another SLI that selects the same.
func (t *target) twin(o *target) bool {
	return t.part == o.part && t.le == o.le && t.sift == o.sift && t.memo.contain(t.matchers, o.matchers).equal()
}

// numbersOf collects the numbers of an expression, but those that say how
// something is computed: which quantile, and how far ahead.
func numbersOf(n parser.Node, left *int, out *[]float64) {
	if *left--; *left < 0 {
		return
	}
	if l, ok := n.(*parser.NumberLiteral); ok {
		*out = append(*out, l.Val)
		return
	}
	switch e := n.(type) {
	case *parser.AggregateExpr:
		numbersOf(e.Expr, left, out)
		return
	case *parser.Call:
		for _, a := range e.Args {
			if _, ok := promexpr.Unparen(a).(*parser.NumberLiteral); !ok || e.Func.Name == "vector" {
				numbersOf(a, left, out)
			}
		}
		return
	}
	for c := range parser.ChildrenIter(n) {
		numbersOf(c, left, out)
	}
}

// near allows for what subtracting an objective from 1 loses.
func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*math.Max(1, math.Abs(b)) }
