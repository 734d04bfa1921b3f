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

// PyrraRules is the rule file that Pyrra makes of an SLO of its own: the recorded
// increases with the alerts for metrics that are absent, and the burn rates with
// their four alerts. It leaves out the generic rules, which only dashboards use,
// and the labels that an object hands on. grouping is that of the indicator.
// See https://github.com/pyrra-dev/pyrra/blob/main/slo/rules.go.
func PyrraRules(s *sli.SLI, grouping ...string) []byte {
	p := &pyrra{slo: s, grouping: grouping}
	for _, q := range []*sli.Query{s.Total, s.Bad, s.Good, s.Ratio} {
		if q != nil {
			p.metrics = append(p.metrics, q.Expr.(*parser.VectorSelector))
		}
	}
	fmt.Fprintf(&p.out, "groups:\n- name: %s-increase\n  interval: %s\n  rules:\n", s.Name, increaseInterval(s.Window))
	p.increases()
	fmt.Fprintf(&p.out, "- name: %s\n  interval: 30s\n  rules:\n", s.Name)
	p.burnRates()
	return []byte(p.out.String())
}

type pyrra struct {
	slo      *sli.SLI
	grouping []string
	metrics  []*parser.VectorSelector // the one that names the records, and the other one if any
	out      strings.Builder
}

// increaseInterval is longer for longer windows, by half a minute a week.
func increaseInterval(window time.Duration) string {
	return written(time.Duration(min(int(window/(7*day))+1, 8)) * 30 * time.Second)
}

func sum(by []string, of string) string {
	if len(by) == 0 {
		return "sum(" + of + ")"
	}
	return "sum by (" + strings.Join(by, ", ") + ") (" + of + ")"
}

func over(function string, e parser.Expr, window string) string {
	return fmt.Sprintf("%s(%s[%s])", function, e, window)
}

// base is a metric's name without what its type appends.
func base(metric string, suffixes ...string) string {
	for _, suffix := range suffixes {
		metric = strings.TrimSuffix(metric, suffix)
	}
	return metric
}

func (p *pyrra) increases() {
	metric, window := p.metrics[0], written(p.slo.Window)
	if p.slo.Ratio == nil && len(p.metrics) == 1 {
		p.nativeIncreases(metric, window)
		return
	}
	by := slices.Clone(p.grouping)
	for i, m := range p.metrics {
		for _, m := range m.LabelMatchers {
			regexp := m.Type == labels.MatchRegexp || m.Type == labels.MatchNotRegexp
			other := i > 0 && !slices.ContainsFunc(metric.LabelMatchers, func(o *labels.Matcher) bool { return o.Name == m.Name })
			if i == 0 && regexp || other && m.Name != labels.BucketLabel || p.slo.Ratio != nil {
				by = append(by, m.Name)
			}
		}
	}
	slices.Sort(by)
	by = slices.Compact(by)
	common := p.labels(by)
	if p.slo.Ratio != nil {
		p.rule("record", metric.Name+":count"+window, sum(by, over("count_over_time", metric, window)), 0, common)
		p.rule("record", metric.Name+":sum"+window, sum(by, over("sum_over_time", metric, window)), 0, common)
		p.absent(metric, common)
		return
	}
	for i, m := range p.metrics {
		if i > 0 && m.Name == metric.Name {
			break
		}
		own := slices.Clone(common)
		for _, m := range m.LabelMatchers {
			if i > 0 && m.Name == labels.BucketLabel {
				own = append(own, m.Name, m.Value)
			}
		}
		p.rule("record", base(m.Name, "_total", "_count", "_bucket")+":increase"+window, sum(by, over("increase", m, window)), 0, own)
		p.absent(m, own)
	}
}

func (p *pyrra) nativeIncreases(metric parser.Expr, window string) {
	name, own := p.metrics[0].Name+":increase"+window, p.labels(nil)
	increase := sum(p.grouping, over("increase", metric, window))
	p.rule("record", name, "histogram_count("+increase+")", 0, own)
	p.rule("record", name, fmt.Sprintf("histogram_fraction(0, %g, %s) * histogram_count(%s)", p.slo.Threshold, increase, increase), 0,
		append(own, labels.BucketLabel, fmt.Sprintf("%g", p.slo.Threshold)))
}

