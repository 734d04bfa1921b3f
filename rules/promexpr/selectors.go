package promexpr

import (
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql/parser"
)

// Role is what a selector is for, in the expression as a whole.
type Role int

const (
	// RoleSubject: it is measured.
	RoleSubject Role = iota
	// RoleGuard: on the right of `and` or `unless`; it decides when the subject
	// counts.
	RoleGuard
	// RoleThreshold: the subject is compared with it.
	RoleThreshold
	// RoleJoin: it only brings labels: the one side of a multiplication under
	// group_left or group_right, or the second argument of info.
	RoleJoin
)

func (r Role) String() string {
	switch r {
	case RoleGuard:
		return "guard"
	case RoleThreshold:
		return "threshold"
	case RoleJoin:
		return "join"
	}
	return "subject"
}

// A Selector is a vector selector and where it stands.
type Selector struct {
	Node *parser.VectorSelector
	Name string // metric name fixed by equality, "" where there is none
	Role Role   // outside in, the first role that isn't RoleSubject

	Range    time.Duration // of the range around it, 0 for an instant
	Subquery time.Duration // longest range of the subqueries around it, 0 without
	// Funcs are the functions applied to it, innermost first: "rate",
	// "histogram_quantile".
	Funcs []string
	// Aggregations are those applied to it, innermost first.
	Aggregations []*parser.AggregateExpr

	Numerator   bool // on the left of a division
	Denominator bool // on the right of a division, at the outermost one it is under
	Complement  bool // subtracted from a number: 1 - x
	Compared    bool // below a comparison
	Absent      bool // below absent or absent_over_time
	Negated     bool // guards by its absence: on the right of `unless`
}

// Func is the innermost function applied to the selector, "" without any.
func (s Selector) Func() string {
	if len(s.Funcs) == 0 {
		return ""
	}
	return s.Funcs[0]
}

// Matches returns the value that the selector fixes a label to by equality.
func (s Selector) Matches(label string) (value string, ok bool) {
	l := labeler{}.selector(s.Node)
	v, fixed := l.Value(label)
	return v, fixed && l.MustHave(label)
}

// Selectors returns every vector selector of e with its context, in source
// order.
func Selectors(e parser.Expr) []Selector {
	var out []Selector
	collect(e, Selector{}, &out)
	return out
}

func collect(e parser.Expr, s Selector, out *[]Selector) {
	switch n := Unparen(e).(type) {
	case *parser.VectorSelector:
		s.Node, s.Name = n, Name(n)
		// The slices were shared on the way down.
		s.Funcs = reversed(s.Funcs)
		s.Aggregations = reversed(s.Aggregations)
		*out = append(*out, s)
	case *parser.MatrixSelector:
		s.Range = n.Range
		if n.RangeExpr != nil {
			s.Range, _ = foldDuration(n.RangeExpr, false)
		}
		collect(n.VectorSelector, s, out)
	case *parser.SubqueryExpr:
		r := n.Range
		if n.RangeExpr != nil {
			r, _ = foldDuration(n.RangeExpr, false)
		}
		s.Subquery = max(s.Subquery, r)
		collect(n.Expr, s, out)
	case *parser.AggregateExpr:
		if n.Param != nil {
			p := s
			p.Role = p.role(RoleThreshold)
			collect(n.Param, p, out)
		}
		s.Aggregations = append(s.Aggregations[:len(s.Aggregations):len(s.Aggregations)], n)
		collect(n.Expr, s, out)
	case *parser.Call:
		s.Funcs = append(s.Funcs[:len(s.Funcs):len(s.Funcs)], n.Func.Name)
		s.Absent = s.Absent || n.Func.Name == "absent" || n.Func.Name == "absent_over_time"
		for i, a := range n.Args {
			arg := s
			if n.Func.Name == "info" && i == 1 {
				arg.Role = arg.role(RoleJoin)
			}
			collect(a, arg, out)
		}
	case *parser.BinaryExpr:
		collectBinary(n, s, out)
	default:
		children(n, func(c parser.Expr) { collect(c, s, out) })
	}
}

// role is r unless a role was given further out.
func (s Selector) role(r Role) Role {
	if s.Role != RoleSubject {
		return s.Role
	}
	return r
}

func collectBinary(n *parser.BinaryExpr, s Selector, out *[]Selector) {
	l, r := s, s
	switch {
	case n.Op == parser.LAND || n.Op == parser.LUNLESS:
		r.Role = r.role(RoleGuard)
		r.Negated = r.Negated || n.Op == parser.LUNLESS
	case n.Op.IsComparisonOperator():
		l.Compared, r.Compared = true, true
		if c, _ := ComparisonOf(n); c.Subject == n.LHS {
			r.Role = r.role(RoleThreshold)
		} else {
			l.Role = l.role(RoleThreshold)
		}
	case n.Op == parser.DIV:
		if !s.Numerator && !s.Denominator {
			l.Numerator, r.Denominator = true, true
		}
	case n.Op == parser.SUB:
		if _, ok := number(n.LHS); ok {
			r.Complement = true
		}
	case n.Op == parser.MUL && n.VectorMatching != nil:
		switch n.VectorMatching.Card {
		case parser.CardManyToOne:
			r.Role = r.role(RoleJoin)
		case parser.CardOneToMany:
			l.Role = l.role(RoleJoin)
		}
	}
	collect(n.LHS, l, out)
	collect(n.RHS, r, out)
}

func reversed[T any](s []T) []T {
	out := make([]T, 0, len(s))
	for i := len(s) - 1; i >= 0; i-- {
		out = append(out, s[i])
	}
	return out
}

// FixedLabels returns the labels, the metric name left out, that the selector
// fixes by equality to a value that is not empty.
func (s Selector) FixedLabels() map[string]string {
	out := map[string]string{}
	l := labeler{}.selector(s.Node)
	for _, m := range s.Node.LabelMatchers {
		if v, ok := l.Value(m.Name); ok && v != "" && m.Name != model.MetricNameLabel {
			out[m.Name] = v
		}
	}
	return out
}
