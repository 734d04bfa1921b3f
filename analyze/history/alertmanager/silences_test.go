package alertmanager

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/prometheus/alertmanager/notify"
	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

const silencesText = `[
 {"id":"b","status":{"state":"active"},"matchers":[{"name":"alertname","value":"Disk.*","isRegex":true,"isEqual":true},{"name":"env","value":"test","isRegex":false}],
  "startsAt":"2026-11-20T00:00:00.000Z","endsAt":"9999-01-01T00:00:00.000Z","updatedAt":"2026-11-20T00:00:00.000Z","createdBy":"ana","comment":"the disks are old"},
 {"id":"a","status":{"state":"pending"},"matchers":[{"name":"zone","value":"x|y","isRegex":true,"isEqual":false},{"name":"team","value":"shop","isRegex":false,"isEqual":false}],
  "startsAt":"2026-11-24T00:00:00.000Z","endsAt":"2026-11-25T00:00:00.000Z","createdBy":"ben","comment":""},
 {"id":"c","status":{"state":"expired"},"matchers":[{"name":"a","value":"b"}],"startsAt":"2026-11-01T00:00:00.000Z","endsAt":"2026-11-02T00:00:00.000Z"},
 {"id":"d","status":{"state":"active"},"matchers":[{"name":"a","value":"(","isRegex":true}],"startsAt":"2026-11-01T00:00:00.000Z","endsAt":"2026-11-02T00:00:00.000Z"}
]`

func TestSilences(t *testing.T) {
	path := filepath.Join(t.TempDir(), "silences.json")
	require.NoError(t, os.WriteFile(path, []byte(silencesText), 0o644))
	require.True(t, IsSilences([]byte(silencesText)[:300]))
	require.False(t, IsSilences([]byte(webhookLines)))

	server := httptest.NewServer(http.StripPrefix("/am", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/api/v2/silences" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		_, _ = w.Write([]byte(silencesText))
	})))
	defer server.Close()
	asked, err := ReadSilences(t.Context(), server.URL+"/am/", nil)
	require.NoError(t, err)
	saved, err := SilencesFile(path)
	require.NoError(t, err)
	require.Len(t, asked.Silences, len(saved.Silences))
	require.Equal(t, history.KnowsSilences, saved.Knows)
	require.Len(t, saved.Warnings, 1)
	require.Contains(t, saved.Warnings[0], `silence 4 of 4: the matcher of "a"`)
	require.Len(t, saved.Silences, 3)
	expired, b, a := saved.Silences[0], saved.Silences[1], saved.Silences[2]
	require.Equal(t, "c", expired.ID, "what expired tells whether silences are made anew")
	require.Equal(t, []string{"b", "a"}, []string{b.ID, a.ID})
	require.Less(t, b.StartsAt, a.StartsAt, "one that is yet to come is kept, too")
	// Anchored, as Alertmanager's are.
	require.True(t, b.Matchers[0].Matches("DiskFull"))
	require.False(t, b.Matchers[0].Matches("NoDisk"))
	require.True(t, b.Matchers[1].Matches("test"))
	require.False(t, a.Matchers[0].Matches("x"))
	require.True(t, a.Matchers[0].Matches("xy"))
	require.False(t, a.Matchers[1].Matches("shop"))

	_, err = ReadSilences(t.Context(), server.URL, nil)
	require.ErrorContains(t, err, "answers 404")
	_, err = ReadSilences(t.Context(), "alertmanager", nil)
	require.ErrorContains(t, err, "http://alertmanager:9093")
}

func TestGroupID(t *testing.T) {
	for _, key := range []string{"", `{}:{alertname="CheckoutErrors"}`, `{}/{severity="page"}:{}`} {
		require.Equal(t, notify.Key(key).Hash(), history.GroupID(key))
	}
}
