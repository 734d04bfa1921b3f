package history

import "github.com/prometheus/prometheus/model/labels"

// Knows says what a history can tell at all: what no source saw is unknown,
// which is something else than none.
type Knows uint8

const (
	KnowsPending       Knows = 1 << iota // activations that did not fire, and how long one was pending
	KnowsNotifications                   // what Alertmanager sent
	KnowsMutes                           // what silences and inhibitions kept back
	KnowsResponses                       // what became of it in the pager
	KnowsSilences                        // the silences of now
)

// A Reason is why Alertmanager sent a notification (nflog, notify.NotificationReason).
type Reason uint8

const (
	ReasonUnknown     Reason = iota // the source does not say
	ReasonFirst                     // the group fires, and nothing was sent of it, or all had resolved
	ReasonNewAlerts                 // alerts joined a group that was notified of
	ReasonNewResolved               // some alerts resolved, others fire on
	ReasonAllResolved               // none fires any more
	ReasonRepeat                    // nothing happened; repeat_interval was over
)

// Pages reports whether a notification of this reason calls for attention anew.
func (r Reason) Pages() bool { return r == ReasonFirst || r == ReasonNewAlerts }

// A Notification is one message about one group of alerts to one integration of
// a receiver.
type Notification struct {
	At          int64  // when it was sent, Unix milliseconds
	Group       string // the SHA-256 of the group's key in hex, which pagers know it by
	Receiver    string
	Integration string // the kind, such as webhook or pagerduty; "" where the source does not say
	Reason      Reason
	Firing      []int32 // instances that it says fire, ascending
	Resolved    []int32 // instances that it says have resolved, ascending
	Fresh       []int32 // those of Firing that the last notification of this group to this integration did not have, ascending
	Truncated   int     // alerts that it left out for their number
}

// A MuteKind is what kept the notification of an alert back.
type MuteKind uint8

const (
	Silenced MuteKind = iota
	Inhibited
)

// A Mute is a time over which notifications of a firing instance were kept
// back, as far as Alertmanager's log shows it: from the first flush that it was
// left out of to the last, in Unix milliseconds.
type Mute struct {
	Instance int32
	Kind     MuteKind
	Interval
	By []string // ids of the silences, or fingerprints of the inhibiting alerts (16 hex digits), in order
}

// A StandingSilence is a silence that Alertmanager has.
type StandingSilence struct {
	ID                 string
	Matchers           []*labels.Matcher
	StartsAt, EndsAt   int64 // Unix milliseconds
	CreatedBy, Comment string
}

// An Actor is who did something about an incident.
type Actor uint8

const (
	Nobody Actor = iota // nobody did, as far as the source goes
	Person
	Machine // an integration, a timeout, a rule of the pager
)

// A Response is what became of an incident in the pager. Times are Unix
// milliseconds, NoTime where it did not happen.
type Response struct {
	ID           string // the incident's, as people name it
	Group        string // that of the notifications it came from; "" where unknown
	Title        string
	Service      string
	Urgent       bool
	TriggeredAt  int64
	AckedAt      int64
	AckedBy      Actor
	ResolvedAt   int64
	ResolvedBy   Actor
	Escalated    bool    // to a further level
	Reassigned   bool    // to somebody else
	Instances    []int32 // where the export names the alerts, ascending
	Acknowledger string  // who acknowledged first, as the pager calls them
}
