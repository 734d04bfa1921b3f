package history

import (
	"context"
	"testing"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/tsdb"
	"github.com/stretchr/testify/require"
)

// episodesOf writes what happens minute by minute into a database and reads
// the episodes of the alert A. Each step is one of: "." the server is down,
// " " the alert is not there, "x" it is stale, a letter is its ActiveAt as the
// minute of that letter's first step, lower case pending and upper case firing.
func episodesOf(t *testing.T, steps string, others bool) []Episode {
	dir := t.TempDir()
	db := openDB(t, dir, func(o *tsdb.Options) { o.WALSegmentSize = 1 << 20 })
	defer db.Close()
	first := map[rune]int64{}
	lower := func(r rune) rune { return r | 0x20 }
	var last rune
	down := 0
	for i, r := range steps {
		ts := t0 + int64(i)*minuteMS
		a := map[string]int64{}
		if others { // enough to tell the evaluation interval by
			a["Other"] = t0
		}
		switch r {
		case '.':
			down++
			continue
		case ' ':
			if down > 0 && others {
				delete(a, "Other")
			}
		case 'x':
			a["A"+map[bool]string{true: " pending"}[last >= 'a']] = 0
		default:
			if _, ok := first[lower(r)]; !ok {
				first[lower(r)] = ts
			}
			state := ""
			if r >= 'a' {
				state = " pending"
			}
			a["A"+state] = first[lower(r)]
			last = r
		}
		put(t, db, ts, a)
	}
	h := read(t, dir, ReadOptions{})
	require.Empty(t, h.Warnings)
	var out []Episode
	for _, e := range h.Episodes {
		if h.Instances[e.Instance].Get("alertname") == "A" {
			e.Instance = 0
			e.ActiveAt = (e.ActiveAt - t0) / minuteMS
			if e.Fired() {
				e.FiredAt = (e.FiredAt - t0) / minuteMS
			}
			e.EndedAt = (e.EndedAt - t0) / minuteMS
			out = append(out, e)
		}
	}
	return out
}

func TestJoin(t *testing.T) {
	const none = NoTime
	for _, c := range []struct {
		name, steps string
		others      bool
		want        []Episode
	}{
		{"resolved", "   AAAx   ", true, []Episode{{ActiveAt: 3, FiredAt: 3, EndedAt: 6}}},
		{"pending only", "   aaax   ", true, []Episode{{ActiveAt: 3, FiredAt: none, EndedAt: 6}}},
		{"still open", "   AAAAAAA", true, []Episode{{ActiveAt: 3, FiredAt: 3, EndedAt: 9, End: EndOpen}}},
		{"samples just stop", "   AAAA          ", true, []Episode{{ActiveAt: 3, FiredAt: 3, EndedAt: 6, End: EndUnknown}}},
		{"failed evaluations", "   AAAA          AAx ", true, []Episode{{ActiveAt: 3, FiredAt: 3, EndedAt: 19}}},
		{"failed evaluations, then gone", "   AAAA          x  ", true, []Episode{{ActiveAt: 3, FiredAt: 3, EndedAt: 17}}},
		{"a new alert after one missed step, as after a limit", "   AAA BBBx", true, []Episode{
			{ActiveAt: 3, FiredAt: 3, EndedAt: 5, End: EndUnknown}, {ActiveAt: 7, FiredAt: 7, EndedAt: 10}}},
		{"the server was down, state restored", "   AAA........AAAx", true, []Episode{{ActiveAt: 3, FiredAt: 3, EndedAt: 17}}},
		{"the server was down, state begun anew", "   AAA........  BBBx", true, []Episode{{ActiveAt: 3, FiredAt: 3, EndedAt: 19}}},
		{"the server was down, the alert is gone", "   AAA........           ", true, []Episode{
			{ActiveAt: 3, FiredAt: 3, EndedAt: 5, End: EndUnknown}}},
		{"the server was down, the alert is back later", "   AAA........           BBBx", true, []Episode{
			{ActiveAt: 3, FiredAt: 3, EndedAt: 5, End: EndUnknown}, {ActiveAt: 25, FiredAt: 25, EndedAt: 28}}},
		{"two outages, the alert there all the time", "   AAA........  .......  BBx", true, []Episode{{ActiveAt: 3, FiredAt: 3, EndedAt: 27}}},
		{"two outages, gone between", "   AAA........         .......  BBx", true, []Episode{
			{ActiveAt: 3, FiredAt: 3, EndedAt: 5, End: EndUnknown}, {ActiveAt: 32, FiredAt: 32, EndedAt: 34}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, episodesOf(t, c.steps, c.others))
		})
	}
}

// Where ALERTS_FOR_STATE was not kept, an episode begins with its first sample,
// and a gap ends it unless the server was away.
func TestWithoutState(t *testing.T) {
	dir := t.TempDir()
	db := openDB(t, dir, nil)
	defer db.Close()
	app := db.Appender(context.Background())
	add := func(minute int64, v float64, l ...string) {
		_, err := app.Append(0, labels.FromStrings(l...), t0+minute*minuteMS, v)
		require.NoError(t, err)
	}
	alert := func(name, state string, minutes ...int64) {
		l := []string{"__name__", "ALERTS", "alertname", name, "alertstate", state}
		for _, m := range minutes {
			if m < 0 {
				add(-m, staleNaN, l...)
			} else {
				add(m, 1, l...)
			}
		}
	}
	for m := range int64(100) {
		if m < 40 || m >= 50 {
			add(m, 1, "__name__", "up", "instance", "a")
			alert("Other", "firing", m)
		}
	}
	alert("Fires", "pending", 5, 6, 7, -8)
	alert("Fires", "firing", 8, 9, 10, -11)
	alert("Gap", "firing", 20, 21, 22, 26, 27, -28)
	alert("Missed", "firing", 20, 21, 23, 24, -25)
	alert("Down", "firing", 37, 38, 39, 52, 53, -54)
	alert("Early", "firing", 0, 1, -2)
	require.NoError(t, app.Commit())
	h := read(t, dir, ReadOptions{})
	got := map[string][]Episode{}
	for _, e := range h.Episodes {
		name := h.Instances[e.Instance].Get("alertname")
		e.Instance = 0
		got[name] = append(got[name], e)
	}
	at := func(m int64) int64 { return t0 + m*minuteMS }
	require.Equal(t, map[string][]Episode{
		"Other":  {{Start: StartBeforeWindow, End: EndOpen, ActiveAt: at(0), FiredAt: at(0), EndedAt: at(99)}},
		"Early":  {{Start: StartBeforeWindow, ActiveAt: at(0), FiredAt: at(0), EndedAt: at(2)}},
		"Fires":  {{ActiveAt: at(5), FiredAt: at(8), EndedAt: at(11)}},
		"Gap":    {{End: EndUnknown, ActiveAt: at(20), FiredAt: at(20), EndedAt: at(22)}, {ActiveAt: at(26), FiredAt: at(26), EndedAt: at(28)}},
		"Missed": {{ActiveAt: at(20), FiredAt: at(20), EndedAt: at(25)}},
		"Down":   {{ActiveAt: at(37), FiredAt: at(37), EndedAt: at(54)}},
	}, got)
}