// absent is the alert for a metric that is not there. It waits for as long as
// the most urgent burn rate takes where all events are bad.
func (p *pyrra) absent(metric parser.Expr, own []string) {
	first := burns[0]
	wait := time.Duration(float64(first.factor)*(1-p.slo.Objective)*scaled(first.long, p.slo.Window).Seconds())*time.Second + scaled(first.patience, p.slo.Window)
	p.rule("alert", "SLOMetricAbsent", fmt.Sprintf("absent(%s) == 1", metric), wait.Round(time.Minute), append(slices.Clone(own), "severity", "critical"))
}

// burnRate is the share of bad events within a window.
func (p *pyrra) burnRate(window string) string {
	of := func(function string, e parser.Expr) string { return sum(p.grouping, over(function, e, window)) }
	switch s, metric := p.slo, p.metrics[0]; {
	case s.Bad != nil && s.Total != nil:
		return of("rate", s.Bad.Expr) + " / " + of("rate", metric)
	case s.Bad != nil:
		return of("rate", s.Bad.Expr) + " / (" + of("rate", s.Bad.Expr) + " + " + of("rate", s.Good.Expr) + ")"
	case s.Good != nil:
		return "(" + of("rate", metric) + " - " + of("rate", s.Good.Expr) + ") / " + of("rate", metric)
	case s.Ratio != nil:
		return "(" + of("count_over_time", metric) + " - " + of("sum_over_time", metric) + ") / " + of("count_over_time", metric)
	default:
		return fmt.Sprintf("1 - histogram_fraction(0, %g, %s)", s.Threshold, of("rate", metric))
	}
}

func (p *pyrra) burnRates() {
	var windows []time.Duration
	for _, b := range burns {
		windows = append(windows, scaled(b.short, p.slo.Window), scaled(b.long, p.slo.Window))
	}
	slices.Sort(windows)
	name, own := base(p.metrics[0].Name, "_total", "_count"), p.labels(p.grouping)
	for _, w := range slices.Compact(windows) {
		p.rule("record", name+":burnrate"+written(w), p.burnRate(written(w)), 0, own)
	}
	matchers := []string{fmt.Sprintf("slo=%q", p.slo.Name)}
	for _, m := range p.metrics[0].LabelMatchers {
		exact := m.Type == labels.MatchEqual || m.Type == labels.MatchNotEqual
		if m.Name != model.MetricNameLabel && (exact || slices.Contains(p.grouping, m.Name)) {
			matchers = append(matchers, m.String())
		}
	}
	slices.Sort(matchers)
	target := strconv.FormatFloat(p.slo.Objective, 'f', -1, 64)
	for _, b := range burns {
		long, short := written(scaled(b.long, p.slo.Window)), written(scaled(b.short, p.slo.Window))
		above := func(window string) string {
			return fmt.Sprintf("%s:burnrate%s{%s} > (%d * (1-%s))", name, window, strings.Join(matchers, ","), b.factor, target)
		}
		p.rule("alert", "ErrorBudgetBurn", above(short)+" and "+above(long), scaled(b.patience, p.slo.Window),
			append(slices.Clone(own), "long", long, "short", short, "severity", b.severity,
				"exhaustion", written((p.slo.Window/time.Duration(b.factor)).Truncate(time.Second))))
	}
}

// labels are those of everything that Pyrra makes of the SLO, names and values in
// turn: its name and what the metric must be equal to, unless results are
// grouped by it.
func (p *pyrra) labels(by []string) []string {
	out := []string{"slo", p.slo.Name}
	for _, m := range p.metrics[0].LabelMatchers {
		if m.Type == labels.MatchEqual && m.Name != model.MetricNameLabel && !slices.Contains(by, m.Name) {
			out = append(out, m.Name, m.Value)
		}
	}
	return out
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
