package spec

import (
	"fmt"
	"strings"
	"time"

	"github.com/prometheus/prometheus/promql/parser"
	"go.yaml.in/yaml/v3"

	"github.com/crywolf-dev/crywolf/analyze/sli"
	"github.com/crywolf-dev/crywolf/rules"
)

// openSLO reads an SLO of https://github.com/OpenSLO/OpenSLO, v1 or v1alpha.
//
// An SLO with one objective is one SLI, by the name of the SLO. Of several
// objectives each is an SLI of its own, since each may have an indicator or a
// threshold of its own and holds by itself: their names end in -0, -1 and so
// on, as Sloth names them.
func (r *reader) openSLO(n *yaml.Node, order int) {
	o := r.object(n, "", "apiVersion", "kind", "metadata", "spec")
	alpha := o.text("apiVersion") == "openslo/v1alpha"
	meta := o.need("metadata", "it names the SLO", "name", "displayName", "labels", "annotations")
	name, at := meta.name("name", "it names the SLO")
	spec := o.need("spec", "it says what is promised", "description", "service", "indicator", "indicatorRef", "timeWindow", "timeWindows", "budgetingMethod", "objectives", "alertPolicies")
	if name == "" || !spec.there() {
		return
	}
	labels := meta.labels("labels")
	common := sli.SLI{Name: name, Span: at, Format: "openslo", Service: spec.text("service"), Owner: ownerOf(labels), Journey: labels["journey"],
		Title: firstOf(meta.text("displayName"), firstLine(spec.text("description")))}
	if alpha {
		common.Window = r.alphaWindow(spec)
	} else {
		common.Window = r.openSLOWindow(spec)
	}
	objectives := spec.list("objectives")
	if len(objectives) == 0 && !spec.said["objectives"] {
		r.fault(spec.at("objectives"), "", "%s has no objectives: they say how much is promised", spec.where)
	}
	for i := range max(1, len(objectives)) {
		s := common
		objective := object{r: r}
		if i < len(objectives) {
			objective = r.object(objectives[i], fmt.Sprintf("%s[%d]", spec.path("objectives"), i), "displayName", "op", "value", "target", "targetPercent",
				"timeSliceTarget", "timeSliceWindow", "indicator", "indicatorRef", "compositeWeight", "ratioMetrics")
		}
		numbered := fmt.Sprintf("%s-%d", name, i)
		if len(objectives) > 1 {
			s.Name = numbered
			if title := objective.text("displayName"); title != "" && s.Title != "" {
				s.Title += ": " + title
			} else {
				s.Title = firstOf(s.Title, title)
			}
		}
		if alpha && s.Service != "" {
			s.Labels = slothLabels(s.Service, numbered) // Sloth reads this version
		}
		r.one(&s, "", order, func() {
			s.Objective = objective.target()
			if alpha && objective.get("ratioMetrics") != nil {
				r.alphaRatio(objective, &s)
				return
			}
			ind := r.indicatorOf(spec, objective, alpha)
			if ind == nil {
				r.lost = true
				return
			}
			take(&s, ind)
			s.Title = firstOf(s.Title, ind.Title)
			if s.Value != nil {
				objective.threshold(&s)
			}
		})
	}
}

func (r *reader) openSLOWindow(spec object) (window time.Duration) {
	for i, n := range spec.list("timeWindow") {
		w := r.object(n, fmt.Sprintf("%s[%d]", spec.path("timeWindow"), i), "duration", "isRolling", "calendar")
		if i == 0 {
			window = w.duration("duration")
		}
	}
	return window
}

func (r *reader) alphaWindow(spec object) (window time.Duration) {
	for i, n := range spec.list("timeWindows") {
		w := r.object(n, fmt.Sprintf("%s[%d]", spec.path("timeWindows"), i), "unit", "count", "isRolling", "calendar")
		if i == 0 {
			window = w.counted()
		}
	}
	return window
}

// target of an objective, as a share.
func (o object) target() float64 {
	switch {
	case !o.there():
		return 0
	case o.get("target") != nil && o.get("targetPercent") != nil:
		o.r.fault(o.at("targetPercent"), "Leave out one of the two.", "%s has both target and targetPercent", o.where)
		return o.share("target")
	case o.get("targetPercent") != nil:
		return o.percent("targetPercent")
	case o.get("target") == nil && !o.said["target"] && !o.said["targetPercent"]:
		o.r.fault(o.at("target"), "", "%s has no target: it is the share that is promised to be good, such as 0.999", o.where)
	}
	return o.share("target")
}

var openSLOOps = map[string]parser.ItemType{"lt": parser.LSS, "lte": parser.LTE, "gt": parser.GTR, "gte": parser.GTE}

// threshold is what an objective holds a value to: a value is good where
// "value op threshold" is true.
func (o object) threshold(s *sli.SLI) {
	op, at := o.name("op", "it says on which side of the value is good: lt, lte, gt or gte")
	if op != "" {
		if s.Op = openSLOOps[strings.ToLower(op)]; s.Op == 0 {
			o.r.lose(at, "", "%s is %q; it must be lt, lte, gt or gte", o.path("op"), shorten(op))
		}
	}
	value, ok := o.number("value")
	if !ok {
		o.missing("value", "it is the threshold that the metric is compared with")
	}
	s.Threshold = value
}

