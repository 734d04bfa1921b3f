package noise

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/rules"
)

// tell adds what Alertmanager and a pager know, at random.
func (w *world) tell() {
	h := w.review.History
	h.Knows |= history.KnowsNotifications | history.KnowsMutes | history.KnowsResponses | history.KnowsSilences
	pick := func(n int) []int32 {
		var out []int32
		for range w.rnd.IntN(n) {
			out = append(out, int32(w.rnd.IntN(len(h.Instances))))
		}
		slices.Sort(out)
		return slices.Compact(out)
	}
	length := h.Coverage.Window.End - start
	at := func() int64 { return start - hour + w.rnd.Int64N(length/minute+120)*minute }
	for range 300 {
		n := history.Notification{
			At: at(), Group: fmt.Sprint("g", w.rnd.IntN(6)), Receiver: fmt.Sprint("r", w.rnd.IntN(3)),
			Reason: history.Reason(w.rnd.IntN(6)), Firing: pick(5), Resolved: pick(4),
		}
		n.Fresh = slices.DeleteFunc(slices.Clone(n.Firing), func(int32) bool { return w.rnd.IntN(2) == 0 })
		h.Notifications = append(h.Notifications, n)
	}
	slices.SortStableFunc(h.Notifications, func(a, b history.Notification) int { return int(a.At/minute - b.At/minute) })
	for range 80 {
		r := history.Response{
			TriggeredAt: at(), AckedAt: history.NoTime, ResolvedAt: history.NoTime, Escalated: w.rnd.IntN(4) == 0,
			AckedBy: history.Actor(w.rnd.IntN(3)), ResolvedBy: history.Actor(w.rnd.IntN(3)),
		}
		if w.rnd.IntN(2) == 0 {
			r.Group = fmt.Sprint("g", w.rnd.IntN(6))
		}
		if w.rnd.IntN(4) == 0 {
			r.Instances = pick(3)
		}
		if r.AckedBy != history.Nobody {
			r.AckedAt = r.TriggeredAt + w.rnd.Int64N(50)*minute
		}
		if w.rnd.IntN(3) > 0 {
			r.ResolvedAt = r.TriggeredAt + w.rnd.Int64N(900)*minute
		}
		h.Responses = append(h.Responses, r)
	}
	for i := range h.Instances {
		for range w.rnd.IntN(3) {
			from := at()
			h.Mutes = append(h.Mutes, history.Mute{Instance: int32(i), Kind: history.MuteKind(w.rnd.IntN(2)), Interval: history.Interval{Start: from, End: from + w.rnd.Int64N(2000)*minute}})
		}
	}
}

func TestNoticesTwin(t *testing.T) {
	for seed := range uint64(10) {
		w := randomWorld(t, seed, 4, 4, 10)
		w.tell()
		h := w.review.History
		o := Defaults()
		o.StormLeast = 2
		n := w.study(o)
		for i, r := range w.rules {
			is := func(instance int32) bool { k, ok := w.review.Rule(instance); return ok && k == i }
			var want Notices
			inStorms := 0
			perReceiver := map[string]*ReceiverNotice{}
			for _, m := range h.Notifications {
				if m.At < start || m.At >= h.Coverage.Window.End || !slices.ContainsFunc(slices.Concat(m.Firing, m.Resolved), is) {
					continue
				}
				if perReceiver[m.Receiver] == nil {
					perReceiver[m.Receiver] = &ReceiverNotice{Receiver: m.Receiver}
				}
				of := perReceiver[m.Receiver]
				want.Sent++
				of.Sent++
				firing := slices.ContainsFunc(m.Firing, is)
				if !firing {
					want.Resolved++
				}
				if m.Reason == history.ReasonUnknown {
					want.Unknown++
				}
				if m.Reason == history.ReasonRepeat && firing {
					want.Repeats++
					of.Repeats++
				}
				if (m.Reason.Pages() || m.Reason == history.ReasonUnknown) && slices.ContainsFunc(m.Fresh, is) {
					want.Pages++
					of.Pages++
					if slices.ContainsFunc(n.Profile(r).Storms.Times, func(s history.Interval) bool { return s.Start <= m.At && m.At <= s.End+5*minute }) {
						inStorms++
					}
				}
			}
			got := n.Profile(r).Notices
			require.Equal(t, want.Pages, got.Hours.Total())
			require.Equal(t, inStorms, n.Profile(r).Storms.Pages)
			want.Hours = got.Hours
			for _, name := range []string{"r0", "r1", "r2"} {
				if perReceiver[name] != nil {
					want.Receivers = append(want.Receivers, *perReceiver[name])
				}
			}
			require.Equal(t, &want, got)
		}
	}
}

