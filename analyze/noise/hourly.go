package noise

import (
	"math"
	"time"
)

// Hourly says at which hours something began.
type Hourly struct {
	Bands [Bands]int    // by Band
	Days  [Bands]int    // different days on which any did; of Sleep nights, from noon to noon
	Week  [7][24]uint32 // by time.Weekday, and hour on the clock on the wall

	// Entropy is Shannon's, of the hours of the week, by the most that as many
	// begins could have: 0 where all fall in one hour, 1 where they are spread
	// as evenly as they can be; EntropyOK where there are enough of them.
	Entropy   float64
	EntropyOK bool

	// BusiestDaily is the share of begins in the hour of the day that has the
	// most, and BusiestHour that hour: what comes every night at three has 1.
	// They are set where Entropy is.
	BusiestDaily float64
	BusiestHour  int
}

// Total is how many began.
func (h *Hourly) Total() int { return h.Bands[Business] + h.Bands[Off] + h.Bands[Sleep] }

// Ratio is the share of a band; ok is false where nothing began.
func (h *Hourly) Ratio(b Band) (share float64, ok bool) { return ratio(h.Bands[b], h.Total()) }

// NightChance bounds the probability that, of as many alerts as wake people,
// any that fires at any hour alike does so on as many nights and as few days as
// these (Hoeffding, Bonferroni).
func (n *Noise) NightChance(h *Hourly) float64 {
	units := h.Days[Business] + h.Days[Off] + h.Days[Sleep]
	alike := 0
	for _, p := range n.profiles {
		if p.Urgent && p.Firings > 0 {
			alike++
		}
	}
	return min(1, tail(units, h.Days[Sleep], float64(units)*n.Options.asleep())*float64(max(1, alike)))
}

// asleep is the share of a week that is Sleep.
func (h *Hours) asleep() float64 {
	utc := Hours{Business: h.Business, Sleep: h.Sleep}
	asleep, all := 0, 0
	const quarter = 15 * time.Minute
	for at := time.Duration(0); at < 7*24*time.Hour; at += quarter {
		all++
		if utc.Band(at.Milliseconds()) == Sleep {
			asleep++
		}
	}
	return float64(asleep) / float64(all)
}

// An hourCount counts begins by the hour.
type hourCount struct {
	Hourly
	days map[bandDay]struct{}
	last bandDay // that was added to days
}

type bandDay struct {
	band Band
	day  int64 // since 1970, by the clock on the wall
}

func (c *hourCount) add(h *Hours, at int64) {
	t := h.local(at)
	band := h.bandOf(t)
	c.Bands[band]++
	c.Week[t.Weekday()][t.Hour()]++
	if band == Sleep {
		t = t.Add(-12 * time.Hour)
	}
	if c.days == nil {
		c.days = map[bandDay]struct{}{}
	}
	if d := (bandDay{band, dayOf(t)}); d != c.last || len(c.days) == 0 {
		c.days[d] = struct{}{}
		c.last = d
	}
}

// days are different ones.
type days map[int64]struct{}

// add the day of an instant, by the clock on the wall; a nil set takes none.
func (d days) add(h *Hours, at int64) {
	if d != nil {
		d[dayOf(h.local(at))] = struct{}{}
	}
}

// dayOf is the number of the day of a date, whatever the clocks did on it.
func dayOf(t time.Time) int64 {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60)
}

// finish sets what follows from the counts.
func (c *hourCount) finish(o *Options) Hourly {
	for d := range c.days {
		c.Days[d.band]++
	}
	n := c.Total()
	if n < max(2, o.EntropyLeast) {
		return c.Hourly
	}
	bits := 0.0
	var daily [24]uint32
	for _, day := range c.Week {
		for hour, k := range day {
			daily[hour] += k
			if k > 0 {
				p := float64(k) / float64(n)
				bits -= p * math.Log2(p)
			}
		}
	}
	c.EntropyOK = true
	c.Entropy = bits / math.Log2(float64(min(n, 7*24)))
	for hour, k := range daily {
		if k > daily[c.BusiestHour] {
			c.BusiestHour = hour
		}
	}
	c.BusiestDaily = float64(daily[c.BusiestHour]) / float64(n)
	return c.Hourly
}
