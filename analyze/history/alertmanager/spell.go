package alertmanager

import (
	"cmp"
	"slices"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

// A spell is what Alertmanager tells of one alert under one start. Times are
// Unix milliseconds, history.NoTime where there is none. Of each line only
// maxima and minima are kept, so that the order of lines does not matter.
type spell struct {
	alert  int32
	before int32 // the spell of the same alert that was met before this one; noSpell: none
	starts int64

	// An alert that fires is sent with the time until which that may be
	// believed. A line with a later time than all before stems from Prometheus
	// sending it again; with the same time, from other peers, or from
	// Alertmanager grouping anew what it has.
	until   int64 // the latest such time
	updated int64 // when it was first told

	said    int64 // when a notification last said that it fires
	ends    int64 // the end that was told last
	endSaid int64 // when
	peers   []timeout
	anew    []int64 // when it was told that fires though it had timed out or resolved, ascending
}

const noSpell = int32(-1)

// A timeout is until when a peer was last told to believe that an alert fires:
// an end at that very time is nobody's word.
type timeout struct {
	peer  int32
	until int64
}

type spellKey struct {
	alert  int32
	starts int64
}

func (s *spell) fires(peer int32, at, until int64) {
	if until > s.until && s.over(at) {
		s.anew = append(s.anew, at)
	}
	switch {
	case until > s.until:
		s.until, s.updated = until, at
	case until == s.until:
		s.updated = min(s.updated, at)
	}
	i := slices.IndexFunc(s.peers, func(t timeout) bool { return t.peer == peer })
	if i < 0 {
		s.peers = append(s.peers, timeout{peer, until})
		return
	}
	s.peers[i].until = max(s.peers[i].until, until)
}

func (s *spell) resolved(peer int32, at, ends int64) {
	if ends == history.NoTime || ends == s.until || slices.Contains(s.peers, timeout{peer, ends}) {
		return // it timed out
	}
	if at > s.endSaid || at == s.endSaid && ends > s.ends {
		s.ends, s.endSaid = ends, at
	}
}

// over reports whether the alert had resolved by then, or timed out.
func (s *spell) over(at int64) bool {
	if s.ends != history.NoTime && s.endSaid >= s.updated {
		return s.ends <= at
	}
	return s.until != history.NoTime && s.until <= at
}

// since is from when on it has fired without a break, at an instant.
func (s *spell) since(at int64) int64 {
	for i := len(s.anew) - 1; i >= 0; i-- {
		if s.anew[i] <= at {
			return s.anew[i]
		}
	}
	return s.starts
}

// An outcome is how a spell, or several that are one episode, went.
type outcome struct {
	alert        int32
	starts, ends int64
	end          history.End
}

// outcome of a spell, in data that end at an instant.
func (s *spell) outcome(last int64) outcome {
	o := outcome{alert: s.alert, starts: s.starts, ends: s.ends}
	if s.ends != history.NoTime && s.endSaid >= s.updated && s.ends != s.until {
		o.ends = max(s.ends, s.starts)
		return o
	}
	seen := s.updated
	if seen == history.NoTime {
		seen = s.said
	}
	o.end, o.ends = history.EndUnknown, max(seen, s.starts)
	if s.until > last {
		o.end = history.EndOpen
	}
	return o
}

// unite makes episodes of the spells: of one alert, those that overlap are one.
// It returns which episode each spell belongs to.
func (b *book) unite() (episodes []outcome, of []int32) {
	order := make([]int32, len(b.spells))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(i, k int32) int {
		x, y := &b.spells[i], &b.spells[k]
		return cmp.Or(cmp.Compare(x.alert, y.alert), cmp.Compare(x.starts, y.starts))
	})
	of = make([]int32, len(b.spells))
	for _, i := range order {
		o := b.spells[i].outcome(b.last)
		if k := len(episodes) - 1; k >= 0 && episodes[k].alert == o.alert && o.starts < episodes[k].ends {
			if o.ends >= episodes[k].ends {
				episodes[k].ends, episodes[k].end = o.ends, o.end
			}
		} else {
			episodes = append(episodes, o)
		}
		of[i] = int32(len(episodes) - 1)
	}
	return episodes, of
}

// in is the episode as a window shows it; ok is false where it lies outside.
func (o outcome) in(w history.Interval) (e history.Episode, ok bool) {
	e = history.Episode{Instance: o.alert, End: o.end, ActiveAt: o.starts, FiredAt: o.starts, EndedAt: o.ends}
	switch {
	case o.starts >= w.End,
		o.end == history.EndResolved && o.ends <= w.Start,
		o.end == history.EndUnknown && o.ends < w.Start:
		return e, false
	}
	if o.starts < w.Start {
		e.Start = history.StartBeforeWindow
	}
	if o.end == history.EndResolved && o.ends > w.End {
		e.End, e.EndedAt = history.EndOpen, w.End-1
	}
	return e, true
}
