// Package source finds out what a user names as a source of history, reads it,
// and puts together what several sources tell.
package source

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"

	"github.com/crywolf-dev/crywolf/rules/nearest"
)

// A Source is where a part of the history is taken from.
type Source struct {
	Kind   Kind
	Target string // a path or a URL
}

// String names the source as the user did, without secrets.
func (s Source) String() string {
	if u, err := url.Parse(s.Target); err == nil && u.User != nil {
		return u.Redacted()
	}
	return s.Target
}

// remote reports whether the target is asked over the network.
func (s Source) remote() bool { return isURL(s.Target) }

func isURL(target string) bool {
	return strings.HasPrefix(target, "http://") || strings.HasPrefix(target, "https://")
}

// Parse finds out what a user named: by a prefix such as `webhook:`, else by
// what is there. Nothing is asked over the network.
func Parse(arg string) (Source, error) {
	if prefix, rest, ok := strings.Cut(arg, ":"); ok && !isURL(arg) {
		if _, err := os.Stat(arg); err != nil { // a file may have such a name
			return prefixed(prefix, rest)
		}
	}
	if isURL(arg) {
		return checked(Source{Prometheus, arg})
	}
	info, err := os.Stat(arg)
	if err != nil {
		return Source{}, fmt.Errorf("a source of history: %w", err)
	}
	if info.IsDir() {
		return Source{TSDB, arg}, nil
	}
	first, err := beginning(arg)
	if err != nil {
		return Source{}, err
	}
	for _, k := range kinds() {
		if k.recognise != nil && k.recognise(first) {
			return Source{k.kind, arg}, nil
		}
	}
	return Source{}, fmt.Errorf("%s: not known for a source of history; expected a Prometheus data directory, the URL of a Prometheus, or a file of %s. A prefix forces one: %s",
		arg, list(fileKinds(), "or"), list(prefixes(), "or"))
}

func prefixed(prefix, target string) (Source, error) {
	for _, k := range kinds() {
		if k.prefix == prefix {
			return checked(Source{k.kind, target})
		}
	}
	meant := ""
	if best := nearest.To(prefix, prefixes()); best != "" {
		meant = fmt.Sprintf(" (did you mean %s?)", best)
	}
	return Source{}, fmt.Errorf("%s:%s: no such file, and %s is no kind of source%s; the kinds are %s", prefix, target, prefix, meant, list(prefixes(), "and"))
}

// checked refuses a target that the kind cannot have.
func checked(s Source) (Source, error) {
	k := s.Kind.facts()
	switch {
	case s.Target == "":
		return s, fmt.Errorf("%s: names nothing; write %s:%s", k.prefix, k.prefix, k.example)
	case s.remote() && !k.remote:
		return s, fmt.Errorf("%s: %s is read from files; save it first, and name the file", s, k.what)
	case !s.remote() && !k.local:
		return s, fmt.Errorf("%s: expected the URL of a server, such as %s", s, k.example)
	case s.remote():
		if u, err := url.Parse(s.Target); err != nil || u.Host == "" {
			return s, errors.New("the URL of a source does not parse; expected one such as " + k.example) // with what it has of secrets it is not shown
		}
	default:
		if _, err := os.Stat(s.Target); err != nil {
			return s, fmt.Errorf("a source of history: %w", err)
		}
	}
	return s, nil
}

// enough is what a file is recognised by, in bytes.
const enough = 64 << 10

// beginning is the first part of a file, zipped or not.
func beginning(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("a source of history: %w", err)
	}
	defer f.Close()
	first, err := io.ReadAll(io.LimitReader(f, enough))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return first, nil
}

func list(names []string, word string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " " + word + " " + names[len(names)-1]
}
