package source

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/analyze/history/alertmanager"
	"github.com/crywolf-dev/crywolf/analyze/history/pagerduty"
	"github.com/crywolf-dev/crywolf/analyze/history/promapi"
)

// Options say what to read, and how to ask for it.
type Options struct {
	history.ReadOptions

	ReplicaLabels []string // that tell apart servers which evaluate the same rules
	Tenants       []string // to ask a server for; none: without a tenant
	HTTPConfig    string   // a file as promtool takes it; "": none

	// Progress is told, if set, how much of the work of a part is done.
	Progress func(part string, done, total int)
}

// reading is one run of Read.
type reading struct {
	Options
	sources []Source
}

// Read reads the sources and puts together what they tell. Episodes come from
// the kind that tells them best, which is stored samples, then Alertmanager's
// log of events, then a log of webhooks; the others add what else they know,
// within the window of the first.
func Read(ctx context.Context, sources []Source, opts Options) (*history.History, error) {
	r := &reading{opts, sources}
	if err := Together(sources); err != nil {
		return nil, err
	}
	var base *history.History
	var others []*history.History
	for _, k := range kinds() {
		named := slices.DeleteFunc(slices.Clone(sources), func(s Source) bool { return s.Kind != k.kind })
		if len(named) == 0 || k.kind == Webhooks && r.has(Events) {
			continue
		}
		h, err := k.read(ctx, r, named)
		if err != nil {
			return nil, err
		}
		h = h.WithoutReplicas(opts.ReplicaLabels)
		switch {
		case base == nil && !k.episodes:
			return nil, fmt.Errorf("%s: %s does not tell what alerts did; name a source that does, too: %s", named[0], k.what, list(telling(), "or"))
		case base == nil:
			base = h
			r.Window, r.Last = h.Coverage.Window, 0
		default:
			others = append(others, h)
		}
	}
	if base == nil {
		return nil, errors.New("no source of history was named")
	}
	if r.has(Webhooks) && r.has(Events) {
		base.Warnings = append(base.Warnings, "the log of webhooks is left out: Alertmanager's event log has the same notifications, and more")
	}
	return history.Combine(base, others...), nil
}

// Together refuses sources that cannot be put together.
func Together(sources []Source) error {
	r := &reading{sources: sources}
	if r.has(TSDB) && r.has(Prometheus) {
		return errors.New("data directories and servers are not put together: servers add labels that their directories do not have; name all of them as one or as the other")
	}
	return nil
}

func (r *reading) has(k Kind) bool {
	return slices.ContainsFunc(r.sources, func(s Source) bool { return s.Kind == k })
}

// client is what servers are asked with; nil is one without credentials.
func (r *reading) client() (*http.Client, error) {
	if r.HTTPConfig == "" {
		return nil, nil
	}
	return promapi.Client(r.HTTPConfig)
}

// progress of a part, by what it is called.
func (r *reading) progress(part string) func(done, total int) {
	if r.Progress == nil {
		return func(int, int) {}
	}
	return func(done, total int) { r.Progress(part, done, total) }
}

// telling are the prefixes of kinds that tell what alerts did.
func telling() []string {
	var out []string
	for _, k := range kinds() {
		if k.episodes {
			out = append(out, k.prefix)
		}
	}
	return out
}

func targets(sources []Source) []string {
	out := make([]string, len(sources))
	for i, s := range sources {
		out[i] = s.Target
	}
	return out
}

func readDirectories(ctx context.Context, r *reading, sources []Source) (*history.History, error) {
	report := r.progress("data directories")
	var hs []*history.History
	for i, s := range sources {
		report(i, len(sources))
		h, err := history.ReadTSDB(ctx, s.Target, r.ReadOptions)
		if err != nil {
			return nil, err
		}
		hs = append(hs, h)
	}
	return r.merged(hs), nil
}

func readServers(ctx context.Context, r *reading, sources []Source) (*history.History, error) {
	client, err := r.client()
	if err != nil {
		return nil, err
	}
	var hs []*history.History
	for _, s := range sources {
		h, err := promapi.Read(ctx, promapi.Options{
			URL: s.Target, HTTP: client, Tenants: r.Tenants, ReplicaLabels: r.ReplicaLabels,
			ReadOptions: r.ReadOptions, Progress: r.progress(s.String()),
		})
		if err != nil {
			return nil, err
		}
		hs = append(hs, h)
	}
	return r.merged(hs), nil
}

// merged puts together what servers of one kind tell. Where the window counts
// back from the end of the data, that is the end of those that go on longest.
func (r *reading) merged(hs []*history.History) *history.History {
	h := history.Merge(hs...)
	if w := h.Coverage.Window; len(hs) > 1 && r.Last > 0 && r.Window.Start == 0 && w.End-w.Start > r.Last {
		h = h.Within(history.Interval{Start: w.End - r.Last, End: w.End})
	}
	return h
}

func readEvents(ctx context.Context, r *reading, sources []Source) (*history.History, error) {
	return alertmanager.ReadEvents(ctx, targets(sources), r.ReadOptions)
}

func readWebhooks(ctx context.Context, r *reading, sources []Source) (*history.History, error) {
	return alertmanager.ReadWebhooks(ctx, targets(sources), r.ReadOptions)
}

func readIncidents(ctx context.Context, r *reading, sources []Source) (*history.History, error) {
	return pagerduty.Read(ctx, targets(sources), r.ReadOptions)
}

func readSilences(ctx context.Context, r *reading, sources []Source) (*history.History, error) {
	client, err := r.client()
	if err != nil {
		return nil, err
	}
	var hs []*history.History
	for _, s := range sources {
		var h *history.History
		if s.remote() {
			h, err = alertmanager.ReadSilences(ctx, s.Target, client)
		} else {
			h, err = alertmanager.SilencesFile(s.Target)
		}
		if err != nil {
			return nil, err
		}
		hs = append(hs, h)
	}
	return history.Merge(hs...), nil
}
