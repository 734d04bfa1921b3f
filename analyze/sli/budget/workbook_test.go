package budget

import (
	"math"
	"testing"
	"time"
)

const (
	day   = 24 * time.Hour
	month = 30 * day
)

// threeNines over thirty days is the example of the Workbook.
var threeNines = Objective{Budget: 1 - 0.999, Window: month}

func one(window time.Duration, threshold float64) Alternative {
	return Alternative{{Window: window, Threshold: threshold}}
}

func both(long, short time.Duration, threshold float64) Alternative {
	return Alternative{{Window: long, Threshold: threshold}, {Window: short, Threshold: threshold}}
}

func policy(alternatives ...Alternative) Policy { return Policy{Any: alternatives} }

func wantTime(t *testing.T, what string, got, want, within time.Duration) {
	t.Helper()
	if (got - want).Abs() > within {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func wantShare(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// outage is what Detection, SpentAtDetection and Reset say of a total outage of
// that length.
func outage(t *testing.T, p Policy, length time.Duration) (detected time.Duration, spent float64, reset time.Duration) {
	t.Helper()
	detected, ok := p.Detection(1)
	if !ok {
		t.Fatal("an outage goes unnoticed")
	}
	spent, _ = p.SpentAtDetection(threeNines, 1)
	reset, _ = p.Reset(1, length)
	return detected, spent, reset
}

// The six approaches of "Alerting on SLOs", and the figures that the chapter
// gives for them, to the digits that it gives.
func TestWorkbook(t *testing.T) {
	t.Run("1: target error rate ≥ SLO threshold", func(t *testing.T) {
		p := Policy{Any: []Alternative{{{Window: 10 * time.Minute, Threshold: 0.001, Inclusive: true}}}}
		detected, _, _ := outage(t, p, time.Hour)
		wantTime(t, "detection of an outage", detected, 600*time.Millisecond, time.Millisecond)
		after, ok := p.Detection(0.001)
		if !ok || after != 10*time.Minute {
			t.Errorf("0.1 %% errors: got %v %v, want after ten minutes", after, ok)
		}
		spent, _ := p.SpentAtDetection(threeNines, 0.001)
		wantShare(t, "budget spent by ten minutes of 0.1 % errors", spent, 0.0002, 0.00005)
		least, _ := p.Cheapest(threeNines)
		wantShare(t, "the least that it fires for", least, spent, 1e-9)
	})
	t.Run("2: increased alert window", func(t *testing.T) {
		p := policy(one(36*time.Hour, 0.001))
		detected, spent, reset := outage(t, p, 2*time.Hour)
		wantTime(t, "detection", detected, 2*time.Minute+10*time.Second, time.Second)
		wantShare(t, "budget spent", spent, 0.05, 1e-6)
		wantTime(t, "reset: it fires for the next 36 hours", reset, 36*time.Hour, 3*time.Minute)
	})
	t.Run("3: incrementing alert duration", func(t *testing.T) {
		p := policy(one(time.Minute, 0.001))
		p.For = time.Hour
		_, spent, _ := outage(t, p, 2*time.Hour)
		wantShare(t, "budget spent: 140 %", spent, 1.40, 0.02)
		if share, late := threeNines.Late([]Policy{p}); !late || share != spent {
			t.Errorf("got %v %v, want the outage told late", share, late)
		}
	})
	t.Run("3: spikes of five minutes", func(t *testing.T) {
		p := policy(one(5*time.Minute, 0.001))
		p.For = 10 * time.Minute
		if f := p.Firings(1, 5*time.Minute); len(f) != 0 {
			t.Errorf("fires in %v, want never", f)
		}
		wantShare(t, "each spends 12 % of the budget", threeNines.Spent(1, 5*time.Minute), 0.12, 0.005)
	})
	t.Run("4: alert on burn rate", func(t *testing.T) {
		p := policy(one(time.Hour, 36*threeNines.Budget))
		detected, spent, reset := outage(t, p, 2*time.Hour)
		wantTime(t, "detection", detected, 2*time.Minute+10*time.Second, time.Second)
		wantShare(t, "budget spent", spent, 0.05, 1e-6)
		wantTime(t, "reset", reset, 58*time.Minute, 30*time.Second)
		wantTime(t, "a burn of 35 goes unnoticed and spends all in 20.5 hours",
			threeNines.Exhaustion(35*threeNines.Budget), 20*time.Hour+30*time.Minute, 5*time.Minute)
		if _, fires := p.Detection(35 * threeNines.Budget); fires {
			t.Error("a burn of 35 fires")
		}
		if r, ok := threeNines.Unnoticed([]Policy{p}); !ok || math.Abs(threeNines.Burn(r)-36) > 1e-9 {
			t.Errorf("unnoticed: got a burn of %v, %v", threeNines.Burn(r), ok)
		}
	})
	t.Run("5 and 6: multiple windows and burn rates", func(t *testing.T) {
		for _, row := range []struct {
			long, short time.Duration
			burn, spent float64
		}{
			{time.Hour, 5 * time.Minute, 14.4, 0.02},
			{6 * time.Hour, 30 * time.Minute, 6, 0.05},
			{3 * day, 6 * time.Hour, 1, 0.10},
		} {
			line := row.burn * threeNines.Budget
			for _, p := range []Policy{policy(one(row.long, line)), policy(both(row.long, row.short, line))} {
				for _, ratio := range []float64{1, 0.5, line * 1.5} {
					spent, ok := p.SpentAtDetection(threeNines, ratio)
					if !ok {
						t.Fatalf("burn %v: errors of %v go unnoticed", row.burn, ratio)
					}
					wantShare(t, "budget spent", spent, row.spent, 1e-6)
				}
				least, _ := p.Cheapest(threeNines)
				wantShare(t, "least budget spent", least, row.spent, 1e-6)
			}
			// The short window ends it: within its own length after the errors.
			reset, _ := policy(both(row.long, row.short, line)).Reset(1, row.long)
			wantTime(t, "reset by the short window", reset, row.short, time.Duration(float64(row.short)*line)+time.Second)
		}
		page := policy(both(time.Hour, 5*time.Minute, 14.4*threeNines.Budget), both(6*time.Hour, 30*time.Minute, 6*threeNines.Budget))
		ticket := policy(both(3*day, 6*time.Hour, threeNines.Budget))
		if _, ok := threeNines.Unnoticed([]Policy{page}); !ok {
			t.Error("the pages alone let a burn of 5 pass")
		}
		if r, ok := threeNines.Unnoticed([]Policy{page, ticket}); ok {
			t.Errorf("with the ticket, %v goes unnoticed", r)
		}
	})
}

// Burn rates and the time to spend all of the budget, as in the Workbook's
// table for 99.9 % over thirty days.
func TestTimeToExhaustion(t *testing.T) {
	for _, row := range []struct {
		burn float64
		want time.Duration
	}{{1, month}, {2, 15 * day}, {10, 3 * day}, {1000, 43 * time.Minute}} {
		wantTime(t, "exhaustion", threeNines.Exhaustion(row.burn*threeNines.Budget), row.want, 15*time.Second)
	}
}

func TestFirings(t *testing.T) {
	slow := policy(one(time.Hour, 0.5))
	for name, c := range map[string]struct {
		p      Policy
		ratio  float64
		length time.Duration
		want   []Period
	}{
		"never":                     {slow, 0.5, Forever, nil},
		"too short":                 {slow, 1, 30 * time.Minute, nil},
		"as long as the window":     {slow, 1, time.Hour, []Period{{30 * time.Minute, 90 * time.Minute}}},
		"it does not end":           {slow, 1, Forever, []Period{{30 * time.Minute, Forever}}},
		"shorter than the window":   {slow, 1, 40 * time.Minute, []Period{{30 * time.Minute, 70 * time.Minute}}},
		"for outlasts it":           {Policy{Any: slow.Any, Timing: Timing{For: time.Hour}}, 1, 40 * time.Minute, nil},
		"for and keep_firing_for":   {Policy{Any: slow.Any, Timing: Timing{For: 10 * time.Minute, KeepFiring: 5 * time.Minute}}, 1, 40 * time.Minute, []Period{{40 * time.Minute, 75 * time.Minute}}},
		"both are rounded up":       {Policy{Any: slow.Any, Timing: Timing{For: 90 * time.Second, KeepFiring: 61 * time.Second, Interval: time.Minute}}, 1, 40 * time.Minute, []Period{{32 * time.Minute, 72 * time.Minute}}},
		"over before both hold":     {policy(both(10*time.Hour, time.Minute, 0.5)), 1, 4 * time.Hour, nil},
		"the short one ends it":     {policy(both(time.Hour, 10*time.Minute, 0.5)), 1, time.Hour, []Period{{30 * time.Minute, 65 * time.Minute}}},
		"one of two":                {policy(one(time.Hour, 0.9), one(10*time.Minute, 0.5)), 0.8, time.Hour, []Period{{6*time.Minute + 15*time.Second, 63*time.Minute + 45*time.Second}}},
		"one after the other":       {policy(both(10*time.Minute, time.Hour, 0.1), one(time.Hour, 0.5)), 1, 20 * time.Minute, []Period{{6 * time.Minute, 29 * time.Minute}}},
		"a hold is not carried on":  {Policy{Any: []Alternative{one(time.Minute, 0.5)}, Timing: Timing{For: 5 * time.Minute}}, 1, 5 * time.Minute, nil},
		"the threshold is excluded": {slow, 0.5, time.Hour, nil},
	} {
		got := c.p.Firings(c.ratio, c.length)
		if len(got) != len(c.want) {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
			continue
		}
		for i := range got {
			wantTime(t, name, got[i].From, c.want[i].From, time.Second)
			wantTime(t, name, got[i].To, c.want[i].To, time.Second)
		}
	}
}

func TestCanFire(t *testing.T) {
	for threshold, want := range map[float64]bool{0.999: true, 1: false, 1.44: false} {
		if got := policy(one(time.Hour, threshold)).CanFire(); got != want {
			t.Errorf("threshold %v: got %v", threshold, got)
		}
	}
	if !(Policy{Any: []Alternative{{{Window: time.Hour, Threshold: 1, Inclusive: true}}}}).CanFire() {
		t.Error(">= 1 can't fire")
	}
	// One clause that can't hold leaves the other alternative.
	if !policy(both(time.Hour, time.Minute, 1), one(time.Hour, 0.5)).CanFire() {
		t.Error("the other alternative can fire")
	}
}

func TestNoAlerts(t *testing.T) {
	if r, ok := threeNines.Unnoticed(nil); r != 1 || !ok {
		t.Errorf("got %v %v", r, ok)
	}
	if _, ok := threeNines.Late(nil); ok {
		t.Error("an outage is told late by no alert")
	}
}
