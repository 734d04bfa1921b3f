package history

import (
	"cmp"
	"slices"
)

const (
	minute        = int64(60 * 1000) // milliseconds
	secondsInWeek = 7 * 24 * 60 * 60

	// transientUnder is the line that New Relic's alert quality management and
	// PagerDuty's auto-pause draw between what someone can act on and what is
	// over before.
	transientUnder = 5 * minute

	// refireWithin is how soon after its end a firing must come back to be the
	// same trouble again.
	refireWithin = 60 * minute
)

// Measures are what episodes amount to over a window. What they count are
// firings, that is, what Prometheus calls so; how many notifications became of
// them it does not know.
type Measures struct {
	// CoveredSeconds is the window less the gaps in its data. All times below
	// are of covered time alone, durations of single firings excepted.
	CoveredSeconds float64

	// Episodes counts the activations that were going on at any time in the
	// window, pending or firing.
	Episodes int
	// Firings counts the firings that were going on at any time in the window.
	Firings int
	// FiringsBegun counts those of them that are known to have begun in its
	// covered time. An episode that the data begin with is not among them:
	// whether it was already firing cannot be told.
	FiringsBegun int
	// PendingOnly counts the episodes that ended without ever firing. What was
	// still pending, or whose end is not known, is neither this nor a firing.
	PendingOnly int
	// Open counts the instances that were firing at the window's last instant.
	Open int

	// FiringSeconds is the time in which at least one instance fired.
	FiringSeconds float64
	// InstanceSeconds is the firing time of all instances added up.
	InstanceSeconds float64
	// MaxConcurrent is how many instances fired at once at most.
	MaxConcurrent int

	// MedianSeconds is the median duration of the Timed firings, those whose
	// beginning and end are both known; of an even number the mean of the two
	// in the middle, and 0 where there are none. Firings that were still open,
	// began before the data or ended without a trace are left out.
	MedianSeconds float64
	Timed         int

	// Transient counts the firings known to have lasted under five minutes, and
	// TransientOf all that are known to have lasted under or over: the Timed
	// ones and those that had lasted five minutes as far as they were seen.
	Transient   int
	TransientOf int

	// Refires counts the firings that began within an hour after the same
	// instance's previous firing had ended, with no data missing in between.
	Refires int

	// FirstFiredAt and LastFiredAt are when the first and the last of the
	// Firings began, or were first seen; Unix milliseconds, NoTime where
	// nothing fired.
	FirstFiredAt, LastFiredAt int64
}

// FiringsPerWeek is FiringsBegun by the week of covered time; ok is false
// where nothing was covered.
func (m Measures) FiringsPerWeek() (perWeek float64, ok bool) {
	return ratio(float64(m.FiringsBegun), m.CoveredSeconds/secondsInWeek)
}

// PendingOnlyShare is the share of episodes that never fired among those of
// which it is known whether they did; ok is false where there are none.
func (m Measures) PendingOnlyShare() (share float64, ok bool) {
	return ratio(float64(m.PendingOnly), float64(m.PendingOnly+m.Firings))
}

// FiringShare is the share of the covered time in which at least one instance
// fired; ok is false where nothing was covered.
func (m Measures) FiringShare() (share float64, ok bool) {
	return ratio(m.FiringSeconds, m.CoveredSeconds)
}

// ShareUnder5m is the share of firings that were over within five minutes,
// which is New Relic's line; ok is false where no duration is known.
func (m Measures) ShareUnder5m() (share float64, ok bool) {
	return ratio(float64(m.Transient), float64(m.TransientOf))
}

func ratio(part, whole float64) (float64, bool) {
	if whole == 0 {
		return 0, false
	}
	return part / whole, true
}

// Measure measures episodes, such as those of all instances of one rule, over
// a window. It may be narrower than that of the history they come from: what
// lies outside is left out, and durations are those of whole firings all the
// same.
func Measure(episodes []Episode, c Coverage) Measures {
	return newMeter(c).measure(episodes)
}

// A meter measures any number of sets of episodes over one window.
type meter struct {
	window  Interval
	set     Intervals
	covered *tape
}

func newMeter(c Coverage) *meter {
	set := c.Covered()
	return &meter{window: c.Window, set: set, covered: newTape(set)}
}

func (m *meter) measure(episodes []Episode) Measures {
	if !slices.IsSortedFunc(episodes, byInstance) {
		episodes = slices.SortedStableFunc(slices.Values(episodes), byInstance)
	}
	n := len(episodes)
	r := &reading{
		meter: m, out: Measures{FirstFiredAt: NoTime, LastFiredAt: NoTime},
		stretches: make([]Interval, 0, n), edges: make([]edge, 0, 2*n), durations: make([]int64, 0, n),
	}
	for len(episodes) > 0 {
		n := 1
		for n < len(episodes) && episodes[n].Instance == episodes[0].Instance {
			n++
		}
		r.add(episodes[:n])
		episodes = episodes[n:]
	}
	return r.finish()
}

func byInstance(a, b Episode) int { return cmp.Compare(a.Instance, b.Instance) }

func byFiring(a, b *Episode) int {
	return cmp.Or(cmp.Compare(a.FiredAt, b.FiredAt), cmp.Compare(a.EndedAt, b.EndedAt))
}
