package logfile

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

// Times that are believed, in Unix milliseconds: this century's. What lies
// outside of it nobody meant, and one of them would make any window absurd.
var (
	Earliest = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()
	Latest   = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()
)

// Time reads a time of RFC 3339 as Unix milliseconds. "" and Go's zero time, by
// which Alertmanager says that there is none, are history.NoTime.
func Time(text string) (int64, error) {
	if text == "" || text == "0001-01-01T00:00:00Z" {
		return history.NoTime, nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return 0, fmt.Errorf("the time %q is not one of RFC 3339", shorten(text))
	}
	if t.IsZero() {
		return history.NoTime, nil
	}
	return believe(t.UnixMilli(), text)
}

// EndTime is like Time, for ends: those that lie too far ahead are Latest.
func EndTime(text string) (int64, error) {
	if t, err := time.Parse(time.RFC3339, text); err == nil && t.UnixMilli() >= Latest {
		return Latest, nil
	}
	return Time(text)
}

func believe(ms int64, text string) (int64, error) {
	if ms < Earliest || ms >= Latest {
		return 0, fmt.Errorf("the time %s is not of this century", shorten(text))
	}
	return ms, nil
}

// milliseconds is the least number that is taken for milliseconds since 1970;
// under it there are seconds. In seconds it is the year 5138, in milliseconds
// 1973.
const milliseconds = 1e11

// AnyTime reads a time that is a text of RFC 3339 or a number since 1970, of
// seconds or milliseconds.
func AnyTime(raw json.RawMessage) (int64, error) {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		if n, err := strconv.ParseFloat(text, 64); err == nil {
			return since1970(n, text)
		}
		return Time(text)
	}
	var n float64
	if err := json.Unmarshal(raw, &n); err != nil {
		return 0, fmt.Errorf("the time %s is neither a text nor a number", shorten(string(raw)))
	}
	return since1970(n, string(raw))
}

func since1970(n float64, text string) (int64, error) {
	if n < milliseconds {
		n *= 1000
	}
	if !(n >= float64(Earliest) && n < float64(Latest)) {
		return 0, fmt.Errorf("the time %s is not of this century", shorten(text))
	}
	return int64(math.Round(n)), nil
}