func TestAnswersTwin(t *testing.T) {
	o := Defaults()
	for seed := range uint64(10) {
		w := randomWorld(t, seed, 4, 4, 10)
		w.tell()
		h := w.review.History
		n := w.study(o)
		for i, r := range w.rules {
			is := func(instance int32) bool { k, ok := w.review.Rule(instance); return ok && k == i }
			var want Answers
			var acks []float64
			for _, a := range h.Responses {
				about := slices.ContainsFunc(a.Instances, is)
				for _, m := range h.Notifications {
					about = about || len(a.Instances) == 0 && a.Group != "" && m.Group == a.Group && m.At >= a.TriggeredAt-o.AckSkew.Milliseconds() &&
						(a.ResolvedAt == history.NoTime || m.At <= a.ResolvedAt) && slices.ContainsFunc(m.Firing, is)
				}
				if !about || a.TriggeredAt < start || a.TriggeredAt >= h.Coverage.Window.End {
					continue
				}
				want.Incidents++
				if a.Escalated {
					want.Escalated++
				}
				if a.AckedBy == history.Person {
					want.Acked++
					acks = append(acks, float64(a.AckedAt-a.TriggeredAt)/1000)
				} else if a.ResolvedAt == history.NoTime {
					want.Open++
				} else if a.ResolvedBy == history.Machine {
					want.Unseen++
				}
			}
			slices.Sort(acks)
			if k := len(acks); k > 0 {
				want.MedianAckSeconds = (acks[(k-1)/2] + acks[k/2]) / 2
			}
			got := n.Profile(r).Answers
			require.Equal(t, want, *got)
		}
	}
}

func TestMutedTwin(t *testing.T) {
	for seed := range uint64(10) {
		w := randomWorld(t, seed, 3, 4, 6)
		w.tell()
		h := w.review.History
		n := w.study(Defaults())
		covered := w.review.Coverage.Covered()
		in := func(at int64, is ...history.Interval) bool {
			return slices.ContainsFunc(is, func(i history.Interval) bool { return i.Start <= at && at < i.End })
		}
		for i, r := range w.rules {
			var want Muted
			for instance := range h.Instances {
				if k, ok := w.review.Rule(int32(instance)); !ok || k != i {
					continue
				}
				for at := start; at < h.Coverage.Window.End; at += minute {
					firing := slices.ContainsFunc(h.Episodes, func(e history.Episode) bool {
						return int(e.Instance) == instance && e.Fired() && e.FiredAt <= at && at < e.EndedAt
					})
					if !firing || !in(at, covered...) {
						continue
					}
					want.FiringSeconds += 60
					kept := func(kind history.MuteKind) bool {
						return slices.ContainsFunc(h.Mutes, func(m history.Mute) bool {
							return int(m.Instance) == instance && m.Kind == kind && in(at, m.Interval)
						})
					}
					if kept(history.Silenced) {
						want.SilencedSeconds += 60
					}
					if kept(history.Inhibited) {
						want.InhibitedSeconds += 60
					}
				}
			}
			require.Equal(t, &want, n.Profile(r).Muted)
		}
	}
}

// Alertmanager knows instances with labels that the server attaches when it
// sends them.
func TestMutedByExternalLabels(t *testing.T) {
	r := alertWith(t, "")
	h := &history.History{Knows: history.KnowsMutes, Episodes: []history.Episode{{Instance: 0, ActiveAt: start, FiredAt: start, EndedAt: start + hour}},
		Instances: []labels.Labels{labels.FromStrings("alertname", "R0", "pod", "a"), labels.FromStrings("alertname", "R0", "cluster", "eu", "pod", "a")},
		Mutes:     []history.Mute{{Instance: 1, Kind: history.Silenced, Interval: history.Interval{Start: start, End: start + hour/2}}},
	}
	h.Coverage.Window = history.Interval{Start: start, End: start + day}
	m := Study(history.NewReview([]*rules.Rule{r}, h, nil), []*rules.Rule{r}, never, Defaults()).Profile(r).Muted
	require.Equal(t, &Muted{FiringSeconds: 3600, SilencedSeconds: 1800}, m)
}

