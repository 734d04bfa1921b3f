package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/analyze/score"
)

// mostOffenders is how many alerts the table holds unless the report is
// verbose.
const mostOffenders = 15

// offenders writes the alerts that were active, and those that were not but
// would serve badly if they were, the worst first: by grade, by score, then the
// most firings.
func (s *sheet) offenders(r *Report, all activities) {
	var rows []active
	for _, a := range all.alerts {
		if a.is.Episodes > 0 || a.card.Grade.Worse("B") {
			rows = append(rows, a)
		}
	}
	if len(rows) == 0 {
		s.line("No alert was active in the window.")
		s.line()
		return
	}
	slices.SortStableFunc(rows, compareOffenders)
	shown := rows
	if !r.Verbose && len(rows) > mostOffenders+2 {
		shown = rows[:mostOffenders]
	}
	cols := offenderColumns(shown)
	kept := s.table(cols, func(c *column, row int, cell string) string {
		if c == cols[0] {
			return s.in(gradeColour(shown[row-1].card.Grade), cell)
		}
		return cell
	})
	var out []string
	for _, c := range cols {
		if !slices.Contains(kept, c) {
			out = append(out, c.cells[0])
		}
	}
	if len(out) > 0 {
		s.text("", dim, "no room for: "+strings.Join(out, ", ")+" (a wider terminal, or --format json)")
	}
	if rest := rows[len(shown):]; len(rest) > 0 {
		t := score.Total{Grades: map[score.Grade]int{}}
		for _, a := range rest {
			t.Grades[a.card.Grade]++
		}
		graded, bare := s.grades(t)
		more := fmt.Sprintf("… and %s more (--verbose): ", thousands(len(rest)))
		if columns(more+bare) > s.width {
			s.line(s.in(dim, more))
			more = "  "
		}
		s.line(s.in(dim, more), graded)
	}
	s.line()
}

// compareOffenders puts the worst first: by grade, by score, then the most
// firings.
func compareOffenders(a, b active) int {
	return cmp.Or(
		strings.Compare(string(b.card.Grade), string(a.card.Grade)),
		cmp.Compare(a.card.Score, b.card.Score),
		cmp.Compare(b.is.FiringsBegun, a.is.FiringsBegun),
		cmp.Compare(b.is.FiringSeconds, a.is.FiringSeconds),
	)
}

// offenderColumns are all that is known of active alerts; a narrow terminal
// does without the later ones to go.
func offenderColumns(rows []active) []*column {
	scores := &column{cells: []string{"score"}}
	alert := &column{cells: []string{"alert"}, least: 20}
	weekly := &column{cells: []string{"firings/wk"}, right: true}
	median := &column{cells: []string{"median"}, right: true, drop: 6}
	brief := &column{cells: []string{"<5m"}, right: true, drop: 5}
	refires := &column{cells: []string{"again <1h"}, right: true, drop: 2}
	pending := &column{cells: []string{"pending only"}, right: true, drop: 1}
	atOnce := &column{cells: []string{"at once"}, right: true, drop: 3}
	firing := &column{cells: []string{"firing"}, right: true, drop: 4}
	findings := &column{cells: []string{"findings"}, least: 16, drop: 7}
	findings.shorten = func(row, width int) string { return fewer(checksOf(rows[row-1]), width) }
	for _, a := range rows {
		m := a.is
		scores.add(fmt.Sprintf("%s %3d", a.card.Grade, a.card.Score))
		alert.add(sanitize(a.card.Alert.Rule.Name()))
		weekly.add(known(rate)(m.FiringsPerWeek()))
		median.add(known(human)(m.MedianSeconds, m.Timed > 0))
		brief.add(known(percent)(m.ShareUnder5m()))
		refires.add(known(percent)(share(m.Refires, m.FiringsBegun)))
		pending.add(known(percent)(m.PendingOnlyShare()))
		atOnce.add(thousands(m.MaxConcurrent))
		firing.add(known(percent)(m.FiringShare()))
		findings.add(strings.Join(checksOf(a), ", "))
	}
	return []*column{scores, alert, weekly, median, brief, refires, pending, atOnce, firing, findings}
}

