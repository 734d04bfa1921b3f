package e2e

import (
	"cmp"
	"fmt"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A source is one place that crywolf takes history from, and what it must tell.
type source struct {
	name    string
	missing string   // why crywolf cannot read it, "" where it can
	live    bool     // whether a server has to run for it
	args    []string // of crywolf review
	want    []Episode
	gap     [2]int64 // the one that coverage must show; none where zero
	quiet   int64    // for how long the source may have nothing to tell, which it shows as gaps at both ends of the window
	added   []string // labels that come with the source, and are none of Prometheus's own

	// How far off times may be, in milliseconds. Zero: not at all.
	started, ended int64

	notices, mutes bool // whether the source knows what was sent, and what was kept back
}

// sources is the table. Each row is of the one run.
func sources(t *testing.T, b *Bed, truthA, truthB *Truth) []source {
	var (
		ofA  = truthA.Episodes(b.Script, b.Start.UnixMilli())
		ofB  = truthB.Episodes(b.Script, b.Start.UnixMilli())
		both = b.pair(truthA, truthB)
		sent = b.sent(truthA, truthB)

		dataA, dataB = b.Path(b.A.Data), b.Path(b.B.Data)
		mimir        = []string{"--history", b.Mimir}
		noMimir      = ""
		withoutRead  = ""
	)
	for _, tenant := range b.Tenants {
		mimir = append(mimir, "--tenant", tenant)
	}
	if b.Mimir == "" {
		noMimir = "NOT TESTED: Mimir. bin/mimir is not there; `make bin/mimir` builds it"
	}
	if b.Running {
		withoutRead = withoutRemoteRead(t, b.A.URL)
	}
	return []source{
		{name: "TSDB of A", args: []string{"--history", dataA}, want: ofA, gap: truthA.Away},
		{name: "TSDB of A, blocks alone", args: []string{"--history", b.Path(b.A.Blocks)}, want: ofA, gap: truthA.Away},
		{name: "TSDB of B", args: []string{"--history", dataB}, want: ofB, gap: truthB.Away},
		{
			name: "TSDBs of both",
			args: []string{"--history", dataA, "--history", dataB}, want: both,
		},
		{
			name: "API of A", live: true,
			args: []string{"--history", b.A.URL}, want: ofA, gap: truthA.Away, added: []string{b.External, "replica"},
		},
		{ // samples without stale markers
			name: "API of A, without remote read", live: true,
			args: []string{"--history", withoutRead}, want: ofA, gap: truthA.Away, ended: evaluation,
		},
		{
			name: "APIs of both", live: true,
			args: []string{"--history", b.A.URL, "--history", b.B.URL, "--replica-label", "replica"}, want: both, added: []string{b.External},
		},
		{
			name: "Mimir, both tenants", missing: noMimir, live: true,
			args: mimir, want: ofA, gap: truthA.Away, added: []string{b.External},
		},
		// What an Alertmanager heard first may be the word of either. After a
		// restart alerts are sent two evaluations before they are written.
		{
			name: "Alertmanager's event log", started: 3 * evaluation, ended: 2 * evaluation,
			args: []string{"--history", "alertmanager-events:" + b.Path(b.Events)}, want: sent, added: []string{b.External},
			gap: b.restarted(t), quiet: 7 * evaluation, notices: true, mutes: true,
		},
		{
			name: "webhook log", started: 3 * evaluation, ended: 2 * evaluation,
			args: []string{"--history", "webhook:" + b.Path(b.Webhook)}, want: b.told(messagesOf(t, b.Path(b.Webhook))), added: []string{b.External},
			quiet: 20 * evaluation, notices: true,
		},
		{
			name: "TSDBs of both, event log", args: []string{"--history", dataA, "--history", dataB, "--history", "alertmanager-events:" + b.Path(b.Events)},
			want: both, notices: true, mutes: true,
		},
		{
			name: "TSDBs of both, webhook log", args: []string{"--history", dataA, "--history", dataB, "--history", "webhook:" + b.Path(b.Webhook)},
			want: both, notices: true,
		},
		{
			name: "silences of Alertmanager", live: true,
			args: []string{"--history", dataA, "--history", "alertmanager:" + b.Alertmanager}, want: ofA, gap: truthA.Away,
		},
	}
}

// withoutRemoteRead is a server that passes on all but remote reads, as what
// stands before a Prometheus often does.
func withoutRemoteRead(t *testing.T, to string) string {
	target, err := url.Parse(to)
	require.NoError(t, err)
	pass := httputil.NewSingleHostReverseProxy(target)
	return serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/read") {
			http.NotFound(w, r)
			return
		}
		pass.ServeHTTP(w, r)
	})).URL
}

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
	gaps := slices.DeleteFunc(r.Coverage.Gaps, func(g Gap) bool {
		return (g.Start.Equal(r.Window.Start) || g.End.Equal(r.Window.End)) && g.End.Sub(g.Start).Milliseconds() <= s.quiet
	})
	if s.gap == [2]int64{} {
		require.Empty(t, gaps)
	} else {
		require.Len(t, gaps, 1)
		require.InDelta(t, s.gap[0], gaps[0].Start.UnixMilli(), 2*evaluation, "the gap begins")
		require.InDelta(t, s.gap[1], gaps[0].End.UnixMilli(), 2*evaluation, "the gap ends")
	}

	for _, e := range got {
		for _, label := range s.added {
			delete(e.Labels, label)
		}
	}
	want := slices.Clone(s.want)
	for _, all := range [][]Episode{got, want} {
		slices.SortFunc(all, func(a, b Episode) int {
			return cmp.Or(cmp.Compare(identity(a.Labels), identity(b.Labels)), cmp.Compare(a.ActiveAt, b.ActiveAt))
		})
	}
	for len(want)+len(got) > 0 {
		order := 0
		switch {
		case len(got) == 0:
			order = -1
		case len(want) == 0:
			order = 1
		default:
			if order = cmp.Compare(identity(want[0].Labels), identity(got[0].Labels)); order == 0 && apart(want[0].ActiveAt, got[0].ActiveAt) > s.started {
				order = cmp.Compare(want[0].ActiveAt, got[0].ActiveAt)
			}
		}
		switch {
		case order < 0:
			t.Errorf("not told of: %s", b.tell(want[0]))
			want = want[1:]
		case order > 0:
			t.Errorf("told of, and never was: %s", b.tell(got[0]))
			got = got[1:]
		default:
			w, g := want[0], got[0]
			if apart(w.FiredAt, g.FiredAt) > s.started || apart(w.EndedAt, g.EndedAt) > s.ended || w.Start != g.Start || w.End != g.End {
				t.Errorf("told wrongly:\n%s, while it was\n%s", b.tell(g), b.tell(w))
			}
			want, got = want[1:], got[1:]
		}
	}

	// What is told of each rule are sums of its episodes.
	sums := map[string][3]int{}
	for _, w := range s.want {
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
	if s.notices {
		b.checkNotices(t, r)
	} else {
		require.Nil(t, r.Summary.History.Notifications)
	}
	if s.mutes {
		b.checkMutes(t, r)
	}
	require.Equal(t, len(s.want), r.Summary.History.Episodes)
}

func apart(x, y int64) int64 { return max(x, y) - min(x, y) }

// tell writes an episode by the script's clock.
func (b *Bed) tell(e Episode) string {
	fired := "never fired"
	if e.FiredAt != 0 {
		fired = fmt.Sprintf("fired at %.3f", b.seconds(e.FiredAt))
	}
	return fmt.Sprintf("%sactive at %.3f (%s), %s, ended at %.3f (%s)", identity(e.Labels), b.seconds(e.ActiveAt), e.Start, fired, b.seconds(e.EndedAt), e.End)
}
