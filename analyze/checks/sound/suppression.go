package sound

import (
	"fmt"
	"strings"
	"time"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/rules"
)

// Suppression returns the check for comments that should silence a check and
// do not.
func Suppression() *analyze.Check {
	return &analyze.Check{
		ID: "sound/suppression",
		Doc: analyze.Doc{
			Title: "suppression that does not hold",
			Why:   "A suppression that silences nothing hides, later, what nobody meant to hide.",
			Text: `A comment "# crywolf disable quality/name: reason" (also disable-group, disable-file; a quality for all of its
checks) that gives no reason, names a check that does not exist, or silences nothing of a check that ran; one whose last
day ("disable quality/name until 2027-01-31: reason", that day included, in UTC) is over; and a comment that begins with
crywolf's name and was meant as one, such as "crywolf: disable" or "crywolf ignore". Such comments have no effect. A
suppression of a check that did not run, for want of history say, is left alone, and so is a sentence about crywolf.`,
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
			Fixes: `a comment in the wrong words, where it is beyond doubt what it should silence, and that is
there; an expired one is taken out, and so is one that silences nothing, unless its check compares rules with each other
or the file was named by itself: of a part of the rules nobody knows what others have to do with it`,
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
	say := func(key, message, advice string, fix *rules.Fix) {
		p.Report(analyze.Finding{
			File: s.File, Rule: s.Rule, Span: s.Comment.Span, Key: key, Message: message, Advice: advice, Points: analyze.NoPoints, Fix: fix,
		})
	}
	switch {
	case s.Bad != "":
		say("form", s.Bad, "write `# "+s.Write+"`", reword(p, s))
		return
	case s.Reason == "":
		say("reason", "the suppression gives no reason, and so has no effect", "say after a colon why the finding does not matter here", nil)
		return
	}
	for _, name := range s.Checks {
		if !p.Known(name) {
			say("unknown/"+name, fmt.Sprintf("there is no check `%s`", name), "see `crywolf explain` for those there are", rename(p, s, name))
		}
	}
	if s.Expired(p.Now()) {
		say("expired/"+strings.Join(s.Checks, ","), fmt.Sprintf("the suppression held until %s, and silences nothing any more", s.Until.Format(time.DateOnly)),
			"remove the comment, or give it another day if there is still a reason", remove(s))
		return
	}
	var unused []string
	for _, name := range s.Checks {
		if s.Used[name] == 0 && p.Judged(name, s.File, s.Rule) {
			unused = append(unused, name)
		}
	}
	for _, name := range unused {
		advice := "remove the comment"
		if len(s.Checks) > 1 {
			advice = fmt.Sprintf("take `%s` out of the comment", name)
		}
		say("unused/"+name, fmt.Sprintf("nothing here needs `%s` suppressed", name), advice, takeOut(p, s, unused, name))
	}
}
