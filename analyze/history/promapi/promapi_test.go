package promapi

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

// refuse stands between, and answers some paths itself.
func refuse(t *testing.T, to string, answer func(w http.ResponseWriter, r *http.Request) bool) *httptest.Server {
	proxy := passOn(to)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !answer(w, r) {
			proxy.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(srv.Close)
	return srv
}

// passOn passes everything on.
func passOn(to string) http.Handler {
	target, err := url.Parse(to)
	if err != nil {
		panic(err)
	}
	return httputil.NewSingleHostReverseProxy(target)
}

func noRemoteRead(w http.ResponseWriter, r *http.Request) bool {
	if strings.HasSuffix(r.URL.Path, "/read") {
		http.Error(w, "remote read is not for you", http.StatusForbidden)
		return true
	}
	return false
}

// Remote read gives what the data directory gives, to the millisecond, in
// either of its formats. Range selectors have no markers: without them an end
// may lie an evaluation late.
func TestAgainstTheDataDirectory(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		p, want, window := lived(t, seed, 900)
		opts := quick(p.serve().URL)
		opts.ReadOptions = window
		for _, url := range []string{opts.URL, refuse(t, opts.URL, oldHTTP(t, opts.URL)).URL} {
			opts := opts
			opts.URL = url
			got, err := Read(context.Background(), opts)
			require.NoError(t, err)
			require.Empty(t, got.Warnings)
			require.Equal(t, want.Instances, got.Instances)
			require.Equal(t, want.Coverage, got.Coverage)
			require.Equal(t, want.Episodes, got.Episodes)
		}
		opts.URL = refuse(t, opts.URL, noRemoteRead).URL
		got, err := Read(context.Background(), opts)
		require.NoError(t, err)
		require.Len(t, got.Warnings, 1)
		require.Contains(t, got.Warnings[0], `has no remote read for us (api/v1/read: 403 Forbidden: "remote read is not for you")`)
		near(t, want, got)
	}
}

// oldHTTP answers remote read as HTTP/1.0 does, where the end of a stream is the
// end of the connection.
func oldHTTP(t *testing.T, to string) func(w http.ResponseWriter, r *http.Request) bool {
	return func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/read") {
			return false
		}
		req, err := http.NewRequest(r.Method, to+r.URL.Path, r.Body)
		if err != nil {
			panic(err)
		}
		req.Header = r.Header
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			panic(err)
		}
		defer resp.Body.Close()
		c, rw, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic(err)
		}
		defer c.Close()
		fmt.Fprintf(rw, "HTTP/1.0 %s\r\nContent-Type: %s\r\n\r\n", resp.Status, resp.Header.Get("Content-Type"))
		io.Copy(rw, resp.Body)
		rw.Flush()
		return true
	}
}

// near compares histories of which the second had no stale markers.
func near(t *testing.T, want, got *history.History) {
	t.Helper()
	require.Equal(t, want.Instances, got.Instances)
	require.Equal(t, want.Coverage, got.Coverage)
	require.Len(t, got.Episodes, len(want.Episodes))
	for i, w := range want.Episodes {
		g := got.Episodes[i]
		require.InDelta(t, w.EndedAt, g.EndedAt, interval, "%v and %v", w, g)
		g.EndedAt = w.EndedAt
		require.Equal(t, w, g)
	}
}
