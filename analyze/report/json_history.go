package report

import (
	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/analyze/score"
)

type jsonTotals struct {
	Episodes       int      `json:"episodes" doc:"all that were read, whether or not a rule is known for them"`
	Firings        int      `json:"firings" doc:"going on at any time in the window, of the alerts below"`
	FiringsPerWeek *float64 `json:"firings_per_week,omitempty" doc:"that began in covered time, of the alerts below"`
	Ambiguous      int      `json:"ambiguous_episodes" doc:"those that fit several rules, and count for none"`
	Foreign        int      `json:"foreign_episodes" doc:"those of alerts that none of the rules read can raise"`
	jsonNoise
}

type jsonHistory struct {
	Silence          string   `json:"silence" doc:"why it did not fire: quiet, without series to fire on, younger than the window, untold since some episodes may be its own, or unseen, as far as sources without samples tell" enum:"fired,quiet,cannot_fire,too_young,untold,unseen"`
	CoveredSeconds   float64  `json:"covered_seconds" doc:"the window less the gaps in its data"`
	Episodes         int      `json:"episodes" doc:"going on at any time in the window, pending or firing"`
	Firings          int      `json:"firings" doc:"going on at any time in the window"`
	FiringsBegun     int      `json:"firings_begun" doc:"those that began in covered time"`
	FiringsPerWeek   *float64 `json:"firings_per_week,omitempty" doc:"firings begun by the week of covered time"`
	OutbreaksPerWeek *float64 `json:"outbreaks_per_week,omitempty" doc:"beginnings of an instance's firing while no other fired, by the week of covered time"`
	Open             int      `json:"open" doc:"instances that were firing when the window ended"`
	PendingOnly      int      `json:"pending_only" doc:"episodes that ended without ever firing"`
	PendingRatio     *float64 `json:"pending_only_ratio,omitempty" doc:"their share of the episodes of which it is known whether they fired"`
	FiringSeconds    float64  `json:"firing_seconds" doc:"covered time in which at least one instance fired"`
	FiringRatio      *float64 `json:"firing_ratio,omitempty" doc:"its share of the covered time"`
	InstanceSeconds  float64  `json:"instance_seconds" doc:"covered firing time of all instances added up"`
	MaxConcurrent    int      `json:"max_concurrent" doc:"instances that fired at once, at most"`
	MedianSeconds    *float64 `json:"median_duration_seconds,omitempty" doc:"of the timed firings"`
	Timed            int      `json:"timed_firings" doc:"firings of which beginning and end are known"`
	Transient        int      `json:"under_5m" doc:"firings known to have lasted less than five minutes"`
	TransientOf      int      `json:"under_5m_of" doc:"firings known to have lasted less or more"`
	TransientRatio   *float64 `json:"under_5m_ratio,omitempty"`
	Refires          int      `json:"refires_within_1h" doc:"firings that began within an hour after the same instance's previous one had ended"`
	FirstFiredAt     string   `json:"first_fired_at,omitempty" doc:"UTC" format:"date-time"`
	LastFiredAt      string   `json:"last_fired_at,omitempty" doc:"UTC" format:"date-time"`

	ChangedAt string      `json:"changed_at,omitempty" doc:"when the rule became what it is, UTC, if that lies in the window: all else here is from then on" format:"date-time"`
	Before    *jsonBefore `json:"before,omitempty" doc:"what it did in the window until it changed"`
	jsonAlertNoise
}

type jsonEpisode struct {
	AlertID   string            `json:"alert_id,omitempty" doc:"the alert it belongs to; absent where several fit, or none of the rules read"`
	Ambiguous []string          `json:"ambiguous,omitempty" doc:"the alerts that fit, where it cannot be told which"`
	Labels    map[string]string `json:"labels" doc:"of the instance, its name as alertname"`
	ActiveAt  string            `json:"active_at" doc:"when the condition began to hold, UTC" format:"date-time"`
	FiredAt   string            `json:"fired_at,omitempty" doc:"when it began to fire, UTC; absent where it did not" format:"date-time"`
	EndedAt   string            `json:"ended_at" doc:"when it ended, UTC; the last that was seen of it unless it resolved" format:"date-time"`
	Start     string            `json:"start" doc:"whether it was seen to begin" enum:"exact,before_window"`
	End       string            `json:"end" doc:"resolved, still open when the window ended, or unknown for want of data" enum:"resolved,open,unknown"`
}

var silences = map[history.Silence]string{
	history.Fired:      "fired",
	history.Quiet:      "quiet",
	history.CannotFire: "cannot_fire",
	history.TooYoung:   "too_young",
	history.Untold:     "untold",
	history.Unseen:     "unseen",
}

