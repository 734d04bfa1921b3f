package noise

// Notices are the messages that Alertmanager sent, each to one integration of a
// receiver: of a rule, those that name one of its instances.
type Notices struct {
	Sent     int
	Pages    int // that call for attention anew, for an instance that was not in the one before
	Repeats  int // sent since repeat_interval was over
	Resolved int // that name no firing instance, of the rule's where it is a rule's
	Unknown  int // of which the source does not say why

	Hours     Hourly           // of Pages
	Receivers []ReceiverNotice // by name
}

// A ReceiverNotice is a receiver's part of Notices.
type ReceiverNotice struct {
	Receiver             string
	Sent, Pages, Repeats int
}

// NagRatio is the share of repeats among the messages whose reason is known;
// ok is false where there are none.
func (n *Notices) NagRatio() (share float64, ok bool) { return ratio(n.Repeats, n.Sent-n.Unknown) }

// Answers are what became of incidents in the pager: of a rule, those in which
// an instance of it fired.
type Answers struct {
	Incidents int
	Acked     int // by a person
	Unseen    int // closed by a machine, and acknowledged by nobody
	Open      int // neither acknowledged by a person nor closed yet
	Escalated int

	// MedianAckSeconds is from trigger to a person's acknowledgement, of the
	// Acked ones; of an even number the mean of the two in the middle.
	MedianAckSeconds float64
}

// AckedRatio is the share of incidents that a person acknowledged among those
// that are over or were acknowledged; ok is false where there are none.
func (a *Answers) AckedRatio() (share float64, ok bool) {
	return ratio(a.Acked, a.Incidents-a.Open)
}

// UnseenRatio is the share of incidents that closed by themselves, of the same.
func (a *Answers) UnseenRatio() (share float64, ok bool) {
	return ratio(a.Unseen, a.Incidents-a.Open)
}

// Muted is how much of a rule's firing told nobody, in covered time.
type Muted struct {
	FiringSeconds    float64 // of all instances added up
	SilencedSeconds  float64 // of that, under a silence
	InhibitedSeconds float64 // of that, inhibited by another alert
}

// SilencedRatio is the share of firing time under a silence; ok is false where
// there was none.
func (m *Muted) SilencedRatio() (share float64, ok bool) {
	return ratio(m.SilencedSeconds, m.FiringSeconds)
}

// InhibitedRatio is the share of firing time that was inhibited; ok is false
// where there was none.
func (m *Muted) InhibitedRatio() (share float64, ok bool) {
	return ratio(m.InhibitedSeconds, m.FiringSeconds)
}
