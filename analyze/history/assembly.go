package history

// An assembly puts episodes together of what a source stored: the spells of
// alerts, and the sightings of the server that evaluated them.
type assembly struct {
	ids    *identities
	window Interval

	alerts    []alertSpells // by identity
	sightings []sighting
	step      int64 // of the series behind sightings
	warnings  []string

	// unmarked says that the source leaves stale markers out, so that what is
	// not there at the next evaluation has ended by then.
	unmarked bool
}

// alertSpells are the spells of one identity.
type alertSpells struct {
	spells   []spell
	interval int64 // of evaluation, milliseconds
}

// maxEvidenceStep bounds what an expression is believed to wait for after a
// restart: longer intervals than the default lookback are not scrapes.
const maxEvidenceStep = 300 * 1000

// see takes a series as evidence of when the server was at work.
func (r *assembly) see(rs runs) {
	var v votes
	v.addRuns(rs)
	step, _ := v.most()
	if step <= 0 {
		step = defaultInterval
	}
	r.step = max(r.step, min(step, maxEvidenceStep))
	var inside runs
	for _, x := range rs {
		if x, ok := clip(x, r.window); ok {
			inside.addRun(x)
		}
	}
	r.sightings = sightings(inside, step, r.sightings)
}

// history puts together what was read. Something is known to have been stored
// from lo to hi, unless hi lies before lo.
func (r *assembly) history(lo, hi int64) *History {
	ev, seen := evidence{own: len(r.sightings) > 0, step: r.step}, r.sightings
	window := r.window
	for _, s := range seen {
		lo, hi = min(lo, s.from), max(hi, s.to)
	}
	spells := 0
	for _, a := range r.alerts {
		spells += len(a.spells)
		for _, s := range a.spells {
			lo, hi = min(lo, s.t0), max(hi, s.end())
		}
	}
	if window.Start == minTime && lo <= hi {
		window.Start = lo
	}
	if window.End == maxTime && lo <= hi {
		window.End = hi + 1
	}
	if lo > hi && (window.Start == minTime || window.End == maxTime) {
		window = Interval{} // nothing says what the data span
	}
	ev.coverage, ev.lastLive = cover(window, seen)
	if len(ev.coverage.Gaps) > 0 {
		// Alerts show the server at work, too; where nothing is missing they
		// need not be looked at.
		for _, a := range r.alerts {
			for _, s := range a.spells {
				if g := ev.coverage.gapsAfter(s.t0); len(g) > 0 && g[0].Start <= s.end() {
					seen = append(seen, sighting{s.t0, s.end(), maxGap(a.interval)})
				}
			}
		}
		ev.coverage, ev.lastLive = cover(window, seen)
	}
	if r.unmarked {
		for _, a := range r.alerts {
			ev.mark(a)
		}
	}
	ev.activity = &activity{alerts: r.alerts}

	h := &History{Knows: KnowsPending, Coverage: ev.coverage, Warnings: r.warnings, Episodes: make([]Episode, 0, spells)}
	for _, id := range r.ids.sorted() {
		a := r.alerts[id]
		if len(a.spells) == 0 {
			continue
		}
		h.Episodes = ev.join(int32(len(h.Instances)), a.interval, a.spells, h.Episodes)
		h.Instances = append(h.Instances, r.ids.labels[id])
	}
	return h
}

// mark ends the spells that just stop at the evaluation that follows their last
// sample, if the server was there to make it: the resolution of a source
// without stale markers. An evaluation that failed looks the same; where
// ActiveAt is the same after it the episode goes on all the same.
func (ev evidence) mark(a alertSpells) {
	for i := range a.spells {
		s := &a.spells[i]
		next := s.t1 + a.interval
		if s.stale != NoTime || next > ev.lastLive {
			continue
		}
		if gaps := ev.coverage.gapsAfter(s.t1); len(gaps) > 0 && gaps[0].Start < next {
			continue
		}
		s.stale, s.guessed = next, true
	}
}
