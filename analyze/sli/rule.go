package sli

import (
	"github.com/crywolf-dev/crywolf/rules"
)

// Judge judges one alerting rule. records returns the rules that record a name,
// as rules.Set.Recorders does; their expressions stand for the name, through as
// many of them as there are. To judge many alerts, use a Judger.
func Judge(r *rules.Rule, records func(name string) []*rules.Rule) Judgement {
	return NewJudger(records).Judge(r)
}

// A Judger judges the alerts of one run, and remembers what it learns of
// metrics on the way. It is safe for concurrent use as far as its records are.
type Judger struct {
	records *recorders
	memo    memo
}

// NewJudger returns a Judger to which records gives the rules that record a
// name. A nil records is none. What extra classes say of a metric holds before
// what is known of it here, the first that fits; those that do not Validate, and
// any beyond MaxClasses, are left out.
func NewJudger(records func(name string) []*rules.Rule, extra ...Class) *Judger {
	if records == nil {
		records = func(string) []*rules.Rule { return nil }
	}
	return &Judger{records: &recorders{rules: records}, memo: memo{extra: declaredRows(extra)}}
}

// Judge judges an alerting rule. Of one whose expression does not parse nothing
// is known.
func (j *Judger) Judge(r *rules.Rule) Judgement {
	e := r.Expr()
	if e == nil {
		return Judgement{Evidence: "the expression does not parse"}
	}
	return judgeWith(e, static(r), r.Name(), j.records.matching, &j.memo)
}
