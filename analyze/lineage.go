package analyze

import (
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"github.com/crywolf-dev/crywolf/analyze/sli/budget"
	"github.com/crywolf-dev/crywolf/rules"
	"github.com/crywolf-dev/crywolf/rules/promexpr"
)

// maxLineage bounds how many recording rules deep an expression is followed:
// deeper chains are cycles or made to be slow.
const maxLineage = 10

// OutputLabels is what can be proved of the labels of an expression's series,
// recording rules of the run followed. A metric that several rules record may
// carry the labels of any of them, so nothing is taken as known of it.
func (f *Facts) OutputLabels(e parser.Expr) promexpr.Labels { return f.outputLabels(e, maxLineage) }

func (f *Facts) outputLabels(e parser.Expr, depth int) promexpr.Labels {
	return promexpr.OutputLabelsWith(e, func(metric string) (promexpr.Labels, bool) {
		recorder, ok := f.Recorder(metric)
		if !ok || depth == 0 {
			return promexpr.Labels{}, false
		}
		static := map[string]string{}
		for _, l := range recorder.StaticLabels() {
			static[l.Key.Text()] = l.Value.Text()
		}
		return f.outputLabels(recorder.Expr(), depth-1).Recorded(metric, static), true
	})
}

// Recorder is the one rule of the run that records a metric; ok is false where
// none does, or several.
func (f *Facts) Recorder(metric string) (r *rules.Rule, ok bool) {
	recorders := f.Set.Recorders(metric)
	if len(recorders) != 1 || recorders[0].Expr() == nil {
		return nil, false
	}
	return recorders[0], true
}

// Records returns the expressions of the rules of the run that record a name,
// less those that certainly make no series which the matchers select.
func (f *Facts) Records(name string, ms []*labels.Matcher) []parser.Expr {
	return f.recordings.Of(name, ms)
}

// Policy reads an alert on an error ratio: see budget.PolicyOf.
func (f *Facts) Policy(a *Alert) (p budget.Policy, ok bool) {
	r := a.Rule
	if r.ForField.IsSet() && !r.ForField.Value.Rendered() || r.KeepFiringForField.IsSet() && !r.KeepFiringForField.Value.Rendered() {
		return budget.Policy{}, false // a template says how long
	}
	return budget.PolicyOf(r.Expr(), budget.Timing{For: r.For, KeepFiring: r.KeepFiringFor, Interval: r.Group.Interval}, f.Records)
}
