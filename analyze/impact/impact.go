// Package impact tells how well alerts indicate what users felt: it follows
// service level indicators over stored samples, finds where they were breached,
// and compares the breaches with what alerts did.
//
// A breach is defined by the SLI, its objective and its budget alone, never by
// an alert's windows or thresholds, or else an alert would be held against
// itself.
package impact

import (
	"context"
	"fmt"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/storage"

	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/analyze/sli"
)

// Options say what a breach is. The zero value of each means its default.
//
// The defaults follow the figures that chapter 5 of the SRE Workbook, "Alerting
// on SLOs", recommends to act upon: 2 % of the budget spent within an hour and
// 5 % within six hours are worth a page, 10 % within three days is worth a
// ticket. Whatever spends that much spends 2 % within some day, so no alert that
// is built to those figures is called false; and only what spends 5 % within
// six hours, the weaker of the two figures for pages, is said to deserve one.
type Options struct {
	// Step is the distance of the instants at which an SLI is evaluated: 1m,
	// Prometheus's default scrape interval. Beginnings and ends are known to a
	// step.
	Step time.Duration

	// Share of the budget that must be spent Within a time for a breach: 2 %
	// within a day.
	Share  float64
	Within time.Duration

	// Pause is the longest time without a burning step inside of one breach:
	// 1h, as for firings that come back (history.Measures.Refires).
	Pause time.Duration

	// UrgentShare of the budget spent UrgentWithin a time makes a breach
	// urgent: 5 % within 6h.
	UrgentShare  float64
	UrgentWithin time.Duration
}

func (o Options) withDefaults() Options {
	def := func(d *time.Duration, v time.Duration) {
		if *d <= 0 {
			*d = v
		}
	}
	def(&o.Step, time.Minute)
	def(&o.Within, 24*time.Hour)
	def(&o.Pause, time.Hour)
	def(&o.UrgentWithin, 6*time.Hour)
	if o.Share <= 0 {
		o.Share = 0.02
	}
	if o.UrgentShare <= 0 {
		o.UrgentShare = 0.05
	}
	return o
}

// An Indicator is an SLI over a window, with its breaches.
type Indicator struct {
	SLI *sli.SLI

	// Refused says why the SLI could not be followed: what was found and what
	// was expected. Nothing else is set then.
	Refused string

	// Start and Step are Unix milliseconds and milliseconds: step i is the time
	// after Start+i*Step, up to and including Start+(i+1)*Step.
	Start, Step int64

	// Bad and Total are what happened in each step: events, or the part of a
	// step and 1 for SLIs that are not made of events.
	Bad, Total []float64
	// Known marks the steps about which there are data. What is not known is
	// neither a breach nor the lack of one.
	Known []bool
	// Covered is the time of the known steps, each without its last instant
	// and with its first.
	Covered history.Intervals

	// BudgetTotal is how much Bad the objective allows in its window, at the
	// pace of the covered time.
	BudgetTotal float64

	Breaches []Breach // in order of time
}

// timeout bounds the time that is given to one SLI. A thousand series take
// about a second a day.
const timeout = 5 * time.Minute

// Follow evaluates SLIs over a window of stored samples, one by one. An error
// means that ctx is done; what is wrong with an SLI stands at its Indicator.
func Follow(ctx context.Context, samples storage.Queryable, window history.Interval, slis []*sli.SLI, o Options) (*Result, error) {
	o = o.withDefaults()
	e := newEvaluator(samples, window, o.Step)
	out := &Result{Options: o, bySLI: map[*sli.SLI]*Indicator{}}
	for _, s := range slis {
		limited, cancel := context.WithTimeout(ctx, timeout)
		ind, err := e.indicator(limited, s)
		if err == nil {
			err = ind.Finish(o)
		} else if limited.Err() != nil {
			err = fmt.Errorf("its queries take longer than %s", timeout)
		}
		cancel()
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			ind = &Indicator{SLI: s, Refused: err.Error()}
		}
		out.Add(ind)
	}
	return out, nil
}

// A Result is what became of a run's SLIs.
type Result struct {
	Options    Options      // with the defaults
	Indicators []*Indicator // in the order in which they were added

	bySLI map[*sli.SLI]*Indicator
}

// Add adds an indicator.
func (r *Result) Add(ind *Indicator) {
	if r.bySLI == nil {
		r.bySLI = map[*sli.SLI]*Indicator{}
	}
	r.Indicators = append(r.Indicators, ind)
	r.bySLI[ind.SLI] = ind
}

// Of is the indicator of an SLI, nil where it was not followed.
func (r *Result) Of(s *sli.SLI) *Indicator {
	if ind := r.bySLI[s]; ind != nil && ind.Refused == "" {
		return ind
	}
	return nil
}

// Selectors are all that the queries of SLIs select: what must be asked of
// history.OpenSamples.
func Selectors(slis []*sli.SLI) [][]*labels.Matcher {
	var out [][]*labels.Matcher
	for _, s := range slis {
		for _, q := range s.Queries() {
			if q.Expr != nil {
				out = append(out, parser.ExtractSelectors(q.Expr)...)
			}
		}
	}
	return out
}
