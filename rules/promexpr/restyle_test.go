package promexpr

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// restyler writes an expression in another of the ways that mean the same. It
// shares nothing with Canonical.
type restyler struct{ r *rand.Rand }

// where says what surrounds an expression.
type where struct {
	picks    bool // under topk, bottomk or limitk: the order of series matters
	argument bool // directly the argument of a function
	absent   bool // of absent or absent_over_time
	info     bool // the second of info
}

func (s restyler) coin() bool { return s.r.IntN(2) == 0 }

func (s restyler) keyword(w string) string {
	switch s.r.IntN(3) {
	case 0:
		return strings.ToUpper(w)
	case 1:
		return strings.ToUpper(w[:1]) + w[1:]
	}
	return w
}

func (s restyler) space() string { return pick(s.r, "", " ", "\n", "  # a word\n") }

func (s restyler) expr(e parser.Expr, w where) string {
	text := s.bare(e, w)
	if w.info {
		return text
	}
	if !w.argument && s.r.IntN(8) == 0 && (e.Type() == parser.ValueTypeVector || e.Type() == parser.ValueTypeScalar) {
		text = "+(" + text + ")"
	}
	if s.r.IntN(5) == 0 && e.Type() != parser.ValueTypeMatrix {
		text = "(" + s.space() + text + s.space() + ")"
	}
	return text
}

func (s restyler) bare(e parser.Expr, w where) string {
	switch n := e.(type) {
	case *parser.ParenExpr:
		if w.argument || s.coin() {
			return s.bare(n.Expr, w)
		}
		return "(" + s.expr(n.Expr, where{picks: w.picks}) + ")"
	case *parser.NumberLiteral:
		return s.number(n.Val)
	case *parser.StringLiteral:
		return s.quote(n.Val)
	case *parser.UnaryExpr:
		if n.Op == parser.ADD {
			return "+(" + s.expr(n.Expr, where{picks: w.picks}) + ")"
		}
		return "-(" + s.expr(n.Expr, where{picks: w.picks}) + ")"
	case *parser.VectorSelector:
		return s.matchers(n, w) + s.modifiers(n.Anchored, n.Smoothed, n.Timestamp, n.StartOrEnd, n.OriginalOffset, n.OriginalOffsetExpr)
	case *parser.MatrixSelector:
		vs := n.VectorSelector.(*parser.VectorSelector)
		return s.matchers(vs, w) + "[" + s.window(n.Range, n.RangeExpr) + "]" +
			s.modifiers(vs.Anchored, vs.Smoothed, vs.Timestamp, vs.StartOrEnd, vs.OriginalOffset, vs.OriginalOffsetExpr)
	case *parser.SubqueryExpr:
		every := ""
		if n.Step != 0 || n.StepExpr != nil {
			every = s.window(n.Step, n.StepExpr)
		}
		return "(" + s.expr(n.Expr, where{picks: w.picks}) + ")[" + s.window(n.Range, n.RangeExpr) + ":" + every + "]" +
			s.modifiers(false, false, n.Timestamp, n.StartOrEnd, n.OriginalOffset, n.OriginalOffsetExpr)
	case *parser.Call:
		var args []string
		for i, a := range n.Args {
			args = append(args, s.expr(a, where{picks: w.picks, argument: true,
				absent: strings.HasPrefix(n.Func.Name, "absent"), info: n.Func.Name == "info" && i == 1}))
		}
		return n.Func.Name + s.space() + "(" + strings.Join(args, s.space()+", ") + ")"
	case *parser.AggregateExpr:
		return s.aggregate(n, w)
	case *parser.BinaryExpr:
		return s.binary(n, w)
	}
	panic(fmt.Sprintf("%T", e))
}

func (s restyler) aggregate(n *parser.AggregateExpr, w where) string {
	in := where{picks: w.picks || n.Op == parser.TOPK || n.Op == parser.BOTTOMK || n.Op == parser.LIMITK}
	args := "(" + s.space()
	if n.Param != nil {
		args += s.expr(n.Param, where{}) + ","
	}
	args += s.expr(n.Expr, in) + ")"
	clause := ""
	switch {
	case n.Without:
		clause = " " + s.keyword("without") + s.space() + s.labels(n.Grouping) + " "
	case len(n.Grouping) > 0 || s.r.IntN(4) == 0:
		clause = " " + s.keyword("by") + s.labels(n.Grouping) + s.space()
	}
	if s.coin() {
		return s.keyword(n.Op.String()) + clause + args
	}
	return s.keyword(n.Op.String()) + args + clause
}

