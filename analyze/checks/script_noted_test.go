package checks_test

import (
	"strings"

	"github.com/prometheus/prometheus/promql/parser"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

// noted reads a line of what Alertmanager and a pager know, and says whether it
// is one:
//
//	notified SearchSlow{severity="page"} first from 1h every 6h
//	notified SearchSlow{severity="page"} repeat from 5h every 4h times 30
//	answered SearchSlow{severity="page"} ack 5m close 30m from 1h every 6h
//	answered SearchSlow{severity="page"} close 30m from 1h every 6h
//	inhibited SearchSlow{severity="page"} for 1h from 1h every 6h
//	silence {alertname="SearchSlow"} by ann since 90d
//
// Of a group of its own, each instance is notified of to one pager; first says
// that it was not in the notification before. An incident that nobody
// acknowledged is closed by a machine. A silence is as old as it says at the
// window's end, and goes on for another day; "over" says that it has expired.
func (s *script) noted(verb string) bool {
	rest := strings.TrimSpace(strings.TrimPrefix(s.line, verb))
	switch verb {
	case "notified":
		s.h.Knows |= history.KnowsNotifications
		instance, rest := s.metric(rest)
		at, words := s.times(rest)
		n := history.Notification{Receiver: "pager", Integration: "pagerduty", Firing: []int32{instance}, Group: s.h.Instances[instance].String()}
		switch words[0] {
		case "first":
			n.Reason, n.Fresh = history.ReasonFirst, n.Firing
		case "repeat":
			n.Reason = history.ReasonRepeat
		default:
			s.t.Fatalf("%s: %q is no reason of the script", s.line, words[0])
		}
		for _, n.At = range at {
			s.h.Notifications = append(s.h.Notifications, n)
		}
	case "answered":
		s.h.Knows |= history.KnowsResponses
		instance, rest := s.metric(rest)
		at, words := s.times(rest)
		for _, at := range at {
			r := history.Response{TriggeredAt: at, AckedAt: history.NoTime, ResolvedAt: history.NoTime, ResolvedBy: history.Machine, Instances: []int32{instance}}
			for i := 0; i+1 < len(words); i += 2 {
				when := at + millis(s.t, words[i+1])
				if words[i] == "ack" {
					r.AckedAt, r.AckedBy = when, history.Person
				} else {
					r.ResolvedAt = when
				}
			}
			s.h.Responses = append(s.h.Responses, r)
		}
	case "inhibited":
		s.h.Knows |= history.KnowsMutes
		instance, rest := s.metric(rest)
		at, words := s.times(rest)
		for _, at := range at {
			s.h.Mutes = append(s.h.Mutes, history.Mute{Instance: instance, Kind: history.Inhibited, Interval: history.Interval{Start: at, End: at + millis(s.t, words[1])}})
		}
	case "silence":
		s.h.Knows |= history.KnowsSilences
		selector, rest, _ := strings.Cut(rest, "} ")
		matchers, err := parser.NewParser(parser.Options{}).ParseMetricSelector(selector + "}")
		if err != nil {
			s.t.Fatalf("%s: %v", s.line, err)
		}
		end := s.h.Coverage.Window.End
		standing := history.StandingSilence{Matchers: matchers, EndsAt: end + millis(s.t, "1d")}
		words := strings.Fields(rest)
		for i := 0; i < len(words); i++ {
			switch words[i] {
			case "by":
				i++
				standing.CreatedBy = words[i]
			case "since":
				i++
				standing.StartsAt = end - millis(s.t, words[i])
			case "over":
				standing.EndsAt = end
			}
		}
		s.h.Silences = append(s.h.Silences, standing)
	default:
		return false
	}
	return true
}
