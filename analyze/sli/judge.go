package sli

import (
	"strings"

	promlabels "github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// An opinion is what one reading, or one side of an "and" or "or", suggests.
type opinion struct {
	verdict Verdict
	rung    Rung
	what    string // the end of the sentence that the selector begins
	r       *reading
	// neutral is an opinion that another one overrules: a total, a condition on
	// traffic, something that is joined.
	neutral bool
}

// JudgeExpr judges an alert by its parsed expression, its static labels and its
// name. records returns the expressions of the rules that record a name; nil is
// no such rule. Nothing of what it is given is changed.
func JudgeExpr(e parser.Expr, labels map[string]string, name string, records func(string) []parser.Expr) Judgement {
	if e == nil {
		return Judgement{Evidence: "there is no expression to judge"}
	}
	return judgeExpr(e, labels, name, records, new(memo))
}

func judgeExpr(e parser.Expr, labels map[string]string, name string, records func(string) []parser.Expr, m *memo) Judgement {
	if records == nil {
		return judgeWith(e, labels, name, nil, m)
	}
	return judgeWith(e, labels, name, func(name string, _ []*promlabels.Matcher) []recording {
		var out []recording
		for _, e := range records(name) {
			out = append(out, recording{expr: e})
		}
		return out
	}, m)
}

func judgeWith(e parser.Expr, labels map[string]string, name string, records recordsFunc, m *memo) Judgement {
	j := judge{records: records, alert: name, memo: m}
	o := j.logic(e, 0)
	if j.nodes > maxNodes {
		return Judgement{Evidence: "the expression is too large to judge", Pos: e.PositionRange()}
	}
	if o.verdict != Meta {
		if g, ok := generated(labels); ok {
			o = g
		}
	}
	return o.judgement(e)
}

func (o opinion) judgement(e parser.Expr) Judgement {
	out := Judgement{Verdict: o.verdict, Rung: o.rung, Evidence: o.what, Pos: e.PositionRange()}
	if o.verdict == Unknown {
		out.Rung = RungUnknown
	}
	if o.r != nil {
		out.Evidence = quoted(o.r) + " " + o.what
		out.Pos = o.r.pos
	}
	return out
}

// maxShown bounds a selector in evidence, in bytes.
const maxShown = 200

func quoted(r *reading) string {
	s := r.sel.String()
	if len(s) > maxShown {
		s = strings.ToValidUTF8(s[:maxShown], "") + "…"
	}
	if r.how.has(ratio) {
		return "numerator `" + s + "`"
	}
	return "`" + s + "`"
}

// generated looks for the labels that generators of SLO alerts set. What they
// set on alerts that watch their own records is judged before.
func generated(labels map[string]string) (opinion, bool) {
	switch {
	case labels["slo_alert"] == "yes", labels["alert_class"] == "slo_violation":
		return opinion{verdict: Symptom, rung: RungGenerator, what: "the labels of the alert say that it guards a service level objective"}, true
	case labels["alert_type"] == "symptom":
		return opinion{verdict: Symptom, rung: RungGenerator, what: `the alert has the label alert_type="symptom"`}, true
	case labels["alert_type"] == "cause":
		return opinion{verdict: Cause, rung: RungGenerator, what: `the alert has the label alert_type="cause"`}, true
	}
	return opinion{}, false
}

// judge judges one alert.
type judge struct {
	records recordsFunc
	alert   string // its name
	*memo
	nodes int
	rest  bool // an "unless" on up leaves the rest of each job answering
}

// logic judges the part of an expression above its comparisons. as is how what
// stands above reads it.
func (j *judge) logic(e parser.Expr, as wrap) opinion {
	if j.nodes++; j.nodes > maxNodes {
		return opinion{}
	}
	switch e := e.(type) {
	case *parser.ParenExpr:
		return j.logic(e.Expr, as)
	case *parser.BinaryExpr:
		switch e.Op {
		case parser.LAND:
			return both(j.logic(e.LHS, as), func() opinion { return j.logic(e.RHS, 0) }, e)
		case parser.LUNLESS:
			return j.unless(e, as)
		case parser.LOR:
			return either(j.logic(e.LHS, as), j.logic(e.RHS, as))
		}
	}
	return j.value(e, as)
}

// unless judges "l unless r": l, its subject. Where l only says that something
// exists, the subject is the lack of r.
func (j *judge) unless(e *parser.BinaryExpr, as wrap) opinion {
	if !compares(e.LHS) {
		switch l, r := metricOf(e.LHS), metricOf(e.RHS); {
		case l == r:
			as |= gone
		case lendsLabels(l) && r != "" && !lendsLabels(r):
			return j.logic(e.RHS, as|absence)
		}
	}
	if metricOf(e.LHS) == "up" && metricOf(e.RHS) == "up" {
		j.rest = true
	}
	return j.logic(e.LHS, as)
}

// both is the opinion on "l and r": that on l, its subject, unless l is a mere
// condition or the two tell of different things.
func both(l opinion, right func() opinion, e *parser.BinaryExpr) opinion {
	if l.verdict == Symptom || l.verdict == Meta && !l.neutral {
		return l
	}
	if (l.verdict == Cause || l.verdict == Unknown && !l.neutral) && predicts(e.RHS) {
		l.verdict, l.rung, l.what = Imminent, RungShape, "is extrapolated: it will run out"
		return l
	}
	r := right()
	switch {
	case l.neutral && r.r != nil && !r.neutral:
		return r
	case l.verdict == Cause && r.verdict == Imminent && !r.neutral:
		return r
	case l.verdict == Cause && r.verdict == Symptom && r.r.metric != "up":
		r.verdict, r.rung = Unknown, RungUnknown
		r.what = "tells of a symptom, and the other side of \"and\" of a cause"
		return r
	}
	return l
}

// either is the opinion on "l or r": the one on which both agree.
func either(l, r opinion) opinion {
	switch {
	case l.r == nil || l.neutral && r.r != nil:
		return r
	case r.r == nil || r.neutral || l.verdict == r.verdict || l.verdict == Unknown:
		return l
	case r.verdict == Unknown:
		return r
	}
	l.what = "tells of something else (" + l.verdict.String() + ") than " + quoted(r.r) + " (" + r.verdict.String() + ")"
	l.verdict, l.rung = Unknown, RungUnknown
	return l
}

// value judges a part of an expression that computes and compares.
func (j *judge) value(e parser.Expr, as wrap) opinion {
	w := walker{judge: j, nodes: j.nodes}
	w.read(e, use{wraps: as})
	j.nodes = w.nodes
	if w.nodes > maxNodes {
		return opinion{}
	}
	if len(w.out) == 0 {
		if !calls(e, "time") && !compares(e) {
			return opinion{verdict: Meta, rung: RungShape, neutral: true, what: "the expression selects no series, and so it fires always: a heartbeat of the monitoring"}
		}
		return opinion{neutral: true, what: "the expression selects no series"}
	}
	var out opinion
	for i := range w.out {
		r := &w.out[i]
		if r.how.has(below) || r.how.has(absence) && present(w.out, r.metric) {
			continue
		}
		if w.heads {
			r.how.wraps |= predicted
		}
		o := j.consider(r)
		o.r = r
		if i == 0 || out.r == nil {
			out = o
			continue
		}
		out = either(out, o)
	}
	return out
}

// present reports that a metric is read for its value too, so that absent() only
// fills its gaps.
func present(all []reading, metric string) bool {
	for i := range all {
		if all[i].metric == metric && !all[i].how.has(absence|below) {
			return true
		}
	}
	return false
}
