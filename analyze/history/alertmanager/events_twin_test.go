package alertmanager

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/alertmanager/silence/silencepb"
	"github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

// A script is what happens to alerts, silences and servers, in evaluations of 15
// seconds.
type script struct {
	steps    int
	alerts   []scripted
	silences []scriptedSilence
	down     map[string][]history.Interval // Alertmanagers, by name; Start killed where odd
	unsent   []history.Interval            // Prometheus is away
	late     *rand.Rand
}

type scripted struct {
	labels model.LabelSet
	lives  []history.Interval // of steps
}

type scriptedSilence struct {
	at, until int
	name      string
}

const evaluation = 15 * time.Second

func randomScript(r *rand.Rand, peers int) script {
	s := script{steps: 60 * 4 * 3, late: r, down: map[string][]history.Interval{}}
	names := []struct {
		name string
		page bool
	}{{"CartSlow", true}, {"CartSlow", false}, {"ZoneDown", false}, {"DiskFull", false}, {"QueueStuck", true}}
	for _, n := range names {
		for _, zone := range []string{"x", "y"} {
			a := scripted{labels: model.LabelSet{"alertname": model.LabelValue(n.name), "zone": model.LabelValue(zone), "n": model.LabelValue(fmt.Sprint(n.page))}}
			if n.page {
				a.labels["severity"] = "page"
			}
			for at := 1 + r.Int64N(200); at < int64(s.steps); {
				l := history.Interval{Start: at, End: at + 1 + r.Int64N([]int64{8, 40, 300}[r.IntN(3)])}
				a.lives = append(a.lives, l)
				at = l.End + 1 + r.Int64N([]int64{4, 60, 200}[r.IntN(3)])
			}
			s.alerts = append(s.alerts, a)
		}
	}
	for _, name := range []string{"DiskFull", "QueueStuck"} {
		at := r.IntN(200)
		s.silences = append(s.silences, scriptedSilence{at, at + 4 + r.IntN(400), name})
	}
	for i := range peers {
		if r.IntN(3) == 0 {
			continue
		}
		at := int64(100 + r.IntN(500))
		name := string(rune('a' + i))
		s.down[name] = append(s.down[name], history.Interval{Start: at, End: at + 1 + r.Int64N([]int64{4, 100}[r.IntN(2)])})
	}
	if r.IntN(2) == 0 {
		at := int64(100 + r.IntN(500))
		s.unsent = append(s.unsent, history.Interval{Start: at, End: at + 1 + r.Int64N(40)})
	}
	return s
}

func during(is []history.Interval, step int64) bool {
	return slices.ContainsFunc(is, func(i history.Interval) bool { return i.Start <= step && step < i.End })
}

