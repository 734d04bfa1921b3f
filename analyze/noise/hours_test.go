package noise

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

func berlin(t testing.TB) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip("no time zone data: ", err)
	}
	return loc
}

func TestBand(t *testing.T) {
	h := DefaultHours()
	h.Location = berlin(t)
	for _, tc := range []struct {
		at   string
		want Band
	}{
		{"2026-03-27T08:00:00Z", Business}, // Friday, 09:00
		{"2026-03-27T07:59:59Z", Off},
		{"2026-03-27T17:00:00Z", Off}, // 18:00
		{"2026-03-27T21:00:00Z", Sleep},
		{"2026-03-28T05:59:59Z", Sleep}, // 06:59 of Saturday
		{"2026-03-28T06:00:00Z", Off},
		{"2026-03-28T10:00:00Z", Off}, // Saturday
		{"2026-03-29T00:30:00Z", Sleep},
		{"2026-03-29T04:59:00Z", Sleep}, // 06:59, after the clocks went forward
		{"2026-03-29T05:00:00Z", Off},   // 07:00
		{"2026-03-30T07:00:00Z", Business},
	} {
		at, err := time.Parse(time.RFC3339, tc.at)
		require.NoError(t, err)
		require.Equal(t, tc.want, h.Band(at.UnixMilli()), tc.at)
	}
}

// Every minute of the days on which clocks change is in one shift, and the
// shifts begin when the clock on the wall says so.
func TestShiftsOverChangingClocks(t *testing.T) {
	h := DefaultHours()
	h.Location = berlin(t)
	for _, date := range []string{"2026-03-28T03:17:00Z", "2026-10-24T03:17:00Z"} {
		from, err := time.Parse(time.RFC3339, date)
		require.NoError(t, err)
		w := history.Interval{Start: from.UnixMilli(), End: from.UnixMilli() + 3*day}
		shifts := h.shifts(w)
		var lengths []int64
		for i, s := range shifts {
			clock := time.UnixMilli(s.Start).In(h.Location)
			require.Contains(t, []int{8, 20}, clock.Hour())
			require.Zero(t, clock.Minute())
			if i > 0 {
				require.Equal(t, shifts[i-1].End, s.Start)
			}
			lengths = append(lengths, (s.End-s.Start)/hour)
		}
		require.LessOrEqual(t, shifts[0].Start, w.Start)
		require.GreaterOrEqual(t, shifts[len(shifts)-1].End, w.End)
		if date[5:7] == "03" {
			require.Contains(t, lengths, int64(11))
		} else {
			require.Contains(t, lengths, int64(13))
		}
	}
}

func TestHourlyTwin(t *testing.T) {
	o := Defaults()
	o.Location = berlin(t)
	for seed := range uint64(10) {
		w := randomWorld(t, seed, 3, 4, 20)
		n := w.study(o)
		for _, r := range w.rules {
			var want Hourly
			hours := map[string]int{}
			days := map[Band]map[string]bool{}
			daily := map[int]int{}
			for _, e := range w.begun(r) {
				at := time.UnixMilli(e.FiredAt).In(o.Location)
				band := o.Band(e.FiredAt)
				want.Bands[band]++
				want.Week[at.Weekday()][at.Hour()]++
				hours[at.Format("Mon 15")]++
				daily[at.Hour()]++
				if days[band] == nil {
					days[band] = map[string]bool{}
				}
				if band == Sleep {
					at = at.Add(-12 * time.Hour)
				}
				days[band][at.Format(time.DateOnly)] = true
			}
			for band, d := range days {
				want.Days[band] = len(d)
			}
			if total := want.Total(); total >= o.EntropyLeast {
				want.EntropyOK = true
				for _, k := range hours {
					p := float64(k) / float64(total)
					want.Entropy -= p * math.Log(p) / math.Log(min(float64(total), 168))
				}
				for hour := range 24 {
					if daily[hour] > daily[want.BusiestHour] {
						want.BusiestHour = hour
					}
				}
				want.BusiestDaily = float64(daily[want.BusiestHour]) / float64(total)
			}
			got := n.Profile(r).Hours
			require.InDelta(t, want.Entropy, got.Entropy, 1e-9)
			want.Entropy = got.Entropy
			require.Equal(t, want, got)
		}
	}
}

func TestEntropyOfWhatComesEveryNight(t *testing.T) {
	o := Defaults()
	var c, spread hourCount
	for i := range int64(168) {
		c.add(&o.Hours, start+i*7*day+3*hour)
		spread.add(&o.Hours, start+i*hour)
	}
	nightly := c.finish(&o)
	require.Zero(t, nightly.Entropy)
	require.Equal(t, 1.0, nightly.BusiestDaily)
	require.Equal(t, 3, nightly.BusiestHour)
	even := spread.finish(&o)
	require.InDelta(t, 1, even.Entropy, 1e-9)
}

// A third of all alerts that fire at any hour do so on more nights than days;
// that many nights and no day are no chance.
func TestNightChance(t *testing.T) {
	h := DefaultHours()
	require.InDelta(t, 9.0/24, h.asleep(), 1e-9)
	n := &Noise{Options: Defaults()}
	require.Equal(t, 1.0, n.NightChance(&Hourly{}))
	require.Equal(t, 1.0, n.NightChance(&Hourly{Days: [Bands]int{5, 5, 5}}))
	require.Greater(t, n.NightChance(&Hourly{Days: [Bands]int{1, 1, 5}}), 0.1)
	require.InDelta(t, math.Pow(9.0/24, 12), n.NightChance(&Hourly{Days: [Bands]int{0, 0, 12}}), 1e-9)
}
