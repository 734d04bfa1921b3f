package promapi

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

// A verdict is what follows from a failure.
type verdict uint8

const (
	final    verdict = iota // asking again would not help
	passing                 // another time it may go well
	tooSlow                 // the same, and if it does not, less of it may
	tooLarge                // less of it at a time may be answered
)

// A failure is a request that was not answered as it should have been.
type failure struct {
	verdict verdict
	after   time.Duration // the server wants to be left alone for so long
	partial bool          // there is an answer, but the server says that it lacks something
	text    string
}

func (f *failure) Error() string { return f.text }

func verdictOf(err error) verdict {
	if f := (*failure)(nil); errors.As(err, &f) {
		return f.verdict
	}
	return final
}

// A MissingError is a history of which parts could not be read.
type MissingError struct {
	Server  string             // without credentials
	Missing []history.Interval // Unix milliseconds, in order
	Causes  []error            // one for each
}

func (e *MissingError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: the history of alerts is incomplete", e.Server)
	for i, m := range e.Missing {
		fmt.Fprintf(&b, "; missing from %s to %s: %v", at(m.Start), at(m.End), e.Causes[i])
	}
	return b.String()
}

func (e *MissingError) Unwrap() []error { return e.Causes }

// limits are the words of servers that were asked for too much at once.
var limits = regexp.MustCompile(`(?i)exceed|too many|too large|too long|larger than max|\blimit|resource.?exhausted`)

// timeouts are those of servers that took too long.
var timeouts = regexp.MustCompile(`(?i)timed out|timeout|deadline`)

// judge says what follows from an answer's status and the error in it. 422 is
// what Prometheus answers when a query needs more samples than it may load.
func judge(status int, text string) verdict {
	switch status {
	case http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity:
		return tooLarge
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusRequestTimeout:
		return passing
	case http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		if timeouts.MatchString(text) || status == http.StatusGatewayTimeout {
			return tooSlow
		}
		return passing
	case http.StatusBadRequest, http.StatusInternalServerError:
		if limits.MatchString(text) {
			return tooLarge
		}
		if status == http.StatusInternalServerError {
			return passing
		}
	}
	return final
}

// judgeType is judge for an error that comes with a good status.
func judgeType(kind, text string) verdict {
	switch kind {
	case "timeout":
		return tooSlow
	case "internal", "unavailable", "canceled":
		return passing
	}
	if limits.MatchString(text) {
		return tooLarge
	}
	return final
}

// retryAfter is how long an answer asks to be left alone, in either form of
// RFC 9110, section 10.2.3.
func retryAfter(h http.Header, now time.Time) time.Duration {
	v := strings.TrimSpace(h.Get("Retry-After"))
	if n, err := strconv.ParseUint(v, 10, 31); err == nil {
		return time.Duration(n) * time.Second
	}
	t, err := http.ParseTime(v)
	if err != nil {
		return 0
	}
	if d, err := http.ParseTime(h.Get("Date")); err == nil {
		now = d // whatever our clock says
	}
	return max(t.Sub(now), 0)
}

const shownMost = 200 // bytes of an answer that an error shows

// shown quotes the beginning of a text that somebody else wrote.
func shown(text string) string {
	text = strings.TrimSpace(text)
	if len(text) > shownMost {
		return strconv.QuoteToASCII(text[:shownMost]) + "…"
	}
	return strconv.QuoteToASCII(text)
}

// clean takes out of a text what a request was authorised by, in case that the
// server gave it back.
func clean(text string, req *http.Request) string {
	if req == nil {
		return text
	}
	var secrets []string
	for name, values := range req.Header {
		switch name {
		case "Accept", "Accept-Encoding", "Content-Encoding", "Content-Type", "User-Agent", tenantHeader, versionHeader:
			continue
		}
		for _, v := range values {
			secrets = append(secrets, v)
			if _, token, ok := strings.Cut(v, " "); ok {
				secrets = append(secrets, token)
			}
		}
	}
	if user, password, ok := req.BasicAuth(); ok {
		secrets = append(secrets, base64.StdEncoding.EncodeToString([]byte(user+":"+password)), password)
	}
	for _, s := range secrets {
		if len(s) > 3 {
			text = strings.ReplaceAll(text, s, "<redacted>")
		}
	}
	return text
}
