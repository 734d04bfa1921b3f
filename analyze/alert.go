package analyze

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/prometheus/prometheus/promql/parser"

	"github.com/crywolf-dev/crywolf/analyze/sli"
	"github.com/crywolf-dev/crywolf/rules"
	"github.com/crywolf-dev/crywolf/rules/promexpr"
)

// An Alert is an alerting rule with what the run knows of it as a whole.
type Alert struct {
	Rule    *rules.Rule
	Scope   string
	Ordinal int    // among the alerts of the same scope, group and name, from 0; by what they say, not where they stand
	ID      string // stable identity: see Fingerprint
	Urgency Urgency

	// UrgencyInferred marks a page that is one only by convention: no
	// configuration and no severity says so.
	UrgencyInferred bool
	urgencyFrom     urgencySource

	// Deadman marks an alert that is meant to fire always, so that its
	// silence raises the alarm elsewhere. It is exempt from checks of noise.
	Deadman bool

	meets    concerns
	mappedTo mapped

	means   *meanings
	verdict atomic.Pointer[sli.Judgement]
	kind    atomic.Uint32 // the verdict without its reasons, and 1 more; 0 before it is found
	matches atomic.Pointer[[]sli.Match]

	read    sync.Once
	meaning [16]byte
}

// meanings find out what the alerts of a run are about.
type meanings struct {
	judger *sli.Judger
	mapper *sli.Mapper
	forget bool // verdicts, which take memory
}

// Verdict says what the alert stands for, and why: a symptom, where it measures
// an SLI that is declared. It is found when first asked for, and among very many
// alerts whenever it is.
func (a *Alert) Verdict() sli.Judgement {
	if v := a.verdict.Load(); v != nil {
		return *v
	}
	v := a.judge()
	a.kind.Store(uint32(v.Verdict) + 1)
	if !a.means.forget {
		a.verdict.Store(&v)
	}
	return v
}

// Kind is the verdict without its reasons, which is always remembered.
func (a *Alert) Kind() sli.Verdict {
	if k := a.kind.Load(); k > 0 {
		return sli.Verdict(k - 1)
	}
	return a.Verdict().Verdict
}

func (a *Alert) judge() sli.Judgement {
	v := a.means.judger.Judge(a.Rule)
	if v.Verdict == sli.Meta {
		return v
	}
	if ms := a.Matches(); len(ms) > 0 && ms[0].Fit.Measures() && ms[0].Rung > v.Rung {
		return sli.Judgement{Verdict: sli.Symptom, Rung: ms[0].Rung, Evidence: ms[0].Evidence(), Pos: ms[0].Pos}
	}
	return v
}

// Matches are the declared SLIs that the alert is about, by the strongest
// evidence there is; none for an alert that it would take too long to compare
// with them. They are found when first asked for, and where there are very many
// whenever they are.
func (a *Alert) Matches() []sli.Match {
	ms, _ := a.mapped()
	return ms
}

// Mapped reports that the SLIs which the alert is about are all among its
// Matches.
func (a *Alert) Mapped() bool {
	_, all := a.mapped()
	return all
}

// maxMatches is up to how many SLIs are remembered that an alert is about.
const maxMatches = 64

func (a *Alert) mapped() (ms []sli.Match, all bool) {
	if ms := a.matches.Load(); ms != nil {
		return *ms, ms != &unmatched
	}
	ms, all = a.means.mapper.Map(a.Rule)
	switch {
	case !all:
		a.matches.Store(&unmatched)
	case len(ms) == 0:
		a.matches.Store(&noMatches)
	case len(ms) <= maxMatches:
		a.matches.Store(&ms)
	}
	return ms, all
}

// noMatches are those of most alerts, once for all; unmatched those of alerts
// of which they are not known.
var noMatches, unmatched []sli.Match

// Meaning is a digest of the expression's canonical form: that of two
// expressions which mean the same however they are spelled is equal. It is
// zero where the expression does not parse.
func (a *Alert) Meaning() [16]byte {
	a.read.Do(func() {
		if e := a.Rule.Expr(); e != nil {
			h := hashers.Get().(*hasher)
			h.text = promexpr.AppendCanonical(h.text[:0], e)
			copy(a.meaning[:], h.sum())
			hashers.Put(h)
		}
	})
	return a.meaning
}

// Meets reports whether the alert meets the concern, itself or by a label that
// its expression brings along.
func (a *Alert) Meets(c Concern) bool { return a.meets[slices.Index(Concerns(), c)] }

// deadmanNames is how alerts of the kind are called in the wild, without
// spaces and in lower case: kube-prometheus's Watchdog, the classic
// DeadMansSwitch, heartbeats.
var deadmanNames = []string{"watchdog", "deadman", "heartbeat", "alwaysfir"}

func isDeadman(r *rules.Rule) bool {
	name := strings.ReplaceAll(foldKey(r.Name()), " ", "")
	if slices.ContainsFunc(deadmanNames, func(n string) bool { return strings.Contains(name, n) }) {
		return true
	}
	return r.HasExpr() && !r.Selects() && constant(r.Expr())
}

// constant reports whether an expression depends on nothing, as vector(1) does,
// perhaps compared with a number.
func constant(e parser.Expr) bool {
	switch n := e.(type) {
	case *parser.NumberLiteral, *parser.StringLiteral:
		return true
	case *parser.ParenExpr:
		return constant(n.Expr)
	case *parser.UnaryExpr:
		return constant(n.Expr)
	case *parser.AggregateExpr:
		return constant(n.Expr)
	case *parser.BinaryExpr:
		return constant(n.LHS) && constant(n.RHS)
	case *parser.Call:
		// A function of nothing tells the time.
		return len(n.Args) > 0 && !slices.ContainsFunc(n.Args, func(a parser.Expr) bool { return !constant(a) })
	}
	return false
}
