package promapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"slices"

	"github.com/golang/snappy"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/prompb"
	"github.com/prometheus/prometheus/tsdb/chunkenc"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

// A way is how samples are asked for.
type way uint8

const (
	byStream  way = iota // remote read, compressed chunks
	bySamples            // remote read, samples
	byRange              // range selectors
)

const (
	readPath     = "api/v1/read"
	streamedType = "application/x-streamed-protobuf"
	samplesType  = "application/x-protobuf"
)

// choose finds out how the server lets samples be read, the best way first, and
// why not that one.
func (s *server) choose(ctx context.Context, now int64) (why error, err error) {
	s.way = byStream
	err = s.tryRead(ctx, now)
	if errors.Is(err, errUnframed) {
		s.way = bySamples
		err = s.tryRead(ctx, now)
	}
	if err == nil || ctx.Err() != nil {
		return nil, err
	}
	switch verdictOf(err) {
	case passing, tooSlow: // it is there, and may be the next time
		if !errors.Is(err, errForeign) {
			return nil, err
		}
	}
	s.way = byRange
	return err, nil
}

func (s *server) tryRead(ctx context.Context, now int64) error {
	_, err := s.fetch(ctx, [][]*labels.Matcher{{labels.MustNewMatcher(labels.MatchEqual, model.MetricNameLabel, history.EvidenceSelector)}}, history.Interval{Start: now, End: now + 1})
	return err
}

// fetch reads the samples of each selector, from the span's start to before its end.
func (s *server) fetch(ctx context.Context, selectors [][]*labels.Matcher, span history.Interval) (parts []part, err error) {
	if s.way == byRange {
		for _, ms := range selectors {
			more, err := s.selectRange(ctx, ms, span)
			if err != nil {
				return nil, err
			}
			parts = append(parts, more...)
		}
		return parts, nil
	}
	body, err := s.readRequest(selectors, span)
	if err != nil {
		return nil, err
	}
	r := request{path: readPath, body: body, parts: true, header: map[string]string{
		"Content-Type": samplesType, "Content-Encoding": "snappy", "Accept-Encoding": "snappy", versionHeader: "0.1.0",
	}}
	err = s.ask(ctx, r, func(resp *http.Response) error {
		parts = nil
		var err error
		switch kind, params := typeOf(resp); {
		case kind == streamedType && params["proto"] == "prometheus.ChunkedReadResponse":
			if !framed(resp) {
				return errUnframed
			}
			parts, err = readStream(resp.Body, len(selectors))
		case kind == samplesType:
			parts, err = readSamples(resp.Body, len(selectors))
		default:
			err = foreign{wrongType(resp, readPath, streamedType)}
		}
		return err
	})
	return parts, err
}

// foreign marks an answer that is of another type than remote read has.
type foreign struct{ error }

func (f foreign) Unwrap() []error { return []error{f.error, errForeign} }

var (
	errHistograms = &failure{verdict: final, text: "native histograms are read by streamed remote read alone"}

	errForeign  = errors.New("not an answer of remote read")
	errUnframed = &failure{verdict: final, text: readPath + ": the end of the stream would be the end of the connection, so that nobody could tell a whole answer from half of one"}
)

// framed says whether the end of an answer shows. A stream of chunks has no
// mark at its end; it takes HTTP's own.
func framed(resp *http.Response) bool {
	return resp.ProtoMajor > 1 || resp.ContentLength >= 0 || slices.Contains(resp.TransferEncoding, "chunked")
}

