package promapi

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"time"

	"github.com/grafana/dskit/backoff"
)

// server is one to ask, as one tenant.
type server struct {
	options Options
	base    url.URL       // without what must not be shown
	fixed   url.Values    // parameters that the URL came with
	user    *url.Userinfo // nil where there is none
	shown   string
	client  http.Client
	tenant  string
	way     way
}

const (
	tenantHeader  = "X-Scope-Orgid" // in the form that http.Header has it
	versionHeader = "X-Prometheus-Remote-Read-Version"
	bodyShown     = 4 << 10 // bytes of a refusal that are looked at
)

// A request is what to ask: a GET without a body, else a POST.
type request struct {
	path   string
	params url.Values
	body   []byte
	header map[string]string
	// parts says that half of it can be asked for as well, so that it need not
	// be asked for as a whole for ever.
	parts bool
}

// slowMost is how often a request is not answered in time until less is asked for.
const slowMost = 2

var errTimeout = errors.New("no whole answer in time")

// ask sends a request, until read has taken in the whole of an answer or
// nothing is left to try. Read begins anew with each attempt. What it reads of
// is the answer's body; its errors count as broken connections, unless they are
// a failure.
func (s *server) ask(ctx context.Context, r request, read func(*http.Response) error) error {
	b := backoff.New(ctx, s.options.Retry)
	slow := 0
	for {
		err := s.once(ctx, r, read)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		f := (*failure)(nil)
		if !errors.As(err, &f) {
			return err
		}
		if f.verdict == tooSlow {
			slow++
		}
		if f.verdict == final || f.verdict == tooLarge || slow == slowMost && r.parts {
			return err
		}
		wait := max(b.NextDelay(), f.after)
		if !b.Ongoing() {
			return fmt.Errorf("%w (attempt %d, the last)", err, b.NumRetries())
		}
		if f.after > s.options.Patience {
			return fmt.Errorf("%w; it asks for %s of patience, which is more than %s", err, f.after, s.options.Patience)
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return context.Cause(ctx)
		case <-timer.C:
		}
	}
}

// once is one attempt.
func (s *server) once(ctx context.Context, r request, read func(*http.Response) error) error {
	ctx, cancel := context.WithTimeoutCause(ctx, s.options.Timeout, errTimeout)
	defer cancel()
	u := s.base
	u.RawPath = "" // the paths below need no escapes
	u = *u.JoinPath(r.path)
	params := maps.Clone(s.fixed)
	maps.Copy(params, r.params)
	u.RawQuery = params.Encode()
	method, body := http.MethodGet, io.Reader(nil)
	if r.body != nil {
		method, body = http.MethodPost, bytes.NewReader(r.body)
	}
	req, err := http.NewRequestWithContext(ctx, method, u.String(), body)
	if err != nil {
		return err
	}
	req.Header.Set("User-Agent", "crywolf")
	for k, v := range r.header {
		req.Header.Set(k, v)
	}
	if s.tenant != "" {
		req.Header.Set(tenantHeader, s.tenant)
	}
	if s.user != nil {
		password, _ := s.user.Password()
		req.SetBasicAuth(s.user.Username(), password)
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return broken(ctx, r.path, err, req)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return refused(resp, r.path)
	}
	err = read(resp)
	late := errors.Is(context.Cause(ctx), errTimeout)
	if f := (*failure)(nil); err == nil || errors.As(err, &f) && !late {
		return err
	}
	return broken(ctx, r.path, fmt.Errorf("reading the answer: %w", err), resp.Request)
}

// broken is what the network, or whoever reads from it, says.
func broken(ctx context.Context, path string, err error, req *http.Request) error {
	if u := (*url.Error)(nil); errors.As(err, &u) {
		err = u.Err // the rest is the URL
	}
	f := &failure{verdict: passing, text: clean(fmt.Sprintf("%s: %v", path, err), req)}
	var (
		stray errStray
		cert  *tls.CertificateVerificationError
	)
	switch {
	case errors.Is(context.Cause(ctx), errTimeout):
		f.verdict, f.text = tooSlow, path+": "+errTimeout.Error()
	case errors.As(err, &stray), errors.As(err, &cert):
		f.verdict = final
	}
	return f
}

// refused is an answer of another status than 200.
func refused(resp *http.Response, path string) error {
	body, _ := io.ReadAll(io.LimitReader(resp.Body, bodyShown)) // what there is of it
	text := string(body)
	if e := errorIn(body); e != "" {
		text = e
	}
	text = clean(text, resp.Request)
	f := &failure{
		verdict: judge(resp.StatusCode, text), after: retryAfter(resp.Header, time.Now()),
		text: fmt.Sprintf("%s: %d %s", path, resp.StatusCode, http.StatusText(resp.StatusCode)),
	}
	if text != "" {
		f.text += ": " + shown(text)
	}
	return f
}

// wrongType is an answer that is not what was asked for, such as the page of a
// proxy that wants a login. The next one may be right.
func wrongType(resp *http.Response, path, want string) error {
	body, _ := io.ReadAll(io.LimitReader(resp.Body, bodyShown))
	return &failure{verdict: passing, text: fmt.Sprintf("%s: the answer is of type %s, not %s, and begins %s", path,
		shown(resp.Header.Get("Content-Type")), want, shown(clean(string(body), resp.Request)))}
}
