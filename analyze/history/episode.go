// Package history reads what alerts did: episodes, whoever recorded them.
package history

import (
	"iter"

	"github.com/prometheus/prometheus/model/labels"
)

// Start says how much is known of an episode's beginning.
type Start uint8

const (
	StartExact        Start = iota // seen to begin
	StartBeforeWindow              // already going on when the data begin; ActiveAt is still exact where recorded
)

// End says how an episode ended.
type End uint8

const (
	EndResolved End = iota // the alert resolved; EndedAt is exact
	EndOpen                // still going on when the window or the data end
	EndUnknown             // the data stop without saying: the end lies at or after EndedAt
)

// NoTime marks a time that never came: FiredAt of an episode that stayed pending.
const NoTime int64 = -1 << 63

// An Episode is one activation of one alert instance, from the first
// evaluation at which its expression held to its end. All times are Unix
// milliseconds.
type Episode struct {
	Instance int32 // index into History.Instances
	Start    Start
	End      End
	ActiveAt int64 // when the condition began to hold
	FiredAt  int64 // NoTime where it never fired
	EndedAt  int64 // resolved: the first evaluation at which it was gone; else the last sample seen
}

// Fired reports whether the episode got past pending.
func (e Episode) Fired() bool { return e.FiredAt != NoTime }

// An Interval is a span of time in Unix milliseconds, end exclusive.
type Interval struct{ Start, End int64 }

// Coverage says where in the window data were there at all: where Prometheus
// was not seen to be evaluating, silence says nothing.
type Coverage struct {
	Window Interval
	Gaps   []Interval // disjoint, in order
}

// A History is what a source tells of a window.
type History struct {
	Instances []labels.Labels // alert identities: ALERTS labels less __name__ and alertstate
	Episodes  []Episode       // ordered by Instance, then ActiveAt
	Coverage  Coverage
	Probed    []bool   // for each probe asked for: whether a series that matches it exists in the window
	Warnings  []string // what could not be read, and why the rest is still worth having

	Knows         Knows
	Origins       []Origin          // where Instances come from, in their order; none: all from one
	Notifications []Notification    // ordered by At
	Mutes         []Mute            // ordered by Instance, then Start
	Responses     []Response        // ordered by TriggeredAt
	Silences      []StandingSilence // those of when the source was asked, ordered by StartsAt
}

// An Origin is a source of instances. What all of its instances have in common
// may have been attached by it.
type Origin struct {
	End int32 // the instances up to this index are its own, from where those of the one before end
}

// origins yields where instances come from, with the index of their first.
func (h *History) origins() iter.Seq2[int32, Origin] {
	return func(yield func(int32, Origin) bool) {
		from := int32(0)
		for _, o := range h.Origins {
			if !yield(from, o) {
				return
			}
			from = o.End
		}
		if n := int32(len(h.Instances)); from < n {
			yield(from, Origin{End: n})
		}
	}
}