// play runs the script on a cluster. What it returns of episodes follows from
// what was sent alone.
func (s *script) play(c *cluster) map[string][]history.Episode {
	type state struct {
		resolved   int64 // step; 0 while it fires
		sent       int64 // step at which it was sent last
		starts     int64 // ms
		first      int64 // ms at which it was sent first
		heard      int64 // ms at which a peer was last told that it fires
		until      int64
		ends       int64
		told, over bool
	}
	states := map[string][]*state{}
	ms := func(step int64, begin time.Time) int64 {
		return begin.Add(time.Duration(step) * evaluation).UnixMilli()
	}
	begin := time.Now()
	for _, p := range c.peers {
		p.start()
	}
	for step := int64(0); step < int64(s.steps); step++ {
		late := time.Duration(1+s.late.IntN(3000)) * time.Millisecond // not to meet flushes
		time.Sleep(late)
		for _, p := range c.peers {
			for _, d := range s.down[p.name] {
				if step == d.Start {
					p.stop(d.Start%2 == 1)
				}
				if step == d.End {
					p.start()
				}
			}
		}
		for _, sil := range s.silences {
			if int64(sil.at) == step {
				require.NoError(c.t, c.silences.Set(context.Background(), &silencepb.Silence{
					MatcherSets: []*silencepb.MatcherSet{{Matchers: []*silencepb.Matcher{{Type: silencepb.Matcher_EQUAL, Name: "alertname", Pattern: sil.name}}}},
					StartsAt:    timestamppb.Now(), EndsAt: timestamppb.New(time.Now().Add(time.Duration(sil.until-sil.at) * evaluation)), CreatedBy: "someone", Comment: "why",
				}))
			}
		}
		for _, a := range s.alerts {
			key := a.labels.String()
			for _, l := range a.lives {
				// Prometheus knows of lives that reach into a time in which it was
				// there, and of resolutions that happened in one.
				away := during(s.unsent, step)
				all := states[key]
				var st *state
				if k := len(all) - 1; k >= 0 && all[k].starts == ms(l.Start, begin) {
					st = all[k]
				}
				if away || step < l.Start {
					continue
				}
				if st == nil {
					if step >= l.End {
						continue // it was over before anything was sent
					}
					st = &state{starts: ms(l.Start, begin), sent: -100}
					states[key] = append(all, st)
				}
				if step >= l.End && st.resolved == 0 {
					st.resolved = l.End
					st.sent = -100
					if during(s.unsent, l.End) {
						st.over = true // it was gone when Prometheus came back
					}
				}
				if st.over || st.resolved != 0 && step > st.resolved+60 || step < st.sent+4 {
					continue
				}
				if k := slices.Index(states[key], st); k < len(states[key])-1 {
					continue
				}
				if st.resolved != 0 && slices.ContainsFunc(a.lives, func(o history.Interval) bool { return o.Start > l.Start && o.Start <= step }) {
					continue
				}
				st.sent = step
				m := model.Alert{Labels: a.labels, StartsAt: time.UnixMilli(st.starts), EndsAt: time.UnixMilli(ms(step, begin)).Add(4 * time.Minute)}
				if st.resolved != 0 {
					m.EndsAt = time.UnixMilli(ms(st.resolved, begin))
				}
				for _, p := range c.peers {
					if p.alerts == nil {
						continue
					}
					p.put(m)
					if !st.told {
						st.first = time.Now().UnixMilli()
					}
					st.told = true
					if st.resolved != 0 {
						st.ends = m.EndsAt.UnixMilli()
					} else {
						st.heard, st.until = time.Now().UnixMilli(), m.EndsAt.UnixMilli()
					}
				}
			}
		}
		time.Sleep(evaluation - late)
	}
	for _, p := range c.peers {
		if p.alerts != nil {
			p.stop(false)
		}
	}
	out := map[string][]history.Episode{}
	for key, all := range states {
		for i, st := range all {
			if !st.told {
				continue
			}
			if i > 0 && all[i-1].told && all[i-1].ends == 0 && st.starts < all[i-1].until && slices.ContainsFunc(c.peers, func(p *peer) bool {
				changed := func(at int64) bool { return at > all[i-1].heard && at <= st.first }
				return p.upAt(st.first) && !p.forgets(all[i-1].until, st.first) && !slices.ContainsFunc(p.starts, changed) && !slices.ContainsFunc(p.stops, changed)
			}) {
				// To Alertmanager this is the one before.
				one := &out[key][len(out[key])-1]
				one.End, one.EndedAt = history.EndResolved, st.ends
				if st.ends == 0 {
					one.End, one.EndedAt = history.EndUnknown, st.heard
				}
				continue
			}
			e := history.Episode{ActiveAt: st.starts, FiredAt: st.starts, EndedAt: st.ends}
			if st.ends == 0 {
				e.End, e.EndedAt = history.EndUnknown, st.heard
				if st.until > time.Now().UnixMilli() {
					e.End = history.EndOpen
				}
			}
			out[key] = append(out[key], e)
		}
	}
	return out
}

func TestEventsAgainstAlertmanager(t *testing.T) {
	for seed := range uint64(8) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 34))
			peers := 1 + r.IntN(2)
			s := randomScript(r, peers)
			var c *cluster
			chances := rand.New(rand.NewPCG(r.Uint64(), 1))
			var chance sync.Mutex // deliveries go on at the same time
			fails := func() bool {
				chance.Lock()
				defer chance.Unlock()
				return chances.IntN(8) == 0
			}
			var want map[string][]history.Episode
			paths := recording(t, func() {
				synctest.Test(t, func(t *testing.T) {
					c = newCluster(t, peers, fails)
					want = s.play(c)
				})
			})
			h, err := ReadEvents(t.Context(), paths, history.ReadOptions{})
			require.NoError(t, err)
			require.Empty(t, h.Warnings)
			again, err := ReadEvents(t.Context(), rotated(t, r, paths), history.ReadOptions{})
			require.NoError(t, err)
			compareRotated(t, h, again)
			compareEpisodes(t, h, want)
			compareNotifications(t, h, c)
			compareMutes(t, h, c, want)
			compareWebhooks(t, h, c)
		})
	}
}

