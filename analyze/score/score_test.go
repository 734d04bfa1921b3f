package score

import (
	"math/rand/v2"
	"testing"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/checks"
	"github.com/crywolf-dev/crywolf/rules"
)

// result makes a result over one alert with findings of the given checks, each
// of its own check's points.
func result(t *testing.T, ids ...string) *analyze.Result {
	t.Helper()
	file := rules.Parse("a.yml", []byte("groups:\n- name: g\n  rules:\n  - alert: A\n    expr: up == 0\n  - alert: B\n    expr: up == 0\n"), rules.Options{})
	facts := analyze.NewFacts(rules.NewSet([]*rules.File{file}), analyze.Settings{})
	res := &analyze.Result{Facts: facts, Checks: checks.All()}
	for _, id := range ids {
		for _, c := range res.Checks {
			if c.ID == id {
				res.Findings = append(res.Findings, analyze.Finding{Check: id, Rule: facts.Alerts[0].Rule, Points: c.Points})
			}
		}
	}
	if len(res.Findings) != len(ids) {
		t.Fatalf("some of %v are no checks", ids)
	}
	return res
}

func TestCards(t *testing.T) {
	for _, tt := range []struct {
		name   string
		checks []string
		score  int
		grade  Grade
	}{
		{"nothing", nil, 100, "A"},
		{"a little", []string{"actionable/runbook"}, 92, "A"},
		{"more", []string{"actionable/runbook", "quiet/no-for"}, 82, "B"},
		{"a quality at its cap is D", []string{"unique/identical"}, 85, "D"},
		{"over the cap", []string{"actionable/severity", "actionable/owner", "actionable/summary", "actionable/runbook"}, 80, "D"},
		{"what fails is F", []string{"quiet/always-on"}, 65, "F"},
		{"unsound", []string{"sound/always-fires"}, 30, "F"},
		{"not below nothing", []string{"sound/syntax", "mapped/page-on-cause"}, 0, "F"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cards := Cards(result(t, tt.checks...))
			if c := cards[0]; c.Score != tt.score || c.Grade != tt.grade {
				t.Errorf("%d %s, want %d %s", c.Score, c.Grade, tt.score, tt.grade)
			}
			if c := cards[1]; c.Score != Full || c.Grade != "A" {
				t.Errorf("the other alert got %d %s", c.Score, c.Grade)
			}
		})
	}
}

// TestEarliestOwnThePoints: where findings exceed a cap, those of the checks
// that come first in the registry own the points, whatever order they were
// found in.
func TestEarliestOwnThePoints(t *testing.T) {
	c := Cards(result(t, "actionable/runbook", "actionable/summary", "actionable/owner", "actionable/severity"))[0]
	var got []string
	sum := 0
	for _, l := range c.Losses {
		got = append(got, l.Finding.Check)
		sum += l.Points
	}
	if len(got) != 3 || got[0] != "actionable/severity" || got[1] != "actionable/owner" || got[2] != "actionable/summary" || sum != 20 {
		t.Errorf("the points belong to %v, %d in all", got, sum)
	}
}

// TestCovered: a finding that speaks for others costs each of them.
func TestCovered(t *testing.T) {
	res := result(t)
	res.Findings = []analyze.Finding{{
		Check: "actionable/runbook", File: res.Alerts[0].Rule.File(), Points: 8,
		Covers: []*rules.Rule{res.Alerts[0].Rule, res.Alerts[1].Rule},
	}}
	for _, c := range Cards(res) {
		if c.Score != 92 {
			t.Errorf("%s has %d", c.Alert.Rule.Name(), c.Score)
		}
	}
}

// TestOneMoreFindingNeverHelps over random sets of findings; every lost point
// names its finding, and no quality loses more than its cap.
func TestOneMoreFindingNeverHelps(t *testing.T) {
	all := checks.All()
	for seed := range uint64(500) {
		rng := rand.New(rand.NewPCG(seed, 3))
		var ids []string
		before := Card{Score: Full, Grade: "A"}
		for range 12 {
			ids = append(ids, all[rng.IntN(len(all))].ID)
			c := Cards(result(t, ids...))[0]
			if c.Score > before.Score || before.Grade.Worse(c.Grade) {
				t.Fatalf("%v: %d %s after %d %s", ids, c.Score, c.Grade, before.Score, before.Grade)
			}
			lost := 0
			for _, q := range analyze.Qualities() {
				if c.Lost(q) > Cap(q) {
					t.Fatalf("%v: %s lost %d of at most %d", ids, q, c.Lost(q), Cap(q))
				}
				lost += c.Lost(q)
			}
			if c.Score != max(0, Full-lost) {
				t.Fatalf("%v: %d points are left, %d were lost", ids, c.Score, lost)
			}
			before = c
		}
	}
}

func TestSum(t *testing.T) {
	cards := []Card{{Score: 100, Grade: "A"}, {Score: 100, Grade: "A"}, {Score: 40, Grade: "D"}}
	silent := Sum(cards, func(*Card) int { return 0 })
	if silent.Lead() != 80 || silent.Grades["A"] != 2 {
		t.Errorf("%+v", silent)
	}
	// What fires leads: fillers do not polish it.
	loud := Sum(cards, func(c *Card) int {
		if c.Score == 40 {
			return 9
		}
		return 0
	})
	if loud.Lead() != 40 || loud.Mean != 80 {
		t.Errorf("%+v", loud)
	}
	if GradeOf(89.99) != "B" || GradeOf(90) != "A" || GradeOf(0) != "F" {
		t.Error("grades are off")
	}
}
