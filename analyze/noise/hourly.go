package noise

// Hourly says at which hours something began.
type Hourly struct {
	Bands [Bands]int    // by Band
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
