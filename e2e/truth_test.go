package e2e

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// lag is how long a change takes at most to be scraped and evaluated: a second
// for each, and as much again for a machine that is busy.
const lag = 4.0

// keepFiring is what ops.yml says of DiskFilling, forOf of all that wait.
const keepFiring = 5.0

var forOf = map[string]float64{"CheckoutErrors": 3, "OrdersQueued": 4, "PaymentsStuck": 2, "DiskFilling": 2, "BatchLate": 6}

// checkTruth holds what one Prometheus stored against the script and against
// its own word, and shows that the run has met the cases that it is made for.
func (b *Bed) checkTruth(t *testing.T, r Replica, tr *Truth) {
	gone, back := b.seconds(r.Gone.UnixMilli()), b.seconds(r.Back.UnixMilli())
	episodes := tr.Episodes(b.Script, b.Start.UnixMilli())
	require.GreaterOrEqual(t, len(episodes), 60)
	require.InDelta(t, gone, b.seconds(tr.Away[0]), lag, "the last sample before it went")
	require.InDelta(t, back, b.seconds(tr.Away[1]), lag, "the first sample after it came back")
	scraped := b.seconds(tr.Scrapes[slices.IndexFunc(tr.Scrapes, func(at int64) bool { return at >= tr.Away[1] })])

	kinds := map[string]int{}
	taken := make([]bool, len(episodes))
	for _, want := range b.expected(gone, scraped) {
		found := -1
		for i, e := range episodes {
			on, off := b.seconds(e.ActiveAt), b.seconds(e.EndedAt)
			if !taken[i] && want.Raises(e.Labels) && want.on[0] <= on && on <= want.on[1] && want.off[0] <= off && off <= want.off[1] && e.End == want.end {
				found = i
				break
			}
		}
		if found < 0 {
			t.Errorf("%s: no episode from %.1f to %.1f until %.1f to %.1f (%s)", want.Activation, want.on[0], want.on[1], want.off[0], want.off[1], want.end)
			continue
		}
		e := episodes[found]
		taken[found] = true
		kinds[e.End]++
		if e.FiredAt == 0 {
			kinds["pending only"]++
			require.Less(t, want.Off-want.On, forOf[want.Alert]+lag, "%s never fired", want.Activation)
		} else if b.seconds(e.EndedAt) < gone || b.seconds(e.ActiveAt) > back {
			require.Greater(t, want.Off-want.On, forOf[want.Alert]-1, "%s fired", want.Activation)
		}
		if b.seconds(e.ActiveAt) < gone && b.seconds(e.EndedAt) > back {
			kinds["across the restart"]++
		}
	}
	for i, e := range episodes {
		switch {
		case taken[i]:
		case e.Labels["alertname"] == "Watchdog":
			require.Equal(t, "before_window", e.Start)
			require.Equal(t, "open", e.End)
		default:
			t.Errorf("the script has nothing to raise %v from %.1f until %.1f", e.Labels, b.seconds(e.ActiveAt), b.seconds(e.EndedAt))
		}
	}
	require.GreaterOrEqual(t, kinds["pending only"], 10)
	require.GreaterOrEqual(t, kinds["resolved"], 50)
	require.GreaterOrEqual(t, kinds["across the restart"], 1)
	t.Logf("%d episodes: %v", len(episodes), kinds)
	b.checkWitness(t, r, tr)
	if b.Running {
		b.checkAPI(t, r, tr)
	}
}

// An expectation is within which times an activation's episode begins and ends.
type expectation struct {
	Activation
	on, off [2]float64
	end     string
}

// expected are the episodes that a Prometheus must have seen whose scrapes
// ceased for a time.
func (b *Bed) expected(gone, scraped float64) (all []expectation) {
	for _, a := range b.Script {
		if a.On >= gone && a.Off <= scraped {
			continue // it could not know
		}
		// What changes in the meantime shows when scrapes begin again.
		seen := func(t float64) float64 {
			if t >= gone-2 && t < scraped {
				return scraped
			}
			return t
		}
		e := expectation{Activation: a, end: "resolved"}
		e.on = [2]float64{min(a.On, seen(a.On)), seen(a.On) + lag}
		off := seen(a.Off)
		if a.Alert == "DiskFilling" {
			off += keepFiring
		}
		e.off = [2]float64{off, off + lag}
		if a.Off > scriptEnd {
			until := b.seconds(b.Until.UnixMilli())
			e.off, e.end = [2]float64{until - lag, until}, "open"
		}
		before := slices.IndexFunc(all, func(o expectation) bool { // that it was kept firing from
			return a.Alert == "DiskFilling" && o.Alert == a.Alert && maps.Equal(o.Labels, a.Labels) && a.On > o.Off && a.On < o.Off+keepFiring-1
		})
		if before >= 0 {
			all[before].Off, all[before].off = e.Off, e.off
			continue
		}
		all = append(all, e)
	}
	return all
}

