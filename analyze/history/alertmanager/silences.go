package alertmanager

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/prometheus/prometheus/model/labels"

	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/analyze/history/logfile"
)

const (
	silencesPath   = "/api/v2/silences"
	silencesMost   = 64 << 20 // bytes
	silencesFormat = "the silences of Alertmanager's API (" + silencesPath + ")"
)

// ReadSilences asks an Alertmanager for its silences: those in force, those that
// will be, and those expired that it still has. Address is that of its web
// interface, with the path it is served under. Client may be nil. Of a cluster
// one member is enough: each has them all.
//
// A silence that cannot be read is left out and named in Warnings.
func ReadSilences(ctx context.Context, address string, client *http.Client) (*history.History, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("%q is not the address of an Alertmanager; expected one like http://alertmanager:9093", address)
	}
	u.Path = strings.TrimSuffix(strings.TrimSuffix(u.Path, "/"), silencesPath) + silencesPath
	if client == nil {
		client = http.DefaultClient
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("asking for silences: %w", err)
	}
	req.Header.Set("Accept", "application/json")
	res, err := client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("asking for silences: %w", err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, silencesMost+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("asking for silences: %s: %w", u.Redacted(), err)
	case res.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("asking for silences: %s answers %s: %.200q; expected the address of an Alertmanager", u.Redacted(), res.Status, body)
	}
	return parseSilences(u.Redacted(), body)
}

// SilencesFile is like ReadSilences, of what the API answered before, saved in a
// file.
func SilencesFile(path string) (*history.History, error) {
	f, err := logfile.Open(path, silencesFormat)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, silencesMost+1))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %s: %w", silencesFormat, path, err)
	}
	return parseSilences(path, text)
}

// IsSilences reports whether a file that begins like this holds what
// Alertmanager's API answers about silences. One without any silence does not
// show.
func IsSilences(first []byte) bool {
	s := logfile.Shapes(first)
	return len(s) > 0 && s[0].Has("[].matchers.[].isRegex", "[].startsAt", "[].createdBy")
}

type silence struct {
	ID     string
	Status struct{ State string }

	Matchers []struct {
		Name, Value string
		IsRegex     bool
		IsEqual     *bool // true where it is not given, as before 0.22
	}
	StartsAt, EndsAt   string
	CreatedBy, Comment string
}

func parseSilences(from string, text []byte) (*history.History, error) {
	if len(text) > silencesMost {
		return nil, fmt.Errorf("%s: has more than %d MB of silences", from, silencesMost>>20)
	}
	var raw []json.RawMessage
	if err := json.NewDecoder(bytes.NewReader(text)).Decode(&raw); err != nil {
		return nil, fmt.Errorf("%s: is not %s, which are a list: %w", from, silencesFormat, err)
	}
	h := &history.History{Knows: history.KnowsSilences}
	var problems logfile.Problems
	for i, r := range raw {
		var s silence
		err := json.Unmarshal(r, &s)
		if err == nil {
			err = s.add(h)
		}
		if err != nil {
			problems.Add(from, 0, fmt.Errorf("silence %d of %d: %w", i+1, len(raw), err))
		}
	}
	h.Warnings = problems.Warnings()
	slices.SortStableFunc(h.Silences, func(a, b history.StandingSilence) int {
		return cmp.Or(cmp.Compare(a.StartsAt, b.StartsAt), cmp.Compare(a.ID, b.ID))
	})
	return h, nil
}

// add adds the silence to those of a history. One that has expired is kept: it
// tells whether another is made anew over and over.
func (s *silence) add(h *history.History) error {
	out := history.StandingSilence{ID: s.ID, CreatedBy: s.CreatedBy, Comment: s.Comment}
	switch s.Status.State {
	case "active", "expired", "pending":
	default:
		return fmt.Errorf("its state is %.40q; expected active, pending or expired", s.Status.State)
	}
	var err error
	if out.StartsAt, err = logfile.Time(s.StartsAt); err != nil {
		return fmt.Errorf("startsAt: %w", err)
	}
	if out.EndsAt, err = logfile.EndTime(s.EndsAt); err != nil {
		return fmt.Errorf("endsAt: %w", err)
	}
	if out.StartsAt == history.NoTime || out.EndsAt == history.NoTime {
		return errors.New("has no startsAt or no endsAt")
	}
	if len(s.Matchers) == 0 {
		return errors.New("has no matchers")
	}
	for _, m := range s.Matchers {
		equal := m.IsEqual == nil || *m.IsEqual
		kind := labels.MatchEqual
		switch {
		case m.IsRegex && equal:
			kind = labels.MatchRegexp
		case m.IsRegex:
			kind = labels.MatchNotRegexp
		case !equal:
			kind = labels.MatchNotEqual
		}
		matcher, err := labels.NewMatcher(kind, m.Name, m.Value)
		if err != nil {
			return fmt.Errorf("the matcher of %.40q: %w", m.Name, err)
		}
		out.Matchers = append(out.Matchers, matcher)
	}
	h.Silences = append(h.Silences, out)
	return nil
}