// compareRotated holds what logs tell against what their parts tell in another
// order: all the same but for the ends of mutes, which are as fine as flushes
// are. The parts of two peers are not read in the order of time, and whether an
// alert had ended when it was kept back is asked of what was read by then.
func compareRotated(t *testing.T, want, got *history.History) {
	t.Helper()
	require.Len(t, got.Mutes, len(want.Mutes))
	const flush = 5 * 60 * 1000
	for i, m := range want.Mutes {
		require.InDelta(t, m.Start, got.Mutes[i].Start, flush)
		require.InDelta(t, m.End, got.Mutes[i].End, flush)
		got.Mutes[i].Interval = m.Interval
	}
	require.Equal(t, want, got)
}

// rotated are logs cut into parts, some of them zipped and one given twice, in
// any order.
func rotated(t *testing.T, r *rand.Rand, paths []string) []string {
	dir := t.TempDir()
	var out []string
	for _, path := range paths {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		lines := strings.SplitAfter(string(text), "\n")
		cut := r.IntN(len(lines))
		for i, part := range [][]string{lines[cut:], lines[:cut], lines[cut:]} {
			name := filepath.Join(dir, fmt.Sprint(len(out)))
			out = append(out, name)
			data := []byte(strings.Join(part, ""))
			if i == 1 {
				var b bytes.Buffer
				z := gzip.NewWriter(&b)
				_, err := z.Write(data)
				require.NoError(t, err)
				require.NoError(t, z.Close())
				data = b.Bytes()
			}
			require.NoError(t, os.WriteFile(name, data, 0o644))
		}
	}
	r.Shuffle(len(out), func(i, k int) { out[i], out[k] = out[k], out[i] })
	return out
}

func nameOf(h *history.History, instance int32) string {
	set := model.LabelSet{}
	for name, value := range h.Instances[instance].Map() {
		set[model.LabelName(name)] = model.LabelValue(value)
	}
	return set.String()
}

func compareEpisodes(t *testing.T, h *history.History, want map[string][]history.Episode) {
	got := map[string][]history.Episode{}
	for _, e := range h.Episodes {
		name := nameOf(h, e.Instance)
		e.Instance, e.Start = 0, history.StartExact
		got[name] = append(got[name], e)
	}
	for name := range want {
		require.Equal(t, want[name], got[name], name)
	}
	require.Len(t, got, len(want))
}

func compareNotifications(t *testing.T, h *history.History, c *cluster) {
	sort := func(in []string) []string { slices.Sort(in); return in }
	type flat struct {
		At                      int64
		Group, Receiver         string
		Index                   int
		Reason                  history.Reason
		Firing, Resolved, Fresh []string
	}
	last := map[string][]alertLife{}
	var want, got []flat
	slices.SortStableFunc(c.sent, func(a, b sent) int { return cmp.Compare(a.at, b.at) })
	for _, s := range c.sent {
		f := flat{At: s.at, Group: s.group, Receiver: s.receiver, Index: int(s.integration[0] - '0'), Reason: s.reason}
		to := s.group + s.receiver + s.integration
		for _, l := range s.firing {
			f.Firing = append(f.Firing, l.labels)
			if !slices.Contains(last[to], l) {
				f.Fresh = append(f.Fresh, l.labels)
			}
		}
		for _, l := range s.resolved {
			f.Resolved = append(f.Resolved, l.labels)
		}
		last[to] = s.firing
		f.Firing, f.Resolved, f.Fresh = sort(f.Firing), sort(f.Resolved), sort(f.Fresh)
		want = append(want, f)
	}
	names := func(in []int32) (out []string) {
		for _, i := range in {
			out = append(out, nameOf(h, i))
		}
		return sort(out)
	}
	for _, n := range h.Notifications {
		got = append(got, flat{n.At, n.Group, n.Receiver, n.Index, n.Reason, names(n.Firing), names(n.Resolved), names(n.Fresh)})
	}
	order := func(a, b flat) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Group, b.Group), cmp.Compare(a.Receiver, b.Receiver), cmp.Compare(a.Index, b.Index))
	}
	slices.SortStableFunc(want, order)
	slices.SortStableFunc(got, order)
	require.Equal(t, want, got)
}
