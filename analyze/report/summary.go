package report

import (
	"fmt"
	"strings"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/score"
)

func spaces(n int) string { return strings.Repeat(" ", n) }

// summary ends a report of findings: what there was, what it comes to, what it
// rests on, what to do next, and how the command will exit.
func (s *sheet) summary(r *Report, gs []*group) {
	s.text("", bold, headline(r))
	s.scores(r)
	s.notes(r)
	s.next(lintSteps(r, gs))
	s.exit(r)
}

// severities writes how many findings there are of each severity: "2 errors,
// 40 warnings, 270 info".
func severities(n map[analyze.Severity]int) string {
	var parts []string
	for _, sev := range []analyze.Severity{analyze.Error, analyze.Warning, analyze.Info} {
		switch {
		case n[sev] == 0:
		case sev == analyze.Info:
			parts = append(parts, thousands(n[sev])+" info")
		default:
			parts = append(parts, count(n[sev], sev.String()))
		}
	}
	return strings.Join(parts, ", ")
}

// scores writes the mean and how the alerts are spread over the grades.
func (s *sheet) scores(r *Report) {
	if r.Total.Alerts == 0 {
		return
	}
	s.spread("score "+out(r.Total.Mean)+", grade ", score.GradeOf(r.Total.Mean), ", over alerts: ", r.Total)
}

// out writes a mean score, out of 100, which only the full score is.
func out(mean float64) string {
	if mean < 100 {
		mean = min(mean, 99)
	}
	return fmt.Sprintf("%.0f of 100", mean)
}

// spread writes a line that ends in the alerts by grade, or two where there is
// no room.
func (s *sheet) spread(lead string, g score.Grade, says string, t score.Total) {
	graded, bare := s.grades(t)
	if columns(lead+string(g)+says+bare) > s.width {
		s.line(lead, s.in(gradeColour(g), string(g)), says)
		s.line("      ", graded)
		return
	}
	s.line(lead, s.in(gradeColour(g), string(g)), says, graded)
}

// grades counts alerts by grade, painted and bare: "A 120  B 7  F 1".
func (s *sheet) grades(t score.Total) (painted, bare string) {
	var parts, plain []string
	for _, g := range []score.Grade{"A", "B", "C", "D", "F"} {
		if n := t.Grades[g]; n > 0 {
			parts = append(parts, s.in(gradeColour(g), string(g))+" "+thousands(n))
			plain = append(plain, string(g)+" "+thousands(n))
		}
	}
	return strings.Join(parts, "  "), strings.Join(plain, "  ")
}

// notes say what the findings rest on, and what was left out.
func (s *sheet) notes(r *Report) {
	if n := r.fixable(); n > 0 && r.Command == "lint" {
		verb := "are"
		if n == 1 {
			verb = "is"
		}
		s.text("", dim, fmt.Sprintf("%s of these %s fixed by `crywolf lint --fix`", thousands(n), verb))
	}
	for _, line := range r.setAside() {
		s.text("", dim, line)
	}
	if what := r.unjudged(); what != "" {
		if !r.Verbose {
			what += "; `--verbose` lists them"
		}
		s.text("not judged: ", dim, what)
	}
	for _, t := range r.Result.Told() {
		s.text("configured: ", dim, t)
	}
	for _, a := range r.Result.Assumptions() {
		s.text("assumed: ", dim, a)
	}
	if n := len(r.Result.Skipped); n > 0 {
		want := " a history, see `crywolf review`"
		if r.Result.History != nil { // then it is for want of the samples behind declared SLOs
			want = " SLOs, see `--slo`, and the samples behind them"
		}
		s.text("left out: ", dim, count(n, "check")+" that need"+third(n)+want)
	}
	for _, h := range r.Hints {
		s.text("note: ", dim, h)
	}
}

