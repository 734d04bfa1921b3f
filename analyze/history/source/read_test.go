package source_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze/history/source"
)

// A server without credentials is asked without a file that says how.
func TestReadServersWithoutHTTPConfig(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/api/v2/silences" {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write([]byte(`[{"id":"a","status":{"state":"active"},"matchers":[{"name":"alertname","value":"CartSlow","isRegex":false,"isEqual":true}],
			"startsAt":"2026-03-01T00:00:00Z","endsAt":"2026-03-02T00:00:00Z","createdBy":"ops","comment":""}]`))
	}))
	defer server.Close()
	events := filepath.Join(t.TempDir(), "events.jsonl")
	require.NoError(t, os.WriteFile(events, []byte(`{"@timestamp":"2026-03-01T00:00:00Z","instance":"am-0","data":{"alertmanagerStartupEvent":{}}}`+"\n"), 0o644))
	h, err := source.Read(t.Context(), []source.Source{{Kind: source.Events, Target: events}, {Kind: source.Silences, Target: server.URL}}, source.Options{})
	require.NoError(t, err)
	require.Len(t, h.Silences, 1)

	_, err = source.Read(t.Context(), []source.Source{{Kind: source.Prometheus, Target: server.URL}}, source.Options{})
	require.ErrorContains(t, err, server.URL, "the server was asked")
}
