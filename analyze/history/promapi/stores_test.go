package promapi

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/value"
	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

const start = 1_760_000_000_000

// put writes samples as a rule at one-minute steps would: at steps from to
// before to, and a stale marker after them.
func (p *prometheus) put(from, to int, l ...string) {
	app := p.db.Appender(context.Background())
	for k := from; k <= to; k++ {
		v := 1.0
		if k == to {
			v = math.Float64frombits(value.StaleNaN)
		}
		_, err := app.Append(0, labels.FromStrings(l...), start+int64(k)*interval, v)
		require.NoError(p.t, err)
	}
	require.NoError(p.t, app.Commit())
}

func firing(name string, more ...string) []string {
	return append([]string{"__name__", "ALERTS", "alertname", name, "alertstate", "firing"}, more...)
}

func hours(n int) history.ReadOptions {
	return history.ReadOptions{Window: history.Interval{Start: start - 1, End: start + int64(n)*hour}}
}

// Servers that take only so many samples at once are asked for less.
func TestLimits(t *testing.T) {
	t.Parallel()
	p, want, window := lived(t, 1, 600)
	p.maxSamples = 1200 // a tenth of two hours of all
	var mu sync.Mutex
	refused := 0
	srv := refuse(t, p.serve().URL, func(w http.ResponseWriter, r *http.Request) bool {
		if q, _ := url.QueryUnescape(r.URL.RawQuery); strings.Contains(q, "topk") {
			http.Error(w, "subqueries are disabled", http.StatusBadRequest)
			return true
		}
		return noRemoteRead(w, r)
	})
	counting := refuse(t, srv.URL, func(w http.ResponseWriter, r *http.Request) bool {
		mu.Lock()
		defer mu.Unlock()
		refused++
		return false
	})
	opts := quick(counting.URL)
	opts.ReadOptions = window
	got, err := Read(context.Background(), opts)
	require.NoError(t, err)
	require.Len(t, got.Warnings, 3, "no remote read, no evidence, and what follows from it")
	require.Contains(t, strings.Join(got.Warnings, "\n"), `does not say which series of up last (api/v1/query: 400 Bad Request: "subqueries are disabled")`)
	require.Equal(t, want.Instances, got.Instances)
	require.InDelta(t, len(want.Episodes), len(got.Episodes), float64(len(want.Episodes))/10)
	require.Greater(t, refused, 20)

	p.maxSamples = 3
	opts.URL = refuse(t, p.serve().URL, noRemoteRead).URL
	_, err = Read(context.Background(), opts)
	e := (*MissingError)(nil)
	require.ErrorAs(t, err, &e)
	require.ErrorContains(t, err, "too many samples")
}

// Each tenant is asked apart, under its own name, and the answers are merged.
func TestTenants(t *testing.T) {
	t.Parallel()
	stores := map[string]string{}
	for _, name := range []string{"a", "b", "c|d"} {
		p := openPrometheus(t)
		p.put(0, 100, "__name__", "up", "job", name)
		p.put(10, 20, firing("Of"+name)...)
		p.put(10, 20+len(name), firing("Shared")...)
		stores[name] = p.serve().URL
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		to, ok := stores[r.Header.Get("X-Scope-OrgID")]
		if !ok {
			http.Error(w, "no org id", http.StatusUnauthorized)
			return
		}
		http.StripPrefix("/prometheus", passOn(to)).ServeHTTP(w, r)
	}))
	defer srv.Close()
	opts := quick(srv.URL + "/prometheus/")
	opts.ReadOptions = hours(2)
	var steps []string
	opts.Tenants, opts.Progress = []string{"a", "b", "c|d"}, func(done, total int) { steps = append(steps, fmt.Sprint(done, "/", total)) }
	h, err := Read(context.Background(), opts)
	require.NoError(t, err)
	require.Len(t, h.Instances, 4)
	require.Len(t, h.Episodes, 4)
	shared := slices.IndexFunc(h.Episodes, func(e history.Episode) bool { return h.Instances[e.Instance].Get("alertname") == "Shared" })
	require.EqualValues(t, start+23*interval, h.Episodes[shared].EndedAt, "the last that says so")
	require.Equal(t, []string{"1/6", "2/6", "3/6", "4/6", "5/6", "6/6"}, steps)

	opts.Tenants = nil
	_, err = Read(context.Background(), opts)
	require.ErrorContains(t, err, `asking for its time: api/v1/query: 401 Unauthorized: "no org id"`)
	opts.Tenants = []string{"e"}
	_, err = Read(context.Background(), opts)
	require.ErrorContains(t, err, `(tenant "e")`)
}

