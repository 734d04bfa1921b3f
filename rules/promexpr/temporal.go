package promexpr

import (
	"slices"
	"strings"
	"time"

	"github.com/grafana/regexp"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/promql/parser/posrange"
)

// Windows returns the lengths of all ranges and subqueries around the
// selectors that e measures (RoleSubject), ascending, each once. Lengths that
// depend on the query are left out.
func Windows(e parser.Expr) []time.Duration {
	var out []time.Duration
	for _, s := range Selectors(e) {
		if s.Role != RoleSubject {
			continue
		}
		for _, w := range [...]time.Duration{s.Range, s.Subquery} {
			if w > 0 {
				out = append(out, w)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// onSubject calls f for every node that e measures, not for guards and limits.
func onSubject(e parser.Expr, f func(parser.Expr)) {
	for _, s := range Spine(e) {
		walk(s, f)
	}
}

// UsesAge reports whether e measures the time since or until something: it
// subtracts from time(), or subtracts time() from a series.
func UsesAge(e parser.Expr) (posrange.PositionRange, bool) {
	var pos posrange.PositionRange
	found := false
	onSubject(e, func(n parser.Expr) {
		b, ok := n.(*parser.BinaryExpr)
		if !ok || b.Op != parser.SUB || found {
			return
		}
		if isNow(b.LHS) && len(Selectors(b.RHS)) > 0 || isNow(b.RHS) && len(Selectors(b.LHS)) > 0 {
			pos, found = b.PositionRange(), true
		}
	})
	return pos, found
}

// isNow recognises time(), also as vector(time()).
func isNow(e parser.Expr) bool {
	c, ok := Unparen(e).(*parser.Call)
	if !ok {
		return false
	}
	if c.Func.Name == "vector" {
		return isNow(c.Args[0])
	}
	return c.Func.Name == "time"
}

// UsesAbsence reports whether e measures that something is missing, by absent
// or absent_over_time.
func UsesAbsence(e parser.Expr) (posrange.PositionRange, bool) {
	calls := callsOf(e, "absent", "absent_over_time")
	if len(calls) == 0 {
		return posrange.PositionRange{}, false
	}
	return calls[0].PosRange, true
}

// UsesInstantRate returns the calls of irate and idelta in what e measures.
func UsesInstantRate(e parser.Expr) []posrange.PositionRange {
	var out []posrange.PositionRange
	for _, c := range callsOf(e, "irate", "idelta") {
		out = append(out, c.PosRange)
	}
	return out
}

func callsOf(e parser.Expr, names ...string) []*parser.Call {
	var out []*parser.Call
	onSubject(e, func(n parser.Expr) {
		if c, ok := n.(*parser.Call); ok && slices.Contains(names, c.Func.Name) {
			out = append(out, c)
		}
	})
	return out
}

// An Event is a count of what happened within a window.
type Event struct {
	Func   string
	Window time.Duration // 0 where it depends on the query
	Pos    posrange.PositionRange
}

// EventCounts returns the calls in what e measures that count events over a
// window: increase, rate, changes, resets and count_over_time.
func EventCounts(e parser.Expr) []Event {
	var out []Event
	for _, c := range callsOf(e, "increase", "rate", "changes", "resets", "count_over_time") {
		ev := Event{Func: c.Func.Name, Pos: c.PosRange}
		switch a := Unparen(c.Args[0]).(type) {
		case *parser.MatrixSelector:
			ev.Window = windowOf(a.Range, a.RangeExpr)
		case *parser.SubqueryExpr:
			ev.Window = windowOf(a.Range, a.RangeExpr)
		}
		out = append(out, ev)
	}
	return out
}

func windowOf(d time.Duration, e *parser.DurationExpr) time.Duration {
	if e != nil {
		d, _ = foldDuration(e, false)
	}
	return d
}

// A BurnRate is a pair of windows over one signal that must both be above the
// line: the multi-window alert of the SRE Workbook, chapter 5.
type BurnRate struct {
	Short, Long time.Duration
	Pos         posrange.PositionRange // of the `and`
}

// BurnRates returns the pairs of windows on the spine of e: each `and` of which
// both sides compare, and are equal but for their windows. A window is a range
// or a duration in the name of a recorded metric: job:errors:ratio_rate5m.
func BurnRates(e parser.Expr) []BurnRate {
	var out []BurnRate
	spine(e, func(n parser.Expr) {
		b, ok := n.(*parser.BinaryExpr)
		if !ok || b.Op != parser.LAND || !hasComparison(b.LHS) || !hasComparison(b.RHS) {
			return
		}
		l, r := allWindows(b.LHS), allWindows(b.RHS)
		if len(l) != 1 || len(r) != 1 || l[0] == r[0] || blurred(b.LHS) != blurred(b.RHS) {
			return
		}
		out = append(out, BurnRate{Short: min(l[0], r[0]), Long: max(l[0], r[0]), Pos: b.PositionRange()})
	})
	return out
}

func hasComparison(e parser.Expr) bool {
	found := false
	walk(e, func(n parser.Expr) {
		if b, ok := n.(*parser.BinaryExpr); ok && b.Op.IsComparisonOperator() {
			found = true
		}
	})
	return found
}

func blurred(e parser.Expr) string {
	c := canon{blur: true}
	c.expr(e)
	return string(c.buf)
}

// allWindows returns the windows of every selector of e: its range or else the
// duration in its name.
func allWindows(e parser.Expr) []time.Duration {
	var out []time.Duration
	for _, s := range Selectors(e) {
		w := max(s.Range, s.Subquery)
		if w == 0 {
			_, w = blurName(s.Name)
		}
		if w > 0 {
			out = append(out, w)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// namedWindow finds a duration at the end of a word of a metric's name.
var namedWindow = regexp.MustCompile(`([0-9]+(?:ms|[smhdwy]))(_|:|$)`)

// blurName returns the name with the durations in it as _, and the last of
// them; 0 without any.
func blurName(name string) (string, time.Duration) {
	if !strings.ContainsAny(name, "0123456789") {
		return name, 0
	}
	var window time.Duration
	for _, m := range namedWindow.FindAllStringSubmatch(name, -1) {
		if d, err := model.ParseDuration(m[1]); err == nil {
			window = time.Duration(d)
		}
	}
	return namedWindow.ReplaceAllString(name, "_$2"), window
}
