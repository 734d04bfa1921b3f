package report

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestJSONGolden(t *testing.T) {
	golden(t, filepath.Join("testdata", "few.json.golden"), []byte(write(t, JSON{}, reports(t)["few"])))
}

// TestJSONIsDeterministic: the same input gives the same bytes, from the rules
// on.
func TestJSONIsDeterministic(t *testing.T) {
	first, second := reports(t), reports(t)
	for name, r := range first {
		r.Episodes, second[name].Episodes = true, true
		require.Equal(t, write(t, JSON{}, r), write(t, JSON{}, second[name]), name)
	}
}

func TestJSONText(t *testing.T) {
	got := write(t, JSON{}, reports(t)["few"])
	require.True(t, strings.HasSuffix(got, "}\n"))
	require.Contains(t, write(t, JSON{}, lintReport(t, map[string]string{"a<b>&c.yaml": fewRules})), `"a<b>&c.yaml"`)
	require.NotContains(t, write(t, JSON{}, reports(t)["hostile"]), "\x1b")
}

func TestJSONEpisodes(t *testing.T) {
	r := reports(t)["review"]
	require.NotContains(t, write(t, JSON{}, r), `"episodes": [`)
	r.Episodes = true
	var doc struct {
		Window   map[string]string
		Coverage struct {
			Share float64
			Gaps  []map[string]string
		}
		Alerts []struct {
			ID      string
			History map[string]any
		}
		Episodes []struct {
			AlertID   string `json:"alert_id"`
			Ambiguous []string
			Labels    map[string]string
			FiredAt   string `json:"fired_at"`
			ActiveAt  string `json:"active_at"`
			End       string
		}
	}
	require.NoError(t, json.Unmarshal([]byte(write(t, JSON{}, r)), &doc))
	require.Equal(t, map[string]string{"start": "2026-03-02T00:00:00.000Z", "end": "2026-03-30T00:00:00.000Z"}, doc.Window)
	require.Len(t, doc.Coverage.Gaps, 2)
	require.InDelta(t, 1-171.0/(28*24*60), doc.Coverage.Share, 1e-6)
	require.Len(t, doc.Episodes, len(r.Result.History.Episodes))

	of := map[string]int{}
	for _, e := range doc.Episodes {
		switch name := e.Labels["alertname"]; name {
		case "Twice":
			require.Empty(t, e.AlertID)
			require.Equal(t, []string{doc.Alerts[6].ID, doc.Alerts[7].ID}, e.Ambiguous)
		case "Gone\x1b[2J":
			require.Empty(t, e.AlertID)
			require.Empty(t, e.Ambiguous)
		default:
			of[e.AlertID]++
		}
		if e.FiredAt == "" {
			require.Equal(t, "2026-03-05T11:20:00.000Z", e.ActiveAt)
		}
	}
	for _, a := range doc.Alerts {
		if n := of[a.ID]; n > 0 {
			require.EqualValues(t, n, a.History["episodes"])
		}
	}
	require.Equal(t, "fired", doc.Alerts[0].History["silence"])
	require.Equal(t, "cannot_fire", doc.Alerts[4].History["silence"])
	require.Equal(t, "quiet", doc.Alerts[5].History["silence"])
	require.Equal(t, "untold", doc.Alerts[6].History["silence"])
	require.NotContains(t, doc.Alerts[1].History, "median_duration_seconds", "of a firing that is still open")
}