// indicatorOf an SLO or of one of its objectives, written out or by its name;
// nil where it can't be used, of which everything is said.
func (r *reader) indicatorOf(spec, objective object, alpha bool) *sli.SLI {
	keys := []string{"indicator", "indicatorRef"}
	in := spec
	if objective.get(keys[0]) != nil || objective.get(keys[1]) != nil {
		in = objective
	}
	switch key := in.only(keys...); {
	case key == "indicator" && alpha:
		return r.alphaIndicator(in.object(key, "thresholdMetric"))
	case key == "indicator":
		ind := in.object(key, "metadata", "spec")
		out := r.measure(ind.need("spec", "it says what is measured", "description", "ratioMetric", "thresholdMetric"))
		if out != nil {
			out.Title = ind.object("metadata").text("displayName")
		}
		return out
	case key == "indicatorRef":
		return r.named(in)
	}
	return nil
}

// take gives an SLI what an indicator measures.
func take(s, ind *sli.SLI) {
	s.Good, s.Bad, s.Total = ind.Good, ind.Bad, ind.Total
	s.Ratio, s.RatioIsBad, s.Value = ind.Ratio, ind.RatioIsBad, ind.Value
}

// measure reads what an indicator is measured by into the parts of an SLI that
// are about it.
func (r *reader) measure(o object) *sli.SLI {
	s := &sli.SLI{}
	switch kind := o.only("ratioMetric", "thresholdMetric"); kind {
	case "ratioMetric":
		r.ratio(o.object(kind, "counter", "good", "bad", "total", "raw", "rawType"), s)
	case "thresholdMetric":
		s.Value = r.source(o.object(kind, "metricSource"))
	}
	if r.lost {
		return nil
	}
	return s
}

func (r *reader) ratio(o object, s *sli.SLI) {
	metric := func(key string) *sli.Query { return r.source(o.need(key, "it takes a metricSource", "metricSource")) }
	switch kind := o.only("good", "bad", "raw"); kind {
	case "good":
		s.Good, s.Total = metric(kind), metric("total")
	case "bad":
		s.Bad, s.Total = metric(kind), metric("total")
	case "raw":
		if o.get("total") != nil {
			r.lose(o.at("total"), "Leave out one of the two.", "%s has both raw and total; raw is a ratio already", o.where)
			return
		}
		s.Ratio = metric(kind)
		of, at := o.name("rawType", "it says of what raw is the share: success or failure")
		if s.RatioIsBad = of == "failure"; of != "" && of != "success" && of != "failure" {
			r.lose(at, "", "%s is %q; it must be success or failure", o.path("rawType"), shorten(of))
		}
	}
}

// source reads the query of a metric.
func (r *reader) source(metric object) *sli.Query {
	in := metric.need("metricSource", "it says where the metric comes from", "metricSourceRef", "type", "spec")
	if !in.there() {
		return nil
	}
	kind, at := in.text("type"), in.at("type")
	if ref := in.text("metricSourceRef"); kind == "" && ref != "" {
		kind, at = r.sources[ref], r.file.NodeSpan(in.get("metricSourceRef"))
	}
	spec := in.object("spec")
	language, ours := languageOf(kind)
	for _, key := range []string{"query", "promql", "expr"} {
		if spec.get(key) != nil {
			return r.foreign(spec, key, kind, at)
		}
	}
	switch {
	case !ours || language != "":
		r.passSource(at, kind)
	case spec.there():
		spec.missing("query", "it takes a query in PromQL")
	default:
		in.missing("spec", "it takes the query")
	}
	return nil
}

// passSource says of an SLI what it is measured by.
func (r *reader) passSource(at rules.Span, kind string) {
	if kind == "" {
		r.pass(at, "it has no query in PromQL, and does not say what measures it")
		return
	}
	r.pass(at, "it is measured by %s, whose queries are not known to be PromQL", shorten(kind))
}

// foreign reads the query of a key, which a data source of some type
// understands.
func (r *reader) foreign(o object, key, kind string, at rules.Span) *sli.Query {
	language, ours := languageOf(kind)
	if !ours {
		r.passSource(at, kind)
		return nil
	}
	return o.query(key, language)
}

// languageOf the queries for a type of data source: whether it may be PromQL,
// and what else; "" where it is PromQL alone.
func languageOf(kind string) (language string, ours bool) {
	kind = strings.ToLower(kind)
	for _, word := range []string{"prom", "mimir", "thanos", "cortex"} {
		if strings.Contains(kind, word) {
			return "", true
		}
	}
	switch {
	case kind == "":
		return "not PromQL, and for a data source of unknown type", true
	case strings.Contains(kind, "victoria"):
		return "MetricsQL", true
	}
	return "", false
}
