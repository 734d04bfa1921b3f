package e2e

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"slices"
	"sync"
	"time"
)

// A Webhook receives notifications and logs them: one line each, the message
// as it came with the time of its arrival beside it, as "@timestamp".
type Webhook struct {
	mu      sync.Mutex
	log     *os.File
	arrived []time.Time
	err     error
}

func newWebhook(file string) (*Webhook, error) {
	f, err := os.Create(file)
	return &Webhook{log: f}, err
}

func (h *Webhook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	const most = 1 << 20
	now := time.Now().UTC()
	body, err := io.ReadAll(io.LimitReader(r.Body, most))
	h.mu.Lock()
	defer h.mu.Unlock()
	message := map[string]json.RawMessage{}
	if err == nil {
		err = json.Unmarshal(body, &message)
	}
	if err == nil {
		message["@timestamp"], _ = json.Marshal(now)
		var line []byte
		if line, err = json.Marshal(message); err == nil {
			line = append(bytes.TrimSpace(line), '\n')
			h.arrived = append(h.arrived, now)
			_, err = h.log.Write(line)
		}
	}
	if err != nil {
		h.err = err
		http.Error(w, err.Error(), http.StatusBadRequest)
	}
}

// quiet is a moment soon after a time with no message near it, so that all
// clocks have the same messages before it.
func (h *Webhook) quiet(after time.Time) time.Time {
	const near, latest = 300 * time.Millisecond, 3 * time.Second
	h.mu.Lock()
	defer h.mu.Unlock()
	for at := after; at.Before(after.Add(latest)); at = at.Add(near / 3) {
		if !slices.ContainsFunc(h.arrived, func(m time.Time) bool { return m.Sub(at).Abs() < near }) {
			return at
		}
	}
	return after
}