// Servers of a pair that store to one place are told apart, and one history is
// made of them.
func TestReplicas(t *testing.T) {
	t.Parallel()
	p := openPrometheus(t)
	for _, r := range []string{"x", "y"} {
		from, to := 0, 60
		if r == "y" {
			from, to = 40, 120
		}
		p.put(from, to, "__name__", "up", "job", "node", "replica", r)
		p.put(from, to, firing("Long", "replica", r)...)
	}
	p.put(10, 20, firing("Short", "replica", "x")...)
	p.put(10, 22, firing("Short", "replica", "y")...)
	url := p.serve().URL
	opts := quick(url)
	opts.ReadOptions = hours(2)
	h, err := Read(context.Background(), opts)
	require.NoError(t, err)
	require.Len(t, h.Instances, 4, "as they are stored")

	for _, opts.URL = range []string{url, refuse(t, url, noRemoteRead).URL} {
		opts.ReplicaLabels = []string{"replica", "cluster.replica"}
		h, err = Read(context.Background(), opts)
		require.NoError(t, err)
		require.Equal(t, []labels.Labels{labels.FromStrings("alertname", "Long"), labels.FromStrings("alertname", "Short")}, h.Instances)
		require.Len(t, h.Episodes, 2)
		require.EqualValues(t, start, h.Episodes[0].ActiveAt)
		require.EqualValues(t, start+119*interval, h.Episodes[0].EndedAt-(h.Episodes[0].EndedAt-start)%interval)
		require.Empty(t, h.Coverage.Gaps)
	}

	for i := range replicasMost {
		p.put(10, 20, firing("Short", "instance", fmt.Sprint(i))...)
	}
	opts.ReplicaLabels = []string{"instance"}
	_, err = Read(context.Background(), opts)
	require.ErrorContains(t, err, "instance has more than 64 values among alerts; expected the label that tells the servers of a pair apart")
}

// What a server adds to its answers stays.
func TestExternalLabels(t *testing.T) {
	t.Parallel()
	p := openPrometheus(t)
	p.external = labels.FromStrings("cluster", "eu-1")
	p.put(0, 100, "__name__", "up", "job", "node")
	p.put(10, 20, firing("A")...)
	opts := quick(p.serve().URL)
	opts.ReadOptions = hours(2)
	h, err := Read(context.Background(), opts)
	require.NoError(t, err)
	require.Equal(t, []labels.Labels{labels.FromStrings("alertname", "A", "cluster", "eu-1")}, h.Instances)
	require.EqualValues(t, start+20*interval, h.Episodes[0].EndedAt)
	require.Empty(t, h.Warnings)
	require.Len(t, h.Coverage.Gaps, 1)
	require.EqualValues(t, start+100*interval, h.Coverage.Gaps[0].Start)
}

