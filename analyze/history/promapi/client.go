package promapi

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/prometheus/common/config"
)

// Client is an HTTP client as a file says, in the format that promtool takes
// with --http.config.file: TLS, basic authentication, bearer tokens, OAuth2,
// headers, proxies. Files that it names are relative to its own place.
func Client(file string) (*http.Client, error) {
	cfg, _, err := config.LoadHTTPConfigFile(file)
	if err != nil {
		return nil, fmt.Errorf("%s: reading the configuration of an HTTP client, in the format of promtool's --http.config.file: %w", file, err)
	}
	client, err := config.NewClientFromConfig(*cfg, "crywolf")
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return client, nil
}

// newServer is a server to ask. Nothing is asked yet.
func newServer(o Options) (*server, error) {
	u, err := url.Parse(o.URL)
	if err != nil { // whose text would show what stands before the @
		return nil, errors.New("the URL of the Prometheus API does not parse; expected http(s)://HOST/PREFIX, and in a name or password before the host %40 for @, %2F for / and so on")
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("%s://%s%s is no URL of a Prometheus API; expected http(s)://HOST/PREFIX", u.Scheme, u.Host, u.Path)
	}
	s := &server{options: o, user: u.User, base: *u}
	s.base.User, s.base.RawQuery, s.base.Fragment = nil, "", ""
	s.base.Path, s.base.RawPath = strings.TrimRight(u.Path, "/"), strings.TrimRight(u.RawPath, "/")
	s.shown = s.base.String()
	s.fixed = u.Query()

	client := o.HTTP
	if client == nil {
		cfg := config.DefaultHTTPClientConfig
		cfg.ProxyFromEnvironment = true
		if client, err = config.NewClientFromConfig(cfg, "crywolf"); err != nil {
			return nil, err
		}
	}
	s.client = *client
	s.client.CheckRedirect = stay(client.CheckRedirect)
	return s, nil
}

// errStray is that of an answer which sends elsewhere.
type errStray struct{ to string }

func (e errStray) Error() string {
	return fmt.Sprintf("it redirects to %s; what is sent goes to no other host than the one that was named, so name that one if it is the right one", e.to)
}

// stay follows redirects on the same host alone, whatever the client would do:
// a tenant's or a user's header has no business elsewhere, and what sends
// elsewhere is a login page more often than not. Nor does it follow one that
// makes a GET of a POST, and thereby drops what was asked.
func stay(before func(*http.Request, []*http.Request) error) func(*http.Request, []*http.Request) error {
	return func(req *http.Request, via []*http.Request) error {
		if before != nil {
			if err := before(req, via); err != nil {
				return err
			}
		}
		first := via[0]
		if req.URL.Host != first.URL.Host || req.URL.Scheme != first.URL.Scheme || req.Method != first.Method || len(via) > 5 {
			return errStray{(&url.URL{Scheme: req.URL.Scheme, Host: req.URL.Host, Path: req.URL.Path}).String()}
		}
		return nil
	}
}
