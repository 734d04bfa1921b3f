package alertmanager

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "log")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	return path
}

func TestKinds(t *testing.T) {
	for _, cut := range []int{300, 4000} {
		require.True(t, IsEventLog([]byte(eventLines)[:min(cut, len(eventLines))]))
		require.False(t, IsEventLog([]byte(webhookLines)[:min(cut, len(webhookLines))]))
		require.False(t, IsWebhookLog([]byte(eventLines)[:min(cut, len(eventLines))]))
		require.True(t, IsWebhookLog([]byte(webhookLines)[:min(cut, len(webhookLines))]))
	}
	payload := strings.Split(webhookLines, "\n")[2]
	require.False(t, IsWebhookLog([]byte(payload)), "no alert in it shows what it is")
	require.True(t, IsWebhookLog([]byte("not this\n"+webhookLines)))
	for _, other := range []string{"", "{", "[]", "null", "\x1f\x8b", strings.Repeat("[", 1000)} {
		require.False(t, IsEventLog([]byte(other)))
		require.False(t, IsWebhookLog([]byte(other)))
	}
}

// A bad line costs itself.
func TestBadLines(t *testing.T) {
	bad := []string{
		strings.Repeat("x", 40<<20), // longer than any that is read
		strings.Repeat(`{"data":`, 20_000),
		`{"@timestamp":"99999-01-01T00:00:00Z","data":{"alertCreated":{}}}`,
		`{"@timestamp":"2126-01-01T00:00:00Z","data":{"alertCreated":{}}}`,
		`{"@timestamp":"2026-11-23T00:29:16Z"}`,
		`{"@timestamp":"2026-11-23T00:29:16Z","data":{"alertCreated":{"alert":{"fingerprint":"18446744073709551616","labels":{"labels":[{"key":"a","value":"b"}]},"startsAt":"2026-11-23T00:29:16Z"}}}}`,
		`{"@timestamp":"2026-11-23T00:29:16Z","data":{"alertCreated":{"alert":{"fingerprint":"1","labels":{"labels":[{"key":"a","value":"b"},{"key":"a","value":"c"}]},"startsAt":"2026-11-23T00:29:16Z"}}}}`,
		`{"@timestamp":"2026-11-23T00:29:16Z","data":{"alertCreated":{"alert":{"fingerprint":"1","startsAt":"2026-11-23T00:29:16Z"}}}}`,
	}
	want, err := ReadEvents(t.Context(), []string{file(t, eventLines)}, history.ReadOptions{})
	require.NoError(t, err)
	require.Empty(t, want.Warnings)
	path := file(t, strings.Join(bad, "\n")+"\n"+eventLines+`{"@timestamp":"2026-`)
	got, err := ReadEvents(t.Context(), []string{path}, history.ReadOptions{})
	require.NoError(t, err)
	require.Len(t, got.Warnings, 4)
	require.Equal(t, path+":1: the line is longer than 32 MB; it was left out", got.Warnings[0])
	require.Equal(t, fmt.Sprintf("%s: %d more were left out", path, len(bad)-3), got.Warnings[3])
	got.Warnings = nil
	require.Equal(t, want, got)

	_, err = ReadEvents(t.Context(), []string{file(t, webhookLines)}, history.ReadOptions{})
	require.ErrorContains(t, err, "is not a log of Alertmanager's event recorder")
	_, err = ReadWebhooks(t.Context(), []string{file(t, eventLines)}, history.ReadOptions{})
	require.ErrorContains(t, err, "is not a log of what Alertmanager's webhook receiver was sent")
	_, err = ReadEvents(t.Context(), []string{t.TempDir()}, history.ReadOptions{})
	require.ErrorContains(t, err, "is not a file")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = ReadEvents(ctx, []string{file(t, strings.Repeat("\n", 1000)+eventLines)}, history.ReadOptions{})
	require.ErrorIs(t, err, context.Canceled)
}

// What two lines of one log tell, spelt out.
func TestWebhooks(t *testing.T) {
	h, err := ReadWebhooks(t.Context(), []string{file(t, webhookLines)}, history.ReadOptions{})
	require.NoError(t, err)
	require.Empty(t, h.Warnings)
	require.Equal(t, history.KnowsNotifications, h.Knows)
	require.Len(t, h.Notifications, 3)
	require.Equal(t, []history.Reason{history.ReasonFirst, history.ReasonAllResolved, history.ReasonUnknown},
		[]history.Reason{h.Notifications[0].Reason, h.Notifications[1].Reason, h.Notifications[2].Reason})
	require.Equal(t, []bool{false, true, false}, []bool{h.Notifications[0].Derived, h.Notifications[1].Derived, h.Notifications[2].Derived})
	require.Equal(t, 1, h.Notifications[0].Truncated)
	require.Equal(t, history.GroupID("{}:{}"), h.Notifications[0].Group)
	require.Equal(t, []history.Episode{{Start: history.StartBeforeWindow, ActiveAt: 1795393756000, FiredAt: 1795393756000, EndedAt: 1795393816000}}, h.Episodes)
}

// What is the same and comes soon after is the same, sent again.
func TestWebhookCopies(t *testing.T) {
	line := func(at, reason string) string {
		return `{"received_at":"2026-11-23T` + at + `Z","groupKey":"g","status":"firing","receiver":"pager","notification_reason":"` + reason +
			`","alerts":[{"status":"firing","labels":{"alertname":"A"},"startsAt":"2026-11-23T00:00:00Z","endsAt":"0001-01-01T00:00:00Z"}]}` + "\n"
	}
	const first, repeat = "first notification", "repeat interval elapsed"
	text := line("00:01:00", first) + line("00:01:01", first) + line("00:01:50", first) +
		line("04:01:00", repeat) + line("04:01:05", repeat) + line("04:02:00", repeat)
	h, err := ReadWebhooks(t.Context(), []string{file(t, text)}, history.ReadOptions{})
	require.NoError(t, err)
	var got []history.Reason
	for _, n := range h.Notifications {
		got = append(got, n.Reason)
	}
	require.Equal(t, []history.Reason{history.ReasonFirst, history.ReasonRepeat, history.ReasonRepeat}, got)
}
