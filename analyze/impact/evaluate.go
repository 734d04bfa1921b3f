package impact

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/storage"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

const (
	// samplesAtOnce bounds what one query may hold in memory: 16 bytes each.
	samplesAtOnce = 10_000_000
	// pieceSteps are evaluated by one query; where that is too much, half as
	// many, down to leastSteps.
	pieceSteps, leastSteps = 1440, 45
	// pieceTimeout bounds the time of one query.
	pieceTimeout = 2 * time.Minute
	// stepsMost bounds the length of a window: two years of minutes.
	stepsMost = 2 * 366 * 24 * 60
)

// An evaluator evaluates queries on the steps of one window, with Prometheus's
// own engine.
type evaluator struct {
	samples storage.Queryable
	engine  *promql.Engine
	start   int64 // Unix milliseconds, a multiple of step
	step    int64 // milliseconds
	steps   int
}

func newEvaluator(samples storage.Queryable, window history.Interval, step time.Duration) *evaluator {
	e := &evaluator{samples: samples, step: step.Milliseconds(), engine: promql.NewEngine(promql.EngineOpts{
		MaxSamples: samplesAtOnce, Timeout: pieceTimeout,
		Parser: parser.NewParser(parser.Options{
			EnableExperimentalFunctions: true, EnableExtendedRangeSelectors: true, EnableBinopFillModifiers: true,
		}),
	})}
	e.start = window.Start - mod(window.Start, e.step)
	if window.End > e.start {
		e.steps = int((window.End - e.start + e.step - 1) / e.step)
	}
	return e
}

func mod(a, b int64) int64 { return ((a % b) + b) % b }

// at is the instant at which step i is evaluated: its end.
func (e *evaluator) at(i int) int64 { return e.start + int64(i+1)*e.step }

// query evaluates a query at the end of every step. Where single is set,
// several series at one time are an error, else they are added up. NaN stands
// in out where there is no result; found tells it from a result that is NaN.
func (e *evaluator) query(ctx context.Context, text string, single bool) (out []float64, found []bool, err error) {
	out, found = make([]float64, e.steps), make([]bool, e.steps)
	for i := range out {
		out[i] = math.NaN()
	}
	for from, n := 0, pieceSteps; from < e.steps; {
		n = min(n, e.steps-from)
		m, close, err := e.piece(ctx, text, from, n)
		if err != nil && errors.As(err, new(promql.ErrTooManySamples)) && n > leastSteps && ctx.Err() == nil {
			n = max(n/2, leastSteps)
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		for _, series := range m {
			if len(series.Histograms) > 0 {
				close()
				return nil, nil, errors.New("it gives native histograms, which are not evaluated")
			}
			for _, p := range series.Floats {
				i := int((p.T-e.start)/e.step) - 1
				switch {
				case found[i] && single:
					close()
					return nil, nil, fmt.Errorf("it gives %d series where one was expected: aggregate them", len(m))
				case found[i]:
					out[i] += p.F
				default:
					out[i], found[i] = p.F, true
				}
			}
		}
		close()
		from += n
	}
	return out, found, nil
}

// piece evaluates a query at n steps.
func (e *evaluator) piece(ctx context.Context, text string, from, n int) (promql.Matrix, func(), error) {
	q, err := e.engine.NewRangeQuery(ctx, e.samples, nil, text,
		time.UnixMilli(e.at(from)), time.UnixMilli(e.at(from+n-1)), time.Duration(e.step)*time.Millisecond)
	if err != nil {
		return nil, nil, err
	}
	res := q.Exec(ctx)
	if res.Err != nil {
		q.Close()
		return nil, nil, res.Err
	}
	switch v := res.Value.(type) {
	case promql.Matrix:
		return v, q.Close, nil
	default:
		q.Close()
		return nil, nil, fmt.Errorf("it gives a %s where a vector was expected", v.Type())
	}
}