// setAside counts the findings that are not told.
func (r *Report) setAside() (lines []string) {
	for _, of := range []struct {
		n    int
		what string
	}{
		{len(r.Result.Suppressed), "silenced by comments in the rules"},
		{r.Result.KnownFrom(analyze.FromBaseline), "known from the baseline"},
		{r.Result.KnownFrom(analyze.FromBefore), "from before the change"},
	} {
		if of.n > 0 {
			lines = append(lines, count(of.n, "finding")+" "+of.what)
		}
	}
	return lines
}

// third is the s of the third person.
func third(n int) string {
	if n == 1 {
		return "s"
	}
	return ""
}

// mostIDs is how many checks a list of them names.
const mostIDs = 4

// names lists words, and counts those that go beyond most.
func names(words []string, most int) string {
	if len(words) <= most+1 {
		return strings.Join(words, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(words[:most], ", "), len(words)-most)
}

// next writes the steps to take.
func (s *sheet) next(steps []string) {
	if len(steps) == 0 {
		return
	}
	s.line()
	s.line(s.in(bold, "Next"))
	for i, step := range steps {
		s.text(fmt.Sprintf("  %d. ", i+1), "", step)
	}
}

// lintSteps are one to three: what is broken, what most points hang on, and
// how to see the rest.
func lintSteps(r *Report, gs []*group) []string {
	var steps []string
	broken, errors := []string{}, 0
	for _, g := range gs {
		n := 0
		for _, f := range g.findings {
			if f.Severity == analyze.Error {
				n++
			}
		}
		if n > 0 {
			errors += n
			broken = append(broken, fmt.Sprintf("%s (%s)", g.id, thousands(n)))
		}
	}
	if errors > 0 {
		steps = append(steps, fmt.Sprintf("the %s first: %s", plural(errors, "error"), names(broken, mostIDs)))
	}
	if errors == 0 && r.Failing > 0 {
		if failing := failingGroups(r, gs); len(failing) > 0 {
			steps = append(steps, fmt.Sprintf("what fails the build: %s", names(failing, mostIDs)))
		}
	}
	lost := 0
	var most *group
	for _, g := range gs {
		lost += g.points
		if most == nil || g.points > most.points {
			most = g
		}
	}
	if most != nil && most.points > 0 && len(gs) > 1 && (len(steps) == 0 || most.severity < r.Failing || r.Failing == 0) && most.severity < analyze.Error {
		steps = append(steps, fmt.Sprintf("%s: most points hang on it, %s of the %s lost, over %s",
			most.id, thousands(most.points), thousands(lost), count(most.alerts(r), "alert")))
	}
	if !r.Verbose && len(r.Result.Findings) > fewFindings {
		steps = append(steps, fmt.Sprintf("`--verbose` shows all %s; `--disable ID` leaves a check out", count(len(r.Result.Findings), "finding")))
	}
	return steps
}

// failingGroups names the checks whose findings make the command fail, with how
// many they are.
func failingGroups(r *Report, gs []*group) []string {
	var out []string
	for _, g := range gs {
		n := 0
		for _, f := range g.findings {
			if f.Severity >= r.Failing {
				n++
			}
		}
		if n > 0 {
			out = append(out, fmt.Sprintf("%s (%s)", g.id, thousands(n)))
		}
	}
	return out
}

// plural is the noun with its number, the number left out where it is one.
func plural(n int, noun string) string {
	if n == 1 {
		return noun
	}
	return thousands(n) + " " + noun + "s"
}

// exit says why the command fails, where it does.
func (s *sheet) exit(r *Report) {
	if n := r.Result.Set.Unreadable(); n > 0 {
		s.line()
		s.text("", bold, count(n, "file")+" could not be read: exit code 3")
		return
	}
	if r.failures() == 0 {
		return
	}
	s.line()
	s.text("", bold, failing(r)+": exit code 1")
}

// failing counts what fails the run: "3 findings at warning or above".
func failing(r *Report) string {
	at := r.Failing.String()
	if r.Failing < analyze.Error {
		at += " or above"
	}
	return count(r.failures(), "finding") + " at " + at
}