var starts = map[history.Start]string{
	history.StartExact:        "exact",
	history.StartBeforeWindow: "before_window",
}

var ends = map[history.End]string{
	history.EndResolved: "resolved",
	history.EndOpen:     "open",
	history.EndUnknown:  "unknown",
}

// addHistory adds what only a run with a history has to say.
func (d *document) addHistory(r *Report) {
	h := r.Result.History
	window := intervalOf(h.Coverage.Window)
	d.Window = &window
	d.Coverage = &jsonCoverage{Source: r.Source, Share: figure(coveredShare(h.Coverage)), Gaps: []jsonInterval{}}
	for _, g := range h.Coverage.Gaps {
		d.Coverage.Gaps = append(d.Coverage.Gaps, intervalOf(g))
	}
	all := activity(r)
	d.Summary.History = &jsonTotals{
		Episodes: len(h.Episodes), Firings: all.firings, FiringsPerWeek: optional(all.perWeek, all.covered),
		Ambiguous: all.ambiguous.episodes, Foreign: all.foreign.episodes,
		jsonNoise: noiseOf(r.Result.Noise),
	}
	for i := range r.Cards {
		d.Alerts[i].History = historyOf(r, &r.Cards[i])
	}
	d.Compared = comparisonOf(r)
	d.By = groupingOf(r)
	if r.Episodes {
		d.Episodes = episodesOf(r)
	}
}

func historyOf(r *Report, c *score.Card) *jsonHistory {
	m := r.Result.History.Measures(c.Alert.Rule)
	silence, _ := r.Result.Silence(c.Alert)
	j := &jsonHistory{
		Silence:          silences[silence],
		CoveredSeconds:   figure(m.CoveredSeconds),
		Episodes:         m.Episodes,
		Firings:          m.Firings,
		FiringsBegun:     m.FiringsBegun,
		FiringsPerWeek:   optional(m.FiringsPerWeek()),
		OutbreaksPerWeek: optional(r.Result.History.OutbreaksPerWeek(c.Alert.Rule)),
		Open:             m.Open,
		PendingOnly:      m.PendingOnly,
		PendingRatio:     optional(m.PendingOnlyShare()),
		FiringSeconds:    figure(m.FiringSeconds),
		FiringRatio:      optional(m.FiringShare()),
		InstanceSeconds:  figure(m.InstanceSeconds),
		MaxConcurrent:    m.MaxConcurrent,
		MedianSeconds:    optional(m.MedianSeconds, m.Timed > 0),
		Timed:            m.Timed,
		Transient:        m.Transient,
		TransientOf:      m.TransientOf,
		TransientRatio:   optional(m.ShareUnder5m()),
		Refires:          m.Refires,
	}
	if m.FirstFiredAt != history.NoTime {
		j.FirstFiredAt, j.LastFiredAt = instant(m.FirstFiredAt), instant(m.LastFiredAt)
	}
	if at, ok := r.Result.History.Changed(c.Alert.Rule); ok {
		j.ChangedAt = instant(at)
		before := r.Result.History.Before(c.Alert.Rule)
		j.Before = &jsonBefore{
			CoveredSeconds: figure(before.CoveredSeconds), FiringsBegun: before.FiringsBegun,
			FiringsPerWeek: optional(before.FiringsPerWeek()), TransientRatio: optional(before.ShareUnder5m()),
		}
	}
	j.jsonAlertNoise = noiseOfAlert(r.Result.Noise, c.Alert.Rule)
	return j
}

// optional is a figure that may not be known.
func optional(v float64, known bool) *float64 {
	if !known {
		return nil
	}
	v = figure(v)
	return &v
}

func episodesOf(r *Report) []jsonEpisode {
	h := r.Result.History
	out := make([]jsonEpisode, 0, len(h.Episodes))
	for _, e := range h.Episodes {
		j := jsonEpisode{
			Labels:   h.Instances[e.Instance].Map(),
			ActiveAt: instant(e.ActiveAt),
			EndedAt:  instant(e.EndedAt),
			Start:    starts[e.Start],
			End:      ends[e.End],
		}
		if e.Fired() {
			j.FiredAt = instant(e.FiredAt)
		}
		switch owners := owners(r, e.Instance); len(owners) {
		case 0:
		case 1:
			j.AlertID = owners[0].ID
		default:
			for _, o := range owners {
				j.Ambiguous = append(j.Ambiguous, o.ID)
			}
		}
		out = append(out, j)
	}
	return out
}
