package sli

import (
	"regexp"
	"strings"
	"sync"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"github.com/crywolf-dev/crywolf/rules"
	"github.com/crywolf-dev/crywolf/rules/promexpr"
)

// manyRecorders is from how many rules on that record one name a selector is
// answered with those alone whose series it can select.
const manyRecorders = 16

// A recording is one rule that records a name.
type recording struct {
	expr parser.Expr
	sets map[string]string // labels that it gives its series; nil where nobody asked
}

// recordsFunc returns what records a name, of which may be left out what makes
// no series with such labels.
type recordsFunc func(name string, matchers []*labels.Matcher) []recording

// recorders finds what records a name, and remembers it. It is safe for
// concurrent use.
type recorders struct {
	rules func(name string) []*rules.Rule
	exact bool     // labels matter, however few rules record a name
	known sync.Map // name to func() *recorded
}

// recorded is all that records one name.
type recorded struct {
	all []recording
	// by has, for labels of which each rule is known to give its series one
	// value at most, the rules of each value.
	by map[string]map[string][]recording
}

// matching returns what records the name, less what certainly makes no series
// that the matchers select, if there is much.
func (r *recorders) matching(name string, ms []*labels.Matcher) []recording {
	found, ok := r.known.Load(name)
	if !ok {
		rs := r.rules(name)
		if len(rs) == 0 {
			return nil
		}
		found, _ = r.known.LoadOrStore(name, sync.OnceValue(func() *recorded { return newRecorded(name, rs, r.exact) }))
	}
	rec := found.(func() *recorded)()
	out := rec.all
	for _, m := range ms {
		if values := rec.by[m.Name]; values != nil && m.Type == labels.MatchEqual && m.Value != "" {
			if some := values[m.Value]; len(some) < len(out) {
				out = some
			}
		}
	}
	return out
}

// windowed is a recorded name that ends in its window, as the naming practice of
// Prometheus has it: job:errors:ratio_rate5m.
var windowed = regexp.MustCompile(`^(.*:.*[^0-9])[0-9]+(?:ms|[smhdwy])$`)

// unwindowed is a recorded name without its window.
func unwindowed(name string) string {
	if strings.Contains(name, ":") {
		if m := windowed.FindStringSubmatch(name); m != nil {
			return m[1]
		}
	}
	return name
}

// usualWindows are those for which people record.
var usualWindows = strings.Fields("5m 1m 2m 10m 15m 30m 1h 2h 3h 4h 6h 12h 24h 1d 2d 3d 4d 1w 7d 2w 14d 4w 28d 30d 90d")

// anyWindow does what matching does; for a name that nothing records it gives
// what is recorded under it for some other window.
func (r *recorders) anyWindow(name string, ms []*labels.Matcher) []recording {
	found := r.matching(name, ms)
	base := name
	if len(found) == 0 {
		base = unwindowed(name)
	}
	if base == name {
		return found
	}
	ms = without(ms, model.MetricNameLabel)
	for _, w := range usualWindows {
		if found := r.matching(base+w, ms); len(found) > 0 {
			return found
		}
	}
	return nil
}

func newRecorded(name string, rs []*rules.Rule, exact bool) *recorded {
	rec := &recorded{}
	var outputs []promexpr.Labels
	for _, r := range rs {
		e := r.Expr()
		if e == nil {
			continue
		}
		one := recording{expr: e}
		if exact {
			one.sets = static(r)
		}
		if exact && len(rs) > 1 || len(rs) >= manyRecorders {
			outputs = append(outputs, promexpr.OutputLabels(e).Recorded(name, static(r)))
		}
		rec.all = append(rec.all, one)
	}
	if len(outputs) == 0 {
		return rec
	}
	rec.by = map[string]map[string][]recording{}
next:
	for _, label := range outputs[0].Fixed() {
		values := map[string][]recording{}
		for i, out := range outputs {
			v, ok := out.Value(label)
			if !ok {
				continue next
			}
			values[v] = append(values[v], rec.all[i])
		}
		rec.by[label] = values
	}
	return rec
}

func static(r *rules.Rule) map[string]string {
	labels := map[string]string{}
	for _, f := range r.StaticLabels() {
		labels[f.Key.Text()] = f.Value.Text()
	}
	return labels
}
