package promapi

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/prometheus/prometheus/model/labels"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

const queryPath = "api/v1/query"

// parameters of all questions to the query API. Servers pass over what they do
// not know.
func (s *server) parameters() url.Values {
	v := url.Values{
		"partial_response":      {"false"}, // Thanos: rather none than a part
		"max_source_resolution": {"0s"},    // Thanos: no downsampled data
		"deny_partial_response": {"1"},     // VictoriaMetrics
		"nocache":               {"1"},     // VictoriaMetrics
	}
	if len(s.options.ReplicaLabels) > 0 {
		v.Set("dedup", "false") // Thanos: replicas are merged here, without loss
		v["replicaLabels[]"] = s.options.ReplicaLabels
	}
	return v
}

// A result is one series of an answer: of a range selector or of an instant.
type result struct {
	Metric labels.Labels
	Values values
	Value  values

	Histograms []json.RawMessage
}

// query evaluates an expression at one time, in Unix milliseconds; 0 is the
// server's now. Parts says that less of it can be asked for.
func (s *server) query(ctx context.Context, expr string, t int64, parts bool) (rs []result, err error) {
	params := s.parameters()
	params.Set("query", expr)
	if t != 0 {
		params.Set("time", seconds(t))
	}
	err = s.ask(ctx, request{path: queryPath, params: params, parts: parts}, func(resp *http.Response) error {
		rs = nil
		return readAnswer(resp, queryPath, func(dec *json.Decoder) error {
			return object(dec, func(key string) error {
				if key != "result" {
					return skip(dec)
				}
				return array(dec, func() error {
					var r result
					err := dec.Decode(&r)
					if len(r.Histograms) > 0 {
						return errHistograms
					}
					rs = append(rs, r)
					return err
				})
			})
		})
	})
	return rs, err
}

// now is the server's.
func (s *server) now(ctx context.Context) (int64, error) {
	rs, err := s.query(ctx, "vector(1)", 0, false)
	if err != nil {
		return 0, err
	}
	if len(rs) != 1 || len(rs[0].Value) != 1 {
		return 0, fmt.Errorf("%s: the answer to vector(1) has %d series; expected one with one sample: is this a Prometheus API?", queryPath, len(rs))
	}
	return rs[0].Value[0].from, nil
}

// selectRange asks for the samples of a selector by range.
func (s *server) selectRange(ctx context.Context, ms []*labels.Matcher, span history.Interval) ([]part, error) {
	// The range is open at its left end since Prometheus 3. Where it is not,
	// there is one sample too many, which the part before has as well.
	expr := fmt.Sprintf("%s[%dms]", selector(ms), span.End-span.Start)
	rs, err := s.query(ctx, expr, span.End-1, true)
	parts := make([]part, 0, len(rs))
	for _, r := range rs {
		parts = append(parts, part{labels: r.Metric, chunks: r.Values})
	}
	return parts, err
}

// selector writes matchers as PromQL has them.
func selector(ms []*labels.Matcher) string {
	var b strings.Builder
	for i, m := range ms {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(m.String())
	}
	return "{" + b.String() + "}"
}
