package noise

import (
	"math"
	"time"

	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/rules"
)

// forCurve is what other values of `for` would have made of a rule's
// activations. Prometheus fires at the first evaluation at which the condition
// has held for that long, and resolves at the first at which it no longer does,
// so that an activation which lasted no longer than `for` never fires.
//
// Activations count whose beginning was seen and whose end was, or which had
// lasted longer than all that is tried. A rule that keeps firing hides when
// its condition ceased: of one there is no curve.
func (s *study) forCurve(r *rules.Rule, episodes []history.Episode) *Curve {
	if s.Knows&history.KnowsPending == 0 || r.KeepFiringFor > 0 {
		return nil
	}
	ladder := ladderWith(r.For)
	longest := ladder[len(ladder)-1]
	var held []time.Duration
	c := &Curve{Now: r.For}
	for i := range episodes {
		e := &episodes[i]
		lasted := time.Duration(e.EndedAt-e.ActiveAt) * time.Millisecond
		if e.Start != history.StartExact || e.ActiveAt < s.Coverage.Window.Start || e.End != history.EndResolved && lasted <= longest {
			continue
		}
		held = append(held, lasted)
		if lasted > r.For {
			c.Of++
		}
	}
	if c.Of < s.o.CurveLeast {
		return nil
	}
	for _, value := range ladder {
		p := Point{Value: value, CostSeconds: max(0, (value - r.For).Seconds())}
		for _, h := range held {
			if h > value {
				p.Firings++
			}
		}
		p.Spared = c.Of - p.Firings
		p.Ratio, _ = ratio(p.Spared, c.Of)
		c.Points = append(c.Points, p)
	}
	c.Knee = c.knee(s.o.KneeLeast)
	return c
}

// keepCurve is what other values of keep_firing_for would have made of a rule's
// firings: one that begins while an earlier one of its instance would be kept
// is none of its own. Values below that of the rule can't be told.
func (s *study) keepCurve(r *rules.Rule, episodes []history.Episode) *Curve {
	if s.Knows&history.KnowsPending == 0 {
		return nil
	}
	c := &Curve{Now: r.KeepFiringFor}
	for i := range episodes {
		if s.covered.Began(&episodes[i]) {
			c.Of++
		}
	}
	if c.Of < s.o.CurveLeast {
		return nil
	}
	for _, value := range ladderWith(r.KeepFiringFor) {
		if value < r.KeepFiringFor {
			continue
		}
		p := Point{Value: value}
		extra := (value - r.KeepFiringFor).Milliseconds()
		var added int64
		eachInstance(episodes, func(instance []history.Episode) {
			merged, more := s.keep(instance, r.KeepFiringFor.Milliseconds(), extra)
			p.Spared += merged
			added += more
		})
		p.Firings = c.Of - p.Spared
		p.Ratio, _ = ratio(p.Spared, c.Of)
		p.CostSeconds = float64(added) / 1000
		c.Points = append(c.Points, p)
	}
	c.Knee = c.knee(s.o.KneeLeast)
	return c
}

// keep counts the firings of an instance that go on from an earlier one, were
// keep_firing_for longer by some milliseconds than it is now, and the
// milliseconds of firing that this adds within the window. A condition that
// returns meanwhile is kept from there on, be it that it only was pending.
func (s *study) keep(instance []history.Episode, now, extra int64) (merged int, added int64) {
	if extra == 0 {
		return 0, 0
	}
	var (
		ended, until int64 // one that ended is kept until then, if at all
		limit        = s.Coverage.Window.End
	)
	for i := range instance {
		e := &instance[i]
		goesOn := until > ended && e.ActiveAt >= ended && e.ActiveAt <= until &&
			s.covered.Unbroken(history.Interval{Start: ended, End: e.ActiveAt})
		added += max(0, min(until, e.ActiveAt, limit)-ended)
		keeps := extra
		switch {
		case goesOn && e.Fired():
			if s.covered.Began(e) {
				merged++
			}
			added += max(0, min(e.FiredAt, limit)-e.ActiveAt) // it would not have been pending
		case goesOn:
			added += max(0, min(e.EndedAt, limit)-e.ActiveAt)
			keeps += now // it was not kept at all
		}
		if ended, until = e.EndedAt, e.EndedAt; e.End == history.EndResolved && (goesOn || e.Fired()) && ended >= s.Coverage.Window.Start {
			until += keeps
		}
	}
	return merged, added + max(0, min(until, limit)-ended)
}

// ladderWith is ForLadder with one more value in its place.
func ladderWith(value time.Duration) []time.Duration {
	var out []time.Duration
	for _, v := range ForLadder() {
		if value < v && (len(out) == 0 || out[len(out)-1] < value) {
			out = append(out, value)
		}
		out = append(out, v)
	}
	if out[len(out)-1] < value {
		out = append(out, value)
	}
	return out
}

// knee is the point from Now on that lies highest above the straight line from
// Now to the last point, both axes taken from 0 to 1 (Satopää et al., Finding a
// "Kneedle" in a Haystack, 2011); -1 where the last point spares less than the
// least share, or no point lies above the line.
func (c *Curve) knee(least float64) int {
	last := len(c.Points) - 1
	end := c.Points[last]
	if end.Ratio < least || end.Value == c.Now || end.Spared == 0 {
		return -1
	}
	best, height := -1, 1e-9 // less is rounding
	for i, p := range c.Points {
		if p.Value <= c.Now {
			continue
		}
		x := float64(p.Value-c.Now) / float64(end.Value-c.Now)
		if h := float64(p.Spared)/float64(end.Spared) - x; h > height && !math.IsNaN(h) {
			best, height = i, h
		}
	}
	return best
}
