// Package routing reads Alertmanager's configuration, and tells from it what
// an alert does to a person: by the kind of receiver that it reaches.
package routing

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"github.com/prometheus/alertmanager/config"
	"github.com/prometheus/alertmanager/featurecontrol"
	"github.com/prometheus/alertmanager/matcher/compat"
	"github.com/prometheus/alertmanager/pkg/labels"
	"github.com/prometheus/common/promslog"
)

// MaxSize is the largest configuration, in bytes, that is read.
const MaxSize = 4 << 20

// A Tree is the routes of an Alertmanager with what each leads to. It is
// read-only and safe for concurrent use.
type Tree struct {
	root *route
}

// A route is one node of the tree.
type route struct {
	matchers []*labels.Matcher
	goes     reach // what the route's receiver does to a person
	goesOn   bool  // further routes beside it are tried as well
	routes   []*route
}

// Load reads the configuration in a file, with Alertmanager's own code. Files
// that it refers to, for secrets and templates, are not read.
func Load(path string) (*Tree, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading Alertmanager's configuration: %w", err)
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, MaxSize+1))
	if err != nil {
		return nil, fmt.Errorf("reading Alertmanager's configuration: %w", err)
	}
	tree, err := Parse(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s is not a configuration that Alertmanager loads: %w", filepath.ToSlash(path), err)
	}
	return tree, nil
}

// Parse reads the text of a configuration; see Load. Its errors quote nothing
// that may be a secret.
func Parse(text string) (tree *Tree, err error) {
	if len(text) > MaxSize {
		return nil, fmt.Errorf("it has more than %d MiB", MaxSize>>20)
	}
	defer func() { // in code that is made for the configurations of one's own
		if recover() != nil {
			tree, err = nil, errors.New("it can't be read by Alertmanager's own code: is an entry empty?")
		}
	}()
	asAlertmanagerDoes()
	loaded, err := config.Load(text)
	if err != nil {
		return nil, errors.New(withoutSecrets(err.Error()))
	}
	receivers := map[string]reach{}
	for _, r := range loaded.Receivers {
		receivers[r.Name] = reachOf(r)
	}
	root, err := newRoute(loaded.Route, loaded.Route.Receiver, receivers)
	return &Tree{root}, err
}

// asAlertmanagerDoes reads matchers as an Alertmanager with no feature flags:
// with UTF-8 names, and in the older notation where that fails.
var asAlertmanagerDoes = sync.OnceFunc(func() {
	compat.InitFromFlags(promslog.NewNopLogger(), featurecontrol.NoopFlags{})
})

// newRoute takes over a route; one without a receiver has its parent's.
func newRoute(from *config.Route, receiver string, receivers map[string]reach) (*route, error) {
	if from.Receiver != "" {
		receiver = from.Receiver
	}
	r := &route{goes: receivers[receiver], goesOn: from.Continue, matchers: from.Matchers}
	for name, value := range from.Match {
		m, err := labels.NewMatcher(labels.MatchEqual, name, value)
		if err != nil {
			return nil, err
		}
		r.matchers = append(r.matchers, m)
	}
	for name, value := range from.MatchRE {
		m, err := labels.NewMatcher(labels.MatchRegexp, name, value.String())
		if err != nil {
			return nil, err
		}
		r.matchers = append(r.matchers, m)
	}
	for _, child := range from.Routes {
		c, err := newRoute(child, receiver, receivers)
		if err != nil {
			return nil, err
		}
		r.routes = append(r.routes, c)
	}
	return r, nil
}

var (
	quoted   = regexp.MustCompile("\"(\\\\.|[^\"\\\\])*\"?|`[^`]*`?|'[^']*'|[a-zA-Z][a-zA-Z0-9+.-]*://\\S*")
	harmless = regexp.MustCompile(`(receiver|label name|time interval|config name) ("[a-zA-Z0-9_. -]{1,60}")`)
)

// maxErrors is how much of an error is shown, in bytes.
const maxErrors = 400

// withoutSecrets leaves out what an error quotes of the file, but for names.
func withoutSecrets(message string) string {
	var b strings.Builder
	last := 0
	for _, m := range harmless.FindAllStringSubmatchIndex(message, -1) {
		b.WriteString(quoted.ReplaceAllString(message[last:m[0]], "…"))
		b.WriteString(message[m[0]:m[1]])
		last = m[1]
	}
	b.WriteString(quoted.ReplaceAllString(message[last:], "…"))
	out := strings.Join(strings.Fields(b.String()), " ")
	if len(out) > maxErrors {
		out = strings.ToValidUTF8(out[:maxErrors], "") + "…"
	}
	return out
}