// checkWitness compares what the list of rules showed with what was stored.
func (b *Bed) checkWitness(t *testing.T, from Replica, tr *Truth) {
	shown := map[string]*Sighting{}
	for _, s := range b.Shown[from.URL] {
		at := s.ActiveAt.UnixMilli()
		if s.First.Before(b.Since) || s.First.After(b.Until) {
			continue
		}
		key := fmt.Sprint(identity(s.Labels), at/1000)
		shown[key] = s
		found := false
		for _, piece := range tr.Pieces[identity(s.Labels)] {
			if piece.activeAt == at/1000 {
				found = true
				require.False(t, s.Firing && piece.fired == 0 && s.Last.Before(b.Until), "%v was shown as firing, and no sample says so", s.Labels)
				// It is to the second where it was restored, and nothing is
				// written before that.
				if at%1000 != 0 && (piece.first < tr.Away[1] || piece.first > tr.Away[1]+4*evaluation) {
					require.Equal(t, at, piece.first, "%v: the first sample is that of ActiveAt", s.Labels)
				}
			}
		}
		// Before it has restored its state a Prometheus shows alerts that it
		// does not write.
		if !found && (s.Last.UnixMilli() < tr.Away[0] || s.First.UnixMilli() > tr.Away[1]+4*evaluation) {
			t.Errorf("%v was shown with ActiveAt %v (at %.1f to %.1f), and no sample says so", s.Labels, s.ActiveAt, b.seconds(s.First.UnixMilli()), b.seconds(s.Last.UnixMilli()))
		}
	}
	for id, pieces := range tr.Pieces {
		for _, piece := range pieces {
			if shown[fmt.Sprint(id, piece.activeAt)] == nil && piece.last-piece.first > 2*evaluation && piece.first > b.at(3).UnixMilli() && piece.activeAt*1000 >= b.Since.UnixMilli() {
				t.Errorf("%s from %.1f on was never shown", id, b.seconds(piece.first))
			}
		}
	}
}

// checkAPI compares the samples of an instant query over a range with those of
// the blocks: the same, less the markers.
func (b *Bed) checkAPI(t *testing.T, from Replica, tr *Truth) {
	window := strconv.FormatInt(b.Until.Sub(b.Since).Milliseconds(), 10)
	query := url.Values{"query": {"ALERTS_FOR_STATE[" + window + "ms]"}, "time": {strconv.FormatFloat(float64(b.Until.UnixMilli())/1000, 'f', 3, 64)}}
	code, text, err := get(from.URL+"/api/v1/query?"+query.Encode(), nil)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, code, "%s", text)
	var answer struct {
		Data struct {
			Result []struct {
				Metric map[string]string
				Values [][2]any
			}
		}
	}
	require.NoError(t, json.Unmarshal(text, &answer))
	require.Len(t, answer.Data.Result, len(tr.Pieces))
	for _, r := range answer.Data.Result {
		var pieces []piece
		for _, v := range r.Values {
			at := int64(v[0].(float64)*1000 + 0.5)
			active, err := strconv.ParseFloat(v[1].(string), 64)
			require.NoError(t, err)
			if at < b.Since.UnixMilli() || at >= b.Until.UnixMilli() {
				continue
			}
			if n := len(pieces); n > 0 && pieces[n-1].activeAt == int64(active) {
				pieces[n-1].last = at
				continue
			}
			pieces = append(pieces, piece{activeAt: int64(active), first: at, last: at})
		}
		want := tr.Pieces[identity(r.Metric)]
		require.Len(t, pieces, len(want), "%v", r.Metric)
		for i, p := range pieces {
			require.Equal(t, [3]int64{want[i].activeAt, want[i].first, want[i].last}, [3]int64{p.activeAt, p.first, p.last}, "%v", r.Metric)
		}
	}
}
