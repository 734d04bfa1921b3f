package promapi

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/grafana/dskit/concurrency"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

const (
	namesPath  = "api/v1/label/__name__/values"
	seriesPath = "api/v1/series"
	namesMost  = 3000 // bytes of names in one question: URLs of more than 8 KB are refused in places
)

// probe says for each probe whether a series of it exists in the window. Which
// metrics exist is asked for all names together; a probe with further matchers
// is asked on its own.
//
// What is not found in the window as a whole is asked for slice by slice: a
// server that answers for its newest days alone, as Mimir does past its
// max_labels_query_length, must not make a metric seem missing.
func (s *server) probe(ctx context.Context, window history.Interval) ([]bool, error) {
	probes := s.options.Probes
	if len(probes) == 0 || window.Start >= window.End {
		return make([]bool, len(probes)), nil
	}
	spans := cut(window, s.options.slice)
	slices.Reverse(spans) // the newest has what there is
	found := make([]bool, len(probes))
	for _, span := range append([]history.Interval{window}, spans...) {
		jobs := batches(probes, found)
		answers := make([][]int, len(jobs))
		err := concurrency.ForEachJob(ctx, len(jobs), s.options.Concurrency, func(ctx context.Context, i int) (err error) {
			answers[i], err = s.exist(ctx, probes, jobs[i], span)
			return err
		})
		if err != nil {
			return nil, err
		}
		for _, a := range answers {
			for _, i := range a {
				found[i] = true
			}
		}
	}
	return found, nil
}

// batches are the probes that were not found yet: those by name alone together,
// up to what one question has room for.
func batches(probes [][]*labels.Matcher, found []bool) (jobs [][]int) {
	var names []int
	size := 0
	for i, ms := range probes {
		switch {
		case found[i]:
		case !byName(ms):
			jobs = append(jobs, []int{i})
		default:
			if size += len(ms[0].Value) + 1; size > namesMost && len(names) > 0 {
				jobs = append(jobs, names)
				names, size = nil, len(ms[0].Value)+1
			}
			names = append(names, i)
		}
	}
	if len(names) > 0 {
		jobs = append(jobs, names)
	}
	return jobs
}

func byName(ms []*labels.Matcher) bool {
	return len(ms) == 1 && ms[0].Type == labels.MatchEqual && ms[0].Name == model.MetricNameLabel
}

// exist returns those of a batch of which series exist in a span.
func (s *server) exist(ctx context.Context, probes [][]*labels.Matcher, batch []int, span history.Interval) (found []int, err error) {
	params := s.parameters()
	params.Set("start", seconds(span.Start))
	params.Set("end", seconds(span.End))
	if !byName(probes[batch[0]]) {
		params.Set("match[]", selector(probes[batch[0]]))
		params.Set("limit", "1")
		n, err := s.list(ctx, seriesPath, params, skip)
		if n > 0 {
			found = batch
		}
		return found, err
	}
	at := map[string][]int{}
	var names []string
	for _, i := range batch {
		at[probes[i][0].Value] = append(at[probes[i][0].Value], i)
		names = append(names, regexp.QuoteMeta(probes[i][0].Value))
	}
	params.Set("match[]", selector([]*labels.Matcher{labels.MustNewMatcher(labels.MatchRegexp, model.MetricNameLabel, strings.Join(names, "|"))}))
	_, err = s.list(ctx, namesPath, params, func(dec *json.Decoder) error {
		var name string
		err := dec.Decode(&name)
		found = append(found, at[name]...)
		return err
	})
	return found, err
}

// list reads an answer whose data are an array, and counts its elements. A part
// of the answer is one, where it has any: what is asked for is whether there are
// some, and Prometheus warns of each limit that it meets.
func (s *server) list(ctx context.Context, path string, params url.Values, element func(*json.Decoder) error) (n int, err error) {
	err = s.ask(ctx, request{path: path, params: params}, func(resp *http.Response) error {
		n = 0
		err := readAnswer(resp, path, func(dec *json.Decoder) error {
			return array(dec, func() error {
				n++
				return element(dec)
			})
		})
		if f := (*failure)(nil); n > 0 && path == seriesPath && errors.As(err, &f) && f.partial {
			return nil
		}
		return err
	})
	return n, err
}

func seconds(ms int64) string { return strconv.FormatFloat(float64(ms)/1000, 'f', 3, 64) }