func (c *column) add(cell string) { c.cells = append(c.cells, cell) }

// known writes a measure, or a dash where there is none.
func known(write func(float64) string) func(float64, bool) string {
	return func(v float64, ok bool) string {
		if !ok {
			return "-"
		}
		return write(v)
	}
}

func share(part, whole int) (float64, bool) {
	if whole == 0 {
		return 0, false
	}
	return float64(part) / float64(whole), true
}

// checksOf lists the checks that have something to say of an alert, those that
// cost it most first.
func checksOf(a active) []string {
	lost := map[string]int{}
	for _, l := range a.card.Losses {
		lost[l.Finding.Check] += l.Points
	}
	fs := slices.SortedStableFunc(slices.Values(a.findings), func(x, y *analyze.Finding) int {
		return cmp.Or(cmp.Compare(lost[y.Check], lost[x.Check]), cmp.Compare(y.Points, x.Points), strings.Compare(x.Check, y.Check))
	})
	var ids []string
	for _, f := range fs {
		if id := sanitize(f.Check); !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 && a.card.Alert.Deadman {
		return []string{"(deadman switch)"}
	}
	return ids
}

// fewer names as many checks as fit, without their qualities, and counts the
// others.
func fewer(ids []string, width int) string {
	for n := len(ids); n > 0; n-- {
		var short []string
		for _, id := range ids[:n] {
			short = append(short, id[strings.Index(id, "/")+1:])
		}
		s := strings.Join(short, ", ")
		if n < len(ids) {
			s += fmt.Sprintf(" +%d", len(ids)-n)
		}
		if columns(s) <= width || n == 1 {
			return s
		}
	}
	return ""
}

// mostSilent is how many alerts a line on silent ones names.
const mostSilent = 5

// silent tells apart the reasons for which an alert did not fire. Only one of
// them is something to see to.
func (s *sheet) silent(r *Report, all activities) {
	by := map[history.Silence][]active{}
	for _, a := range all.alerts {
		by[a.silence] = append(by[a.silence], a)
	}
	kinds := []struct {
		silence history.Silence
		means   string
		code    string
		quietly bool // names are worth no line
	}{
		{history.CannotFire, "could not fire, for want of series", yellow, false},
		{history.TooYoung, "younger than the window, not judged", "", false},
		{history.Untold, "unclear, some episodes may be theirs", "", false},
		{history.Unseen, "nothing tells of them; whether they could fire takes Prometheus's data", "", false},
		{history.Quiet, "quiet, as it should be", "", true},
	}
	begun := false
	for _, k := range kinds {
		of := by[k.silence]
		if len(of) == 0 {
			continue
		}
		if !begun {
			s.line(s.in(bold, "Did not fire"))
			begun = true
		}
		text := k.means
		if !k.quietly && !r.Verbose {
			text += ": " + names(namesOf(of), mostSilent)
		}
		s.text("  "+padLeft(thousands(len(of)), 5)+"  ", k.code, text)
		if r.Verbose {
			for _, a := range of {
				rule := a.card.Alert.Rule
				s.named(spaces(9), where(rule.File(), rule.NameField.Value.Span()), rule.Name())
			}
		}
	}
}

// namesOf lists alerts, those of one name once with their number.
func namesOf(of []active) []string {
	n := map[string]int{}
	var order []string
	for _, a := range of {
		name := a.card.Alert.Rule.Name()
		if n[name] == 0 {
			order = append(order, name)
		}
		n[name]++
	}
	for i, name := range order {
		if n[name] > 1 {
			order[i] = fmt.Sprintf("%s ×%d", name, n[name])
		}
	}
	return order
}

// unowned counts what belongs to no alert of its own.
func (s *sheet) unowned(all activities) {
	for _, u := range []struct {
		tally
		means string
	}{
		{all.ambiguous, "that may be of several alerts, counted for none"},
		{all.foreign, "of alerts that no rule here raises"},
	} {
		if u.episodes == 0 {
			continue
		}
		noun := "episodes "
		if u.episodes == 1 {
			noun = "episode "
		}
		s.text("  "+padLeft(thousands(u.episodes), 5)+"  ", "", noun+u.means+": "+names(u.names, mostSilent))
	}
}
