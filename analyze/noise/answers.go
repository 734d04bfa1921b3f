package noise

import (
	"sort"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

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

// answers counts what became of the incidents that were triggered in the
// window. An incident is about the instances that its export names, or that the
// notifications of its group said fire from its trigger on until it was closed.
func (s *study) answers() {
	if s.Knows&history.KnowsResponses == 0 {
		return
	}
	all, by := &answerCount{}, make([]*answerCount, len(s.rules))
	groups := map[string][]*history.Notification{}
	for i := range s.Notifications {
		n := &s.Notifications[i]
		groups[n.Group] = append(groups[n.Group], n)
	}
	skew := s.o.AckSkew.Milliseconds()
	var about set
	for i := range s.Responses {
		r := &s.Responses[i]
		if r.TriggeredAt < s.Coverage.Window.Start || r.TriggeredAt >= s.Coverage.Window.End {
			continue
		}
		all.add(r)
		about.clear(len(s.rules))
		s.rulesOf(r.Instances, &about)
		if group := groups[r.Group]; r.Group != "" && len(r.Instances) == 0 {
			from := sort.Search(len(group), func(i int) bool { return group[i].At >= r.TriggeredAt-skew })
			for _, n := range group[from:] {
				if r.ResolvedAt != history.NoTime && n.At > r.ResolvedAt {
					break
				}
				s.rulesOf(n.Firing, &about)
			}
		}
		for _, rule := range about.list {
			if !s.is(rule, r.TriggeredAt) {
				continue
			}
			if by[rule] == nil {
				by[rule] = &answerCount{}
			}
			by[rule].add(r)
		}
	}
	s.out.Answers = all.finish()
	for r := range s.rules {
		if by[r] != nil {
			s.profile(r).Answers = by[r].finish()
		}
	}
}

// An answerCount counts incidents.
type answerCount struct {
	Answers
	acks []float64 // seconds
}

func (c *answerCount) add(r *history.Response) {
	c.Incidents++
	acked, closed := r.AckedAt != history.NoTime && r.AckedBy == history.Person, r.ResolvedAt != history.NoTime
	switch {
	case acked:
		c.Acked++
		c.acks = append(c.acks, float64(r.AckedAt-r.TriggeredAt)/1000)
	case !closed:
		c.Open++
	case r.ResolvedBy == history.Machine:
		c.Unseen++
	}
	if r.Escalated {
		c.Escalated++
	}
}

func (c *answerCount) finish() *Answers {
	out := c.Answers
	out.MedianAckSeconds = median(c.acks)
	return &out
}
