// Package spectest writes, for tests, the rules that generators make of SLO
// specifications.
package spectest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"github.com/crywolf-dev/crywolf/analyze/sli"
)

// A burn is one of the four alerts that Pyrra makes: the windows are those of an
// objective over 28 days, and scale with it.
type burn struct {
	factor                int
	long, short, patience time.Duration
	severity              string
}

const (
	hour = time.Hour
	day  = 24 * hour
)

var burns = []burn{
	{14, hour, 5 * time.Minute, 2 * time.Minute, "critical"},
	{7, 6 * hour, 30 * time.Minute, 15 * time.Minute, "critical"},
	{2, day, 2 * hour, hour, "warning"},
	{1, 4 * day, 6 * hour, 3 * hour, "warning"},
}

// scaled is a duration for an objective over some window.
func scaled(d, window time.Duration) time.Duration {
	return time.Duration(float64(d) * float64(window) / float64(28*day)).Round(time.Minute)
}

func written(d time.Duration) string { return model.Duration(d).String() }

// PyrraRules is the rule file that Pyrra makes of an SLO of its own, by its
// documented conventions: the recorded increases with the alert for a metric
// that is absent, and the burn rates with their four alerts. What it leaves out
// are the generic rules, which only dashboards use, and the labels that an
// object hands on. grouping is that of the indicator.
func PyrraRules(s *sli.SLI, grouping ...string) []byte {
	p := &pyrra{slo: s, selector: selectorOf(s), by: by(grouping)}
	fmt.Fprintf(&p.out, "groups:\n- name: %s-increase\n  interval: 2m30s\n  rules:\n", s.Name)
	p.increases()
	p.rule("alert", "SLOMetricAbsent", fmt.Sprintf("absent(%s) == 1", p.selector), scaled(2*time.Minute, s.Window), p.labels("severity", "critical"))
	fmt.Fprintf(&p.out, "- name: %s\n  interval: 30s\n  rules:\n", s.Name)
	p.burnRates()
	return []byte(p.out.String())
}

type pyrra struct {
	slo      *sli.SLI
	selector *parser.VectorSelector // of all events, or the gauge
	by       string
	out      strings.Builder
}

func selectorOf(s *sli.SLI) *parser.VectorSelector {
	q := s.Total
	if q == nil {
		q = s.Ratio
	}
	return q.Expr.(*parser.VectorSelector)
}

func by(grouping []string) string {
	if len(grouping) == 0 {
		return ""
	}
	return " by (" + strings.Join(slices.Sorted(slices.Values(grouping)), ", ") + ") "
}

// base is a metric's name without what its type appends.
func base(metric string) string {
	for _, suffix := range []string{"_total", "_count", "_bucket"} {
		metric = strings.TrimSuffix(metric, suffix)
	}
	return metric
}

func (p *pyrra) increases() {
	window := written(p.slo.Window)
	record := func(e parser.Expr) {
		p.rule("record", base(e.(*parser.VectorSelector).Name)+":increase"+window, fmt.Sprintf("sum%s(increase(%s[%s]))", p.by, e, window), 0, p.labels())
	}
	switch {
	case p.slo.Ratio != nil:
		for _, of := range []string{"count", "sum"} {
			p.rule("record", p.selector.Name+":"+of+window, fmt.Sprintf("sum%s(%s_over_time(%s[%s]))", p.by, of, p.selector, window), 0, p.labels())
		}
		return
	case p.slo.Good == nil && p.slo.Bad == nil:
		p.rule("record", p.selector.Name+":increase"+window, fmt.Sprintf("histogram_count(sum%s(increase(%s[%s])))", p.by, p.selector, window), 0, p.labels())
		return
	}
	record(p.selector)
	if good := p.slo.Good; good != nil {
		record(good.Expr)
	} else if bad := p.slo.Bad.Expr.(*parser.VectorSelector); bad.Name != p.selector.Name {
		record(bad)
	}
}

// burnRate is the share of bad events within a window.
func (p *pyrra) burnRate(window string) string {
	sum := func(of string, e parser.Expr) string { return fmt.Sprintf("sum%s(%s(%s[%s]))", p.by, of, e, window) }
	switch s := p.slo; {
	case s.Bad != nil:
		return sum("rate", s.Bad.Expr) + " / " + sum("rate", p.selector)
	case s.Good != nil:
		return "(" + sum("rate", p.selector) + " - " + sum("rate", s.Good.Expr) + ") / " + sum("rate", p.selector)
	case s.Ratio != nil:
		return "(" + sum("count_over_time", p.selector) + " - " + sum("sum_over_time", p.selector) + ") / " + sum("count_over_time", p.selector)
	default:
		return fmt.Sprintf("1 - histogram_fraction(0, %g, %s)", s.Threshold, sum("rate", p.selector))
	}
}

func (p *pyrra) burnRates() {
	var windows []time.Duration
	for _, b := range burns {
		windows = append(windows, scaled(b.short, p.slo.Window), scaled(b.long, p.slo.Window))
	}
	slices.Sort(windows)
	name := base(p.selector.Name)
	for _, w := range slices.Compact(windows) {
		p.rule("record", name+":burnrate"+written(w), p.burnRate(written(w)), 0, p.labels())
	}
	matchers := []string{fmt.Sprintf("slo=%q", p.slo.Name)}
	for _, m := range p.selector.LabelMatchers {
		if m.Name != labels.MetricName {
			matchers = append(matchers, m.String())
		}
	}
	slices.Sort(matchers)
	target := strconv.FormatFloat(p.slo.Objective, 'f', -1, 64)
	for _, b := range burns {
		long, short := written(scaled(b.long, p.slo.Window)), written(scaled(b.short, p.slo.Window))
		over := func(window string) string {
			return fmt.Sprintf("%s:burnrate%s{%s} > (%d * (1-%s))", name, window, strings.Join(matchers, ","), b.factor, target)
		}
		p.rule("alert", "ErrorBudgetBurn", over(short)+" and "+over(long), scaled(b.patience, p.slo.Window),
			p.labels("long", long, "short", short, "severity", b.severity, "exhaustion", written((p.slo.Window/time.Duration(b.factor)).Round(time.Minute))))
	}
}

// labels are those of everything that Pyrra makes of the SLO: its name and what
// the metric must be equal to; and more, names and values in turn.
func (p *pyrra) labels(more ...string) []string {
	out := []string{"slo", p.slo.Name}
	for _, m := range p.selector.LabelMatchers {
		if m.Type == labels.MatchEqual && m.Name != labels.MetricName {
			out = append(out, m.Name, m.Value)
		}
	}
	return append(out, more...)
}

func (p *pyrra) rule(kind, name, expr string, patience time.Duration, labels []string) {
	fmt.Fprintf(&p.out, "  - %s: %s\n    expr: %q\n", kind, name, expr)
	if patience > 0 {
		fmt.Fprintf(&p.out, "    for: %s\n", written(patience))
	}
	p.out.WriteString("    labels:\n")
	for i := 0; i < len(labels); i += 2 {
		fmt.Fprintf(&p.out, "      %s: %q\n", labels[i], labels[i+1])
	}
}
