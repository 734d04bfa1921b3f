package pagerduty

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

const day = "2026-11-23T"

func entryOf(kind, at, agentType, agentName, incident, more string) string {
	return fmt.Sprintf(`{"id":"R%s%s","type":"%s_log_entry","created_at":"%s%sZ","agent":{"type":"%s","summary":"%s"},"channel":{"type":"api"%s},"incident":{"id":"%s","type":"incident_reference"}}`,
		kind, at, kind, day, at, agentType, agentName, more, incident)
}

func incidentOf(id string, number int, key, at, status, urgency, more string) string {
	return fmt.Sprintf(`{"id":"%s","type":"incident","incident_number":%d,"title":"[FIRING:1] incident %d","created_at":"%s%sZ","status":"%s","incident_key":"%s","urgency":"%s","service":{"id":"S","summary":"shop","type":"service_reference"}%s}`,
		id, number, number, day, at, status, key, urgency, more)
}

func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "export")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	return path
}

func read(t *testing.T, paths ...string) *history.History {
	t.Helper()
	h, err := Read(t.Context(), paths, history.ReadOptions{})
	require.NoError(t, err)
	return h
}

func ms(t *testing.T, at string) int64 {
	r := &reader{}
	out, err := r.time("", day+at+"Z")
	require.NoError(t, err)
	return out
}

func TestResponses(t *testing.T) {
	group, other := history.GroupID("a"), history.GroupID("b")
	firing, err := json.Marshal(`[{"status":"firing","labels":{"alertname":"CheckoutErrors","zone":"x"}}]`)
	require.NoError(t, err)
	words, err := json.Marshal("Labels:\n - alertname = CartSlow\n - zone = y\nAnnotations:\n - summary = Labels:\nSource: http://x\nLabels:\n - alertname = two\nlines\nAnnotations:\nSource: http://y\n")
	require.NoError(t, err)
	incidents := []string{
		incidentOf("P1", 1, group, "10:00:00", "resolved", "high", `,"resolved_at":"`+day+`10:30:00Z","last_status_change_at":"`+day+`10:30:00Z","last_status_change_by":{"type":"service_reference"}`),
		incidentOf("P2", 2, other, "11:00:00", "resolved", "low", `,"last_status_change_at":"`+day+`11:05:00Z","last_status_change_by":{"type":"user_reference"},"acknowledgements":[]`),
		incidentOf("P3", 3, "made by hand", "12:00:00", "acknowledged", "high", `,"acknowledgements":[{"at":"`+day+`12:01:00Z","acknowledger":{"type":"user_reference","summary":"Ana"}}]`),
		// An older state of P1.
		incidentOf("P1", 1, group, "10:00:00", "triggered", "high", `,"last_status_change_at":"`+day+`10:00:00Z"`),
	}
	entries := []string{
		entryOf("trigger", "10:00:00", "events_api_v2_inbound_integration_reference", "Alertmanager", "P1", `,"details":{"firing":`+string(firing)+`}`),
		entryOf("assign", "10:00:00", "service_reference", "shop", "P1", ""),
		entryOf("notify", "10:00:01", "service_reference", "shop", "P1", ""),
		entryOf("escalate", "10:05:00", "service_reference", "shop", "P1", ""),
		entryOf("acknowledge", "10:10:00", "user_reference", "Ben", "P1", ""),
		entryOf("acknowledge", "10:09:00", "user_reference", "Ana", "P1", ""),
		entryOf("assign", "10:20:00", "user_reference", "Ana", "P1", ""),
		entryOf("resolve", "10:30:00", "events_api_v2_inbound_integration_reference", "Alertmanager", "P1", ""),
		entryOf("trigger", "13:00:00", "events_api_v2_inbound_integration_reference", "Alertmanager", "P4", `,"cef_details":{"details":{"firing":`+string(words)+`}}`),
		entryOf("resolve", "13:01:00", "user_reference", "Cem", "P4", ""),
		entryOf("acknowledge", "09:00:00", "user_reference", "Dora", "P5", ""), // triggered before the export begins
	}
	alert := `{"id":"A","type":"alert","alert_key":"` + group + `","created_at":"` + day + `11:00:00Z","incident":{"id":"P2","type":"incident_reference"},"body":{"details":{"firing":"none of ours"}}}`

	want := read(t, file(t, `{"incidents":[`+strings.Join(incidents, ",")+`],"limit":100,"more":false,"alerts":[`+alert+`],"log_entries":[`+strings.Join(entries, ",")+`]}`))
	require.Equal(t, history.KnowsResponses, want.Knows)
	require.Equal(t, []string{"PagerDuty: 2 of 4 incidents have no log entries; whether they were acknowledged, escalated or passed on is not known of them"}, want.Warnings)
	require.Len(t, want.Instances, 2)
	require.Equal(t, []history.Response{
		{
			ID: "#1", Group: group, Title: "[FIRING:1] incident 1", Service: "shop", Urgent: true, TriggeredAt: ms(t, "10:00:00"),
			AckedAt: ms(t, "10:09:00"), AckedBy: history.Person, Acknowledger: "Ana", ResolvedAt: ms(t, "10:30:00"), ResolvedBy: history.Machine,
			Escalated: true, Reassigned: true, Instances: []int32{1}, Logged: true,
		},
		{
			ID: "#2", Group: other, Also: []string{group}, Title: "[FIRING:1] incident 2", Service: "shop", TriggeredAt: ms(t, "11:00:00"), AckedAt: history.NoTime,
			ResolvedAt: ms(t, "11:05:00"), ResolvedBy: history.Person,
		},
		{
			ID: "#3", Title: "[FIRING:1] incident 3", Service: "shop", Urgent: true, TriggeredAt: ms(t, "12:00:00"),
			AckedAt: ms(t, "12:01:00"), AckedBy: history.Person, Acknowledger: "Ana", ResolvedAt: history.NoTime,
		},
		{
			ID: "P4", Urgent: true, TriggeredAt: ms(t, "13:00:00"), AckedAt: history.NoTime, ResolvedAt: ms(t, "13:01:00"), ResolvedBy: history.Person,
			Instances: []int32{0}, Logged: true,
		},
	}, want.Responses)

	// In whichever way it is put into files, it says the same.
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 1))
		var files []string
		for _, list := range []struct {
			name     string
			elements []string
		}{{"incidents", incidents}, {"log_entries", entries}, {"alerts", []string{alert}}} {
			elements := slices.Clone(list.elements)
			r.Shuffle(len(elements), func(i, k int) { elements[i], elements[k] = elements[k], elements[i] })
			cut := r.IntN(len(elements) + 1)
			for _, part := range [][]string{elements[:cut], elements[cut:], elements[cut:]} {
				text := strings.Join(part, ",")
				switch r.IntN(5) {
				case 0:
					text = `{"` + list.name + `":[` + text + `],"more":false}`
				case 1:
					text = "[" + text + "]"
				case 2:
					text = strings.Join(part, "\n")
				case 3:
					var b bytes.Buffer
					require.NoError(t, json.Indent(&b, []byte(`{"more":false,"`+list.name+`":[`+text+`]}`), "", " "))
					text = b.String()
				default:
					text = `{"` + list.name + `":[` + text + "]}\n{\"" + list.name + `":[],"more":false}` + "\n"
				}
				if text != "" {
					require.True(t, len(part) == 0 || IsExport([]byte(text)), text)
					files = append(files, file(t, text))
				}
			}
		}
		r.Shuffle(len(files), func(i, k int) { files[i], files[k] = files[k], files[i] })
		require.Equal(t, want, read(t, files...), seed)
	}
}

