package quiet

import (
	"fmt"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/noise"
)

type offHoursOptions struct {
	Share  float64 `yaml:"share" doc:"share of the nights among the days and nights on which it pages from which a page is said to come at night"`
	Nights int     `yaml:"nights" doc:"nights on which it pages below which nothing is said"`
	Chance float64 `yaml:"chance" doc:"bound of the chance that some page which comes at any hour alike comes on as many nights, up to which anything is said"`
}

// OffHours returns the check for pages that come at night.
func OffHours() *analyze.Check {
	opts := &offHoursOptions{Share: 0.75, Nights: 6, Chance: 0.01}
	return &analyze.Check{
		ID: "quiet/off-hours",
		Doc: analyze.Doc{
			Title: "page that comes at night",
			Why:   "A night's sleep is what a page costs most, and what only happens at night is seldom what users feel by day.",
			Text: `A page that comes on many nights and hardly ever by day, as what a backup or a batch job sets off does. A night on
which it came ten times is one night, and so is a day; what chance explains, of as many pages as there are, is left alone. Nights are those of the configuration's hours, ten to seven in UTC
where it says nothing: then it is an info. Where notifications are known they are counted, else firings.`,
			Bad: offHoursRule,
			Good: `groups:
- name: backup
  rules:
  - alert: BackupSlow
    expr: time() - backup_last_success_timestamp_seconds > 2 * 86400
    for: 1h
    labels: {severity: ticket, team: storage}
    annotations:
      summary: "{{ $labels.instance }} has had no backup for two days"
`,
			References: []string{
				"https://sre.google/sre-book/being-on-call/",
			},
		},
		Needs: analyze.NeedsHistory, Severity: analyze.Warning, Points: 10, PointsMost: 15, Options: opts,
		Run: func(p *analyze.Pass) { p.EachAlert(func(a *analyze.Alert) { offHours(p, a, opts) }) },
	}
}

func offHours(p *analyze.Pass, a *analyze.Alert, opts *offHoursOptions) {
	if a.Deadman || a.Urgency != analyze.UrgencyPage || p.Noise == nil {
		return
	}
	n := p.Noise.Profile(a.Rule)
	hours := n.Hours
	if n.Notices != nil {
		hours = n.Notices.Hours
	}
	nights := hours.Days[noise.Sleep]
	share := float64(nights) / float64(max(1, nights+hours.Days[noise.Business]+hours.Days[noise.Off]))
	if nights < opts.Nights || share < opts.Share || p.Noise.NightChance(&hours) > opts.Chance {
		return
	}
	evidence := []analyze.Number{{Name: "nights_count", Value: float64(nights)}, {Name: "nights_ratio", Value: share}}
	if hours.EntropyOK {
		evidence = append(evidence, analyze.Number{Name: "in_its_busiest_hour_ratio", Value: hours.BusiestDaily})
	}
	p.Report(analyze.Finding{
		Rule: a.Rule, Span: a.Rule.NameField.Value.Span(),
		Inferred: a.UrgencyInferred || !p.HoursTold(),
		Points:   graded(p.Check(), share, opts.Share, 1),
		Message:  fmt.Sprintf("`%s` comes at night, and hardly ever by day", a.Rule.Name()),
		Advice:   "see what runs at that hour; if it can wait for the morning, make it a ticket, or mute it until then",
		Evidence: evidence,
	})
}

const offHoursRule = `groups:
- name: backup
  rules:
  - alert: BackupSlow
    expr: max by (instance) (backup_duration_seconds) > 1800
    for: 10m
    labels: {severity: page, team: storage}
    annotations:
      summary: The backup of {{ $labels.instance }} is slow
      runbook_url: https://runbooks.shop.test/BackupSlow
`