func TestSilencesTwin(t *testing.T) {
	for seed := range uint64(10) {
		w := randomWorld(t, seed, 4, 4, 10)
		h := w.review.History
		h.Knows |= history.KnowsSilences
		end := h.Coverage.Window.End
		rnd := rand.New(rand.NewPCG(seed, 3))
		for i := range 30 {
			s := history.StandingSilence{ID: fmt.Sprint(i), CreatedBy: fmt.Sprint("p", rnd.IntN(2)), StartsAt: end - rnd.Int64N(120)*day + hour, EndsAt: end + rnd.Int64N(5)*day - day}
			for range 1 + rnd.IntN(2) {
				kind, name := labels.MatchType(rnd.IntN(4)), []string{"alertname", "instance", "team"}[rnd.IntN(3)]
				s.Matchers = append(s.Matchers, labels.MustNewMatcher(kind, name, []string{"R1", "i2", "R.", ""}[rnd.IntN(4)]))
			}
			h.Silences = append(h.Silences, s)
		}
		n := w.study(Defaults())
		c := w.review.Coverage.Covering()
		k := 0
		for _, s := range h.Silences {
			if s.EndsAt <= end || s.StartsAt > end {
				continue
			}
			got := n.Silences[k]
			k++
			require.Equal(t, s.ID, got.ID)
			firings := 0
			hit := map[*rules.Rule]bool{}
			for _, e := range h.Episodes {
				f := c.Firing(&e)
				all := f.Start < f.End
				for _, m := range s.Matchers {
					all = all && m.Matches(h.Instances[e.Instance].Get(m.Name))
				}
				if all {
					firings++
					i, _ := w.review.Rule(e.Instance)
					hit[w.rules[i]] = true
				}
			}
			require.Equal(t, firings, got.Firings)
			require.Equal(t, firings == 0, got.Idle)
			require.Equal(t, end-s.StartsAt >= 60*day, got.Old)
			require.Len(t, got.Rules, len(hit))
			for _, r := range got.Rules {
				require.True(t, hit[r])
				require.Contains(t, n.Profile(r).Silences, k-1)
			}
			same := 0
			for _, o := range h.Silences {
				words := func(s history.StandingSilence) (out []string) {
					for _, m := range s.Matchers {
						out = append(out, m.String())
					}
					slices.Sort(out)
					return append(out, s.CreatedBy)
				}
				if slices.Equal(words(o), words(s)) {
					same++
				}
			}
			require.Equal(t, same, got.Recreated)
		}
		require.Len(t, n.Silences, k)
	}
}

// Of what nothing is known there is nothing, which is something else than none.
func TestNothingKnown(t *testing.T) {
	r := alertWith(t, "")
	p := Study(reviewOf(r, 0, nil), []*rules.Rule{r}, never, Defaults()).Profile(r)
	require.Nil(t, p.Notices)
	require.Nil(t, p.Answers)
	require.Nil(t, p.Muted)
	n := Study(reviewOf(r, history.KnowsNotifications|history.KnowsResponses|history.KnowsMutes, nil), []*rules.Rule{r}, never, Defaults())
	p = n.Profile(r)
	require.Equal(t, &Notices{}, p.Notices)
	require.Equal(t, &Answers{}, p.Answers)
	require.Equal(t, &Muted{}, p.Muted)
	require.Equal(t, &Notices{}, n.Notices)
	require.Empty(t, n.Rules)

	h := &history.History{}
	n = Study(history.NewReview([]*rules.Rule{r}, h, nil), []*rules.Rule{r}, never, Options{})
	require.Zero(t, n.CoveredSeconds)
	require.Empty(t, n.Load.Shifts)
}

// Incidents are those of pages where somebody saw what was sent, be it that the
// reasons are not known.
func TestLoadOfPages(t *testing.T) {
	r := alertWith(t, "")
	review := reviewOf(r, history.KnowsNotifications, []history.Episode{{ActiveAt: start + hour, FiredAt: start + hour, EndedAt: start + 50*hour}})
	for i := range int64(6) {
		n := history.Notification{At: start + hour + i*20*minute, Group: "g", Receiver: "r", Firing: []int32{0}}
		if i%2 == 0 {
			n.Fresh = n.Firing
		}
		review.Notifications = append(review.Notifications, n)
	}
	wakes := func(*rules.Rule) bool { return true }
	l := Study(review, []*rules.Rule{r}, wakes, Defaults()).Load
	require.True(t, l.FromPages)
	require.Equal(t, 3, l.Incidents)
	require.Equal(t, 1, l.Over)
	require.Equal(t, 3, l.MaxIncidents)
}
