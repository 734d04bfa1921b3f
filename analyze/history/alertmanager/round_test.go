package alertmanager

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

// TestRounds: what a pager and an archive are sent of one flush is one message
// to whoever is on call.
func TestRounds(t *testing.T) {
	const minute = 60_000
	b := &book{spells: []spell{{alert: 0, starts: 0}, {alert: 1, starts: 0}}}
	of := []int32{0, 1}
	add := func(at int64, integration string, reason history.Reason, firing ...int32) {
		b.notices = append(b.notices, notice{firing: firing, Notification: history.Notification{
			At: at, Group: "g", Receiver: "team", Integration: integration, Reason: reason,
		}})
	}
	add(1*minute, "pagerduty", history.ReasonFirst, 0)
	add(1*minute+200, "webhook", history.ReasonFirst, 0) // the same
	add(6*minute, "pagerduty", history.ReasonNewAlerts, 0, 1)
	add(7*minute, "webhook", history.ReasonNewAlerts, 1, 0) // the same, after a try that failed
	add(60*minute, "webhook", history.ReasonRepeat, 0, 1)   // the pager is told at other times
	add(90*minute, "pagerduty", history.ReasonRepeat, 0, 1)
	add(91*minute, "pagerduty", history.ReasonRepeat, 0, 1)
	out := b.notifications(of, history.Interval{Start: 0, End: 100 * minute}, func(*notice, *told, *told) bool { return true })
	var also []bool
	for _, n := range out {
		also = append(also, n.Also)
	}
	require.Equal(t, []bool{false, true, false, true, false, false, false}, also)
}
