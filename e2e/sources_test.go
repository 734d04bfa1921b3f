package e2e

import (
	"cmp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// A source is one place that crywolf takes history from, and what it must tell.
type source struct {
	name    string
	missing string   // why crywolf cannot read it, "" where it can
	live    bool     // whether a server has to run for it
	args    []string // of crywolf review
	want    func() []Episode
	gap     [2]int64 // the one that coverage must show; none where zero

	// exact to the millisecond where zero, and else to so many
	started, ended int64
	pending        bool // whether the source knows of what never fired
}

// sources is the table. Each row is of the one run.
func sources(b *Bed, truthA, truthB *Truth) []source {
	var (
		ofA = func() []Episode { return truthA.Episodes(b.Script, b.Start.UnixMilli()) }
		ofB = func() []Episode { return truthB.Episodes(b.Script, b.Start.UnixMilli()) }

		dataA, dataB   = b.Path(b.A.Data), b.Path(b.B.Data)
		events, hooked = "alertmanager-events:" + b.Path(b.Events), "webhook:" + b.Path(b.Webhook)
	)
	mimir := source{name: "Mimir, both tenants", missing: unread, live: true, args: []string{"--history", b.Mimir}, want: ofA, gap: truthA.Away, pending: true}
	for _, tenant := range b.Tenants {
		mimir.args = append(mimir.args, "--tenant", tenant)
	}
	if b.Mimir == "" {
		mimir.missing = "NOT TESTED: Mimir. bin/mimir is not there; `make bin/mimir` builds it"
	}
	return []source{
		{name: "TSDB of A", args: []string{"--history", dataA}, want: ofA, gap: truthA.Away, pending: true},
		{name: "TSDB of A, blocks alone", args: []string{"--history", b.Path(b.A.Blocks)}, want: ofA, gap: truthA.Away, pending: true},
		{name: "TSDB of B", args: []string{"--history", dataB}, want: ofB, gap: truthB.Away, pending: true},
		{name: "TSDBs of both", missing: unread, args: []string{"--history", dataA, "--history", dataB}},
		{name: "API of A", missing: unread, live: true, args: []string{"--history", b.A.URL}, want: ofA, gap: truthA.Away, pending: true, ended: evaluation},
		mimir,
		{name: "Alertmanager's event log", missing: unread, args: []string{"--history", events}},
		{name: "webhook log", missing: unread, args: []string{"--history", hooked}},
		{name: "silences of Alertmanager", missing: unread, live: true, args: []string{"--history", dataA, "--history", "alertmanager:" + b.Alertmanager}, want: ofA, gap: truthA.Away, pending: true},
	}
}

// unread is what is missing of a source that has its row already.
const unread = "NOT TESTED: crywolf review cannot read this source yet"

func (s source) check(t *testing.T, b *Bed) {
	if s.missing != "" {
		t.Skip(s.missing)
	}
	if s.live && !b.Running {
		t.Skip("the servers of this record are gone")
	}
	r, got := b.review(t, s.args...)
	require.Equal(t, b.Since.UnixMilli(), r.Window.Start.UnixMilli())
	require.Equal(t, b.Until.UnixMilli(), r.Window.End.UnixMilli())
	require.Zero(t, r.Summary.History.Ambiguous)
	require.Zero(t, r.Summary.History.Foreign)
	if s.gap == [2]int64{} {
		require.Empty(t, r.Coverage.Gaps)
	} else {
		require.Len(t, r.Coverage.Gaps, 1)
		require.InDelta(t, s.gap[0], r.Coverage.Gaps[0].Start.UnixMilli(), evaluation, "the gap begins")
		require.InDelta(t, s.gap[1], r.Coverage.Gaps[0].End.UnixMilli(), evaluation, "the gap ends")
	}

	want := s.want()
	if !s.pending {
		want = slices.DeleteFunc(want, func(e Episode) bool { return e.FiredAt == 0 })
	}
	for _, all := range [][]Episode{got, want} {
		slices.SortFunc(all, func(a, b Episode) int {
			return cmp.Or(cmp.Compare(identity(a.Labels), identity(b.Labels)), cmp.Compare(a.ActiveAt, b.ActiveAt))
		})
	}
	if s.started == 0 && s.ended == 0 {
		require.Equal(t, want, got)
	}
	require.Len(t, got, len(want))
	for i, w := range want {
		g := got[i]
		require.Equal(t, w.Labels, g.Labels)
		require.InDelta(t, w.ActiveAt, g.ActiveAt, float64(s.started), "%v", w)
		require.InDelta(t, w.FiredAt, g.FiredAt, float64(s.started), "%v", w)
		require.InDelta(t, w.EndedAt, g.EndedAt, float64(s.ended), "%v", w)
		require.Equal(t, w.Start, g.Start, "%v", w)
		require.Equal(t, w.End, g.End, "%v", w)
	}

	// What is told of each rule are sums of its episodes.
	sums := map[string][3]int{}
	for _, w := range want {
		n := sums[w.Labels["alertname"]]
		n[0]++
		if w.FiredAt != 0 {
			n[1]++
		} else if w.End == "resolved" {
			n[2]++
		}
		sums[w.Labels["alertname"]] = n
	}
	for _, a := range r.Alerts {
		require.Equal(t, sums[a.Name], [3]int{a.History.Episodes, a.History.Firings, a.History.PendingOnly}, "%s: episodes, firings, pending alone", a.Name)
	}
	require.Equal(t, len(want), r.Summary.History.Episodes)
}
