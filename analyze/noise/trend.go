package noise

// A Trend is where weekly firings are going. Weeks are counted back from the
// window's end; those that are not covered enough are left out, and others are
// scaled up to a whole week.
type Trend struct {
	Weeks    []Week
	PerWeek  float64 // by how much firings a week change from one to the next: the median slope (Theil–Sen)
	P        float64 // chance of such an order of the weeks, or a clearer one, without any trend: Mann–Kendall, two-sided
	Kendall  float64 // S of Mann–Kendall: pairs of weeks that rise less those that fall
	Distinct bool    // P is under 0.05
}

// A Week of a Trend.
type Week struct {
	Start   int64   // Unix milliseconds
	Firings int     // that began in it
	PerWeek float64 // scaled to a whole week
}
