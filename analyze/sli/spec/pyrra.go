package spec

import (
	"strings"

	"github.com/prometheus/prometheus/promql/parser"
	"go.yaml.in/yaml/v3"

	"github.com/crywolf-dev/crywolf/analyze/sli"
)

// pyrraPrefix marks the labels of an object that Pyrra hands on.
const pyrraPrefix = "pyrra.dev/"

// pyrra reads a ServiceLevelObjective of Pyrra:
// https://github.com/pyrra-dev/pyrra/blob/main/slo/slo.go. Its metrics are
// selectors, of which Pyrra makes queries.
//
// Of what Pyrra writes on its alerts and records, Labels has slo alone: those
// that the object's own labels add are on its alerts, but not in the matchers
// by which one asks for its records.
func (r *reader) pyrra(n *yaml.Node, order int) {
	o := r.object(n, "", kubernetesKeys...)
	meta := o.need("metadata", "it names the SLO")
	s := &sli.SLI{Format: "pyrra"}
	if s.Name, s.Span = meta.name("name", "it names the SLO"); s.Name == "" {
		return
	}
	s.Labels = map[string]string{"slo": s.Name}
	handedOn := map[string]string{}
	for name, value := range meta.labels("labels") {
		if name, ok := strings.CutPrefix(name, pyrraPrefix); ok {
			handedOn[name] = value
		}
	}
	s.Owner, s.Service, s.Journey = ownerOf(handedOn), handedOn["service"], handedOn["journey"]
	r.one(s, meta.text("namespace"), order, func() {
		spec := o.need("spec", "it says what is promised", "description", "target", "window", "indicator", "alerting", "performanceOverAccuracy", "partial_response_strategy")
		if !spec.there() {
			return
		}
		s.Title = firstLine(spec.text("description"))
		s.Objective = spec.percent("target")
		if n := spec.get("target"); n == nil && !spec.said["target"] {
			r.fault(spec.at("target"), "", "spec has no target: it is the share in percent that is promised to be good, such as '99.9'")
		} else if n != nil && !isText(n) && !spec.said["target"] {
			r.fault(r.file.NodeSpan(n), "Write it in quotes.", "%s must be text, not the number %s", spec.path("target"), shorten(n.Value))
		}
		if s.Window = spec.prometheusDuration("window", "4w"); spec.get("window") == nil && !spec.said["window"] {
			r.fault(spec.at("window"), "", "spec has no window: it is the time over which the target holds, such as 4w")
		}
		alerting := spec.object("alerting", "disabled", "name", "absentName", "burnrates", "absent", "severities")
		s.Unalerted = alerting.flag("disabled") || alerting.get("burnrates") != nil && !alerting.flag("burnrates")
		r.pyrraIndicator(spec, s)
	})
}

func (r *reader) pyrraIndicator(spec object, s *sli.SLI) {
	kinds := []string{"ratio", "latency", "latencyNative", "bool_gauge"}
	in := spec.need("indicator", "it says what is measured", kinds...)
	switch kind := in.only(kinds...); kind {
	case "ratio":
		r.pyrraRatio(in.object(kind, "errors", "success", "total", "grouping"), s)
	case "latency":
		o := in.object(kind, "success", "total", "grouping")
		s.Good = o.selector("success")
		s.Total = o.selector("total")
	case "latencyNative":
		// What is good is the part of the histogram below a latency, which no
		// selector can say.
		o := in.object(kind, "latency", "total", "grouping")
		s.Total = o.selector("total")
		if latency := o.prometheusDuration("latency", "200ms"); latency > 0 {
			s.Op, s.Threshold = parser.LTE, latency.Seconds()
		} else {
			o.missing("latency", "it is the time up to which a response is good, such as 200ms")
		}
	case "bool_gauge":
		// Its mean over the window is the share of good.
		s.Ratio = in.object(kind, "metric", "grouping").bare("metric")
	}
}

// pyrraRatio reads two of the three kinds of events; the third follows.
func (r *reader) pyrraRatio(o object, s *sli.SLI) {
	errors, success, total := o.get("errors") != nil, o.get("success") != nil, o.get("total") != nil
	if errors && success && total {
		r.lose(o.at("success"), "Leave out one of the three.", "%s has errors, success and total; the third follows from two", o.where)
		return
	}
	if errors || !success {
		s.Bad = o.selector("errors")
	}
	if success {
		s.Good = o.selector("success")
	}
	if total || !errors || !success {
		s.Total = o.selector("total")
	}
}

// selector is the metric of an object within.
func (o object) selector(key string) *sli.Query {
	return o.need(key, "it takes a metric: the selector of a counter or a histogram", "metric").bare("metric")
}

// bare is a selector and nothing around it.
func (o object) bare(key string) *sli.Query {
	if !o.there() {
		o.r.lost = true
		return nil
	}
	q := o.query(key, "")
	if q == nil {
		return nil
	}
	if _, ok := q.Expr.(*parser.VectorSelector); !ok {
		o.r.lose(q.Span, "Leave out what is around the selector: Pyrra adds rate and sum by itself.", "%s must be the selector of a metric, not a query", o.path(key))
		return nil
	}
	return q
}
