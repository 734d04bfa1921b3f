package promapi

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const secret = "hunter2-s3cr3t"

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "http.yml")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

// Nothing that a request is authorised by is ever shown, even where the server
// sends it back.
func TestSecretsAreNotShown(t *testing.T) {
	t.Parallel()
	echo := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, password, _ := r.BasicAuth()
		text := fmt.Sprintf("who is %s %s %s?", r.Header.Get("Authorization"), password, r.Header.Get("X-Token"))
		switch r.URL.Query().Get("as") {
		case "json":
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprintf(w, `{"status":"error","errorType":"bad_data","error":%q}`, text)
		case "html":
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprint(w, text)
		case "stray":
			http.Redirect(w, r, "http://elsewhere.invalid/login?token="+secret, http.StatusFound)
		default:
			http.Error(w, text, http.StatusUnauthorized)
		}
	}))
	defer echo.Close()
	host := strings.TrimPrefix(echo.URL, "http://")
	bearer, err := Client(write(t, "authorization: {credentials: "+secret+"}"))
	require.NoError(t, err)
	basic, err := Client(write(t, "basic_auth: {username: me, password: "+secret+"}"))
	require.NoError(t, err)
	header, err := Client(write(t, "http_headers: {X-Token: {secrets: ["+secret+"]}}"))
	require.NoError(t, err)
	for _, as := range []string{"", "json", "html", "stray"} {
		for _, o := range []Options{
			{URL: echo.URL + "?as=" + as, HTTP: bearer},
			{URL: echo.URL + "?as=" + as, HTTP: basic},
			{URL: echo.URL + "?as=" + as, HTTP: header},
			{URL: "http://me:" + secret + "@" + host + "?as=" + as + "&token=" + secret},
		} {
			o.Retry = quick("").Retry
			_, err := Read(context.Background(), o)
			require.Error(t, err)
			require.NotContains(t, err.Error(), secret)
			require.NotContains(t, err.Error(), "bWU6") // "me:" in base 64
			require.Contains(t, err.Error(), host)
		}
	}
	for _, bad := range []string{
		"http://me:" + secret + "%@h", "http://me:" + secret + "/x@h/", "://" + secret + "@h", "ftp://me:" + secret + "@h/p", "me:" + secret + "@h",
		"http://me:" + secret + "@127.0.0.1:1/", "http://me:" + secret + "@127.0.0.1:1/?key=" + secret,
	} {
		o := quick(bad)
		_, err := Read(context.Background(), o)
		require.Error(t, err)
		require.NotContains(t, err.Error(), secret, "%s", bad)
	}
	for _, bad := range []string{"authorization: {credentials: " + secret + ", type: Basic}", "authorisation: {credentials: x}", "basic_auth: ["} {
		_, err := Client(write(t, bad))
		require.ErrorContains(t, err, "http.yml")
		require.NotContains(t, err.Error(), secret)
	}
}

// Credentials and tenants go to the named host alone.
func TestRedirects(t *testing.T) {
	t.Parallel()
	var strayed atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { strayed.Add(1) }))
	defer other.Close()
	answer := func(w http.ResponseWriter) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1760000000.5,"1"]}]}}`)
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, "/away"):
			http.Redirect(w, r, other.URL+r.URL.Path, http.StatusTemporaryRedirect)
		case strings.HasPrefix(r.URL.Path, "/old"):
			http.Redirect(w, r, strings.Replace(r.URL.RequestURI(), "/old", "/new", 1), http.StatusPermanentRedirect)
		default:
			user, password, _ := r.BasicAuth()
			if user != "me" || password != secret || r.Header.Get("X-Scope-OrgID") != "a|b" {
				http.Error(w, "who?", http.StatusUnauthorized)
				return
			}
			answer(w)
		}
	}))
	defer srv.Close()
	at := strings.Replace(srv.URL, "http://", "http://me:"+secret+"@", 1)
	o := quick(at + "/old/")
	s, err := newServer(o.withDefaults())
	require.NoError(t, err)
	s.tenant = "a|b"
	now, err := s.now(context.Background())
	require.NoError(t, err)
	require.EqualValues(t, 1760000000500, now)

	o = quick(at + "/away")
	_, err = Read(context.Background(), o)
	require.ErrorContains(t, err, "it redirects to "+other.URL+"/away/api/v1/query; what is sent goes to no other host")
	require.Zero(t, strayed.Load())

	client, err := Client(write(t, "follow_redirects: false"))
	require.NoError(t, err)
	o.HTTP = client
	_, err = Read(context.Background(), o)
	require.ErrorContains(t, err, "307 Temporary Redirect")
	require.Zero(t, strayed.Load())
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		after, date string
		want        time.Duration
	}{
		{"", "", 0},
		{"7", "", 7 * time.Second},
		{"-7", "", 0},
		{"99999999999999999999", "", 0},
		{"Mon, 23 Nov 2026 12:01:00 GMT", "", time.Minute},
		{"Mon, 23 Nov 2026 12:01:00 GMT", "Mon, 23 Nov 2026 12:00:50 GMT", 10 * time.Second},
		{"Mon, 23 Nov 2026 11:00:00 GMT", "", 0},
		{"soon", "", 0},
	} {
		h := http.Header{"Retry-After": {tc.after}, "Date": {tc.date}}
		require.Equal(t, tc.want, retryAfter(h, now), "%+v", tc)
	}

	asked := 0
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		w.Header().Set("Retry-After", "3600")
		http.Error(w, "not now", http.StatusTooManyRequests)
	}))
	defer srv.Close()
	_, err := Read(context.Background(), quick(srv.URL))
	require.ErrorContains(t, err, "it asks for 1h0m0s of patience, which is more than 2m0s")
	require.Equal(t, 1, asked)
}

func TestStopping(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		cancel()
		http.Error(w, "not now", http.StatusServiceUnavailable)
	}))
	defer srv.Close()
	o := quick(srv.URL)
	o.Retry.MinBackoff, o.Retry.MaxBackoff = time.Hour, time.Hour
	_, err := Read(ctx, o)
	require.ErrorIs(t, err, context.Canceled)
}

// A run that is called off in its midst ends with that, and with nothing else.
func TestStoppingAmidSlices(t *testing.T) {
	t.Parallel()
	p := openPrometheus(t)
	p.put(0, 1200, "__name__", "up", "job", "node")
	p.put(10, 1100, firing("A")...)
	srv := p.serve()
	for n := range int64(25) {
		ctx, cancel := context.WithCancel(context.Background())
		var asked atomic.Int64
		between := refuse(t, srv.URL, func(http.ResponseWriter, *http.Request) bool {
			if asked.Add(1) == 3+n {
				cancel()
			}
			return false
		})
		o := quick(between.URL)
		o.ReadOptions = hours(20)
		_, err := Read(ctx, o)
		if err != nil {
			require.Equal(t, context.Canceled, err)
		}
		cancel()
	}
}