func (s restyler) labels(l []string) string {
	l = slices.Clone(l)
	if len(l) > 0 && s.r.IntN(3) == 0 {
		l = append(l, pick(s.r, l...))
	}
	s.r.Shuffle(len(l), func(i, j int) { l[i], l[j] = l[j], l[i] })
	for i, x := range l {
		if s.r.IntN(3) == 0 || strings.ContainsAny(x, ".- ") {
			l[i] = s.quote(x)
		}
	}
	tail := ""
	if len(l) > 0 && s.r.IntN(4) == 0 {
		tail = ","
	}
	return "(" + strings.Join(l, ", ") + tail + ")"
}

func (s restyler) binary(n *parser.BinaryExpr, w where) string {
	op, l, r := n.Op, n.LHS, n.RHS
	m := n.VectorMatching
	grouped := m != nil && (m.Card == parser.CardManyToOne || m.Card == parser.CardOneToMany)
	left := m != nil && m.Card == parser.CardManyToOne
	symmetric := op == parser.ADD || op == parser.MUL || op.IsComparisonOperator()
	switch {
	case !symmetric || s.coin():
		symmetric = false
	case m == nil: // with a scalar
	case m.FillValues.LHS != nil || m.FillValues.RHS != nil:
		symmetric = false
	case op.IsComparisonOperator() && !n.ReturnBool:
		symmetric = false
	case grouped:
	case op.IsComparisonOperator() || w.picks || m.On || len(m.MatchingLabels) > 0 || !plainAggregate(l) || !plainAggregate(r):
		symmetric = false
	}
	text := op.String()
	if symmetric {
		l, r, left = r, l, !left
		text = map[string]string{">": "<", "<": ">", ">=": "<=", "<=": ">="}[text]
		if text == "" {
			text = op.String()
		}
	}
	text = s.keyword(text)
	if n.ReturnBool {
		text += " " + s.keyword("bool")
	}
	if m != nil {
		switch {
		case m.On:
			text += " " + s.keyword("on") + s.labels(m.MatchingLabels)
		case grouped || len(m.MatchingLabels) > 0 || s.r.IntN(4) == 0:
			text += " " + s.keyword("ignoring") + s.labels(m.MatchingLabels)
		}
		if grouped {
			text += " " + s.keyword(map[bool]string{true: "group_left", false: "group_right"}[left])
			text += s.labels(m.Include)
		}
		lf, rf := m.FillValues.LHS, m.FillValues.RHS
		switch {
		case lf != nil && rf != nil && *lf == *rf && s.coin():
			text += fmt.Sprintf(" fill (%v)", *lf)
		case lf != nil && rf != nil && s.coin():
			text += fmt.Sprintf(" fill_right (%v) fill_left (%v)", *rf, *lf)
		default:
			if lf != nil {
				text += fmt.Sprintf(" fill_left (%v)", *lf)
			}
			if rf != nil {
				text += fmt.Sprintf(" fill_right (%v)", *rf)
			}
		}
	}
	in := where{picks: w.picks}
	return "(" + s.expr(l, in) + ") " + text + s.space() + " (" + s.expr(r, in) + ")"
}

// plainAggregate recognises what can have no two series with the same labels
// and nothing but labels of a by clause.
func plainAggregate(e parser.Expr) bool {
	for {
		p, ok := e.(*parser.ParenExpr)
		if !ok {
			break
		}
		e = p.Expr
	}
	a, ok := e.(*parser.AggregateExpr)
	return ok && !a.Without && (a.Op == parser.SUM || a.Op == parser.COUNT || a.Op == parser.MAX) && !slices.Contains(a.Grouping, "__name__")
}

func (s restyler) quote(v string) string {
	switch s.r.IntN(3) {
	case 0:
		if !strings.ContainsAny(v, "`\r") && strconv.CanBackquote(v) {
			return "`" + v + "`"
		}
	case 1:
		q := strconv.Quote(v)
		return "'" + strings.ReplaceAll(strings.ReplaceAll(q[1:len(q)-1], `\"`, `"`), "'", `\'`) + "'"
	}
	return strconv.Quote(v)
}