func TestBad(t *testing.T) {
	good := incidentOf("P1", 1, "x", "10:00:00", "triggered", "high", "")
	for _, bad := range []string{
		`{"id":"P2","type":"incident","created_at":"99999-01-01T00:00:00Z"}`,
		`{"id":"P2","type":"incident"}`,
		`{"type":"incident","created_at":"2026-11-23T00:00:00Z"}`,
		`{"type":"acknowledge_log_entry","created_at":"2026-11-23T00:00:00Z","agent":{}}`,
		`{"id":7}`,
		`7`,
	} {
		h := read(t, file(t, bad+"\n"+good+"\n"))
		require.Len(t, h.Responses, 1)
		require.Len(t, h.Warnings, 2, h.Warnings)
		require.Contains(t, h.Warnings[0], "export:1: ")
		if strings.HasPrefix(bad, "{") {
			h = read(t, file(t, "{\"incidents\": [\n"+bad+",\n"+good+"]}"))
			require.Len(t, h.Responses, 1)
			require.Len(t, h.Warnings, 2)
		}
	}
	h := read(t, file(t, `{"incidents":[`+good+`],"more":true}`))
	require.Contains(t, h.Warnings, "PagerDuty: the last page of incidents is missing: every page says that more follow")
	h = read(t, file(t, "{\"incidents\":\n["+good+","+strings.Repeat(`{"x":`, 20_000)))
	require.Len(t, h.Responses, 1)
	_, err := Read(t.Context(), []string{file(t, "[1,2]")}, history.ReadOptions{})
	require.ErrorContains(t, err, "is not an export of PagerDuty")
}

func FuzzPagerDuty(f *testing.F) {
	good := incidentOf("P1", 1, history.GroupID("x"), "10:00:00", "resolved", "high", `,"alerts":[{"alert_key":"x"}]`)
	entry := entryOf("trigger", "10:00:00", "user_reference", "Ana", "P1", `,"details":{"firing":"Labels:\n - a = b\nAnnotations:\n"}`)
	f.Add([]byte(`{"incidents":[` + good + `],"more":true}`))
	f.Add([]byte("{\n\"log_entries\":[" + entry + `]}`))
	f.Add([]byte(good + "\n" + entry))
	f.Fuzz(func(t *testing.T, text []byte) {
		IsExport(text)
		path := file(t, string(text))
		h, err := Read(t.Context(), []string{path}, history.ReadOptions{Last: 60_000})
		if err != nil {
			return
		}
		for i, r := range h.Responses {
			if r.TriggeredAt < h.Coverage.Window.Start || r.TriggeredAt >= h.Coverage.Window.End || i > 0 && h.Responses[i-1].TriggeredAt > r.TriggeredAt {
				t.Fatalf("response %+v in %v", r, h.Coverage.Window)
			}
			if len(r.Instances) > 0 && int(slices.Max(r.Instances)) >= len(h.Instances) {
				t.Fatalf("response %+v of %d instances", r, len(h.Instances))
			}
		}
	})
}
