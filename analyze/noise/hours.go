package noise

import "time"

// A Band says what an hour is to the person on call.
type Band uint8

const (
	Business Band = iota // working hours
	Off                  // neither at work nor asleep
	Sleep                // at night; before Business, where the two overlap
)

// Bands is how many there are.
const Bands = 3

func (b Band) String() string { return [Bands]string{"business", "off", "sleep"}[b] }

// A Span is a part of the day by the clock on the wall, the end exclusive, both
// counted from midnight. One that ends before it begins goes on past midnight;
// one that ends as it begins is empty.
type Span struct{ From, To time.Duration }

// Hours say when people work and sleep, by the clock of one place. The same
// instant is always in the same band, and a day on which clocks change is as
// long as it is.
type Hours struct {
	Location   *time.Location // nil: UTC
	Business   [7]Span        // by time.Weekday; Sunday is 0
	Sleep      [7]Span        // by the weekday on which the night begins
	ShiftStart time.Duration  // since midnight, under twelve hours; a shift begins then and another twelve hours later
}

// DefaultHours are those of somebody who works from nine to six from Monday to
// Friday and sleeps from ten to seven, in UTC. They are in the manner of the
// bands that PagerDuty's analytics tell interruptions by.
func DefaultHours() Hours {
	h := Hours{ShiftStart: 8 * time.Hour}
	for d := time.Monday; d <= time.Friday; d++ {
		h.Business[d] = Span{9 * time.Hour, 18 * time.Hour}
	}
	for d := range h.Sleep {
		h.Sleep[d] = Span{22 * time.Hour, 7 * time.Hour}
	}
	return h
}

// Band of an instant, in Unix milliseconds.
func (h Hours) Band(at int64) Band { return h.bandOf(h.local(at)) }

func (h *Hours) bandOf(t time.Time) Band {
	day, clock := t.Weekday(), sinceMidnight(t)
	switch {
	case h.Sleep[day].holds(clock), h.Sleep[before(day)].holdsAfterMidnight(clock):
		return Sleep
	case h.Business[day].holds(clock), h.Business[before(day)].holdsAfterMidnight(clock):
		return Business
	}
	return Off
}

func (h *Hours) local(at int64) time.Time { return time.UnixMilli(at).In(h.location()) }

func (h *Hours) location() *time.Location {
	if h.Location == nil {
		return time.UTC
	}
	return h.Location
}

func before(d time.Weekday) time.Weekday { return (d + 6) % 7 }

func sinceMidnight(t time.Time) time.Duration {
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute +
		time.Duration(t.Second())*time.Second + time.Duration(t.Nanosecond())
}

// holds reports whether a time lies in the span on the day that it begins.
func (s Span) holds(clock time.Duration) bool {
	return clock >= s.From && (clock < s.To || s.To < s.From)
}

// holdsAfterMidnight reports whether a time lies in what of the span is on the
// day after.
func (s Span) holdsAfterMidnight(clock time.Duration) bool {
	return s.To < s.From && clock < s.To
}
