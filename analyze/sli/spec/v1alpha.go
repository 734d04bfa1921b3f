package spec

import (
	"strings"

	"github.com/crywolf-dev/crywolf/analyze/sli"
)

// alphaRatio reads the metrics of an objective as OpenSLO v1alpha has them,
// each with its query beside its source.
func (r *reader) alphaRatio(objective object, s *sli.SLI) {
	o := objective.object("ratioMetrics", "incremental", "good", "total")
	s.Good = r.alphaMetric(o.need("good", "it takes a source and a query", alphaKeys...))
	s.Total = r.alphaMetric(o.need("total", "it takes a source and a query", alphaKeys...))
}

// alphaIndicator reads the indicator of an SLO that is held to a threshold.
func (r *reader) alphaIndicator(o object) *sli.SLI {
	q := r.alphaMetric(o.need("thresholdMetric", "it says what is measured", alphaKeys...))
	if q == nil {
		return nil
	}
	return &sli.SLI{Value: q}
}

var alphaKeys = []string{"source", "queryType", "query", "metadata"}

func (r *reader) alphaMetric(o object) *sli.Query {
	if !o.there() {
		return nil
	}
	key := "source"
	if strings.EqualFold(o.text("queryType"), "promql") {
		key = "queryType"
	}
	return r.foreign(o, "query", o.text(key), o.at(key))
}
