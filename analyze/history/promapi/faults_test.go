package promapi

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

// faulty stands between the reader and a server, and does to each request what
// a seeded script says: in about so many of a hundred it does harm.
type faulty struct {
	to      string
	percent int
	timeout time.Duration
	hurt    []string // kinds of harm, all of them where it is empty

	mu   sync.Mutex
	rng  *rand.Rand
	done map[string]int
}

var harms = []string{"reset", "reset within", "half", "429", "429 date", "503", "500", "slow", "html", "error", "flip", "cut short", "partial", "empty"}

func (f *faulty) harm() (kind string, at float64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	kinds := f.hurt
	if len(kinds) == 0 {
		kinds = harms
	}
	if f.rng.IntN(100) >= f.percent {
		return "", 0
	}
	kind = kinds[f.rng.IntN(len(kinds))]
	f.done[kind]++
	return kind, f.rng.Float64()
}

func (f *faulty) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	kind, at := f.harm()
	body, _ := io.ReadAll(r.Body)
	req, _ := http.NewRequest(r.Method, f.to+r.URL.RequestURI(), bytes.NewReader(body))
	req.Header = r.Header
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	kindOf := resp.Header.Get("Content-Type")
	streamed := strings.Contains(kindOf, "streamed")
	status := resp.StatusCode
	switch kind {
	case "reset":
		abort(w)
		return
	case "429":
		w.Header().Set("Retry-After", "0")
		status, answer, kindOf = 429, []byte("slow down"), "text/plain"
	case "429 date":
		now := time.Now().UTC()
		w.Header().Set("Date", now.Format(http.TimeFormat))
		w.Header().Set("Retry-After", now.Format(http.TimeFormat))
		status, answer, kindOf = 429, []byte("slow down"), "text/plain"
	case "503", "500":
		status, _ = strconv.Atoi(kind)
		answer, kindOf = []byte("no server is free"), "text/plain"
	case "slow":
		select {
		case <-r.Context().Done():
		case <-time.After(f.timeout * 2):
		}
	case "html":
		answer, kindOf = []byte("<!DOCTYPE html><title>Log in</title>"), "text/html; charset=utf-8"
	case "error":
		answer, kindOf = []byte(`{"status":"error","errorType":"internal","error":"a store went away"}`), "application/json"
	case "partial":
		if !strings.Contains(kindOf, "json") {
			break
		}
		answer = append(bytes.TrimSuffix(bytes.TrimSpace(answer), []byte("}")), `,"warnings":["a store went away"]}`...)
	case "flip":
		if len(answer) > 0 && !strings.Contains(kindOf, "json") { // nothing protects JSON from it
			answer[int(at*float64(len(answer)))] ^= 4
		}
	case "empty":
		if streamed { // an empty stream is one of nothing
			break
		}
		answer = nil
	case "cut short":
		if streamed && len(answer) > 0 {
			// Within a frame. The end of one that is cut off by HTTP's own rules
			// cannot be told from the end of all.
			answer = answer[:len(answer)-1-int(at*float64(min(len(answer)-1, 3)))]
		} else {
			answer = answer[:int(at*float64(len(answer)))]
		}
	}
	w.Header().Set("Content-Type", kindOf)
	if enc := resp.Header.Get("Content-Encoding"); enc != "" {
		w.Header().Set("Content-Encoding", enc)
	}
	switch kind {
	case "reset within", "half":
		if kind == "half" && !streamed {
			w.Header().Set("Content-Length", strconv.Itoa(len(answer)+1))
		}
		w.WriteHeader(status)
		w.Write(answer[:int(at*float64(len(answer)))])
		w.(http.Flusher).Flush()
		abort(w)
	default:
		w.WriteHeader(status)
		for b := range slices.Chunk(answer, 4096) { // not by one length
			w.Write(b)
			w.(http.Flusher).Flush()
		}
	}
}

// abort closes the connection with a reset.
func abort(w http.ResponseWriter) {
	c, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := c.(*net.TCPConn); ok {
		tcp.SetLinger(0)
	}
	c.Close()
}

