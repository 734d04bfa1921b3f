package sound

import (
	"fmt"

	"github.com/crywolf-dev/crywolf/analyze"
)

// Suppression returns the check for comments that should silence a check and
// do not.
func Suppression() *analyze.Check {
	return &analyze.Check{
		ID: "sound/suppression",
		Doc: analyze.Doc{
			Title: "suppression that does not hold",
			Why:   "A suppression that silences nothing hides, later, what nobody meant to hide.",
			Text: `A comment "# crywolf disable quality/name: reason" (also disable-group, disable-file) that gives no reason, names
a check that does not exist, or silences nothing of a check that ran. Without a reason it has no effect. A suppression of a
check that could not run, for want of history say, is left alone.`,
			Bad: `groups:
- name: search
  rules:
  # crywolf disable quiet/no-four: known to be short
  - record: job:errors:ratio_rate5m
    expr: sum by (job) (rate(errors_total[5m]))
`,
			Good: `groups:
- name: search
  rules:
  # crywolf disable quiet/no-for: one sample is enough, at this load the conveyor stops itself
  - alert: ConveyorStops
    expr: conveyor_load_percent > 95
    labels:
      severity: page
      team: search
    annotations:
      summary: The conveyor stops itself
      runbook_url: https://runbooks.shop.test/ConveyorStops
`,
		},
		Severity: analyze.Warning, Last: true,
		Run: func(p *analyze.Pass) {
			for _, s := range p.Suppressions() {
				suppression(p, s)
			}
		},
	}
}

func suppression(p *analyze.Pass, s *analyze.Suppression) {
	say := func(key, message, advice string) {
		p.Report(analyze.Finding{File: s.File, Rule: s.Rule, Span: s.Comment.Span, Key: key, Message: message, Advice: advice, Points: analyze.NoPoints})
	}
	if s.Bad != "" {
		say("form", s.Bad, "write `# crywolf disable quality/name: reason`")
		return
	}
	if s.Reason == "" {
		say("reason", "the suppression gives no reason, and so has no effect", "say after a colon why the finding does not matter here")
		return
	}
	for _, id := range s.Checks {
		switch {
		case !p.Known(id):
			say("unknown/"+id, fmt.Sprintf("there is no check `%s`", id), "see `crywolf explain` for those there are")
		case p.Ran(id) && s.Used[id] == 0 && !p.Off(id, s.File, s.Rule):
			advice := "remove the comment"
			if len(s.Checks) > 1 {
				advice = fmt.Sprintf("take `%s` out of the comment", id)
			}
			say("unused/"+id, fmt.Sprintf("nothing here needs `%s` suppressed", id), advice)
		}
	}
}