func (s restyler) matchers(vs *parser.VectorSelector, w where) string {
	ms := slices.Clone(vs.LabelMatchers)
	if !w.absent {
		if len(ms) > 0 && s.r.IntN(4) == 0 {
			ms = append(ms, pick(s.r, ms...))
		}
		s.r.Shuffle(len(ms), func(i, j int) { ms[i], ms[j] = ms[j], ms[i] })
	}
	var names, rest []*labels.Matcher
	for _, m := range ms {
		if m.Name == model.MetricNameLabel {
			names = append(names, m)
		} else {
			rest = append(rest, m)
		}
	}
	same := len(names) > 0
	for _, m := range names {
		same = same && m.Type == labels.MatchEqual && m.Value == names[0].Value && m.Value != ""
	}
	text := ""
	if same && !w.info && !strings.ContainsAny(names[0].Value, ".- ") && s.coin() {
		text, ms = names[0].Value, rest
		if len(rest) == 0 && s.coin() {
			return text
		}
	}
	var parts []string
	for _, m := range ms {
		if m.Name == model.MetricNameLabel && m.Type == labels.MatchEqual && m.Value != "" && !w.info && s.coin() {
			parts = append(parts, `"`+m.Value+`"`)
			continue
		}
		name := m.Name
		if s.r.IntN(4) == 0 || strings.ContainsAny(name, ".- ") {
			name = strconv.Quote(name)
		}
		parts = append(parts, name+s.space()+m.Type.String()+s.quote(m.Value))
	}
	tail := ""
	if len(parts) > 0 && s.r.IntN(4) == 0 {
		tail = ","
	}
	return text + "{" + strings.Join(parts, s.space()+",") + tail + "}"
}

func (s restyler) modifiers(anchored, smoothed bool, at *int64, edge parser.ItemType, offset time.Duration, offsetExpr *parser.DurationExpr) string {
	var parts []string
	if anchored {
		parts = append(parts, " "+s.keyword("anchored"))
	}
	if smoothed {
		parts = append(parts, " "+s.keyword("smoothed"))
	}
	switch {
	case edge != 0:
		parts = append(parts, " @ "+edge.String()+"( )")
	case at != nil:
		sec := float64(*at) / 1000
		parts = append(parts, " @ "+pick(s.r, fmt.Sprintf("%.3f", sec), strconv.FormatFloat(sec, 'f', -1, 64), fmt.Sprintf("%.12e", sec)))
	}
	switch {
	case offsetExpr != nil:
		parts = append(parts, " offset "+offsetExpr.String())
	case offset < 0:
		parts = append(parts, " "+s.keyword("offset")+" -"+s.duration(-offset))
	case offset > 0:
		parts = append(parts, " "+s.keyword("offset")+" "+s.duration(offset))
	case s.r.IntN(10) == 0:
		parts = append(parts, " offset 0s")
	}
	s.r.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
	return strings.Join(parts, "")
}

func (s restyler) window(d time.Duration, e *parser.DurationExpr) string {
	if e != nil {
		return e.String()
	}
	if s.r.IntN(4) == 0 && d > time.Second && d%time.Second == 0 {
		return fmt.Sprintf("(%ds + 1s)", int64(d/time.Second)-1)
	}
	return s.duration(d)
}

func (s restyler) duration(d time.Duration) string {
	if d%time.Second != 0 {
		return strconv.FormatFloat(d.Seconds(), 'f', -1, 64)
	}
	n := int64(d / time.Second)
	return pick(s.r, fmt.Sprintf("%ds", n), strconv.FormatInt(n, 10), hex(n), fmt.Sprintf("%dm%ds", n/60, n%60), fmt.Sprintf("%d.0", n), fmt.Sprintf("%dms", n*1000))
}

func (s restyler) number(v float64) string {
	switch {
	case math.IsNaN(v):
		return pick(s.r, "NaN", "nan", "NAN", "(0 / 0)")
	case math.IsInf(v, 1):
		return pick(s.r, "Inf", "+Inf", "inf", "(1 / 0)")
	case math.IsInf(v, -1):
		return pick(s.r, "-Inf", "-(inf)", "(-1 / 0)")
	case v == 0 && math.Signbit(v):
		return pick(s.r, "-0", "-(0)", "(0 * -1)")
	case v < 0:
		return pick(s.r, "-"+s.number(-v), "-("+s.number(-v)+")", "(0 - "+s.number(-v)+")")
	}
	forms := []string{strconv.FormatFloat(v, 'f', -1, 64), strconv.FormatFloat(v, 'e', -1, 64), strconv.FormatFloat(v, 'g', -1, 64)}
	if v == math.Trunc(v) && v < 1e12 {
		n := int64(v)
		forms = append(forms, hex(n), fmt.Sprintf("%d.0", n), fmt.Sprintf("(%d + 1)", n-1), fmt.Sprintf("(%d - %d)", 2*n, n), fmt.Sprintf("(%d / 4)", 4*n))
		if n >= 1000 {
			forms = append(forms, fmt.Sprintf("%d_%03d", n/1000, n%1000))
		}
		if n > 0 && n < 1e8 {
			forms = append(forms, fmt.Sprintf("%ds", n), fmt.Sprintf("%dm%ds", n/60, n%60))
		}
	}
	return pick(s.r, forms...)
}

// hex avoids the digit that the lexer takes for an exponent.
func hex(n int64) string {
	if h := fmt.Sprintf("0x%x", n); !strings.Contains(h, "e") {
		return h
	}
	return strconv.FormatInt(n, 10)
}
