package e2e

import (
	"bufio"
	"encoding/json"
	"maps"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// alertOnLine is an alert as a log tells of it, at the time of the line.
type alertOnLine struct {
	labels           map[string]string
	startsAt, endsAt time.Time
	resolved         bool
	at               time.Time
}

// readLines hands each line of a log to a function.
func readLines(t *testing.T, file string, each func(line []byte)) {
	f, err := os.Open(file)
	require.NoError(t, err)
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		each(lines.Bytes())
	}
	require.NoError(t, lines.Err())
}

// eventsOf reads Alertmanager's log of events: all lines that tell of an alert.
func eventsOf(t *testing.T, file string) (all []alertOnLine) {
	type alert struct {
		Labels           struct{ Labels []struct{ Key, Value string } }
		StartsAt, EndsAt time.Time
		Resolved         bool
		Details          *alert
	}
	type about struct{ Alert *alert }
	readLines(t, file, func(line []byte) {
		var l struct {
			At   time.Time `json:"@timestamp"`
			Data struct{ AlertCreated, AlertGrouped, AlertResolved *about }
		}
		require.NoError(t, json.Unmarshal(line, &l), "%s", line)
		for _, told := range []*about{l.Data.AlertCreated, l.Data.AlertGrouped, l.Data.AlertResolved} {
			if told == nil {
				continue
			}
			a := told.Alert
			if a.Details != nil {
				a = a.Details
			}
			one := alertOnLine{labels: map[string]string{}, startsAt: a.StartsAt, endsAt: a.EndsAt, resolved: a.Resolved, at: l.At}
			for _, kv := range a.Labels.Labels {
				one.labels[kv.Key] = kv.Value
			}
			all = append(all, one)
		}
	})
	return all
}

// restarted is when no Alertmanager ran, by its log.
func (b *Bed) restarted(t *testing.T) (away [2]int64) {
	readLines(t, b.Path(b.Events), func(line []byte) {
		var l struct {
			At   time.Time `json:"@timestamp"`
			Data struct{ AlertmanagerStartupEvent, AlertmanagerShutdownEvent json.RawMessage }
		}
		require.NoError(t, json.Unmarshal(line, &l), "%s", line)
		switch {
		case l.At.Before(b.Since) || l.At.After(b.Until):
		case l.Data.AlertmanagerShutdownEvent != nil:
			away[0] = l.At.UnixMilli()
		case l.Data.AlertmanagerStartupEvent != nil:
			away[1] = l.At.UnixMilli()
		}
	})
	return away
}

// messagesOf reads the log of what the receivers got.
func messagesOf(t *testing.T, file string) (all []alertOnLine) {
	readLines(t, file, func(line []byte) {
		var m struct {
			At     time.Time `json:"@timestamp"`
			Alerts []struct {
				Status           string
				Labels           map[string]string
				StartsAt, EndsAt time.Time
			}
		}
		require.NoError(t, json.Unmarshal(line, &m), "%s", line)
		for _, a := range m.Alerts {
			all = append(all, alertOnLine{a.Labels, a.StartsAt, a.EndsAt, a.Status == "resolved", m.At})
		}
	})
	return all
}

// told is what the lines of a log amount to: an alert fires from startsAt to
// the end that is told once it has resolved, or at least to the last line that
// has it as firing.
func (b *Bed) told(lines []alertOnLine) (all []Episode) {
	lines = slices.DeleteFunc(slices.Clone(lines), func(l alertOnLine) bool { return l.at.Before(b.Since) || !l.at.Before(b.Until) })
	key := func(l alertOnLine) string { return identity(l.labels) + l.startsAt.String() }
	resolved := map[string]int64{}
	for _, l := range lines {
		if l.resolved {
			resolved[key(l)] = max(resolved[key(l)], l.endsAt.UnixMilli())
		}
	}
	stretches, labels := map[string][]paint{}, map[string]map[string]string{}
	for _, l := range lines {
		own := maps.Clone(l.labels)
		delete(own, b.External)
		labels[identity(own)] = own
		s := paint{l.startsAt.UnixMilli(), l.at.UnixMilli(), l.startsAt.UnixMilli(), "unknown"}
		if end, known := resolved[key(l)]; known {
			s.to, s.end = end, "resolved"
		}
		if s.to >= s.from && s.to >= b.Since.UnixMilli() {
			stretches[identity(own)] = append(stretches[identity(own)], s)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(stretches)) {
		all = append(all, b.together(labels[id], stretches[id])...)
	}
	return all
}

// checkLogs shows that what the logs tell, read slowly, is what was sent.
func (b *Bed) checkLogs(t *testing.T, truths ...*Truth) {
	sent := b.sent(truths...)
	const most = 3 * evaluation
	unlike := func(all, others []Episode, say string) {
		for _, e := range all {
			if !slices.ContainsFunc(others, func(o Episode) bool {
				near := func(x, y int64) bool { return max(x, y)-min(x, y) <= most }
				later := func(x, y Episode) bool { return x.End == "unknown" && x.EndedAt <= y.EndedAt+most }
				return identity(o.Labels) == identity(e.Labels) && near(o.FiredAt, e.FiredAt) &&
					(near(o.EndedAt, e.EndedAt) || later(o, e) || later(e, o))
			}) {
				t.Errorf(say, e.Labels, b.seconds(e.FiredAt), b.seconds(e.EndedAt))
			}
		}
	}
	events := b.told(eventsOf(t, b.Path(b.Events)))
	unlike(events, sent, "events tell of %v from %.1f to %.1f, and nobody sent it")
	unlike(sent, events, "%v was sent, from %.1f to %.1f, and no event tells of it")

	lines := messagesOf(t, b.Path(b.Webhook))
	b.checkMuted(t, lines)
	messages := b.told(lines)
	unmessaged := func(e Episode) bool {
		if e.Labels["alertname"] == "Watchdog" {
			return true // nobody receives it
		}
		// A Prometheus that is back fires on samples from before it was gone,
		// while the other goes on telling that the alert has resolved: whom
		// Alertmanager heard last when it sends is chance.
		return slices.ContainsFunc(truths, func(tr *Truth) bool {
			return e.FiredAt >= tr.Away[1]-2*evaluation && e.FiredAt <= tr.Away[1]+4*evaluation
		})
	}
	unlike(slices.DeleteFunc(slices.Clone(messages), unmessaged), sent, "messages tell of %v from %.1f to %.1f, and nobody sent it")
	unlike(slices.DeleteFunc(slices.Clone(sent), unmessaged), messages, "%v was sent, from %.1f to %.1f, and no message tells of it")
	t.Logf("%d sent, %d told of by events, %d by messages", len(sent), len(events), len(messages))
}

// checkMuted shows that what was silenced or inhibited was not notified of
// until that was over.
func (b *Bed) checkMuted(t *testing.T, lines []alertOnLine) {
	for _, muted := range []struct {
		alert, label, of string
		from, to         float64
	}{
		{"NodeSilent", "node", "n1", silenceOn, silenceOff},
		{"NodeSilent", "node", "n2", silenceOn, silenceOff},
		{"PaymentsStuck", "region", "eu", 14, 30},
	} {
		after := 0
		for _, l := range lines {
			at := b.seconds(l.at.UnixMilli())
			if l.labels["alertname"] != muted.alert || l.labels[muted.label] != muted.of || l.resolved {
				continue
			}
			if at > muted.from && at < muted.to {
				t.Errorf("%v was notified of at %.1f, while muted", l.labels, at)
			}
			if at >= muted.to {
				after++
			}
		}
		require.Positive(t, after, "%s of %s was never notified of", muted.alert, muted.of)
	}
}
