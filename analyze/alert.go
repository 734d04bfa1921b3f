package analyze

import (
	"regexp"
	"strings"

	"github.com/prometheus/prometheus/promql/parser"

	"github.com/crywolf-dev/crywolf/analyze/sli"
	"github.com/crywolf-dev/crywolf/rules"
)

// An Alert is an alerting rule with what the run knows of it as a whole.
type Alert struct {
	Rule    *rules.Rule
	Scope   string
	Ordinal int    // among the alerts of the same scope, group and name, from 0
	ID      string // stable identity: see Fingerprint
	Urgency Urgency

	// Verdict says what the alert stands for, and why.
	Verdict sli.Judgement

	// Deadman marks an alert that is meant to fire always, so that its
	// silence raises the alarm elsewhere. It is exempt from checks of noise.
	Deadman bool
}

// deadmanName is how the alerts of the kind are called in the wild:
// kube-prometheus's Watchdog, the classic DeadMansSwitch, heartbeats.
var deadmanName = regexp.MustCompile(`(?i)watch_?-? ?dog|dead_?-? ?man|heart_?-? ?beat|always_?-? ?fir`)

func isDeadman(r *rules.Rule) bool {
	if deadmanName.MatchString(r.Name()) {
		return true
	}
	// vector(1), perhaps compared with a number: there is nothing it depends on.
	if r.Expr() == nil {
		return false
	}
	constant := true
	parser.Inspect(r.Expr(), func(n parser.Node, _ []parser.Node) error {
		switch n := n.(type) {
		case *parser.VectorSelector, *parser.MatrixSelector:
			constant = false
		case *parser.Call:
			if n.Func.Name == "time" || strings.HasSuffix(n.Func.Name, "_of_month") || strings.HasSuffix(n.Func.Name, "_of_week") ||
				n.Func.Name == "hour" || n.Func.Name == "minute" || n.Func.Name == "month" || n.Func.Name == "year" {
				constant = false
			}
		}
		return nil
	})
	return constant
}
