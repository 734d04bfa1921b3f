package e2e

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// noticesOf counts what the receivers got, slowly: by the name of an alert the
// messages that name it, and by "" all.
func (b *Bed) noticesOf(t *testing.T) map[string]Notices {
	count := map[string]Notices{}
	episodes := b.told(messagesOf(t, b.Path(b.Webhook)))
	before := map[string][]int{} // what of episodes the last message of a group had as firing
	readLines(t, b.Path(b.Webhook), func(line []byte) {
		var m struct {
			At                 time.Time `json:"@timestamp"`
			Receiver, GroupKey string
			Reason             string `json:"notification_reason"`
			Alerts             []struct {
				Status   string
				Labels   map[string]string
				StartsAt time.Time
			}
		}
		require.NoError(t, json.Unmarshal(line, &m), "%s", line)
		if m.At.Before(b.Since) || !m.At.Before(b.Until) {
			return
		}
		named, firing, fresh := map[string]bool{}, map[string]bool{}, map[string]bool{}
		var now []int
		for _, a := range m.Alerts {
			name := a.Labels["alertname"]
			named[name] = true
			if name != "Watchdog" { // machines hear that one
				named[""] = true
			}
			if a.Status != "firing" {
				continue
			}
			delete(a.Labels, b.External)
			of := slices.IndexFunc(episodes, func(e Episode) bool {
				at := a.StartsAt.UnixMilli()
				return identity(e.Labels) == identity(a.Labels) && e.ActiveAt <= at && at <= e.EndedAt
			})
			require.GreaterOrEqual(t, of, 0)
			now = append(now, of)
			firing[name], firing[""] = true, true
			if !slices.Contains(before[m.Receiver+m.GroupKey], of) {
				fresh[name] = true
				fresh[""] = fresh[""] || a.Labels["severity"] == "page"
			}
		}
		before[m.Receiver+m.GroupKey] = now
		for name := range named {
			n := count[name]
			n.Sent++
			switch {
			case m.Reason == "":
				n.Unknown++
			case m.Reason == "repeat interval elapsed" && firing[name]:
				n.Repeats++
			case (m.Reason == "first notification" || m.Reason == "new alerts added") && fresh[name]:
				n.Pages++
			}
			if !firing[name] {
				n.Resolved++
			}
			count[name] = n
		}
	})
	return count
}

// checkNotices compares what a review says was sent with what was received.
func (b *Bed) checkNotices(t *testing.T, r *Review) {
	want := b.noticesOf(t)
	require.Equal(t, &[]Notices{want[""]}[0], r.Summary.History.Notifications)
	require.Positive(t, want[""].Pages)
	require.Positive(t, want[""].Repeats)
	for _, a := range r.Alerts {
		got := a.History.Notifications
		if got == nil {
			got = &Notices{}
		}
		require.Equal(t, want[a.Name], *got, a.Name)
	}
}

// checkMutes holds the shares of firing time that Alertmanager's log shows as
// silenced and inhibited against the script. The log shows them as fine as
// groups are flushed.
func (b *Bed) checkMutes(t *testing.T, r *Review) {
	for _, a := range r.Alerts {
		silenced, inhibited := a.History.Silenced, a.History.Inhibited
		require.NotNil(t, silenced, a.Name)
		require.NotNil(t, inhibited, a.Name)
		switch a.Name {
		case "NodeSilent": // 12 s and 22 s of 12 s, 57 s and 8 s
			require.InDelta(t, 34.0/77, *silenced, 0.2)
			require.Zero(t, *inhibited)
		case "PaymentsStuck": // 14 s and 5 s of 21 s, 8 s and 83 s
			require.InDelta(t, 19.0/112, *inhibited, 0.1)
			require.Zero(t, *silenced)
		default:
			require.Zero(t, *silenced, a.Name)
			require.Zero(t, *inhibited, a.Name)
		}
	}
}
