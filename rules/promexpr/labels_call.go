package promexpr

import (
	"strings"

	"github.com/grafana/regexp"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

func (lb labeler) call(n *parser.Call) Labels {
	drop := func() Drop { return Drop{Pos: n.PosRange, What: n.Func.Name + "()"} }
	effect := labelEffects[n.Func.Name]
	arg, ok := vectorArg(n)
	switch {
	case effect == labelsUnknown:
		return anyLabels()
	case effect == labelsNone:
		return noLabels(drop)
	case effect == labelsAbsent:
		return absentLabels(n, drop)
	case !ok: // hour(): of the evaluation's own time
		return noLabels(drop)
	}
	in := lb.labels(arg)
	switch effect {
	case labelsLessName:
		return in.without(model.MetricNameLabel, drop)
	case labelsBuckets:
		return in.without(model.MetricNameLabel, drop).without(labels.BucketLabel, drop)
	case labelsQuantile:
		in = in.without(model.MetricNameLabel, drop).without(labels.BucketLabel, drop)
		name, ok := stringArg(n, 1)
		if !ok {
			return anyLabels()
		}
		return in.with(name, labelFact{must: true})
	case labelsReplace:
		return replaceLabels(n, in)
	case labelsJoin:
		return joinLabels(n, in)
	}
	return in // labelsKept
}

// absentLabels is of absent and absent_over_time: one series with the labels
// that the argument's matchers fix, unless a label has several matchers.
func absentLabels(n *parser.Call, drop cause) Labels {
	out := noLabels(drop)
	if len(n.Args) == 0 {
		return out
	}
	vs, ok := selectorOf(n.Args[0])
	if !ok {
		return out
	}
	// A single equality makes a label, a matcher after it unmakes it again.
	// What an equality after another matcher does depends on how the engine
	// was built.
	seen, equal := map[string]bool{}, map[string]bool{}
	out.own(len(vs.LabelMatchers))
	for _, m := range vs.LabelMatchers {
		if m.Name == model.MetricNameLabel {
			continue
		}
		f := labelFact{never: true, drop: drop}
		if m.Type == labels.MatchEqual && !equal[m.Name] {
			equal[m.Name] = true
			if m.Value != "" {
				f = valueFact(m.Value)
				f.must = !seen[m.Name]
			}
		}
		seen[m.Name] = true
		out.set(m.Name, f)
	}
	return out
}

// known returns the value that the label has in every series, "" for one that
// no series has.
func (f labelFact) known() (string, bool) {
	if f.never {
		return "", true
	}
	return f.value, f.fixed && f.must
}

// set is the fact of a label that was set to a known value.
func set(v string, d cause) labelFact {
	if v == "" {
		return labelFact{never: true, drop: d}
	}
	return valueFact(v)
}

// replaceLabels is of label_replace(v, dst, replacement, src, regex).
func replaceLabels(n *parser.Call, in Labels) Labels {
	drop := func() Drop { return Drop{Pos: n.PosRange, What: n.Func.Name + "()"} }
	var arg [5]string
	for i := 1; i < 5; i++ {
		s, ok := stringArg(n, i)
		if !ok {
			return anyLabels()
		}
		arg[i] = s
	}
	dst, repl, src := arg[1], arg[2], arg[3]
	regex, err := regexp.Compile("^(?s:" + arg[4] + ")$")
	if err != nil { // the engine fails, whatever the data
		return anyLabels()
	}
	if v, ok := in.fact(src).known(); ok {
		at := regex.FindStringSubmatchIndex(v)
		if at == nil {
			return in
		}
		return in.with(dst, set(string(regex.ExpandString(nil, repl, v, at)), drop))
	}
	old, copied := in.fact(dst), repl == "$1" || repl == "${1}"
	all := arg[4] == "(.*)" || arg[4] == ".*"
	switch {
	case copied && arg[4] == "(.*)":
		return in.with(dst, in.fact(src))
	case copied && arg[4] == "(.+)":
		// A source that is empty leaves the label as it was.
		from := in.fact(src)
		if from.must {
			return in.with(dst, from)
		}
		return in.with(dst, either(old, from))
	case !strings.Contains(repl, "$") && all:
		return in.with(dst, set(repl, drop))
	case !strings.Contains(repl, "$"):
		return in.with(dst, either(old, set(repl, drop)))
	}
	return in.with(dst, labelFact{})
}

// joinLabels is of label_join(v, dst, separator, src...).
func joinLabels(n *parser.Call, in Labels) Labels {
	drop := func() Drop { return Drop{Pos: n.PosRange, What: n.Func.Name + "()"} }
	dst, ok := stringArg(n, 1)
	if !ok {
		return anyLabels()
	}
	sep, ok := stringArg(n, 2)
	if !ok {
		return in.with(dst, labelFact{})
	}
	var parts []string
	known, must := true, false
	for i := 3; i < len(n.Args); i++ {
		src, ok := stringArg(n, i)
		if !ok {
			return in.with(dst, labelFact{})
		}
		v, fixed := in.fact(src).known()
		known = known && fixed
		must = must || in.fact(src).must
		parts = append(parts, v)
	}
	if known {
		return in.with(dst, set(strings.Join(parts, sep), drop))
	}
	return in.with(dst, labelFact{must: must || len(parts) > 1 && sep != ""})
}