// Whether a metric exists is said of the window, and a limit of the server makes none seem missing.
func TestProbes(t *testing.T) {
	t.Parallel()
	p := openPrometheus(t)
	p.put(0, 600, "__name__", "up", "job", "node")
	p.put(0, 10, "__name__", "early", "job", "node")
	p.put(0, 10, "__name__", "early", "job", "other")
	p.put(500, 510, "__name__", "late.with-dots", "job", "node")
	require.NoError(t, p.db.Compact(context.Background()))
	url := p.serve().URL
	opts := quick(url)
	opts.ReadOptions = hours(10)
	job := labels.MustNewMatcher(labels.MatchRegexp, "job", "no.*|oth.*")
	none := labels.MustNewMatcher(labels.MatchEqual, "job", "none")
	opts.Probes = [][]*matcher{{named("early")}, {named("missing")}, {named("late.with-dots")}, {named("early"), job}, {named("early"), none}, {named("early")}}
	for i := range 300 {
		opts.Probes = append(opts.Probes, []*matcher{named(fmt.Sprintf("service_%d_is_nowhere", i))})
	}
	want := append([]bool{true, false, true, true, false, true}, make([]bool, 300)...)
	short := refuse(t, url, func(w http.ResponseWriter, r *http.Request) bool { // as max_labels_query_length does
		q := r.URL.Query()
		if strings.Contains(r.URL.Path, "label/") || strings.Contains(r.URL.Path, "series") {
			if len(r.URL.RequestURI()) > 8000 {
				http.Error(w, "the URL is too long", http.StatusRequestURITooLong)
				return true
			}
			var from, to float64
			fmt.Sscan(q.Get("start")+" "+q.Get("end"), &from, &to)
			q.Set("start", fmt.Sprintf("%.3f", max(from, to-3*3600)))
			r.URL.RawQuery = q.Encode()
		}
		return false
	})
	for _, opts.URL = range []string{url, short.URL} {
		h, err := Read(context.Background(), opts)
		require.NoError(t, err)
		require.Equal(t, want, h.Probed)
	}
}

// The window ends with the server's now, and reaches back from there.
func TestWindow(t *testing.T) {
	t.Parallel()
	s := &server{}
	now := int64(start)
	for _, tc := range []struct {
		o             history.ReadOptions
		window, asked history.Interval
	}{
		{history.ReadOptions{Last: hour}, history.Interval{Start: now + 1 - hour, End: now + 1}, history.Interval{Start: now + 1 - hour, End: now + 1}},
		{history.ReadOptions{Last: hour, Window: history.Interval{End: now + 5*hour}}, history.Interval{Start: now + 1 - hour, End: now + 5*hour}, history.Interval{Start: now + 1 - hour, End: now + 1}},
		{history.ReadOptions{Last: hour, Window: history.Interval{Start: 7, End: 9}}, history.Interval{Start: 7, End: 9}, history.Interval{Start: 7, End: 9}},
	} {
		window, asked, err := s.window(tc.o, now)
		require.NoError(t, err)
		require.Equal(t, tc.window, window)
		require.Equal(t, tc.asked, asked)
	}
	_, _, err := s.window(history.ReadOptions{Window: history.Interval{Start: 9, End: 7}}, now)
	require.ErrorContains(t, err, "not after its start")

	for _, w := range []history.Interval{{Start: 5, End: 6}, {Start: -7 * hour, End: 50 * hour}, {Start: 48 * hour, End: 96 * hour}, {Start: 0, End: 40_000 * 24 * hour}} {
		spans := cut(w, 24*hour)
		require.LessOrEqual(t, len(spans), slicesMost+2)
		require.Equal(t, w.Start, spans[0].Start)
		require.Equal(t, w.End, spans[len(spans)-1].End)
		for i, s := range spans {
			require.Less(t, s.Start, s.End)
			require.True(t, i == 0 || spans[i-1].End == s.Start)
		}
	}
}

// A window before and after all data is missing, not quiet.
func TestRetention(t *testing.T) {
	t.Parallel()
	p := openPrometheus(t)
	p.put(0, 100, "__name__", "up", "job", "node")
	opts := quick(p.serve().URL)
	opts.ReadOptions = history.ReadOptions{Window: history.Interval{Start: start - 10*hour, End: start + 10*hour}}
	h, err := Read(context.Background(), opts)
	require.NoError(t, err)
	require.Empty(t, h.Episodes)
	require.Equal(t, []history.Interval{{Start: start - 10*hour, End: start}, {Start: start + 100*interval, End: start + 10*hour}}, h.Coverage.Gaps)

	empty := openPrometheus(t)
	opts.URL = empty.serve().URL
	h, err = Read(context.Background(), opts)
	require.NoError(t, err)
	require.Equal(t, []history.Interval{opts.Window}, h.Coverage.Gaps)
	require.True(t, slices.ContainsFunc(h.Warnings, func(w string) bool { return strings.Contains(w, "has no series of up") }))
}
