package alertmanager

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

// compareWebhooks holds what a webhook was sent against what the event log says
// of the same notifications: with the reasons that Alertmanager gives, with those
// that are derived, and without times.
func compareWebhooks(t *testing.T, events *history.History, c *cluster) {
	read := func(without string) *history.History {
		path := filepath.Join(t.TempDir(), "webhook")
		require.NoError(t, os.WriteFile(path, regexp.MustCompile(`,"`+without+`":"[^"]*"`).ReplaceAll(c.hooks, nil), 0o644))
		h, err := ReadWebhooks(t.Context(), []string{path}, history.ReadOptions{})
		require.NoError(t, err)
		return h
	}
	type flat struct {
		At                      int64
		Group                   string
		Reason                  history.Reason
		Firing, Resolved, Fresh []string
	}
	flatten := func(h *history.History) (out []flat) {
		names := func(in []int32) (out []string) {
			for _, i := range in {
				out = append(out, nameOf(h, i))
			}
			return out
		}
		for _, n := range h.Notifications {
			if n.Receiver == "chat" {
				out = append(out, flat{n.At, n.Group, n.Reason, names(n.Firing), names(n.Resolved), names(n.Fresh)})
			}
		}
		return out
	}
	want := flatten(events)
	require.Equal(t, want, flatten(read("nothing")))

	// Without reasons, the first of a group is unknown where it may be a
	// repetition.
	derived := flatten(read("notification_reason"))
	require.Len(t, derived, len(want))
	seen := map[string]bool{}
	for i := range want {
		if !seen[want[i].Group] && derived[i].Reason == history.ReasonUnknown {
			derived[i].Reason = want[i].Reason
		}
		seen[want[i].Group] = true
	}
	require.Equal(t, want, derived)

	untimed := read("received_at")
	require.Len(t, untimed.Notifications, len(want))
	for _, n := range untimed.Notifications {
		require.True(t, n.Estimated)
	}
}