// Whatever happens on the way: the result is the undisturbed one, or an error
// that says what is missing.
func TestFaults(t *testing.T) {
	t.Parallel()
	p, _, window := lived(t, 2, 900)
	srv := p.serve()
	direct := refuse(t, srv.URL, noRemoteRead)
	for _, way := range []struct{ name, url string }{{"remote read", srv.URL}, {"range selectors", direct.URL}} {
		t.Run(way.name, func(t *testing.T) {
			opts := quick(way.url)
			opts.ReadOptions, opts.Probes = window, [][]*matcher{{named("up")}, {named("nothing")}, {named("load")}}
			want, err := Read(context.Background(), opts)
			require.NoError(t, err)
			require.Equal(t, []bool{true, false, true}, want.Probed)
			whole, missing, seen := 0, 0, map[string]int{}
			for seed := range uint64(24) {
				f := &faulty{to: way.url, percent: []int{10, 40, 75}[seed%3], timeout: 100 * time.Millisecond, rng: rand.New(rand.NewPCG(seed, 3)), done: seen}
				between := httptest.NewServer(f)
				opts := opts
				opts.URL, opts.Timeout = between.URL, f.timeout
				if seed%2 == 0 {
					opts.Concurrency = 1
				}
				got, err := Read(context.Background(), opts)
				between.Close()
				switch e := (*MissingError)(nil); {
				case err == nil:
					whole++
					require.Equal(t, want.Episodes, got.Episodes, "seed %d", seed)
					require.Equal(t, want.Instances, got.Instances)
					require.Equal(t, want.Coverage, got.Coverage)
					require.Equal(t, want.Probed, got.Probed)
					require.Len(t, got.Warnings, len(want.Warnings))
				case errors.As(err, &e):
					missing++
					require.NotEmpty(t, e.Missing)
					for i, m := range e.Missing {
						require.Less(t, m.Start, m.End)
						require.Contains(t, err.Error(), at(m.Start))
						require.True(t, i == 0 || m.Start >= e.Missing[i-1].End, "in order")
						require.True(t, window.Window.Start <= m.Start && m.End <= window.Window.End)
					}
				default:
					require.Regexp(t, "asking for its time|finding out how|which metrics exist", err.Error())
					require.Contains(t, err.Error(), "the last")
				}
			}
			t.Logf("%d whole, %d with parts missing, harm done: %v", whole, missing, seen)
			require.Positive(t, whole)
			require.Positive(t, missing)
		})
	}
}

// A server that is gone for one part of the window is no silence.
func TestMissingPartIsNamed(t *testing.T) {
	t.Parallel()
	p, _, window := lived(t, 0, 900)
	window.Window = history.Interval{Start: p.from, End: p.to}
	spans := cut(window.Window, 2*hour)
	require.Len(t, spans, 8)
	gone := []string{"time=" + seconds(spans[1].End-1), "time=" + seconds(spans[2].End-1)}
	srv := refuse(t, p.serve().URL, func(w http.ResponseWriter, r *http.Request) bool {
		if slices.ContainsFunc(gone, func(g string) bool { return strings.Contains(r.URL.RawQuery, g) }) {
			http.Error(w, "no", http.StatusBadGateway)
			return true
		}
		return noRemoteRead(w, r)
	})
	opts := quick(srv.URL)
	opts.ReadOptions, opts.Concurrency = window, 1
	_, err := Read(context.Background(), opts)
	e := (*MissingError)(nil)
	require.ErrorAs(t, err, &e)
	require.Equal(t, []history.Interval{spans[1], {Start: spans[2].Start, End: p.to}}, e.Missing)
	require.ErrorContains(t, err, "missing from 2025-10-09T10:00:00Z to 2025-10-09T12:00:00Z: api/v1/query: 502 Bad Gateway: \"no\" (attempt 6, the last);"+
		" missing from 2025-10-09T12:00:00Z to "+at(p.to)+": not asked for after that")
}
