package report

import (
	"github.com/crywolf-dev/crywolf/analyze/noise"
	"github.com/crywolf-dev/crywolf/rules"
)

// What a month was like for those on call. docs/measures.md defines all of it.

type jsonNoise struct {
	Load          *jsonLoad    `json:"load,omitempty" doc:"what those on call had to bear, by shifts of twelve hours"`
	Hours         *jsonHours   `json:"hours,omitempty" doc:"firings of alerts that page, by when they began"`
	Notifications *jsonNotices `json:"notifications,omitempty" doc:"what Alertmanager sent; only where a source tells"`
	Answers       *jsonAnswers `json:"answers,omitempty" doc:"what became of incidents in the pager; only where a source tells"`
}

type jsonAlertNoise struct {
	Hours          *jsonHours   `json:"hours,omitempty" doc:"firings by when they began"`
	FlappingSpells int          `json:"flapping_spells,omitempty" doc:"times that an instance fired again and again"`
	FlappingRefire int          `json:"flapping_refires,omitempty" doc:"firings within those, but the first of each"`
	Storms         int          `json:"storms,omitempty" doc:"times that many instances began to fire at once"`
	StormFirings   int          `json:"storm_firings,omitempty" doc:"firings within those"`
	Notifications  *jsonNotices `json:"notifications,omitempty" doc:"that name the alert; only where a source tells"`
	Answers        *jsonAnswers `json:"answers,omitempty" doc:"what became of incidents in which it fired; only where a source tells"`
	SilencedRatio  *float64     `json:"silenced_ratio,omitempty" doc:"share of its firing time under a silence; only where a source tells"`
	InhibitedRatio *float64     `json:"inhibited_ratio,omitempty" doc:"share of its firing time in which another alert inhibited it; only where a source tells"`
}

type jsonLoad struct {
	Shifts        int     `json:"shifts" doc:"that are covered enough to count"`
	Incidents     int     `json:"incidents" doc:"in those shifts"`
	MeanIncidents float64 `json:"mean_incidents" doc:"by shift"`
	MaxIncidents  int     `json:"max_incidents" doc:"in one shift"`
	Over          int     `json:"shifts_over" doc:"shifts with more than two incidents"`
	From          string  `json:"from" doc:"what incidents are made of" enum:"firings,pages"`
}

type jsonHours struct {
	Business int `json:"business"`
	Off      int `json:"off"`
	Sleep    int `json:"sleep"`
}

type jsonNotices struct {
	Sent     int `json:"sent"`
	Pages    int `json:"pages" doc:"that call for attention anew; of the whole, those about alerts that page"`
	Repeats  int `json:"repeats" doc:"sent since repeat_interval was over"`
	Resolved int `json:"resolved" doc:"that name nothing which fires"`
	Unknown  int `json:"unknown" doc:"of which the source does not say why they were sent"`
}

type jsonAnswers struct {
	Incidents        int      `json:"incidents"`
	Acked            int      `json:"acknowledged" doc:"by a person"`
	Unseen           int      `json:"unseen" doc:"closed by a machine, acknowledged by nobody"`
	Open             int      `json:"open" doc:"neither acknowledged nor closed yet"`
	Escalated        int      `json:"escalated"`
	MedianAckSeconds *float64 `json:"median_ack_seconds,omitempty" doc:"from trigger to a person's acknowledgement"`
}

type jsonBefore struct {
	CoveredSeconds float64  `json:"covered_seconds"`
	FiringsBegun   int      `json:"firings_begun"`
	FiringsPerWeek *float64 `json:"firings_per_week,omitempty"`
	TransientRatio *float64 `json:"under_5m_ratio,omitempty"`
}

func noiseOf(n *noise.Noise) jsonNoise {
	if n == nil {
		return jsonNoise{}
	}
	from := "firings"
	if n.Load.FromPages {
		from = "pages"
	}
	return jsonNoise{
		Load: &jsonLoad{
			Shifts: len(n.Load.Shifts), Incidents: n.Load.Incidents, MeanIncidents: figure(n.Load.MeanIncidents),
			MaxIncidents: n.Load.MaxIncidents, Over: n.Load.Over, From: from,
		},
		Hours: hoursOf(n.Hours), Notifications: noticesOf(n.Notices), Answers: answersOf(n.Answers),
	}
}

func noiseOfAlert(n *noise.Noise, rule *rules.Rule) jsonAlertNoise {
	if n == nil {
		return jsonAlertNoise{}
	}
	p := n.Profile(rule)
	j := jsonAlertNoise{
		FlappingSpells: p.Flaps.Spells, FlappingRefire: p.Flaps.Refires, Storms: p.Storms.Count, StormFirings: p.Storms.Firings,
		Notifications: noticesOf(p.Notices), Answers: answersOf(p.Answers),
	}
	if p.Firings > 0 {
		j.Hours = hoursOf(p.Hours)
	}
	if p.Muted != nil {
		j.SilencedRatio, j.InhibitedRatio = optional(p.Muted.SilencedRatio()), optional(p.Muted.InhibitedRatio())
	}
	return j
}

func hoursOf(h noise.Hourly) *jsonHours {
	return &jsonHours{Business: h.Bands[noise.Business], Off: h.Bands[noise.Off], Sleep: h.Bands[noise.Sleep]}
}

func noticesOf(n *noise.Notices) *jsonNotices {
	if n == nil {
		return nil
	}
	return &jsonNotices{Sent: n.Sent, Pages: n.Pages, Repeats: n.Repeats, Resolved: n.Resolved, Unknown: n.Unknown}
}

func answersOf(a *noise.Answers) *jsonAnswers {
	if a == nil {
		return nil
	}
	return &jsonAnswers{
		Incidents: a.Incidents, Acked: a.Acked, Unseen: a.Unseen, Open: a.Open, Escalated: a.Escalated,
		MedianAckSeconds: optional(a.MedianAckSeconds, a.Acked > 0),
	}
}
