package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A Review is what is read of crywolf's JSON (docs/crywolf-v1.schema.json).
type Review struct {
	Schema   string
	Window   struct{ Start, End time.Time }
	Coverage struct {
		Share float64
		Gaps  []Gap
	}
	Summary struct {
		Notes   []string
		History struct {
			Episodes  int
			Ambiguous int `json:"ambiguous_episodes"`
			Foreign   int `json:"foreign_episodes"`

			Notifications *Notices
		}
	}
	Alerts []struct {
		ID, Name string
		History  struct {
			Episodes, Firings int
			PendingOnly       int `json:"pending_only"`

			Notifications *Notices
			Silenced      *float64 `json:"silenced_ratio"`
			Inhibited     *float64 `json:"inhibited_ratio"`
		}
	}
	Episodes []struct {
		AlertID string `json:"alert_id"`
		Labels  map[string]string
		Active  time.Time  `json:"active_at"`
		Fired   *time.Time `json:"fired_at"`
		Ended   time.Time  `json:"ended_at"`
		Start   string
		End     string
	}
}

// Notices are counts of messages.
type Notices struct{ Sent, Pages, Repeats, Resolved, Unknown int }

// A Gap is a time without data.
type Gap struct{ Start, End time.Time }

// review runs bin/crywolf over the bed's rules and window.
func (b *Bed) review(t *testing.T, args ...string) (*Review, []Episode) {
	t.Helper()
	binary, err := filepath.Abs(filepath.Join("..", "bin", "crywolf"))
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary, append([]string{"review", b.Path(b.Rules), "--episodes", "--format", "json",
		"--since", b.Since.UTC().Format(time.RFC3339Nano), "--until", b.Until.UTC().Format(time.RFC3339Nano)}, args...)...)
	cmd.Dir = t.TempDir()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	require.NoError(t, cmd.Run(), "%v\n%s", cmd.Args, stderr.String())
	if stderr.Len() > 0 {
		t.Logf("%s", stderr.String())
	}
	r := &Review{}
	require.NoError(t, json.Unmarshal(stdout.Bytes(), r))
	var episodes []Episode
	for _, e := range r.Episodes {
		to := Episode{Labels: e.Labels, ActiveAt: e.Active.UnixMilli(), EndedAt: e.Ended.UnixMilli(), Start: e.Start, End: e.End}
		if e.Fired != nil {
			to.FiredAt = e.Fired.UnixMilli()
		}
		require.NotEmpty(t, e.AlertID, "an episode of no rule: %v", e.Labels)
		episodes = append(episodes, to)
	}
	return r, episodes
}
