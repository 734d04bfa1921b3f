package spec

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
	"go.yaml.in/yaml/v3"

	"github.com/crywolf-dev/crywolf/analyze/sli"
	"github.com/crywolf-dev/crywolf/rules"
	"github.com/crywolf-dev/crywolf/rules/promexpr"
)

var (
	// Where a query leaves a place for the window: Sloth's, Google's
	// slo-generator's (in brackets), and Grafana's. What ends in s or ms is a
	// number there, which a duration may stand for.
	placeholder = regexp.MustCompile(`\{\{-? *\.window *-?\}\}|\[window\b|\$(?:__(?:rate_interval|interval_ms|interval|range_ms|range_s|range)\b|\{__(?:rate_interval|interval_ms|interval|range_ms|range_s|range)\})`)

	// Whatever else something puts in before Prometheus sees the query.
	otherPlace = regexp.MustCompile(`\{\{-? *[\w.$"'(]|\$\{?\w|%\(\w`)
)

// fill puts some window where a query has a place for one, without moving
// anything else in it: five minutes, written with as many zeros as it takes.
func fill(query string) string {
	return placeholder.ReplaceAllStringFunc(query, window)
}

func window(place string) string {
	open := ""
	if place[0] == '[' {
		open, place = "[", place[1:]
	}
	return open + strings.Repeat("0", len(place)-2) + "5m"
}

// padded is a name with a place for the window, filled: x:ratio_rate{{.window}}.
var padded = regexp.MustCompile(`^(.+?)0{5,}5m$`)

// unpad gives a record the name that it has for five minutes.
func unpad(vs *parser.VectorSelector) {
	m := padded.FindStringSubmatch(vs.Name)
	if m == nil {
		return
	}
	vs.Name = m[1] + "5m"
	for i, l := range vs.LabelMatchers {
		if l.Name == model.MetricNameLabel && l.Type == labels.MatchEqual {
			vs.LabelMatchers[i] = labels.MustNewMatcher(labels.MatchEqual, l.Name, vs.Name)
		}
	}
}

// unfill writes the places for windows as they were, in a message of the
// parser's, which shows no more than the first ten characters of what it found.
func unfill(message, query string) string {
	for _, place := range placeholder.FindAllString(query, 16) {
		place = strings.TrimPrefix(place, "[")
		filled := window(place)
		message = strings.ReplaceAll(message, filled, place)
		if len(filled) > 10 {
			message = strings.ReplaceAll(message, strconv.Quote(filled[:10])+"...", strconv.Quote(place))
		}
	}
	return message
}

// A queryError is why a query is not used, and where in its text.
type queryError struct {
	start, end int
	message    string
	passed     bool // it is in another language, or unfinished: no fault
}

// parse a query as PromQL with everything experimental.
func parse(text string) (parser.Expr, *queryError) {
	if why, at := rules.TooMuch(text); why != "" {
		return nil, &queryError{at, at, why, false}
	}
	filled := fill(text)
	expr, err := promexpr.Parse(filled)
	if err == nil {
		promexpr.EachSelector(expr, unpad)
		return expr, nil
	}
	whole := func(why string) *queryError { return &queryError{0, len(text), why, true} }
	if language := promexpr.Dialect(text); language != "" {
		return nil, whole("the query is " + language + "; it is not judged")
	}
	if otherPlace.MatchString(filled) {
		return nil, whole("the query has places that something fills in, and is no PromQL before that")
	}
	var list parser.ParseErrors
	if !errors.As(err, &list) || len(list) == 0 {
		return nil, &queryError{0, len(text), "not PromQL: " + err.Error(), false}
	}
	at := list[0].PositionRange
	start := max(0, min(int(at.Start), len(text)))
	end := int(at.End)
	if end <= start || end > len(text) {
		end = len(text)
	}
	return nil, &queryError{start, end, "not PromQL: " + unfill(list[0].Err.Error(), text), false}
}

// Query parses a query that stands in a file. The Problem says why it can't be
// used, nil if it can.
func Query(file *rules.File, s rules.Scalar) (*sli.Query, *sli.Problem) {
	text := s.Text()
	expr, err := parse(text)
	if err == nil {
		return &sli.Query{Text: text, Expr: expr, File: file, Span: s.Span()}, nil
	}
	return nil, &sli.Problem{File: file, Span: s.Sub(err.start, err.end), Message: err.message}
}

// parsed is a query of a file, with what became of it.
type parsed struct {
	scalar rules.Scalar
	expr   parser.Expr
	err    *queryError
}

// query is that of a key, which must be there. What is not PromQL is passed over
// if it need not be: language says what else it may be.
func (o object) query(key, language string) *sli.Query {
	n := o.get(key)
	if n == nil || n.Kind != yaml.ScalarNode || strings.TrimSpace(n.Value) == "" {
		o.text(key) // which says what else it is
		o.missing(key, "it takes a query in PromQL")
		return nil
	}
	r := o.r
	q := r.queries[n]
	if q == nil {
		if why, _ := rules.TooMuch(n.Value); why == "" {
			r.effort -= len(n.Value) * len(n.Value)
		}
		if r.effort < 0 {
			r.stop(n, "Split the file.", "the queries of the file are too long to be read together; the rest is not read")
			return nil
		}
		q = &parsed{scalar: r.file.NodeScalar(n)}
		q.expr, q.err = parse(n.Value)
		r.queries[n] = q
	}
	scalar, err := q.scalar, q.err
	switch {
	case err == nil:
		return &sli.Query{Text: n.Value, Expr: q.expr, File: r.file, Span: scalar.Span()}
	case err.passed:
		r.pass(scalar.Span(), "%s", err.message)
	case language != "":
		r.pass(scalar.Span(), "the query is %s; it is not judged", language)
	default:
		r.lose(scalar.Sub(err.start, err.end), "", "%s", err.message)
	}
	return nil
}
