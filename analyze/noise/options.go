package noise

import (
	"time"

	"github.com/crywolf-dev/crywolf/rules"
)

// Options are where the measures draw their lines. The doc tags are what the
// reference of measures says of them.
type Options struct {
	Hours

	// Machines says of which rules the notifications are for machines, such as
	// those of deadman switches: of the whole they are not counted. nil: of none.
	Machines func(*rules.Rule) bool

	IncidentGap   time.Duration `doc:"begins of alike firings no further apart are of one incident"`
	IncidentLine  float64       `doc:"incidents in a shift that leave time to follow each of them up"`
	ShiftCovered  float64       `doc:"share of a shift that has to be covered for it to count"`
	ServiceLabels []string      `doc:"labels by which firings of different alerts are alike, where they do not have one value everywhere"`

	FlapWithin   time.Duration `doc:"a firing that begins within this after the same instance's last one ended is a quick re-fire"`
	FlapEnter    int           `doc:"quick re-fires in a row with which a spell of flapping begins"`
	FlapLeave    time.Duration `doc:"time without firing that ends a spell of flapping"`
	StormWithin  time.Duration `doc:"time within which the firings of a storm begin"`
	StormLeast   int           `doc:"different instances of one alert that make a storm"`
	TopValues    int           `doc:"values of a label that are named"`
	CurveLeast   int           `doc:"activations of known length below which there is no curve"`
	KneeLeast    float64       `doc:"share of firings that the longest of the times tried has to spare for the curve to have a knee"`
	EntropyLeast int           `doc:"firings below which nothing is said of how predictable they are"`
	TrendLeast   int           `doc:"weeks below which there is no trend"`
	WeekCovered  float64       `doc:"share of a week that has to be covered for it to count in a trend"`
	TrendChance  float64       `doc:"chance of an order of weeks as clear as theirs, under which a trend is told from chance"`

	PairLeast    int           `doc:"times that two alerts have to fire together, or one after the other, to be a pair"`
	PairLag      time.Duration `doc:"time within which one alert begins after another that it follows"`
	PairCompany  int           `doc:"begins before a begin that are looked at, the latest first"`
	PairChance   float64       `doc:"bound of the chance that alerts which have nothing to do with each other make any pair at all"`
	SilenceStale time.Duration `doc:"age from which a silence counts as old"`
	AckSkew      time.Duration `doc:"by how much the clocks of a pager and of Alertmanager may differ"`
}

// Defaults are the options of a run that says nothing else.
func Defaults() Options {
	return Options{
		Hours: DefaultHours(),

		IncidentGap:   5*time.Minute + 10*time.Second, // Alertmanager's default group_interval, and what a flush takes
		IncidentLine:  2,                              // Site Reliability Engineering, chapter 11: two incidents a shift at most
		ShiftCovered:  0.5,
		ServiceLabels: []string{"service", "app", "application", "component", "job", "namespace", "instance", "host", "node", "pod"},

		FlapWithin:   time.Hour,
		FlapEnter:    3,
		FlapLeave:    2 * time.Hour,
		StormWithin:  5 * time.Minute,
		StormLeast:   10,
		TopValues:    5,
		CurveLeast:   10,
		KneeLeast:    0.2,
		EntropyLeast: 10,
		TrendLeast:   8, // below, no order of the weeks is rare enough by Mann–Kendall to be worth a word
		WeekCovered:  0.5,
		TrendChance:  0.05,

		PairLeast:    5,
		PairLag:      10 * time.Minute,
		PairCompany:  64,
		PairChance:   0.001,
		SilenceStale: 60 * 24 * time.Hour, // Datadog's monitor quality
		AckSkew:      2 * time.Minute,
	}
}

// ForLadder are the values of `for`, and of keep_firing_for, that the curves
// try: those that people write.
func ForLadder() []time.Duration {
	minutes := []time.Duration{0, 1, 2, 3, 5, 10, 15, 20, 30, 45, 60}
	for i := range minutes {
		minutes[i] *= time.Minute
	}
	return minutes
}
