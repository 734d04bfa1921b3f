// Package promapi reads what alerts did from a server that speaks the
// Prometheus API, such as Prometheus, Mimir, Cortex, Thanos or VictoriaMetrics.
package promapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/grafana/dskit/backoff"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

// Options say whom to ask, and what for. What is zero has its default.
type Options struct {
	// URL of the server, with the prefix of its API where there is one, such as
	// http://mimir/prometheus. A name and password in it are sent as basic
	// authentication, and never shown.
	URL string
	// HTTP is the client to ask with, see Client; nil is one without credentials.
	HTTP *http.Client
	// Tenants are asked one by one, each by its X-Scope-OrgID; none sends none.
	// "a|b" goes as it is: the server answers for both in one.
	Tenants []string
	// ReplicaLabels tell the servers of a pair apart that evaluate the same
	// rules. They are taken off, and what the replicas say is merged.
	ReplicaLabels []string

	// The window ends with the server's now, if not before, and begins thirty
	// days before its end, unless it is said when.
	history.ReadOptions

	Concurrency int            // requests at a time: 4
	Timeout     time.Duration  // of a request, until its answer is read: 2 minutes
	Retry       backoff.Config // what is tried again: 5 times in all, waiting 0.5 to 10 seconds
	// Patience is the longest wait that a server may ask for (Retry-After): 2 minutes.
	Patience time.Duration
	// Progress is told how many of so many parts of the window were read, one call at a time.
	Progress func(done, total int)

	slice int64 // milliseconds asked for at once: sliceLength
}

const (
	defaultLast        = 30 * 24 * time.Hour
	defaultConcurrency = 4
	defaultTimeout     = 2 * time.Minute
	defaultPatience    = 2 * time.Minute
)

var defaultRetry = backoff.Config{MinBackoff: 500 * time.Millisecond, MaxBackoff: 10 * time.Second, MaxRetries: 5}

func (o Options) withDefaults() Options {
	if o.Last == 0 && o.Window.Start == 0 {
		o.Last = defaultLast.Milliseconds()
	}
	if o.Concurrency <= 0 {
		o.Concurrency = defaultConcurrency
	}
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	if o.Patience <= 0 {
		o.Patience = defaultPatience
	}
	if o.Retry.MaxRetries <= 0 {
		o.Retry = defaultRetry
	}
	if len(o.Tenants) == 0 {
		o.Tenants = []string{""}
	}
	if o.slice <= 0 {
		o.slice = sliceLength
	}
	if o.Progress == nil {
		o.Progress = func(int, int) {}
	}
	return o
}

// Read asks the server for the samples of alerts, and makes episodes of them.
//
// Where the server has remote read, the samples are the raw ones with their
// stale markers, and all is as exact as in history.ReadTSDB. Where it has not,
// they come by range selectors, without markers: ends are then those of the
// evaluation after the last sample, and Warnings say so.
//
// What could not be had after all attempts is never taken for silence: then
// there is a MissingError, and no history.
func Read(ctx context.Context, opts Options) (*history.History, error) {
	opts = opts.withDefaults()
	s, err := newServer(opts)
	if err != nil {
		return nil, err
	}
	var window, asked history.Interval
	var hs []*history.History
	for i, tenant := range opts.Tenants {
		s.tenant = tenant
		now, err := s.now(ctx)
		if err != nil {
			return nil, s.failed(ctx, "asking for its time", err)
		}
		if i == 0 {
			if window, asked, err = s.window(opts.ReadOptions, now); err != nil {
				return nil, err
			}
		}
		h, err := s.read(ctx, window, asked, func(done, total int) {
			opts.Progress(i*total+done, len(opts.Tenants)*total)
		})
		if err != nil {
			return nil, err
		}
		hs = append(hs, h)
	}
	return history.Merge(hs...), nil
}

// window returns the window, and the part of it that there can be data of.
func (s *server) window(o history.ReadOptions, now int64) (window, asked history.Interval, err error) {
	window = o.Window
	if window.End == 0 {
		window.End = now + 1
	}
	asked.End = min(window.End, now+1)
	if window.Start == 0 {
		window.Start = asked.End - o.Last
	}
	asked.Start = window.Start
	if window.Start >= window.End {
		return window, asked, fmt.Errorf("the window ends at %s, which is not after its start at %s", at(window.End), at(window.Start))
	}
	return window, asked, nil
}

// failed is an error of the server as a whole.
func (s *server) failed(ctx context.Context, doing string, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return fmt.Errorf("%s%s: %s: %w", s.shown, s.tenantNote(), doing, err)
}

func (s *server) tenantNote() string {
	if s.tenant == "" {
		return ""
	}
	return fmt.Sprintf(" (tenant %q)", s.tenant)
}

// at writes a time of Unix milliseconds.
func at(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.999Z") }

var errStopped = errors.New("not asked for after that")
