package rules

import (
	"sync/atomic"
	"time"

	"github.com/prometheus/prometheus/promql/parser"

	"github.com/crywolf-dev/crywolf/rules/promexpr"
)

// Kind tells alerting from recording rules.
type Kind int

const (
	Alerting Kind = iota + 1
	Recording
)

// String returns the key that introduces such a rule: "alert" or "record".
func (k Kind) String() string {
	if k == Recording {
		return "record"
	}
	return "alert"
}

// A Field is one key of a YAML mapping with its scalar value. The zero Field
// is an absent key.
type Field struct {
	Key, Value Scalar
}

// IsSet reports whether the key is there, be its value empty or not.
func (f Field) IsSet() bool { return f.Key.file != nil }

// A Rule is one alerting or recording rule and where each part of it stands.
type Rule struct {
	Kind  Kind
	Group *Group
	Index int // position in its group, from 0

	NameField          Field // alert: or record:
	ExprField          Field
	ForField           Field
	KeepFiringForField Field

	For           time.Duration // 0 where absent or unreadable
	KeepFiringFor time.Duration

	Labels      Mapping // the rule's own; see Label for those of the group
	Annotations Mapping

	// Open says that a template may give the rule keys, labels and annotations
	// which are not seen here.
	Open bool

	start, end int32 // see Node

	selects bool // the expression does
	dropped bool // the expression is to be made again where it is wanted
	packed  string
	expr    parser.Expr
	held    atomic.Pointer[parser.Expr] // while someone wants a dropped one
}

// Name is the alert's name or the recorded metric's.
func (r *Rule) Name() string { return r.NameField.Value.Text() }

// Node is the extent of the rule's whole mapping, for suppressions; never the
// span of a finding.
func (r *Rule) Node() Span { return r.File().span(int(r.start), int(r.end)) }

// File is the file the rule stands in.
func (r *Rule) File() *File { return r.Group.File }

// Expr is the parsed expression; nil where it does not parse, which the file's
// Problems say. Callers must not change it. In a large set it may have to be
// made again for every call: see Hold.
func (r *Rule) Expr() parser.Expr {
	if !r.dropped {
		return r.expr
	}
	if e := r.held.Load(); e != nil {
		return *e
	}
	return r.parseAgain()
}

// HasExpr reports whether Expr is not nil.
func (r *Rule) HasExpr() bool { return r.dropped || r.expr != nil }

// Hold keeps the expression at hand until Release. Only one at a time may hold
// a rule's.
func (r *Rule) Hold() {
	if r.dropped {
		e := r.parseAgain()
		r.held.Store(&e)
	}
}

// Release ends what Hold began.
func (r *Rule) Release() {
	if r.dropped {
		r.held.Store(nil)
	}
}

func (r *Rule) parseAgain() parser.Expr {
	text := r.ExprField.Value.Text()
	if r.packed != "" {
		return promexpr.Unpack(r.packed, text, r.File().matchers.make)
	}
	e, err := promexpr.Parse(text)
	if err != nil { // it parsed before
		panic("parsing an expression again: " + err.Error())
	}
	return e
}

// Selects reports whether the expression selects any series; false where it
// does not parse.
func (r *Rule) Selects() bool { return r.selects }

// Experimental are the uses of experimental syntax in the expression.
func (r *Rule) Experimental() []promexpr.Use { return r.File().experimental[r] }

// Label returns the label as the alert will carry it before templates are
// expanded: the rule's own, else the group's.
func (r *Rule) Label(name string) (Field, bool) {
	if f, ok := r.Labels.Get(name); ok {
		return f, true
	}
	return r.Group.Labels.Get(name)
}

// StaticLabels are the group's labels overlaid with the rule's, in order of
// their names.
func (r *Rule) StaticLabels() []Field {
	return overlay(r.Group.Labels, r.Labels)
}

// A Mapping is a YAML mapping of scalars in source order. A repeated key is a
// Problem of the file; the mapping keeps the last.
type Mapping []Field

// Get finds a key.
func (m Mapping) Get(name string) (Field, bool) {
	for _, f := range m {
		if f.Key.Text() == name {
			return f, true
		}
	}
	return Field{}, false
}

// A Group is a rule group: evaluated together, in order.
type Group struct {
	File             *File
	Index            int // position in its document, from 0
	NameField        Field
	IntervalField    Field
	Interval         time.Duration // 0 where absent: the server's default
	LimitField       Field
	Limit            int // 0 is no limit
	QueryOffsetField Field
	QueryOffset      time.Duration // 0 where absent: the server's default
	Labels           Mapping
	Node             Span
	Rules            []*Rule

	// Reads says whose data the group reads and how, where a key that is not
	// Prometheus's does: tenants, other databases. "" for all of the server's.
	Reads string

	// Owner of the group: "namespace/name" of the object, for PrometheusRules,
	// and "namespace/" in a file of Mimir's or Cortex's.
	Object string
}

// Name is the group's name.
func (g *Group) Name() string { return g.NameField.Value.Text() }
