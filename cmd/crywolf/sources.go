package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/crywolf-dev/crywolf/analyze/config"
	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/analyze/history/source"
	"github.com/crywolf-dev/crywolf/rules"
)

// sources are the flags that say where the history of alerts, and the samples of
// SLIs, are taken from.
type sources struct {
	history           []string
	data              string
	tenants, replicas []string
	httpConfig        string
	since, until      string

	named, dataNamed []source.Source // once parsed
}

// sourcesHelp says what --history takes.
const sourcesHelp = `--history names where the history is taken from, several times for several sources: a Prometheus data directory, with blocks
or a write-ahead log in it (a Prometheus may be running on it, and nothing is ever written there), or the URL of anything
that speaks the Prometheus API, such as Prometheus, Mimir or Thanos. Servers that evaluate the same rules, such as the two
of a pair, count as one. Alertmanager's event log or a log of its webhooks tell what was sent, and what alerts did where
nothing better is named; PagerDuty's export tells what became of it, and alertmanager:URL asks for the silences of now.
Files are recognised by what is in them; docs/sources.md has them all.

--since and --until bound the window: a duration (30d) counts back from the end of the window, which is the end of the data
unless --until says otherwise; a time is RFC 3339 (2026-10-01T00:00:00Z).`

func (s *sources) register(fs *pflag.FlagSet) {
	fs.StringArrayVar(&s.history, "history", nil, "where to take the history of alerts from: a Prometheus data directory, the URL of a server, or a log; repeatable")
	fs.StringVar(&s.data, "data", "", "Prometheus data directory, or URL of a server, to take the samples of SLIs from (default: the first such of --history)")
	fs.StringArrayVar(&s.tenants, "tenant", nil, "tenant to ask servers for (X-Scope-OrgID); repeatable")
	fs.StringArrayVar(&s.replicas, "replica-label", nil, "label that tells apart servers which evaluate the same rules; repeatable (default: those of the configuration)")
	fs.StringVar(&s.httpConfig, "http-config", "", "file that says how to log in to servers, as promtool's --http.config.file takes it")
	fs.StringVar(&s.since, "since", "30d", "start of the window: a duration before its end, or a time")
	fs.StringVar(&s.until, "until", "", "end of the window: a time (default: where the data end)")
}

// parse finds out what was named, and the window.
func (s *sources) parse(c *cobra.Command) (history.ReadOptions, error) {
	for _, flag := range []string{"since", "until"} {
		if c.Flags().Changed(flag) && !s.any() {
			return history.ReadOptions{}, usage("--%s bounds what is read of --history or --data, and neither is given", flag)
		}
	}
	for _, arg := range s.history {
		named, err := source.Parse(arg)
		if err != nil {
			return history.ReadOptions{}, usage("--history: %w", err)
		}
		s.named = append(s.named, named)
	}
	if err := source.Together(s.named); err != nil {
		return history.ReadOptions{}, usage("--history: %w", err)
	}
	if s.data != "" {
		named, err := source.Parse(s.data)
		if err != nil {
			return history.ReadOptions{}, usage("--data: %w", err)
		}
		if !named.HoldsSamples() {
			return history.ReadOptions{}, usage("--data %s: no samples are stored there; name a data directory or the URL of a server", named)
		}
		s.dataNamed = []source.Source{named}
	}
	return parseWindow(s.since, s.until)
}

// any reports whether anything is to be measured.
func (s *sources) any() bool { return len(s.history) > 0 || s.data != "" }

// samples is the source to take the samples of SLIs from; ok is false where
// there is none.
func (s *sources) samples() (from source.Source, ok bool) {
	for _, n := range slices.Concat(s.dataNamed, s.named) {
		if n.HoldsSamples() {
			return n, true
		}
	}
	return from, false
}

// options of reading a window of the sources.
func (s *sources) options(cfg *config.Config, window history.ReadOptions, bar *progress) source.Options {
	replicas := s.replicas
	if len(replicas) == 0 {
		replicas = cfg.ReplicaLabels()
	}
	return source.Options{ReadOptions: window, ReplicaLabels: replicas, Tenants: s.tenants, HTTPConfig: s.httpConfig, Progress: bar.part}
}

// String names what is read, for the report.
func (s *sources) String() string {
	of := s.named
	if len(of) == 0 {
		of = s.dataNamed
	}
	names := make([]string, len(of))
	for i, n := range of {
		names[i] = n.String()
	}
	return strings.Join(names, ", ")
}

// read reads the sources and measures what they tell rule by rule.
func (s *sources) read(ctx context.Context, cfg *config.Config, window history.ReadOptions, set *rules.Set, bar *progress) (*history.Review, error) {
	probes := history.ProbesOf(set.Rules())
	window.Probes = probes.Matchers()
	h, err := source.Read(ctx, s.named, s.options(cfg, window, bar))
	bar.done()
	if err != nil {
		return nil, err
	}
	w := h.Coverage.Window
	if w.Start >= w.End || h.Coverage.Covered().Milliseconds() == 0 {
		return nil, fmt.Errorf("%s holds no data in the window that --since and --until ask for", s)
	}
	return history.NewReview(set.Alerts(), h, probes), nil
}

// parseWindow reads --since and --until.
func parseWindow(since, until string) (history.ReadOptions, error) {
	var opts history.ReadOptions
	if until != "" {
		t, err := time.Parse(time.RFC3339, until)
		if err != nil {
			return opts, usage("--until is %q; it must be a time such as 2026-10-31T00:00:00Z", until)
		}
		opts.Window.End = t.UnixMilli()
	}
	if t, err := time.Parse(time.RFC3339, since); err == nil {
		opts.Window.Start = t.UnixMilli()
	} else if d, err := model.ParseDuration(since); err == nil && d > 0 {
		opts.Last = time.Duration(d).Milliseconds()
	} else {
		return opts, usage("--since is %q; it must be a duration such as 30d or a time such as 2026-10-01T00:00:00Z", since)
	}
	if opts.Window.Start != 0 && opts.Window.End != 0 && opts.Window.Start >= opts.Window.End {
		return opts, usage("--since %s is not before --until %s", since, until)
	}
	return opts, nil
}
