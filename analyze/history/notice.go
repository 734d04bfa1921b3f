package history

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/prometheus/prometheus/model/labels"
)

// Knows says what a history can tell at all: what no source saw is unknown,
// which is something else than none.
type Knows uint8

const (
	KnowsPending       Knows = 1 << iota // activations that did not fire, and how long one was pending
	KnowsNotifications                   // what Alertmanager sent
	KnowsMutes                           // what silences and inhibitions kept back
	KnowsResponses                       // what became of it in the pager
	KnowsSilences                        // the silences that Alertmanager has, expired ones among them
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
	Index       int     // which of the receiver's integrations of that kind, from 0
	Fresh       []int32 // those of Firing that the last notification of this group to this integration did not have, or had of an earlier episode, ascending
	Truncated   int     // alerts that it left out for their number

	// Also says that another integration of the receiver was sent the same just
	// before: a pager and an archive, say, of which people hear once.
	Also bool
	// Estimated says that the source has no time of it: At is then the earliest
	// that the times of its alerts allow for. It is not to be held against the
	// clock.
	Estimated bool
	// Derived says that Reason was not recorded, but follows from what was sent
	// of the group before.
	Derived bool
}

// Calls reports whether a notification calls for attention anew by its reason,
// or may: of one whose reason is not known, what is fresh in it has to tell.
func (n *Notification) Calls() bool {
	return !n.Also && (n.Reason.Pages() || n.Reason == ReasonUnknown)
}

// GroupID is what pagers know a group of alerts by: the SHA-256 of its key, in
// hex (Alertmanager's notify.Key.Hash).
func GroupID(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
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

// A StandingSilence is a silence that Alertmanager has: one that keeps
// notifications back from StartsAt to EndsAt, of which either may be to come or
// over. What has expired stays there for a while (--data.retention).
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
	ID           string   // the incident's, as people name it
	Group        string   // that of the notifications it came from; "" where unknown
	Also         []string // further groups whose alerts the pager put into the same incident, in order
	Title        string
	Service      string
	Urgent       bool // not said to be of low urgency
	TriggeredAt  int64
	AckedAt      int64
	AckedBy      Actor
	ResolvedAt   int64
	ResolvedBy   Actor
	Escalated    bool    // to a further level
	Reassigned   bool    // to somebody else
	Instances    []int32 // where the export names the alerts, ascending
	Acknowledger string  // who acknowledged first, as the pager calls them

	// Logged says that the source has what was done about the incident from its
	// beginning on. Otherwise acknowledgements, escalations and changes of hands
	// may be missing, and that there are none of them says nothing.
	Logged bool
}
