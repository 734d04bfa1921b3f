package alertmanager

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

// eventNames are what the "data" of an event holds one of.
var eventNames = []string{
	"alertmanagerStartupEvent", "alertmanagerShutdownEvent", "alertCreated", "alertGrouped", "alertResolved",
	"notification", "silenceCreated", "silenceUpdated", "silenceMutedAlert", "inhibitionMutedAlert",
}

// An event is a line of the log: eventrecorderpb.Event as protojson writes it,
// which leaves zero values out, and writes 64-bit numbers as texts and
// enumerators by their names.
type event struct {
	Timestamp string     `json:"@timestamp"`
	Instance  string     `json:"instance"`
	Data      *eventData `json:"data"`
}

type eventData struct {
	Startup      *struct{}                     `json:"alertmanagerStartupEvent"`
	Shutdown     *struct{}                     `json:"alertmanagerShutdownEvent"`
	Created      *struct{ Alert alertDetails } `json:"alertCreated"`
	Grouped      *struct{ Alert groupedAlert } `json:"alertGrouped"`
	Resolved     *struct{ Alert groupedAlert } `json:"alertResolved"`
	Notification *notification                 `json:"notification"`
	Silenced     *silencedAlert                `json:"silenceMutedAlert"`
	Inhibited    *inhibitionOfAlert            `json:"inhibitionMutedAlert"`
}

type groupedAlert struct{ Details *alertDetails }

type alertDetails struct {
	Fingerprint      number
	Labels           labelSet
	StartsAt, EndsAt string
	Resolved         bool
}

type labelSet struct {
	Labels []struct{ Key, Value string }
}

type notification struct {
	Alerts    []groupedAlert
	GroupInfo struct {
		GroupKey, GroupID, ReceiverName string
	}
	Reason      reason
	Integration struct {
		Name  string
		Index number
	}
}

type mutedAlert struct {
	Fingerprint number
	Labels      labelSet
}

type silencedAlert struct {
	Silence struct {
		ID               string
		StartsAt, EndsAt string
	}
	MutedAlert mutedAlert
}

type inhibitionOfAlert struct {
	InhibitingFingerprints []number
	MutedAlert             mutedAlert
}

// A number is one of 64 bits, which may be written as a text.
type number uint64

func (n *number) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		return nil
	}
	if len(text) > 1 && text[0] == '"' {
		text = text[1 : len(text)-1]
	}
	v, err := strconv.ParseUint(string(text), 10, 64)
	if err != nil {
		return fmt.Errorf("%q is not a number from 0 to 2^64", text[:min(len(text), 40)])
	}
	*n = number(v)
	return nil
}

type reason history.Reason

var reasonNames = map[string]history.Reason{
	"NOTIFY_REASON_FIRST_NOTIFICATION":      history.ReasonFirst,
	"NOTIFY_REASON_NEW_ALERTS_IN_GROUP":     history.ReasonNewAlerts,
	"NOTIFY_REASON_NEW_RESOLVED_ALERTS":     history.ReasonNewResolved,
	"NOTIFY_REASON_ALL_ALERTS_RESOLVED":     history.ReasonAllResolved,
	"NOTIFY_REASON_REPEAT_INTERVAL_ELAPSED": history.ReasonRepeat,
}

// UnmarshalJSON reads a reason; those that a later Alertmanager may have are
// unknown.
func (r *reason) UnmarshalJSON(text []byte) error {
	var name string
	if err := json.Unmarshal(text, &name); err != nil {
		*r = reason(history.ReasonUnknown)
		return nil
	}
	*r = reason(reasonNames[name])
	return nil
}
