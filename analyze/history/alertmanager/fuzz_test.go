package alertmanager

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

const (
	eventLines = `{"@timestamp":"2026-11-23T00:29:10Z","instance":"am-0","data":{"alertmanagerStartupEvent":{}}}
{"@timestamp":"2026-11-23T00:29:16.5Z","instance":"am-0","data":{"alertGrouped":{"alert":{"hash":"1","details":{"fingerprint":"10934980693966054994","labels":{"labels":[{"key":"alertname","value":"CheckoutErrors"}]},"startsAt":"2026-11-23T00:29:16Z","endsAt":"2026-11-23T00:33:16Z"}},"groupInfo":{"groupKey":"{}:{}"}}}}
{"@timestamp":"2026-11-23T00:29:17Z","instance":"am-0","data":{"notification":{"alerts":[{"details":{"fingerprint":"10934980693966054994","labels":{"labels":[{"key":"alertname","value":"CheckoutErrors"}]},"startsAt":"2026-11-23T00:29:16Z","endsAt":"0001-01-01T00:00:00Z"}}],"groupInfo":{"groupKey":"{}:{}","receiverName":"pager"},"reason":"NOTIFY_REASON_FIRST_NOTIFICATION","integration":{"name":"webhook"}}}}
{"@timestamp":"2026-11-23T00:29:18Z","instance":"am-0","data":{"silenceMutedAlert":{"silence":{"id":"s","startsAt":"2026-11-23T00:29:17Z","endsAt":"9999-11-23T00:29:17Z"},"mutedAlert":{"labels":{"labels":[{"key":"alertname","value":"CheckoutErrors"}]},"fingerprint":"10934980693966054994"}}}}
{"@timestamp":"2026-11-23T00:29:19Z","instance":"am-0","data":{"inhibitionMutedAlert":{"inhibitingFingerprints":["10934980693966054994"],"mutedAlert":{"labels":{"labels":[{"key":"alertname","value":"CartSlow"}]},"fingerprint":"7"}}}}
{"@timestamp":"2026-11-23T00:30:16.5Z","instance":"am-0","data":{"alertResolved":{"alert":{"details":{"fingerprint":"10934980693966054994","labels":{"labels":[{"key":"alertname","value":"CheckoutErrors"}]},"startsAt":"2026-11-23T00:29:16Z","endsAt":"2026-11-23T00:30:16Z","resolved":true}}}}}
`
	webhookLines = `{"received_at":"2026-11-23T00:29:17Z","body":{"version":"4","groupKey":"{}:{}","truncatedAlerts":1,"status":"firing","receiver":"pager","notification_reason":"first notification","alerts":[{"status":"firing","labels":{"alertname":"CheckoutErrors"},"annotations":{"summary":"x"},"startsAt":"2026-11-23T00:29:16Z","endsAt":"0001-01-01T00:00:00Z"}]}}
{"version":"4","groupKey":"{}:{}","status":"resolved","receiver":"pager","timestamp":1795393816.5,"alerts":[{"status":"resolved","labels":{"alertname":"CheckoutErrors"},"startsAt":"2026-11-23T00:29:16Z","endsAt":"2026-11-23T00:30:16Z"}]}
{"payload":"{\"groupKey\":\"{}:{}\",\"status\":\"firing\",\"receiver\":\"pager\",\"alerts\":[]}","@timestamp":"2026-11-23T00:31:00Z"}
`
)

func FuzzEvents(f *testing.F) {
	f.Add([]byte(eventLines))
	f.Fuzz(func(t *testing.T, text []byte) {
		fuzzReader(t, text, ReadEvents)
		IsEventLog(text)
	})
}

func FuzzWebhooks(f *testing.F) {
	f.Add([]byte(webhookLines))
	f.Fuzz(func(t *testing.T, text []byte) {
		fuzzReader(t, text, ReadWebhooks)
		IsWebhookLog(text)
	})
}

func FuzzSilences(f *testing.F) {
	f.Add([]byte(silencesText))
	f.Fuzz(func(t *testing.T, text []byte) {
		if h, err := parseSilences("-", text); err == nil {
			checkHistory(t, h)
		}
		IsSilences(text)
	})
}

// fuzzReader reads a file, and the same in two parts in either order, which has
// to come to the same where nothing is wrong with it.
func fuzzReader(t *testing.T, text []byte, read func(context.Context, []string, history.ReadOptions) (*history.History, error)) {
	path := filepath.Join(t.TempDir(), "log")
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, opts := range []history.ReadOptions{{}, {Last: 30_000}, {Window: history.Interval{Start: 1795393757000, End: 1795393810000}}} {
		h, err := read(t.Context(), []string{path, path}, opts)
		if err != nil {
			continue
		}
		checkHistory(t, h)
	}
}

// checkHistory holds a history to what its types promise.
func checkHistory(t *testing.T, h *history.History) {
	n := int32(len(h.Instances))
	w := h.Coverage.Window
	known := func(in []int32) {
		if !slices.IsSorted(in) || len(in) > 0 && (in[0] < 0 || in[len(in)-1] >= n) {
			t.Fatalf("instances %v of %d", in, n)
		}
	}
	for i, e := range h.Episodes {
		known([]int32{e.Instance})
		if e.EndedAt < e.ActiveAt || e.FiredAt != e.ActiveAt || e.ActiveAt >= w.End {
			t.Fatalf("episode %+v", e)
		}
		if i > 0 && (h.Episodes[i-1].Instance > e.Instance || h.Episodes[i-1].Instance == e.Instance && h.Episodes[i-1].ActiveAt > e.ActiveAt) {
			t.Fatalf("episode %+v after %+v", e, h.Episodes[i-1])
		}
	}
	for i, n := range h.Notifications {
		known(n.Firing)
		known(n.Resolved)
		known(n.Fresh)
		if n.At < w.Start || n.At >= w.End || i > 0 && h.Notifications[i-1].At > n.At {
			t.Fatalf("notification %+v in %v", n, w)
		}
	}
	for _, m := range h.Mutes {
		known([]int32{m.Instance})
		if m.Start >= m.End || m.Start < w.Start || m.End > w.End || !slices.IsSorted(m.By) {
			t.Fatalf("mute %+v in %v", m, w)
		}
	}
	for _, g := range h.Coverage.Gaps {
		if g.Start >= g.End || g.Start < w.Start || g.End > w.End {
			t.Fatalf("gap %v in %v", g, w)
		}
	}
	if len(h.Warnings) > 20 || strings.Contains(strings.Join(h.Warnings, ""), "\n") {
		t.Fatalf("warnings %q", h.Warnings)
	}
}
