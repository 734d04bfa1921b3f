package pagerduty

import (
	"encoding/json"
	"slices"
	"strings"
)

// A channel is how PagerDuty came to hear of something.
type channel struct {
	Details *details `json:"details"`
	Event   *struct {
		Details *details `json:"details"`
	} `json:"cef_details"`
}

// details are what Alertmanager sends about alerts. Firing is a list of alerts,
// such a list as a text (the default from 0.28 on), or a text in words (before).
type details struct {
	Firing json.RawMessage `json:"firing"`
}

// UnmarshalJSON reads details, which other integrations fill with what they
// like: what is no object has none.
func (d *details) UnmarshalJSON(text []byte) error {
	var plain struct {
		Firing json.RawMessage `json:"firing"`
	}
	if json.Unmarshal(text, &plain) == nil {
		d.Firing = plain.Firing
	}
	return nil
}

const alertsMost = 1 << 12 // alerts of an incident that are named

func (i *incident) name(r *reader, c *channel) {
	i.names(r, c.Details)
	if c.Event != nil {
		i.names(r, c.Event.Details)
	}
}

// names takes in the alerts that details name. Labels that are no good are left
// out: the details may be anybody's.
func (i *incident) names(r *reader, d *details) {
	if d == nil {
		return
	}
	for _, alert := range labelsOf(d.Firing) {
		n, err := r.roster.Number(func(add func(name, value string)) {
			for _, l := range alert {
				add(l[0], l[1])
			}
		})
		if err == nil && len(i.alerts) < alertsMost && !slices.Contains(i.alerts, n) {
			i.alerts = append(i.alerts, n)
		}
	}
}

// labelsOf are the labels of the alerts that the details name, as pairs.
func labelsOf(firing json.RawMessage) [][][2]string {
	var text string
	if json.Unmarshal(firing, &text) == nil {
		firing = json.RawMessage(text)
	}
	var list []struct{ Labels map[string]string }
	if err := json.Unmarshal(firing, &list); err != nil {
		return inWords(text)
	}
	var out [][][2]string
	for _, a := range list {
		var alert [][2]string
		for name, value := range a.Labels {
			alert = append(alert, [2]string{name, value})
		}
		if alert != nil {
			out = append(out, alert)
		}
	}
	return out
}

// inWords are the labels in a text as Alertmanager's template __text_alert_list
// writes it. An alert one of whose labels runs over several lines is left out.
func inWords(text string) [][][2]string {
	var out [][][2]string
	var alert [][2]string
	const (
		between = iota
		inLabels
		after
	)
	state := between
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case state == between && line == "Labels:":
			state, alert = inLabels, nil
		case state == inLabels && line == "Annotations:":
			if len(alert) > 0 {
				out = append(out, alert)
			}
			state = after
		case state == inLabels:
			name, value, ok := strings.Cut(strings.TrimPrefix(line, " - "), " = ")
			if !ok || !strings.HasPrefix(line, " - ") {
				state = after
				continue
			}
			alert = append(alert, [2]string{name, value})
		case strings.HasPrefix(line, "Source:"):
			state = between
		}
	}
	return out
}
