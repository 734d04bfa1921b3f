package report

import (
	"fmt"

	"github.com/prometheus/common/model"

	"github.com/crywolf-dev/crywolf/analyze/report/page"
)

// mostChanges is how many things to do a meeting can decide on.
const mostChanges = 8

// prices say by check what it costs to see to a finding as far as the remedies
// go: what one no longer knows, or knows later.
var prices = map[string]string{
	"quiet/transient":    "what lasts is told of up to five minutes later",
	"quiet/no-for":       "what lasts is told of up to five minutes later",
	"sound/always-fires": "nothing: it fires whatever happens",
	"quiet/always-on":    "not known: whether anybody looks at what hardly ever stops",
	"unique/identical":   "nothing: the other alert stays",
	"quiet/flapping":     "what is over is told of later",
}

// changes are what would have saved most, and how many more there are.
func (s *sheaf) changes() (out []page.Change, more int) {
	steps := savings(s.all)
	for _, step := range steps[:min(mostChanges, len(steps))] {
		f := step.finding
		advice := f.Advice
		if advice == "" {
			advice = f.Message
		}
		c := page.Change{
			Row:     s.row[step.card.Alert.Rule],
			Name:    short(step.card.Alert.Rule.Name()),
			Saves:   capital(step.gains()),
			Because: sentence(step.because),
			Costs:   sentence(s.price(step)),
			Do:      bounded(stop(capital(advice)), mostText),
			Check:   sanitize(f.Check),
			Place:   short(fmt.Sprintf("%s:%d", s.pathIn(f.File), f.Position().Line)),
		}
		out = append(out, c)
	}
	return out, len(steps) - len(out)
}

// price says what a step costs, "" where nothing is known to. Of an alert that is
// over its budget it says how far a longer `for` would go.
func (s *sheaf) price(step saving) string {
	switch {
	case step.repeats:
		return "" // a repeat tells nothing new
	case !step.excess:
		return prices[step.finding.Check]
	}
	curve := s.noise.Profile(step.card.Alert.Rule).For
	if curve == nil || curve.Knee < 0 || curve.Points[curve.Knee].Value <= curve.Now {
		return "not measured: a longer `for` alone would not do it"
	}
	knee := curve.Points[curve.Knee]
	if knee.Firings == 0 {
		return fmt.Sprintf("with `for: %s`, none of %s would be left: raise the threshold rather", model.Duration(knee.Value), count(curve.Of, "firing"))
	}
	return fmt.Sprintf("with `for: %s`, %s of %s would be left, each told of %s later", model.Duration(knee.Value),
		thousands(knee.Firings), count(curve.Of, "firing"), human(knee.CostSeconds))
}

// gains is what a step saves, without the verb.
func (v saving) gains() string {
	says := ""
	if v.perWeek > 0 {
		says = v.counted() + " a week"
		if v.excess {
			says = "up to " + says
		}
	}
	if v.points > 0 {
		if says != "" {
			says += ", "
		}
		says += count(v.points, "point")
	}
	return says
}

func sentence(s string) string { return stop(capital(s)) }
