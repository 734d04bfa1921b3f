package history

// evidence is what is known of the server beside the alert itself.
type evidence struct {
	coverage Coverage
	own      bool  // coverage rests on series other than ALERTS
	step     int64 // between samples of those series, milliseconds
	lastLive int64 // last instant at which the server was seen
	activity *activity
}

// joiner makes episodes of one instance's spells.
type joiner struct {
	evidence
	instance int32
	interval int64
	out      []Episode
	cur      Episode
	last     spell // of the current episode: the one that reaches furthest
	going    bool
}

// join appends the episodes that the spells of one instance, in time order,
// amount to.
func (ev evidence) join(instance int32, interval int64, ss []spell, dst []Episode) []Episode {
	j := joiner{evidence: ev, instance: instance, interval: interval, out: dst}
	for _, s := range ss {
		if j.going && !j.continues(s) {
			j.close(false)
		}
		if !j.going {
			j.open(s)
		}
		if s.firing && j.cur.FiredAt == NoTime {
			j.cur.FiredAt = s.t0
		}
		if s.active == NoTime {
			s.active = j.last.active
		}
		if s.end() >= j.last.end() {
			j.last = s
		}
	}
	if j.going {
		j.close(true)
	}
	return j.out
}

func (j *joiner) open(s spell) {
	e := Episode{Instance: j.instance, ActiveAt: s.t0, FiredAt: NoTime}
	switch {
	case s.active != NoTime:
		// The recorded time is cut to the second; the evaluation that the
		// episode began with has all its digits.
		if s.active < second(s.t0) {
			e.ActiveAt = s.active
		}
		if e.ActiveAt < j.coverage.Window.Start {
			e.Start = StartBeforeWindow
		}
	case s.t0-j.coverage.Window.Start <= maxGap(j.interval) || j.afterGap(s.t0):
		e.Start = StartBeforeWindow
	}
	j.cur, j.last, j.going = e, s, true
}

func (j *joiner) close(final bool) {
	switch {
	case j.last.stale != NoTime:
		j.cur.End, j.cur.EndedAt = EndResolved, j.last.stale
	case final && j.last.t1+maxGap(j.interval) >= j.lastLive:
		j.cur.End, j.cur.EndedAt = EndOpen, j.last.t1
	default:
		j.cur.End, j.cur.EndedAt = EndUnknown, j.last.t1
	}
	j.out = append(j.out, j.cur)
	j.going = false
}

// continues says whether a spell belongs to the current episode.
func (j *joiner) continues(s spell) bool {
	known := j.last.active != NoTime && s.active != NoTime
	ended := j.last.stale != NoTime && s.t0 > j.last.stale
	switch {
	case known && j.last.active == s.active:
		// One ActiveAt is one episode, whatever lies between: failed
		// evaluations, a restart with restored state, a switch between pending
		// and firing in either direction. Only where evaluations are less than
		// a second apart can a new activation share it.
		return !ended || s.active < second(s.t0)
	case j.last.guessed && known && j.restored(s):
		// A first sample later than its ActiveAt is that of a restart, before
		// which a server at work would have written more of an active alert.
		gaps := j.coverage.gapsAfter(j.last.t1)
		idle := len(gaps) > 0 && gaps[0].Start < s.t0 && gaps[0].Start-j.last.t1 > maxGap(j.interval)
		return !idle && j.restarted(s)
	case j.last.stale != NoTime:
		// The marker is an exact end, unless the same evaluation wrote the
		// other state's first sample. A new ActiveAt at that very evaluation is
		// a rule that started over, after exceeding its limit for example.
		return !ended && !known
	case s.t0 <= j.last.t1:
		return true
	case s.t0-j.last.t1 <= maxGap(j.interval):
		return !known
	}
	return j.restarted(s)
}

// restored says whether a spell with an ActiveAt begins well after it, as what
// is written first after a restart does. What is recorded of an ActiveAt is cut
// to the second.
func (j *joiner) restored(s spell) bool { return s.active < second(s.t0)-j.interval/2 }

// restarted says whether the silence between the current episode and s, over
// which ActiveAt changed and no stale marker was written, is to be read as the
// server not evaluating, with the alert active on both sides. A running server
// marks what it no longer sees at the next evaluation that succeeds; without a
// marker either none did before the server stopped, or the rule started over.
//
// After a start the ActiveAt of an alert may be a new one, or shifted
// (rules.Group.RestoreForState), so that it cannot decide; what does is that
// the alert was there again as soon as it could be written.
func (j *joiner) restarted(s spell) bool {
	from := j.last.t1
	// The first sample comes with the third evaluation, unless the expression
	// has to wait for longer, namely for two scrapes.
	settle := max(3*j.interval, 2*j.step+j.interval) + j.interval/2
	fresh := s.active == NoTime || !j.restored(s)
	if j.own || !fresh {
		outage, back := false, int64(0)
		for _, g := range j.coverage.gapsAfter(from) {
			if g.Start >= s.t0 {
				break
			}
			if outage && g.Start-back > settle {
				return false // evaluated in between, and the alert was not there
			}
			outage, back = true, g.End
		}
		if outage {
			return s.t0-back <= settle
		}
	}
	// The server was never seen away. A restart shorter than the evidence can
	// show takes three evaluations all the same.
	if s.active == NoTime || s.t0-from > settle+maxGap(j.interval) {
		return false
	}
	// A first sample later than its ActiveAt is written only after a restore.
	// Else other alerts tell, if there were any.
	return !fresh || !j.activity.between(from+j.interval, s.t0-j.interval)
}

// afterGap says whether t follows a gap in the coverage closely enough for
// whatever is seen at t to have begun within it.
func (j *joiner) afterGap(t int64) bool {
	near := j.coverage.gapsAfter(t - j.interval*7/2 - 1)
	return len(near) > 0 && near[0].End <= t
}
