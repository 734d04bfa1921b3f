package promapi

import (
	"context"
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
	target, err := url.Parse(to)
	require.NoError(t, err)
	proxy := httputil.NewSingleHostReverseProxy(target)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !answer(w, r) {
			proxy.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(srv.Close)
	return srv
}

func noRemoteRead(w http.ResponseWriter, r *http.Request) bool {
	if strings.HasSuffix(r.URL.Path, "/read") {
		http.Error(w, "remote read is not for you", http.StatusForbidden)
		return true
	}
	return false
}

// Remote read gives what the data directory gives, to the millisecond.
func TestRemoteReadIsExact(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		p, want, window := lived(t, seed, 900)
		opts := quick(p.serve().URL)
		opts.ReadOptions = window
		got, err := Read(context.Background(), opts)
		require.NoError(t, err)
		require.Empty(t, got.Warnings)
		require.Equal(t, want.Instances, got.Instances)
		require.Equal(t, want.Coverage, got.Coverage)
		require.Equal(t, want.Episodes, got.Episodes)
	}
}

// Range selectors have no markers: ends may lie an evaluation late.
func TestRangeSelectorsAreWithinAnInterval(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		p, want, window := lived(t, seed, 900)
		opts := quick(refuse(t, p.serve().URL, noRemoteRead).URL)
		opts.ReadOptions = window
		got, err := Read(context.Background(), opts)
		require.NoError(t, err)
		require.Len(t, got.Warnings, 1)
		require.Contains(t, got.Warnings[0], "403")
		near(t, want, got)
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
