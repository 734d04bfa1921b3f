package report

import (
	"fmt"
	"slices"

	"github.com/prometheus/common/model"

	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/analyze/report/page"
)

// detailOf is the panel of an alert.
func (s *sheaf) detailOf(a *active) page.Detail {
	rule := a.card.Alert.Rule
	d := page.Detail{Facts: s.facts(a)}
	for _, l := range a.card.Losses {
		d.Losses = append(d.Losses, page.Loss{Check: sanitize(l.Finding.Check), Points: l.Points})
	}
	d.Source, d.Findings = s.sourceOf(a)
	d.SLIs = s.aboutOf(a)
	if s.Result.History == nil {
		return d
	}
	profile := s.noise.Profile(rule)
	d.Facts = append(d.Facts, habits(profile)...)
	all, _ := s.Result.History.EpisodesOf(rule)
	d.Timeline = s.timelineOf(all)
	if at, ok := s.Result.History.Changed(rule); ok && d.Timeline != nil {
		d.Timeline.Changed = at
		d.Timeline.Says += " The rule changed at " + moment(at) + " UTC: everything else here is from then on."
	}
	own, _ := s.Result.History.Judged(rule)
	if a.is.Firings > 0 {
		d.Heat = s.heatOf(profile)
		d.Durations = durationsOf(own)
	}
	d.Curve = forCurve(profile.For)
	d.Partners = s.partners[rule]
	return d
}

// facts are what is known of an alert in words.
func (s *sheaf) facts(a *active) (out []page.Pair) {
	add := func(name, value string) {
		if value != "" {
			out = append(out, page.Pair{Name: name, Value: value})
		}
	}
	rule := a.card.Alert.Rule
	add("Group", short(rule.Group.Name()))
	held := "none"
	if rule.For > 0 {
		held = model.Duration(rule.For).String()
	}
	add("for", held)
	if rule.KeepFiringFor > 0 {
		add("keep_firing_for", model.Duration(rule.KeepFiringFor).String())
	}
	add("Urgency", string(a.card.Alert.Urgency))
	add("Owner", s.owner(a))
	add("Stands for", a.card.Alert.Verdict().Verdict.String())
	if a.card.Alert.Deadman {
		add("Deadman switch", "it is meant to fire always")
	}
	if s.Result.History == nil {
		return out
	}
	add("Judged by", confidenceWords[string(a.card.Confidence)])
	if a.silence != history.Fired {
		add("Did not fire", silenceWords[a.silence])
	}
	m := a.is
	if m.Episodes > 0 {
		says := thousands(m.Firings)
		if m.FiringsBegun < m.Firings {
			says += fmt.Sprintf(", of which %s began before the window or in a gap", thousands(m.Firings-m.FiringsBegun))
		}
		add("Firings", says)
		if n := m.PendingOnly; n > 0 {
			add("Pending only", count(n, "time"))
		}
	}
	if n := m.Open; n > 0 {
		add("Still firing", count(n, "instance"))
	}
	if m.FirstFiredAt != history.NoTime && m.Firings > 0 {
		add("First", moment(m.FirstFiredAt)+" UTC")
		add("Last", moment(m.LastFiredAt)+" UTC")
	}
	return out
}

var confidenceWords = map[string]string{
	"static":   "the rules alone",
	"thin":     "too little history",
	"measured": "what it did",
}

var silenceWords = map[history.Silence]string{
	history.Quiet:      "its series were there and gave no cause",
	history.CannotFire: "it could not, for want of series",
	history.TooYoung:   "it is younger than the window",
	history.Untold:     "untold: some firings may be its own or another's",
	history.Unseen:     "nothing tells of it; whether it could takes Prometheus's data",
}

// durationClasses are the ends of the classes of the histogram, in seconds.
var durationClasses = []float64{60, 5 * 60, 15 * 60, 30 * 60, 60 * 60, 4 * 3600, 24 * 3600}

var durationNames = []string{"under 1m", "1m to 5m", "5m to 15m", "15m to 30m", "30m to 1h", "1h to 4h", "4h to 1d", "over 1d"}

// durationsOf counts firings by length, nil where of none the length is known.
func durationsOf(episodes []history.Episode) *page.Histogram {
	h := &page.Histogram{Noun: "firings", Bins: durationNames, N: make([]int, len(durationNames))}
	timed, rest := 0, 0
	for _, e := range episodes {
		switch {
		case !e.Fired():
		case e.Start == history.StartExact && e.End == history.EndResolved:
			timed++
			seconds := float64(e.EndedAt-e.FiredAt) / 1000
			class, exact := slices.BinarySearch(durationClasses, seconds)
			if exact {
				class++
			}
			h.N[class]++
		default:
			rest++
		}
	}
	if timed == 0 {
		return nil
	}
	h.Says = count(timed, "firing") + " of known length."
	if rest > 0 {
		h.Says += fmt.Sprintf(" %s more began before the data, or had no known end.", thousands(rest))
	}
	return h
}

// sizeOf is about how much a detail takes in the file, in bytes.
func sizeOf(d page.Detail) int {
	n := 300
	for _, f := range d.Facts {
		n += 16 + len(f.Name) + len(f.Value)
	}
	findings := func(fs []page.Finding) {
		for _, f := range fs {
			n += 80 + len(f.Message) + len(f.Advice) + len(f.Evidence)
		}
	}
	findings(d.Findings)
	if d.Source != nil {
		for _, l := range d.Source.Lines {
			n += 20 + len(l.Text)
			findings(l.Findings)
		}
	}
	if d.Timeline != nil {
		for _, l := range d.Timeline.Lanes {
			n += len(l.Name) + 18*len(l.Marks)
		}
	}
	if d.Heat != nil {
		n += 500
	}
	if d.Curve != nil {
		n += 80 * len(d.Curve.Points)
	}
	return n + 120*len(d.Partners)
}