func (s *server) readRequest(selectors [][]*labels.Matcher, span history.Interval) ([]byte, error) {
	req := prompb.ReadRequest{AcceptedResponseTypes: []prompb.ReadRequest_ResponseType{prompb.ReadRequest_STREAMED_XOR_CHUNKS, prompb.ReadRequest_SAMPLES}}
	if s.way == bySamples {
		req.AcceptedResponseTypes = req.AcceptedResponseTypes[1:]
	}
	for _, ms := range selectors {
		q := &prompb.Query{StartTimestampMs: span.Start, EndTimestampMs: span.End - 1}
		for _, m := range ms {
			q.Matchers = append(q.Matchers, &prompb.LabelMatcher{Type: matcherTypes[m.Type], Name: m.Name, Value: m.Value})
		}
		req.Queries = append(req.Queries, q)
	}
	b, err := req.Marshal()
	return snappy.Encode(nil, b), err
}

var matcherTypes = map[labels.MatchType]prompb.LabelMatcher_Type{
	labels.MatchEqual:     prompb.LabelMatcher_EQ,
	labels.MatchNotEqual:  prompb.LabelMatcher_NEQ,
	labels.MatchRegexp:    prompb.LabelMatcher_RE,
	labels.MatchNotRegexp: prompb.LabelMatcher_NRE,
}

// readStream reads chunks as they are stored.
func readStream(body io.Reader, queries int) (parts []part, err error) {
	var builder labels.ScratchBuilder
	fs := newFrames(&bounded{body, answerMost})
	last := int64(-1)
	for {
		frame, err := fs.next()
		if err == io.EOF {
			return parts, nil
		}
		if err != nil {
			return nil, err
		}
		var m prompb.ChunkedReadResponse
		if err := m.Unmarshal(frame); err != nil {
			return nil, fmt.Errorf("a frame does not decode: %w", err)
		}
		if m.QueryIndex < 0 || m.QueryIndex >= int64(queries) {
			return nil, fmt.Errorf("a frame answers query %d of %d", m.QueryIndex, queries)
		}
		for _, series := range m.ChunkedSeries {
			l := series.ToLabels(&builder, nil)
			k := len(parts) - 1
			if k < 0 || last != m.QueryIndex || !labels.Equal(parts[k].labels, l) {
				parts = append(parts, part{labels: l})
				last, k = m.QueryIndex, k+1
			}
			for _, c := range series.Chunks {
				if c.Type < 0 || c.Type > math.MaxUint8 {
					return nil, fmt.Errorf("a chunk is of the unknown encoding %d", c.Type)
				}
				// The numbers of encodings are the same.
				parts[k].chunks = append(parts[k].chunks, chunk{c.MinTimeMs, c.MaxTimeMs, chunkenc.Encoding(c.Type), c.Data})
			}
		}
	}
}

// readSamples reads an answer in one block of samples.
func readSamples(body io.Reader, queries int) (parts []part, err error) {
	packed, err := io.ReadAll(&bounded{body, answerMost})
	if err != nil {
		return nil, err
	}
	size, err := snappy.DecodedLen(packed)
	if err != nil {
		return nil, fmt.Errorf("the answer is not in snappy's block format, or cut short: %w", err)
	}
	if size > answerMost {
		return nil, &failure{verdict: tooLarge, text: fmt.Sprintf("%s: the answer has %d MiB", readPath, size>>20)}
	}
	plain, err := snappy.Decode(nil, packed)
	if err != nil {
		return nil, fmt.Errorf("the answer is not in snappy's block format, or cut short: %w", err)
	}
	var m prompb.ReadResponse
	if err := m.Unmarshal(plain); err != nil {
		return nil, fmt.Errorf("the answer does not decode: %w", err)
	}
	if len(m.Results) != queries {
		return nil, fmt.Errorf("the answer has %d results for %d queries", len(m.Results), queries)
	}
	var builder labels.ScratchBuilder
	for _, r := range m.Results {
		for _, series := range r.Timeseries {
			if len(series.Histograms) > 0 {
				return nil, errHistograms
			}
			var p packer
			for _, x := range series.Samples {
				if err := p.add(x.Timestamp, x.Value); err != nil {
					return nil, err
				}
			}
			parts = append(parts, part{series.ToLabels(&builder, nil), p.done()})
		}
	}
	return parts, nil
}
