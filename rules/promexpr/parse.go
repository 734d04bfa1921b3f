// Package promexpr says what a PromQL expression means: its canonical form,
// what it selects, compares and measures, which labels its result can carry,
// and whether it can ever return nothing. All of it is pure functions over the
// syntax trees of Prometheus's own parser; nothing here changes a tree.
//
// Every claim is about the engine's default behaviour: without the feature
// flag promql-delayed-name-removal, which keeps metric names alive inside an
// expression for longer.
package promexpr

import (
	"github.com/prometheus/prometheus/promql/parser"
)

// parserOptions enables everything that some Prometheus can be told to accept.
var parserOptions = parser.Options{
	EnableExperimentalFunctions:  true,
	ExperimentalDurationExpr:     true,
	EnableExtendedRangeSelectors: true,
	EnableBinopFillModifiers:     true,
}

// Parse parses a PromQL expression, experimental syntax included; Experimental
// names the uses of it. A failure is a parser.ParseErrors with positions in s.
func Parse(s string) (parser.Expr, error) {
	return parser.NewParser(parserOptions).ParseExpr(s)
}
